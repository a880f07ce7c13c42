import Glibc
import Ingest
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
  }

  private struct Content {
    /// What the store holds, as far as we know.
    var stored: [String: [Int32]] = [:]
    /// What it is to hold.
    var wanted: [String: Int32] = [:]
    /// Memory that no link has asked for yet.
    var memories: [String: Int32] = [:]
    /// Sockets that a `.socket` unit keeps anyway.
    var activated: Set<Int32> = []
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

  /// Opens the socket of a link, or goes on with the one that it had, into the memory that it had, or new memory.
  func receiver(
    of link: String, _ input: UDPInput, boundAs udp: UDPDescription
  ) throws(IngestError) -> (receiver: UDPReceiver, memory: Memory) {
    let found = sockets.take(boundAs: udp)
    let (memory, state) = memory(of: link, slotByteCount: input.slotByteCount)
    let receiver = try UDPReceiver.open(input, adopting: found, into: memory)
    if found.map({ descriptor in content.withLock { !$0.activated.contains(descriptor) } }) ?? false {
      // How many of these were counted already, only the state can tell.
      receiver.skipDropsSoFar()
    }
    keep(receiver.fileDescriptor, as: Self.socketName(link, membership: udp.membership))
    return (receiver, state)
  }

  /// The memory that a link had, or new memory; nothing when none can be kept.
  func memory(of link: String, slotByteCount: Int) -> (memory: ReceiveMemory?, state: Memory) {
    guard isActive else { return (nil, .absent) }
    let found = content.withLock { $0.memories.removeValue(forKey: link) }
    if let found {
      if let memory = ReceiveMemory.adopt(found, slotByteCount: slotByteCount) {
        if memory.load() != nil {
          keep(found, as: Self.memoryPrefix + link)
          return (memory, .found)
        }
      } else {
        close(found)
      }
    }
    let memory = try? ReceiveMemory.make(slotByteCount: slotByteCount, isKept: true)
    if let descriptor = memory?.descriptor {
      // A number that has just become free is no longer what the store holds.
      content.withLock { $0.stored[Self.memoryPrefix + link]?.removeAll { $0 == descriptor } }
      keep(descriptor, as: Self.memoryPrefix + link)
    }
    return (memory, found == nil ? .absent : .unusable)
  }

  /// Whether the next process is to go on with this link.
  func keeps(_ link: String) -> Bool {
    content.withLock { $0.wanted[Self.memoryPrefix + link] != nil }
  }

  /// A link is no more: neither its socket nor its memory is kept any longer. Before the link is stopped.
  func release(_ link: String) {
    content.withLock { content in
      let names = content.wanted.keys.filter { name in
        name == Self.memoryPrefix + link || name == Self.socketPrefix + link
          || name.hasPrefix(Self.socketPrefix + link + ".")
      }
      for name in names { content.wanted[name] = nil }
    }
    settle()
  }

  /// Has the service manager keep what the links hold now, and nothing else. Waits until that is so, for some seconds at
  /// most.
  func settle() {
    closeRest()
    let (outdated, missing) = content.withLock { content in
      let outdated = content.stored.filter { name, held in content.wanted[name].map { [$0] } != held }.map(\.key)
      for name in outdated { content.stored[name] = nil }
      let missing = content.wanted.filter { content.stored[$0.key] == nil }
      for (name, descriptor) in missing { content.stored[name] = [descriptor] }
      return (outdated.sorted(), missing.sorted { $0.key < $1.key })
    }
    guard isActive, !outdated.isEmpty || !missing.isEmpty else { return }
    for name in outdated { _ = store.remove(name: name) }
    for (name, descriptor) in missing { _ = store.keep(descriptor, name: name) }
    store.waitUntilDone()
  }

  private func keep(_ descriptor: Int32, as name: String) {
    content.withLock { content in
      guard isActive, !content.activated.contains(descriptor) else { return }
      content.wanted[name] = descriptor
    }
  }

  private func closeRest() {
    sockets.closeRest()
    let rest = content.withLock { content in
      defer { content.memories = [:] }
      return content.memories.values.map { $0 }
    }
    for descriptor in rest { close(descriptor) }
  }

  private static func socketName(_ link: String, membership: String) -> String {
    socketPrefix + link + (membership.isEmpty ? "" : "." + membership)
  }

  private static let socketPrefix = "link-"
  private static let memoryPrefix = "state-"
}

extension String {
  fileprivate func dropping(prefix: String) -> String? {
    hasPrefix(prefix) ? String(dropFirst(prefix.count)) : nil
  }
}
