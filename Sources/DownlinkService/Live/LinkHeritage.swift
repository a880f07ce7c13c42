import Ingest
import LinkHealth

/// What earlier runs of the daemon have left to this one, and it leaves to the next.
struct LinkHeritage: Sendable {
  /// Nothing is left, and nothing is kept.
  static let none = LinkHeritage(descriptors: nil, totals: nil)

  let descriptors: KeptDescriptors?
  let totals: StoredTotals?
  private let noSockets = BoundSockets()

  init(descriptors: KeptDescriptors?, totals: StoredTotals?) {
    self.descriptors = descriptors
    self.totals = totals
  }

  /// Sockets that are bound already.
  var sockets: BoundSockets { descriptors?.sockets ?? noSockets }

  /// The memory to receive into, and what was found in it; nothing when none is kept.
  func memory(of links: [String], slotByteCount: Int) -> (memory: ReceiveMemory?, state: KeptDescriptors.Memory) {
    descriptors?.memory(of: links, slotByteCount: slotByteCount) ?? (nil, .absent)
  }

  /// What was counted of a link before.
  func life(of link: String) -> LinkLife? { totals?.life(of: link) }

  /// What a socket had dropped that is in those counts.
  func countedDrops(of receiver: UDPReceiver) -> UInt32 {
    let counted = totals?.countedDrops(of: receiver.socketCookie) ?? 0
    return counted <= receiver.readKernelDroppedDatagramCount() ? counted : 0
  }

  /// From now on this is what is kept.
  func settle(_ links: LinkSet) { descriptors?.settle(links.groups.values) }

  /// A run begins, and goes on from all that.
  func begin(_ links: LinkSet) {
    settle(links)
    totals?.begin()
  }

  /// Takes note of the last status of a link: what a link of its name goes on from.
  func note(_ last: LinkStatus) -> LinkLife? { totals?.note(last) }

  /// Writes the totals; not on the caller's time.
  func store(_ links: [LinkStatus]) { totals?.store(links) }

  /// Writes the totals for the next run, and waits for it.
  func storeAtEnd(_ links: [LinkStatus]) { totals?.storeAtEnd(links) }

  /// Links whose totals are known, and those that were forgotten for them.
  var knownLinkCount: Int { totals?.linkCounts.known ?? 0 }
  var forgottenLinkCount: Int { totals?.linkCounts.forgotten ?? 0 }

  var problems: [Problem] { (totals?.problems ?? []) + (descriptors?.problems ?? []) }
}
