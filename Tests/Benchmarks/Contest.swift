/// One way to do a piece of work.
struct Contender {
  let name: String
  /// Makes ready for one run, untimed.
  var prepare: (() throws -> Void)?
  /// Does the work once. What it returns depends on all of it, and is the same for every contender.
  let run: () throws -> UInt64
}

/// The same work done in several ways, one of which may be a reference in C.
struct Contest {
  let name: String
  /// The bytes of input that one run goes through.
  let byteCount: Int
  /// What else the work is counted in: frames, calls, datagrams.
  let unit: String
  let unitCount: Int
  var reference: Contender?
  let contenders: [Contender]

  /// Runs all contenders in turn, so that what else the machine does falls on all of them alike.
  ///
  /// - Parameter passCount: Timed passes; the first one after the inputs were warmed counts already.
  func results(passCount: Int) throws -> [BenchmarkResult] {
    let all = (reference.map { [$0] } ?? []) + contenders
    var runCounts: [Int] = []
    var digests: [UInt64] = []
    for contender in all {
      let (digest, seconds) = try time(contender, runCount: 1)
      let (_, warmSeconds) = try time(contender, runCount: 1)
      let isRepeatable = contender.prepare == nil
      runCounts.append(isRepeatable ? max(1, Int(Self.secondsPerPass / max(min(seconds, warmSeconds), 1e-7))) : 1)
      digests.append(digest)
    }
    for (contender, digest) in zip(all, digests) where digest != digests[0] {
      throw BenchmarkError.differentResult(contest: name, contender: contender.name, expected: all[0].name)
    }

    var times = all.map { _ in [Double]() }
    for _ in 0..<passCount {
      for index in all.indices {
        let (_, seconds) = try time(all[index], runCount: runCounts[index])
        times[index].append(seconds / Double(runCounts[index]))
      }
    }
    let results = all.indices.map { BenchmarkResult(contest: self, contender: all[$0].name, secondsPerRun: times[$0]) }
    guard reference != nil else { return results }
    return results.map { $0.compared(with: results[0]) }
  }

  /// Long enough for the clock, short enough to fall between two interruptions now and then.
  private static let secondsPerPass = 0.02

  private func time(_ contender: Contender, runCount: Int) throws -> (digest: UInt64, seconds: Double) {
    try contender.prepare?()
    var digest: UInt64 = 0
    let start = threadSeconds()
    for _ in 0..<runCount { digest = try contender.run() }
    return (digest, threadSeconds() - start)
  }
}

/// What one contender needed.
struct BenchmarkResult {
  let name: String
  let unit: String
  let bestMegabytesPerCPUSecond: Double
  let medianMegabytesPerCPUSecond: Double
  let unitsPerCPUSecond: Double
  private(set) var reference: (name: String, megabytesPerCPUSecond: Double)?

  init(contest: Contest, contender: String, secondsPerRun times: [Double]) {
    let sorted = times.sorted()
    let best = sorted[0]
    let median = sorted[sorted.count / 2]
    name = "\(contest.name): \(contender)"
    unit = contest.unit
    bestMegabytesPerCPUSecond = Double(contest.byteCount) / best / 1e6
    medianMegabytesPerCPUSecond = Double(contest.byteCount) / median / 1e6
    unitsPerCPUSecond = Double(contest.unitCount) / best
  }

  /// How many times as fast as the reference, best pass against best pass.
  var ratio: Double? {
    reference.map { bestMegabytesPerCPUSecond / $0.megabytesPerCPUSecond }
  }

  func compared(with reference: BenchmarkResult) -> BenchmarkResult {
    var result = self
    result.reference = (reference.name, reference.bestMegabytesPerCPUSecond)
    return result
  }
}

/// Why there is no figure.
enum BenchmarkError: Error {
  /// The work of two contenders is not the same.
  case differentResult(contest: String, contender: String, expected: String)
  /// The machine does not give what the benchmark needs.
  case environment(String)
}
