import Glibc

/// Measures the hot paths, and what they are compared with, in one run on one machine.
///
/// Figures are megabytes (10^6 bytes of input) per second of processor time of the working thread: the best of several
/// passes, and the median. Prints one line of JSON.
@main
enum Benchmarks {
  /// Each benchmark is a file of its own and a line here.
  private static let all: [(name: String, contests: @Sendable () throws -> [Contest])] = [
    ("crc16", CRC16Benchmark.contests),
    ("header", HeaderErrorControlBenchmark.contests),
    ("sync", SynchronizerBenchmark.contests),
    ("rs", ReedSolomonBenchmark.contests),
    ("frames", FramePacketBenchmark.contests),
    ("pcap", CaptureBenchmark.contests),
    ("cadus", CodedLinkBenchmark.contests),
    ("udp", UDPReceiveBenchmark.contests),
    ("state", StateBenchmark.contests),
    ("parameters", ParameterBenchmark.contests),
    ("metrics", MetricsBenchmark.contests),
  ]

  private static let usage = """
    Usage: Benchmarks [--passes <count>] [<name> ...]
           Benchmarks unit-sender --port <port> --rate <units a second> --seconds <seconds>
           Benchmarks udp-sink --port <port> [--idle-seconds <seconds>] [--poll-microseconds <count>]
           Benchmarks udp-gro [--address <address>] [--sender-namespace <file>]
           Benchmarks parameter-packets [--packets <count>]
           Benchmarks parameter-database
           Benchmarks database <file>

    Names: \(all.map(\.name).joined(separator: ", ")); without one, all of them.
    `unit-sender` sends channel access data units of 1279 bytes, coded and without gaps, one to a datagram.
    `udp-sink` receives as a bare loop of recvmmsg does, and reports when nothing more comes.
    `udp-gro` compares receiving single datagrams with receiving coalesced ones, perhaps from another namespace.
    `parameter-packets` and `parameter-database` write what `parameters` decodes to the output, for other programs.
    `database` says what it costs to read a mission database and to make a plan of it.
    """

  static func main() {
    #if DEBUG
      say("a debug build: the figures mean nothing; build with `-c release`")
    #endif
    var arguments = Array(CommandLine.arguments.dropFirst())
    do {
      if arguments.first == "unit-sender" {
        print(try sendUnits(&arguments))
      } else if arguments.first == "udp-sink" {
        let port = try takeOption("--port", from: &arguments).flatMap { UInt16($0) }
        let seconds = try takeOption("--idle-seconds", from: &arguments).flatMap { Double($0) } ?? 2
        let poll = try takeOption("--poll-microseconds", from: &arguments).map { UInt32($0) } ?? 0
        guard let port, let poll, arguments.count == 1 else { throw UsageError() }
        let sink = try UDPSink(port: port, largestDatagramByteCount: 65_507)
        print(sink.reportUntilIdle(seconds: seconds, pollMicroseconds: poll))
      } else if arguments.first == "udp-gro" {
        let address = try takeOption("--address", from: &arguments) ?? "127.0.0.1"
        let namespace = try takeOption("--sender-namespace", from: &arguments)
        guard arguments.count == 1 else { throw UsageError() }
        print(try CoalescingBenchmark(address: address, senderNamespace: namespace).report())
      } else if let output = try parameterOutput(&arguments) {
        emit(output)
      } else {
        let passCount = try takeOption("--passes", from: &arguments).map { Int($0) ?? 0 } ?? 15
        let unknown = arguments.filter { name in !all.contains { $0.name == name } }
        guard passCount > 0, unknown.isEmpty else { throw UsageError() }
        print(try report(on: arguments, passCount: passCount))
      }
    } catch is UsageError {
      say(usage)
      exit(64)
    } catch {
      say("\(error)")
      exit(70)
    }
  }

  /// What the commands about parameters say; nil where it is another command.
  private static func parameterOutput(_ arguments: inout [String]) throws -> [UInt8]? {
    switch arguments.first {
    case "parameter-packets":
      let count = try takeOption("--packets", from: &arguments).map { Int($0) ?? 0 } ?? 100_000
      guard count > 0, arguments.count == 1 else { throw UsageError() }
      return ParameterInput.packets(count)
    case "parameter-database":
      guard arguments.count == 1 else { throw UsageError() }
      return Array(ParameterInput.databaseText.utf8)
    case "database":
      guard arguments.count == 2 else { throw UsageError() }
      return Array((try DatabaseCost.report(path: arguments[1]) + "\n").utf8)
    default: return nil
    }
  }

  /// Writes bytes to the output, all of them.
  private static func emit(_ bytes: [UInt8]) {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = unsafe rest.withUnsafeBytes { unsafe write(STDOUT_FILENO, $0.baseAddress, $0.count) }
      guard count > 0 else { exit(74) }
      rest = rest.dropFirst(count)
    }
  }

  private static func sendUnits(_ arguments: inout [String]) throws -> String {
    let port = try takeOption("--port", from: &arguments).flatMap { UInt16($0) }
    let rate = try takeOption("--rate", from: &arguments).flatMap { Int($0) }
    let seconds = try takeOption("--seconds", from: &arguments).flatMap { Int($0) }
    guard let port, let rate, let seconds, rate > 0, seconds > 0, arguments.count == 1 else { throw UsageError() }
    return try UnitSender().send(to: port, unitsPerSecond: rate, seconds: seconds)
  }

  private static func report(on names: [String], passCount: Int) throws -> String {
    var results: [BenchmarkResult] = []
    for benchmark in all where names.isEmpty || names.contains(benchmark.name) {
      for contest in try benchmark.contests() {
        results += try contest.results(passCount: passCount)
      }
    }
    return BenchmarkReport.json(results)
  }

  /// Takes `name` and the word after it out of the arguments.
  private static func takeOption(_ name: String, from arguments: inout [String]) throws -> String? {
    guard let index = arguments.firstIndex(of: name) else { return nil }
    guard index + 1 < arguments.count else { throw UsageError() }
    defer { arguments.removeSubrange(index...index + 1) }
    return arguments[index + 1]
  }

  private static func say(_ text: String) {
    _ = unsafe write(STDERR_FILENO, text + "\n", text.utf8.count + 1)
  }
}

/// The arguments are not understood.
private struct UsageError: Error {}
