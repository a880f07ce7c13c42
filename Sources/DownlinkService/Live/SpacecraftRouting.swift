import CCSDSCoding
import CCSDSLink
import CCSDSWire

/// Tells the links on one socket apart by the spacecraft that a datagram is of: that of its first frame.
///
/// A code leaves the bytes of the frame as they are, so the identifier is seen before anything is decoded; what a
/// damaged one leads to is for the link it names to reject, or for the first.
struct SpacecraftRouting: Sendable {
  private static let headerByteCount = 6
  private let frameType: TransferFrameType
  private let isExtended: Bool
  /// What was added to the first bytes of each unit.
  private let sequence: [UInt8]
  private let indices: [UInt16: Int]

  /// - Parameter links: In the order of their indices, all with frames of one type and coding.
  init?(_ links: [PhysicalChannelParameters]) {
    guard let first = links.first else { return nil }
    frameType = first.frameType
    isExtended = first.frameType == .aos && first.spacecraftIDBitCount == 10
    sequence = Randomizer.bytes(of: first.coding?.randomizer ?? Randomizer.Sequence.none, count: Self.headerByteCount)
    var indices: [UInt16: Int] = [:]
    for (index, link) in links.enumerated() {
      for spacecraft in link.spacecraftIDs where indices[spacecraft.rawValue] == nil {
        indices[spacecraft.rawValue] = index
      }
    }
    self.indices = indices
  }

  /// The link that a datagram is for; nothing where its spacecraft is nobody's, or it is too short to name one.
  func index(of datagram: RawSpan) -> Int? {
    guard datagram.byteCount >= Self.headerByteCount else { return nil }
    let word = byte(0, datagram) << 24 | byte(1, datagram) << 16 | byte(2, datagram) << 8 | byte(3, datagram)
    return switch frameType {
    case .tm where word >> 30 == 0b00: indices[UInt16(word >> 20 & 0x3FF)]
    case .aos where word >> 30 == 0b01:
      indices[UInt16(word >> 22 & 0xFF) | (isExtended ? UInt16(byte(5, datagram) >> 4 & 0b11) << 8 : 0)]
    case .uslp where word >> 28 == 0b1100: indices[UInt16(word >> 12 & 0xFFFF)]
    case .tm, .aos, .uslp: nil
    }
  }

  private func byte(_ offset: Int, _ datagram: RawSpan) -> UInt32 {
    UInt32(datagram.byte(at: offset) ^ sequence[offset])
  }
}
