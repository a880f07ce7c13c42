import Dispatch
import Ingest
import Synchronization
import TestSupport

/// A TCP input on a queue of its own, with all that it lent and told.
final class TCPStation: Sendable {
  struct Heard: Sendable {
    /// What each connection brought.
    var connections: [[UInt8]] = []
    var events: [TCPEvent] = []
    var turnCount = 0

    var bytes: [UInt8] { connections.flatMap { $0 } }
    var failures: [TCPFailure] {
      events.compactMap { event in
        switch event {
        case .disconnected(let failure), .attemptFailed(let failure): failure
        case .connected, .refusedBusy, .refusedAddress, .turnEnded: nil
        }
      }
    }
  }

  let stream: TCPStream
  private let queue: DispatchQueue
  private let news = DispatchSemaphore(value: 0)
  private let content = Mutex(Heard())

  init(_ input: TCPInput, isAllowed: @escaping @Sendable (SocketAddress) -> Bool = { _ in true }) throws {
    let queue = DispatchQueue(label: "tcp test")
    self.queue = queue
    stream = try TCPStream.open(input, queue: queue, isAllowed: isAllowed)
  }

  static func connecting(to port: UInt16, change: (inout TCPInput) -> Void = { _ in }) throws -> TCPStation {
    var input = TCPInput(role: .connect, host: "127.0.0.1", port: port)
    input.longestRetrySeconds = 0.01
    change(&input)
    let station = try TCPStation(input)
    station.start()
    return station
  }

  static func listening(change: (inout TCPInput) -> Void = { _ in }) throws -> TCPStation {
    var input = TCPInput(role: .listen, host: "127.0.0.1", port: 0)
    change(&input)
    let station = try TCPStation(input)
    station.start()
    return station
  }

  func start() {
    stream.start(
      receive: { @Sendable [self] bytes in
        content.withLock { heard in
          guard !heard.connections.isEmpty else { return }
          heard.connections[heard.connections.count - 1] += [UInt8](copying: bytes)
        }
        news.signal()
      },
      report: { @Sendable [self] event in
        content.withLock { heard in
          if event == .turnEnded { heard.turnCount += 1 } else { heard.events.append(event) }
          if case .connected = event { heard.connections.append([]) }
        }
        news.signal()
      })
  }

  var heard: Heard { content.withLock { $0 } }
  var status: TCPStatus { queue.sync { stream.status } }

  /// Waits for something to be heard; the limit is for machines that are busy, and never reached otherwise.
  @discardableResult
  func wait(until isHeard: (Heard) -> Bool) throws -> Heard {
    while true {
      let heard = heard
      if isHeard(heard) { return heard }
      guard news.wait(timeout: .now() + 60) == .success else { throw PeerError.nothingHappened }
    }
  }

  /// Waits for a state.
  func wait(for connection: TCPStatus.Connection) throws {
    let limit = DispatchTime.now() + 60
    while status.connection != connection {
      guard DispatchTime.now() < limit else { throw PeerError.nothingHappened }
    }
  }

  /// Stops, and waits until every descriptor is closed.
  func stop() throws {
    let stopped = DispatchSemaphore(value: 0)
    stream.stop { @Sendable in stopped.signal() }
    guard stopped.wait(timeout: .now() + 60) == .success else { throw PeerError.nothingHappened }
  }
}
