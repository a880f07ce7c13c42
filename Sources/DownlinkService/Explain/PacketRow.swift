import CCSDSWire

/// Space Packets that follow each other in bytes that do not begin with one, or of which each has some bytes before it
/// that are none of it, as recorders put a time or a marker there.
///
/// It is believed for the sequence counts of its packets: each application process counts its own up by one.
struct PacketRow: Equatable {
  /// Where the first one begins.
  let firstOffset: Int
  /// How many bytes stand before each.
  let prefixByteCount: Int

  /// The first row in these bytes, and of those that begin there the one with the fewest bytes between packets.
  init?(in bytes: [UInt8], maximumPacketByteCount: Int) {
    for start in 0..<min(Self.searchedByteCount, bytes.count) {
      for prefix in 0...Self.longestPrefixByteCount where start >= prefix {
        guard Self.isRow(bytes, from: start, prefix, maximumPacketByteCount) else { continue }
        firstOffset = start
        prefixByteCount = prefix
        return
      }
    }
    return nil
  }

  private static func isRow(_ bytes: [UInt8], from start: Int, _ prefix: Int, _ maximumPacketByteCount: Int) -> Bool {
    var counts: [UInt16: UInt16] = [:]
    var followerCount = 0
    var offset = start
    for index in 0..<packetCount {
      let headerEnd = offset + SpacePacket.primaryHeaderByteCount
      // The last packets of a recording may be few, but then they end with it.
      guard headerEnd <= bytes.count else { return offset == bytes.count + prefix && followerCount >= 2 }
      let identification = UInt16(bytes[offset]) << 8 | UInt16(bytes[offset + 1])
      let control = UInt16(bytes[offset + 2]) << 8 | UInt16(bytes[offset + 3])
      let byteCount = 7 + (Int(bytes[offset + 4]) << 8 | Int(bytes[offset + 5]))
      let isPacket = identification >> 12 == 0 && identification & 0x7FF != 0 && control >> 14 != 0
      guard isPacket, byteCount <= maximumPacketByteCount else { return false }
      let count = control & 0x3FFF
      if let last = counts.updateValue(count, forKey: identification & 0x7FF) {
        guard count == (last + 1) & 0x3FFF else { return false }
        followerCount += 1
      }
      offset += byteCount + prefix
      if index == packetCount - 1 { return followerCount >= 2 }
    }
    return false
  }

  /// As many packets as prove it.
  private static let packetCount = 8
  private static let searchedByteCount = 4096
  private static let longestPrefixByteCount = 32
}
