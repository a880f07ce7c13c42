import Dispatch
import DownlinkService
import LinkHealth
import Publish
import StationConfiguration
import Synchronization
import TestSupport
import Testing

/// A live link with all its events.
final class LiveLink: Sendable {
  let owner: LinkOwner
  private let group: LinkGroup
  private let content: EventStore

  init(_ configuration: LinkConfiguration) throws {
    let content = EventStore()
    self.content = content
    group = try LinkGroup.alone(configuration) { content.append($0) }
    owner = try #require(group.owners.first)
    group.begin()
  }

  /// The bodies of the events of the link itself, such as `up`.
  var events: [String] { content.records.filter { $0.eventType == .link }.map(\.body) }

  /// The status as of now.
  func status() throws -> LinkStatus {
    let box = StatusBox()
    owner.tick { box.put($0) }
    return try box.take()
  }

  /// Asks for the status until it is as wanted; the limit is for machines that are busy.
  @discardableResult
  func wait(until isWanted: (LinkStatus) -> Bool) throws -> LinkStatus {
    let limit = DispatchTime.now() + 60
    while DispatchTime.now() < limit {
      let status = try status()
      if isWanted(status) { return status }
    }
    throw PeerError.nothingHappened
  }

  /// Stops the link, and gives its last status.
  func stop() throws -> LinkStatus {
    let box = StatusBox()
    group.end(for: nil, { box.put($1) }, {})
    return try box.take()
  }
}

private final class EventStore: Sendable {
  private let content = Mutex<[EventRecord]>([])

  var records: [EventRecord] { content.withLock { $0 } }
  func append(_ record: EventRecord) { content.withLock { $0.append(record) } }
}

/// Hands a status from the link's queue to a test.
private final class StatusBox: Sendable {
  private let content = Mutex<LinkStatus?>(nil)
  private let filled = DispatchSemaphore(value: 0)

  func put(_ status: LinkStatus) {
    content.withLock { $0 = status }
    filled.signal()
  }

  func take() throws -> LinkStatus {
    guard filled.wait(timeout: .now() + 60) == .success, let status = content.withLock({ $0 }) else {
      throw PeerError.nothingHappened
    }
    return status
  }
}
