import Glibc
import MissionDatabase

/// What a mission database costs: the time until packets can be decoded, and the memory of the process at its highest.
enum DatabaseCost {
  /// - Throws: What is wrong with the file, or that it cannot be read.
  static func report(path: String) throws -> String {
    let bytes = try contents(of: path)
    let start = threadSeconds()
    let database = try MissionDatabase.load([(name: path, bytes: bytes)], isLenient: true)
    let loaded = threadSeconds()
    let root = database.containers.isEmpty ? nil : try DecodePlan(database, isLenient: true)
    let planned = threadSeconds()
    // A decoder has its memory from when it is made.
    let slotCount = root.map { PacketDecoder($0).plan.slots.count } ?? 0
    var usage = rusage()
    _ = unsafe getrusage(RUSAGE_SELF.rawValue, &usage)
    return """
      {"bytes":\(bytes.count),"parameters":\(database.parameters.count),"containers":\(database.containers.count),\
      "slots":\(slotCount),"load_milliseconds":\(rounded(loaded - start)),\
      "plan_milliseconds":\(rounded(planned - loaded)),\
      "peak_rss_bytes":\(usage.ru_maxrss * 1024)}
      """
  }

  private static func rounded(_ seconds: Double) -> Double { (seconds * 1e5).rounded() / 100 }

  private static func contents(of path: String) throws -> [UInt8] {
    let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw BenchmarkError.environment("\(path) cannot be opened: errno \(errno)") }
    defer { close(descriptor) }
    var bytes: [UInt8] = []
    var block = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = unsafe read(descriptor, &block, block.count)
      guard count >= 0 else { throw BenchmarkError.environment("\(path) cannot be read: errno \(errno)") }
      guard count > 0 else { return bytes }
      bytes += block.prefix(count)
    }
  }
}
