import CCSDSWire
import CReference
import MissionDatabase

/// Packets of 30 calibrated values: the database read from XTCE, the extension found by its application process, every
/// value taken out of its bits, calibrated and said with its place.
enum ParameterBenchmark {
  private static let packetCount = 4096

  static func contests() throws -> [Contest] {
    let packets = ParameterInput.packets(packetCount)
    let plan = try ParameterInput.plan()
    try check(packets, plan)
    return [
      Contest(
        name: "packets of 30 calibrated values", byteCount: packets.count, unit: "packet", unitCount: packetCount,
        reference: Contender(name: "C for this packet alone") { digest(ofColumns: columns(packets)) },
        contenders: [
          Contender(name: "decode plan") {
            var decoder = PacketDecoder(plan)
            var digest: UInt64 = 0
            for start in stride(from: 0, to: packets.count, by: ParameterInput.packetByteCount) {
              _ = decoder.decode(unsafe packets.span.bytes.extracting(start..<start + ParameterInput.packetByteCount))
              let samples = decoder.samples
              digest &+= samples[first].engineeringBits &+ samples[last].engineeringBits
            }
            return digest
          }
        ])
    ]
  }

  /// The places of the first and the last number among the samples; seven values of the header are before them.
  private static let first = 7
  private static let last = 30

  /// What C makes of the packets, a column behind the other.
  private static func columns(_ packets: [UInt8]) -> [Double] {
    unsafe [Double](unsafeUninitializedCapacity: 30 * packetCount) { columns, count in
      _ = unsafe packets.withUnsafeBufferPointer { packets in
        unsafe creference_decode_parameters(
          packets.baseAddress, packetCount, UInt32(ParameterInput.applicationProcessID), columns.baseAddress)
      }
      count = 30 * packetCount
    }
  }

  private static func digest(ofColumns columns: [Double]) -> UInt64 {
    var digest: UInt64 = 0
    for packet in 0..<packetCount {
      digest &+= columns[packet].bitPattern &+ columns[(last - first) * packetCount + packet].bitPattern
    }
    return digest
  }

  /// That all values of all packets are those of C.
  private static func check(_ packets: [UInt8], _ plan: DecodePlan) throws {
    let columns = columns(packets)
    var decoder = PacketDecoder(plan)
    for packet in 0..<packetCount {
      let start = packet * ParameterInput.packetByteCount
      let outcome = decoder.decode(
        unsafe packets.span.bytes.extracting(start..<start + ParameterInput.packetByteCount))
      let samples = decoder.samples
      guard outcome.completeness == .whole, samples.count == first + 30 else {
        throw BenchmarkError.environment("packet \(packet) is \(outcome.completeness), of \(samples.count) values")
      }
      for value in 0..<30 {
        let sample = samples[first + value]
        let found =
          sample.engineeringForm == .label
          ? Double(sample.engineeringBits) : Double(bitPattern: sample.engineeringBits)
        guard found == columns[value * packetCount + packet] else {
          throw BenchmarkError.differentResult(
            contest: "value \(value) of packet \(packet)", contender: "decode plan", expected: "C")
        }
      }
    }
  }
}
