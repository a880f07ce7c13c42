import CCSDSLink
package import CCSDSWire
import Dispatch
package import LinkHealth
import Publish
import StationConfiguration
import Synchronization

/// The passes of all links, for everybody who asks: those under way, the last reports in memory, and all that are kept
/// in the state directory.
///
/// Links tell what has happened and wait for nobody: files are written on a queue of their own.
package final class PassStore: Sendable {
  /// What is to be known of a report to list it.
  struct Head: Sendable {
    let id: String
    let link: String
    /// One object.
    let json: String
  }

  struct Content {
    /// The passes under way, by link.
    var current: [String: PassReport] = [:]
    /// What the next owner of a link goes on with.
    var saved: [String: [UInt8]] = [:]
    /// The oldest first.
    var heads: [Head] = []
    /// The last reports, the oldest first.
    var recent: [PassReport] = []
    var removedCount = 0
    var failure: ServiceError?
  }

  /// Reports in memory.
  static let recentCapacity = 16
  private static let headSuffix = ".head.json"
  private static let stateSuffix = ".pass"
  private static let largestHeadByteCount = 64 << 10

  let content = Mutex(Content())
  let folder: PassFolder?
  let leapSeconds: LeapSecondTable
  private let bounds: Mutex<PassFolder.Bounds>
  private let queue = DispatchQueue(label: "downlinkd.passes", qos: .utility)
  private let trouble: ServiceError?

  /// - Parameter directory: The state directory; absent, nothing outlives this process.
  package init(directory: String?, _ leapSeconds: LeapSecondTable, bounds: PassFolder.Bounds = PassFolder.Bounds()) {
    self.leapSeconds = leapSeconds
    self.bounds = Mutex(bounds)
    var trouble: ServiceError?
    var folder: PassFolder?
    if let directory {
      do throws(ServiceError) {
        try Outlets.makeDirectory(directory)
        folder = try PassFolder(path: directory + "/passes", leapSeconds)
      } catch { trouble = error }
    }
    (self.folder, self.trouble) = (folder, trouble)
    // Lists may be long, and nobody waits for them.
    queue.async { self.loadHeads() }
  }

  /// Keeps so much from now on.
  func setBounds(_ bounds: PassFolder.Bounds) { self.bounds.withLock { $0 = bounds } }

  // MARK: What links tell

  /// A pass is over, or one that was announced was not heard.
  package func add(_ report: PassReport) {
    let head = Head(report)
    content.withLock { content in
      content.heads.removeAll { $0.id == report.id }
      content.heads.append(head)
      content.recent.removeAll { $0.id == report.id }
      content.recent.append(report)
      if content.recent.count > Self.recentCapacity { content.recent.removeFirst() }
    }
    queue.async { self.write(report, head) }
  }

  /// The pass under way as it stands; nothing between passes.
  func show(_ report: PassReport?, of link: String) { content.withLock { $0.current[link] = report } }

  /// Keeps what the next process goes on with; nothing between passes.
  func save(_ state: [UInt8]?, of link: String) {
    content.withLock { $0.saved[link] = state ?? [] }
    guard folder != nil else { return }
    queue.async { self.write(state, of: link) }
  }

  /// What an earlier process, or an earlier link of the name, has left.
  func saved(of link: String) -> [UInt8]? {
    if let state = content.withLock({ $0.saved[link] }) { return state.isEmpty ? nil : state }
    return folder?.read(link + Self.stateSuffix)
  }

  /// Waits until all is written, for so long at most.
  package func finish(within seconds: Double) {
    let written = DispatchSemaphore(value: 0)
    queue.async { written.signal() }
    _ = written.wait(timeout: .now() + seconds)
  }

  /// What is wrong with the files.
  var problems: [Problem] {
    guard let failure = trouble ?? content.withLock({ $0.failure }) else { return [] }
    return [
      Problem(
        .passesNotKept, .warning, message: "reports of passes are not kept: \(failure.firstLine)",
        hint: "see state.directory: whether there is room, and whether the daemon may write there")
    ]
  }

  /// What of it is bounded.
  var resourceLimits: [ResourceLimit] {
    let bounds = bounds.withLock { $0 }
    let (count, removedCount) = content.withLock { ($0.heads.count, $0.removedCount) }
    return [
      ResourceLimit(
        "pass_reports", use: count, capacity: folder == nil ? Self.recentCapacity : bounds.reportCount, .dropOldest,
        hitCount: removedCount)
    ]
  }

  /// Reports that had to go for newer ones.
  package var removedCount: Int { content.withLock { $0.removedCount } }

  // MARK: On its queue

  private func write(_ report: PassReport, _ head: Head) {
    guard let folder else { return limitHeads() }
    do throws(ServiceError) {
      try folder.write(report)
      try folder.write(Array((head.json + "\n").utf8), report.id + Self.headSuffix)
      content.withLock { $0.failure = nil }
    } catch {
      content.withLock { $0.failure = error }
    }
    let bounds = bounds.withLock { $0 }
    let removed = folder.prune(bounds)
    for id in removed { folder.remove(id + Self.headSuffix) }
    content.withLock { content in
      content.removedCount += removed.count
      content.heads.removeAll { removed.contains($0.id) }
    }
  }

  private func write(_ state: [UInt8]?, of link: String) {
    guard let folder else { return }
    guard let state else { return folder.remove(link + Self.stateSuffix) }
    do throws(ServiceError) { try folder.write(state, link + Self.stateSuffix) } catch {
      content.withLock { $0.failure = error }
    }
  }

  /// Without files, what is not in memory is gone.
  private func limitHeads() {
    content.withLock { content in
      let surplus = content.heads.count - Self.recentCapacity
      guard surplus > 0 else { return }
      content.heads.removeFirst(surplus)
      content.removedCount += surplus
    }
  }

  private func loadHeads() {
    guard let folder else { return }
    let found = folder.ids.compactMap { id -> Head? in
      guard let bytes = folder.read(id + Self.headSuffix, atMost: Self.largestHeadByteCount),
        let value = try? JSONReader.read(bytes), let link = value["link"]?.string
      else { return nil }
      let text = String(decoding: bytes.filter { $0 != UInt8(ascii: "\n") }, as: UTF8.self)
      return Head(id: id, link: link, json: text)
    }
    content.withLock { content in
      let newer = Set(content.heads.map(\.id))
      content.heads = found.filter { !newer.contains($0.id) } + content.heads
    }
  }
}

extension PassStore.Head {
  /// That of a report.
  init(_ report: PassReport) {
    var json = JSONWriter()
    json.object { report.writeHead(to: &$0) }
    self.init(id: report.id, link: report.link, json: json.text)
  }
}

extension ServiceError {
  /// What happened, without what to do about it.
  fileprivate var firstLine: Substring { description.split(separator: "\n").first ?? "" }
}
