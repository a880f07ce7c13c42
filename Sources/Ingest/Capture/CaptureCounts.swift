/// What became of the records of a capture: each ends in exactly one of the buckets.
package struct CaptureCounts: Equatable, Sendable {
  package internal(set) var recordCount = 0
  /// Datagrams lent, cut ones and ones put together from fragments included.
  package internal(set) var datagramCount = 0
  /// Those of them that the capture holds only in part.
  package internal(set) var truncatedDatagramCount = 0
  /// UDP datagrams to ports that were not asked for.
  package internal(set) var otherPortCount = 0
  /// Records with no IP packet in them: ARP, for one.
  package internal(set) var notInternetCount = 0
  /// IP packets with no UDP datagram in them: TCP, for one.
  package internal(set) var notUDPCount = 0
  /// Records whose headers contradict themselves or were not captured whole.
  package internal(set) var malformedCount = 0
  /// Fragments that joined others; the one that completes the datagram counts as whatever that turns out to be.
  package internal(set) var joinedFragmentCount = 0
  /// Fragments that came again, byte for byte.
  package internal(set) var repeatedFragmentCount = 0
  /// Fragments of datagrams that never became whole, or that were refused.
  package internal(set) var abandonedFragmentCount = 0
  /// Fragments that wait for others at the moment.
  package internal(set) var heldFragmentCount = 0

  /// Datagrams refused because their fragments overlap, contradict each other or were captured in part.
  package internal(set) var refusedDatagramCount = 0

  package init() {}

  /// Everything that was not lent and was not a fragment.
  package var ignoredCount: Int { otherPortCount + notInternetCount + notUDPCount + malformedCount }

  /// Whether every record has ended in a bucket.
  package var isBalanced: Bool {
    recordCount == datagramCount + ignoredCount + joinedFragmentCount + repeatedFragmentCount + abandonedFragmentCount
      + heldFragmentCount
  }
}

/// The destination ports of the UDP datagrams in a capture, wanted or not, in the order of their appearance.
package struct PortHistogram: Equatable, Sendable {
  /// How many different ports are told apart.
  package static let capacity = 64

  /// One port, and the datagrams to it.
  package struct Entry: Equatable, Sendable {
    package let port: UInt16
    package internal(set) var datagramCount: Int
  }

  package private(set) var entries: [Entry] = []
  /// Datagrams to ports that found no room.
  package private(set) var otherDatagramCount = 0
  private var latest = 0

  init() { entries.reserveCapacity(Self.capacity) }

  /// The datagrams to one port.
  package func datagramCount(toPort port: UInt16) -> Int {
    entries.first { $0.port == port }?.datagramCount ?? 0
  }

  mutating func count(_ port: UInt16) {
    if latest < entries.count, entries[latest].port == port {
      entries[latest].datagramCount += 1
    } else if let index = entries.firstIndex(where: { $0.port == port }) {
      entries[index].datagramCount += 1
      latest = index
    } else if entries.count < Self.capacity {
      latest = entries.count
      entries.append(Entry(port: port, datagramCount: 1))
    } else {
      otherDatagramCount += 1
    }
  }
}
