import Glibc
import Ingest
import SpacecraftSimulator

/// Sends coded units at line rate, the same ones again and again: so many that every counter of theirs is back where it
/// began, and the receiver sees one stream without a gap.
struct UnitSender {
  private static let unitByteCount = 1279
  /// A multiple of the range of the frame counters, 256, and of the packet counters, 16,384.
  private static let unitCount = 32_768
  private static let batchCount = 64

  private let units: [UInt8]

  init() throws {
    units = try BenchmarkInput.periodicUnits(Self.unitCount)
    guard units.count == Self.unitCount * Self.unitByteCount else {
      throw BenchmarkError.environment("\(units.count) bytes are not \(Self.unitCount) units")
    }
  }

  /// Returns a line of JSON about what was sent, and how fast.
  func send(to port: UInt16, unitsPerSecond: Int, seconds: Int) throws -> String {
    let sender = try UDPSender(host: "127.0.0.1", port: port)
    let total = unitsPerSecond * seconds
    let byteCounts = Array(repeating: Self.unitByteCount, count: Self.batchCount)
    let start = monotonicSeconds()
    var sent = 0
    while sent < total {
      let due = Int((monotonicSeconds() - start) * Double(unitsPerSecond)) + Self.batchCount
      guard sent + Self.batchCount <= due else {
        usleep(200)
        continue
      }
      let count = min(Self.batchCount, total - sent)
      let first = sent % Self.unitCount * Self.unitByteCount
      let span = units.span
      let bytes = unsafe span.bytes.extracting(first..<first + count * Self.unitByteCount)
      try sender.sendBatch(bytes, byteCounts: count == Self.batchCount ? byteCounts : Array(byteCounts.prefix(count)))
      sent += count
    }
    let took = monotonicSeconds() - start
    let rate = Double(sent * Self.unitByteCount * 8) / took / 1e6
    return "{\"sent\":\(sent),\"seconds\":\(took),\"megabits_per_second\":\(rate)}"
  }

  private func monotonicSeconds() -> Double {
    var now = timespec()
    unsafe clock_gettime(CLOCK_MONOTONIC, &now)
    return Double(now.tv_sec) + Double(now.tv_nsec) / 1e9
  }
}
