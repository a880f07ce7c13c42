/// Datagrams that nobody meant: random bytes, with just enough order in some to get past the first checks.
///
/// They prove that a receiver survives anything; there is no truth of them.
package struct RandomDatagrams: Sendable {
  private let link: LinkPlan
  private let writer: FrameWriter
  private let layout: FrameLayout
  private var random: SeededRandom
  /// The share of datagrams with exactly the length of the link's frames, 0…1.
  package var exactLengthShare = 0.75
  /// The share, among those, of frames with the right version, any identifiers and any packet header; 0…1.
  package var plausibleShare = 0.75
  /// The share, among those, of frames whose error control field fits, 0…1.
  package var sealedShare = 0.75

  /// - Parameter link: Says how long frames are, of which type, and whether they have error control.
  package init(seed: UInt64, link: LinkPlan) {
    self.link = link
    writer = FrameWriter(link: link)
    layout = FrameLayout(link: link)
    random = SeededRandom(seed: seed, stream: 4)
  }

  /// Writes the next datagram over `datagram`, whose storage is reused.
  package mutating func next(into datagram: inout [UInt8]) {
    let isExact = random.chance(exactLengthShare)
    fill(&datagram, byteCount: isExact ? link.frameByteCount : random.below(2 * link.frameByteCount))
    guard isExact, random.chance(plausibleShare), layout.packetZone.count >= 8 else { return }
    var fields = FrameFields(
      spacecraftID: UInt16(random.below(link.frameType == .tm ? 1024 : 1 << link.spacecraftIDBitCount)),
      virtualChannelID: UInt8(random.below(link.frameType == .tm ? 8 : 64)))
    fields.masterChannelFrameCount = UInt8(random.below(256))
    fields.virtualChannelFrameCount = UInt64(UInt32(truncatingIfNeeded: random.next()))
    fields.usesCountCycle = random.chance(0.5)
    fields.secondaryHeader = random.chance(0.2) ? .extendedCount : .none
    fields.pointer = pointer()
    fields.dataField.countByteCount = 4
    if case .firstHeader(let offset) = fields.pointer { fields.dataField.pointer = UInt16(offset) }
    writer.writeHeader(fields, layout: layout, to: &datagram)
    if case .firstHeader(let offset) = fields.pointer, offset + 8 <= layout.packetZone.count {
      writeHeader(at: layout.packetZone.lowerBound + offset, of: &datagram)
    }
    if random.chance(sealedShare) { writer.seal(&datagram, layout: layout) }
  }

  private mutating func fill(_ datagram: inout [UInt8], byteCount: Int) {
    datagram.removeAll(keepingCapacity: true)
    while datagram.count < byteCount {
      let bits = random.next()
      for shift in 0..<min(8, byteCount - datagram.count) {
        datagram.append(UInt8(truncatingIfNeeded: bits >> UInt64(8 * shift)))
      }
    }
  }

  private mutating func pointer() -> FrameWriter.Pointer {
    switch random.below(8) {
    case 0: .noStart
    case 1: .onlyIdleData
    case 2: .vca(UInt16(random.below(65_536)))
    case 3: .firstHeader(random.below(2048))
    default: .firstHeader(random.below(layout.packetZone.count))
    }
  }

  private mutating func writeHeader(at offset: Int, of datagram: inout [UInt8]) {
    let header: PacketHeader =
      random.chance(0.7)
      ? .space(
        applicationProcessID: UInt16(random.below(2048)), hasSecondaryHeader: random.chance(0.5),
        sequenceCount: UInt16(random.below(16_384)), packetByteCount: random.within(7...65_542))
      : .encapsulation(
        protocolID: UInt8(random.below(8)), headerByteCount: random.pick([1, 2, 4, 8]),
        packetByteCount: random.below(256))
    for index in 0..<header.byteCount { datagram[offset + index] = header[index] }
  }
}
