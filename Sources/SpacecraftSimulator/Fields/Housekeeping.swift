/// What a spacecraft says of itself, in the data field of a packet: it charges in the sun and cools in the shadow.
///
///     |mode 8|heater 1|0|battery voltage 16, 0.01 V|battery current 16, mA, signed|
///     |panel temperature 16, 0.1 °C, signed|tank pressure 16, 0.01 bar|commands 16|uptime 32, s|
package enum Housekeeping {
  /// How long the data field is, in bytes.
  package static let byteCount = 16
  /// The packets of one orbit.
  static let orbitPacketCount = 80_000
  private static let packetsPerSecond = 1300
  private static let packetsPerMode = 20_000

  /// The fields of a packet, by how many were made before it.
  static func bytes(ordinal: Int) -> [UInt8] {
    let voltage = wave(ordinal, 2240...3280)
    let temperature = wave(ordinal + orbitPacketCount / 8, -240...580)
    var bytes = [UInt8](repeating: 0, count: byteCount)
    bytes[0] = UInt8(ordinal / packetsPerMode % 4)
    bytes[1] = temperature < 0 ? 0x80 : 0
    bytes.store(UInt16(voltage), at: 2)
    bytes.store(UInt16(bitPattern: Int16(2 * (voltage - 2780))), at: 4)
    bytes.store(UInt16(bitPattern: Int16(temperature)), at: 6)
    bytes.store(UInt16(1850 - ordinal / packetsPerMode % 400), at: 8)
    bytes.store(UInt16(truncatingIfNeeded: ordinal / packetsPerMode), at: 10)
    let uptime = UInt32(truncatingIfNeeded: 86_400 + ordinal / packetsPerSecond)
    bytes.store(UInt16(truncatingIfNeeded: uptime >> 16), at: 12)
    bytes.store(UInt16(truncatingIfNeeded: uptime), at: 14)
    return bytes
  }

  /// Rises for the first half of an orbit and falls for the second.
  private static func wave(_ ordinal: Int, _ range: ClosedRange<Int>) -> Int {
    let phase = ordinal % orbitPacketCount
    let half = orbitPacketCount / 2
    return range.lowerBound + range.count * min(phase, orbitPacketCount - 1 - phase) / half
  }
}
