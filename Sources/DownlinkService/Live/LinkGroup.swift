import CCSDSLink
import Dispatch
package import Publish
package import StationConfiguration

/// The links on one socket, and the socket: what is begun and ended together, on one queue.
///
/// A value of the control plane. What changes is another group in its place: links that are in both go on, and what the
/// socket holds meanwhile is not lost.
package struct LinkGroup: Sendable {
  /// A link, and whether it is to hear.
  struct Member: Sendable {
    let owner: LinkOwner
    let isEnabled: Bool
  }

  let key: SocketKey
  let queue: DispatchQueue
  /// In the order of the configuration.
  let members: [Member]
  /// The socket; absent when none of the links is to hear.
  let input: LinkInput?
  /// Where the state of its links is kept; absent where it is not.
  let kept: KeptMemory?
  /// What was found of the memory of an earlier process.
  private let found: KeptDescriptors.Memory
  /// What the socket had dropped that is on somebody's account already.
  private let countedSocketDrops: UInt32

  /// Opens the socket, if there is one to hear; nothing is begun yet.
  ///
  /// - Parameters:
  ///   - bound: Sockets that may be gone on with.
  ///   - heritage: What an earlier process has left.
  init(
    _ key: SocketKey, _ members: [Member], queue: DispatchQueue, bound: BoundSockets, heritage: LinkHeritage = .none
  ) throws(ServiceError) {
    self.key = key
    self.queue = queue
    self.members = members
    let hearing = members.filter(\.isEnabled).map(\.owner)
    guard let first = hearing.first else {
      (input, kept, found, countedSocketDrops) = (nil, nil, .absent, 0)
      return
    }
    let link = first.configuration.hearing(for: hearing.map(\.configuration))
    let byteCount = hearing.map(\.acceptedDatagramByteCount).max() ?? 0
    let (memory, found) = heritage.memory(
      of: hearing.map(\.name), slotByteCount: link.slotByteCount(datagramByteCount: byteCount))
    let input = try LinkInput.open(
      link, datagramByteCount: byteCount, queue: queue, bound: [bound, heritage.sockets], into: memory)
    self.input = input
    self.found = found
    kept = KeptMemory(memory, of: input)
    countedSocketDrops = if case .udp(let receiver, _) = input { heritage.countedDrops(of: receiver) } else { 0 }
  }

  /// Whether nothing would change if `other` took its place.
  func isSame(as other: [Member]) -> Bool {
    members.count == other.count
      && zip(members, other).allSatisfy { $0.owner === $1.owner && $0.isEnabled == $1.isEnabled }
  }

  /// A link that has a socket to itself, whatever there is besides.
  package static func alone(
    _ link: LinkConfiguration, emit: @escaping @Sendable (EventRecord) -> Void
  ) throws(ServiceError) -> LinkGroup {
    let queue = DispatchQueue(label: "downlinkd.link." + link.name)
    let owner = LinkOwner(link, queue: queue, emit: emit)
    return try LinkGroup(
      SocketKey(of: link), [Member(owner: owner, isEnabled: true)], queue: queue, bound: BoundSockets())
  }

  /// The links, in the order of the configuration.
  package var owners: [LinkOwner] { members.map(\.owner) }

  /// The socket by a descriptor of its own, for the group that comes in the place of this one.
  var socketToHandOver: BoundSockets? {
    guard let descriptor = input?.duplicateDescriptor() else { return nil }
    let bound = BoundSockets()
    bound.add(descriptor)
    return bound
  }

  // MARK: From any queue

  /// Begins to hear.
  package func begin() { queue.async { self.beginOnQueue(countedSocketDrops: self.countedSocketDrops) } }

  /// Ends this group, and lets `next` go on with what it has. Links that are not in it come to their end.
  ///
  /// - Parameters:
  ///   - isLeft: Whether the next process is to go on with it, as far as it can.
  ///   - publish: Is given the last status of each link that has ended, on the queue.
  ///   - completion: Called on the queue when all is done.
  package func end(
    for next: LinkGroup?, isLeft: Bool = false, _ publish: @escaping @Sendable (LinkOwner, LinkStatus) -> Void,
    _ completion: @escaping @Sendable () -> Void
  ) {
    queue.async {
      let reader = members.first { $0.isEnabled }?.owner
      let finish: @Sendable () -> Void = {
        if isLeft { reader?.assumeIsolated { $0.leaveState() } }
        for member in members where !(next?.members.contains { $0.owner === member.owner } ?? false) {
          publish(member.owner, member.owner.assumeIsolated { $0.finish() })
        }
        let drops = reader?.assumeIsolated { $0.socketMark?.dropCount } ?? 0
        for member in members { member.owner.assumeIsolated { $0.leave() } }
        next?.beginOnQueue(countedSocketDrops: drops)
        // One turn later nothing of this group is held any longer, and its socket is closed unless the next has it.
        queue.async(execute: completion)
      }
      guard let reader else { return finish() }
      reader.assumeIsolated { $0.stopReading(finish) }
    }
  }

  // MARK: On the queue

  private func beginOnQueue(countedSocketDrops: UInt32) {
    let first = members.first(where: \.isEnabled)?.owner
    let state = first?.assumeIsolated { $0.loadState(from: kept, found) }
    for member in members { member.owner.assumeIsolated { $0.begin(with: state) } }
    for member in members where !member.isEnabled { member.owner.assumeIsolated { $0.disable() } }
    guard let input, let first else { return }
    var share = SocketShare.alone
    let channels = members.compactMap { member -> PhysicalChannelParameters? in
      guard case .frames(let channel) = member.owner.configuration.parameters else { return nil }
      return channel
    }
    if members.count > 1, channels.count == members.count, let routing = SpacecraftRouting(channels) {
      share = .first(routing, members.map(\.owner))
    }
    // The reader comes first, for the others ask it about itself; it begins to read after all of them are there.
    for member in members where member.isEnabled {
      let own = input.described(as: member.owner.configuration)
      let place = member.owner === first ? share : .other(first: first)
      member.owner.assumeIsolated { $0.join(own, place, countedSocketDrops: countedSocketDrops) }
    }
    first.assumeIsolated { $0.goOn(after: state, countedSocketDrops: countedSocketDrops) }
  }
}

/// What tells sockets apart: links of equal keys are on one, and a link that comes in the place of another with an
/// equal key goes on with its socket.
enum SocketKey: Hashable, Sendable {
  case udp(IPAddress, UInt16, group: IPAddress?, interfaces: [String], sources: [IPAddress])
  case listeningTCP(String, UInt16)
  /// An input that nobody else can go on with.
  case link(String)

  init(of link: LinkConfiguration) {
    switch link.input {
    // For port 0 the kernel gives each link a port of its own.
    case .udp(let udp) where udp.port != 0:
      self = .udp(udp.host, udp.port, group: udp.group, interfaces: udp.interfaces, sources: udp.sources)
    case .tcp(let tcp) where tcp.port != 0 && tcp.role == .listen: self = .listeningTCP(tcp.host, tcp.port)
    case .udp, .tcp, .capture, .file, .pcap, .standardInput, nil: self = .link(link.name)
    }
  }
}

extension LinkConfiguration {
  /// The same, with the largest receive buffer that one of the links on its socket asks for.
  fileprivate func hearing(for links: [LinkConfiguration]) -> LinkConfiguration {
    var link = self
    guard case .udp(var udp) = input else { return link }
    for case .udp(let other) in links.compactMap(\.input) {
      udp.receiveBufferByteCount = max(udp.receiveBufferByteCount, other.receiveBufferByteCount)
    }
    link.input = .udp(udp)
    return link
  }
}
