import Glibc
import Ingest
import LinkHealth
package import Publish
import StationConfiguration
import Synchronization

/// The sockets of the links and their memory, kept by the service manager so that neither a restart nor a crash of this
/// process loses a datagram.
///
/// A socket is kept as `link-<name>`, or `link-<name>.<membership>` when it is a member of groups, memory as
/// `state-<name>`. What came from the store is never put there again: it would fill up.
package final class KeptDescriptors: Sendable {
  /// What was found of a link's memory.
  enum Memory {
    /// There was none: the link is new, or the service manager was asked to stop the service.
    case absent
    case found
    /// There was some, of another shape or damaged.
    case unusable
    /// Nothing can be kept, although there is somebody to keep it.
    case refused(IngestError)
  }

  private struct Content {
    /// What the store holds, as far as we know.
    var stored: [String: [Int32]] = [:]
    /// Memory that no link has asked for yet.
    var memories: [String: Int32] = [:]
    /// Sockets that a `.socket` unit keeps anyway.
    var activated: Set<Int32> = []
    /// What the service manager did not take.
    var refused: [String] = []
  }

  let sockets = BoundSockets()
  private let store: DescriptorStore
  private let content: Mutex<Content>

  /// - Parameter inherited: What the service manager handed over.
  package init(
    _ inherited: [InheritedDescriptor] = InheritedDescriptor.takeAll(), store: DescriptorStore = DescriptorStore()
  ) {
    self.store = store
    var content = Content()
    for item in inherited {
      if let link = item.name.dropping(prefix: Self.memoryPrefix) {
        if content.memories[link] == nil { content.memories[link] = item.descriptor } else { close(item.descriptor) }
        content.stored[item.name, default: []].append(item.descriptor)
      } else if let name = item.name.dropping(prefix: Self.socketPrefix) {
        let parts = name.split(separator: ".", maxSplits: 1)
        sockets.add(item.descriptor, membership: parts.count > 1 ? String(parts[1]) : "")
        content.stored[item.name, default: []].append(item.descriptor)
      } else {
        sockets.add(item.descriptor)
        content.activated.insert(item.descriptor)
      }
    }
    self.content = Mutex(content)
  }

  deinit { closeRest() }

  /// Whether anything can be kept.
  var isActive: Bool { store.isActive }

  // MARK: Links

  /// The memory that links on one socket had, or new memory; nothing when none can be kept.
  ///
  /// - Parameters:
  ///   - links: Whichever of them it is called after: the one that read the socket may be another one now.
  ///   - slotByteCount: The room for a datagram; 0 for an input that brings none.
  func memory(of links: [String], slotByteCount: Int) -> (memory: ReceiveMemory?, state: Memory) {
    guard isActive else { return (nil, .absent) }
    let found = content.withLock { content in
      links.first { content.memories[$0] != nil }.flatMap { content.memories.removeValue(forKey: $0) }
    }
    if let found {
      if let memory = ReceiveMemory.adopt(found, slotByteCount: slotByteCount) {
        if memory.load() != nil { return (memory, .found) }
      } else {
        close(found)
      }
      // Its number may soon be that of another one.
      content.withLock { content in
        for link in links { content.stored[Self.memoryPrefix + link]?.removeAll { $0 == found } }
      }
    }
    do throws(IngestError) {
      let memory = try ReceiveMemory.make(slotByteCount: slotByteCount, isKept: true)
      return (memory, found == nil ? .absent : .unusable)
    } catch {
      return (nil, .refused(error))
    }
  }

  /// Has the service manager keep what these groups of links hold, and nothing else. Waits until that is so, for some
  /// seconds at most.
  func settle(_ groups: some Sequence<LinkGroup>) {
    closeRest()
    guard isActive else { return }
    let (outdated, missing) = content.withLock { content in
      let wanted = Self.names(of: groups, without: content.activated)
      let outdated = content.stored.filter { name, held in wanted[name].map { [$0] } != held }.map(\.key)
      for name in outdated { content.stored[name] = nil }
      let missing = wanted.filter { content.stored[$0.key] == nil }
      for (name, descriptor) in missing { content.stored[name] = [descriptor] }
      return (outdated.sorted(), missing.sorted { $0.key < $1.key })
    }
    guard !outdated.isEmpty || !missing.isEmpty else { return }
    for name in outdated { _ = store.remove(name: name) }
    let refused = missing.filter { !store.keep($0.value, name: $0.key) }.map(\.key)
    store.waitUntilDone()
    content.withLock { content in
      // The next time they are missing again.
      for name in refused { content.stored[name] = nil }
      content.refused = refused
    }
  }

  var problems: [Problem] {
    let refused = content.withLock(\.refused)
    guard !refused.isEmpty else { return [] }
    return [
      Problem(
        .stateNotKept, .warning,
        message: "the service manager did not take what a restart needs: \(refused.joined(separator: ", "))",
        hint: "see journalctl -u downlinkd, and whether NotifyAccess=main is set; a reload tries it again")
    ]
  }

  private static func names(of groups: some Sequence<LinkGroup>, without activated: Set<Int32>) -> [String: Int32] {
    var names: [String: Int32] = [:]
    for group in groups {
      guard let link = group.members.first(where: \.isEnabled)?.owner.name, let input = group.input else { continue }
      if let memory = group.kept?.descriptor { names[memoryPrefix + link] = memory }
      switch input {
      case .udp(let receiver, let udp):
        guard !activated.contains(receiver.fileDescriptor) else { continue }
        let suffix = udp.membership.isEmpty ? "" : "." + udp.membership
        names[socketPrefix + link + suffix] = receiver.fileDescriptor
      case .tcp(let stream, _):
        guard let listening = stream.listeningDescriptor, !activated.contains(listening) else { continue }
        names[socketPrefix + link] = listening
      // libpcap opens its own socket, and goes on with no other.
      case .capture: break
      }
    }
    return names
  }

  private func closeRest() {
    sockets.closeRest()
    let rest = content.withLock { content in
      defer { content.memories = [:] }
      return content.memories.values.map { $0 }
    }
    for descriptor in rest { close(descriptor) }
  }

  private static let socketPrefix = "link-"
  private static let memoryPrefix = "state-"
}

extension String {
  fileprivate func dropping(prefix: String) -> String? {
    hasPrefix(prefix) ? String(dropFirst(prefix.count)) : nil
  }
}
