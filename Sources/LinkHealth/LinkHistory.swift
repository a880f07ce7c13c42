package import CCSDSLink

/// The last hour of a link, in steps of ten seconds: what to draw a curve with.
///
/// It is made of totals that somebody reads once a second. A step is what they have grown by between two multiples of
/// ten seconds; one in which nobody read them is not there.
package struct LinkHistory: Sendable, Equatable {
  /// How long a step is.
  package static let stepSeconds = 10
  /// How many are kept.
  package static let capacity = 360

  /// Totals of a link since its start, read together.
  package struct Totals: Sendable, Equatable {
    /// Frames received.
    package var frames = 0
    /// Bytes received.
    package var bytes = 0
    /// Frames missing.
    package var missing = 0
    /// Symbols corrected.
    package var corrected = 0
    /// Datagrams that the kernel dropped.
    package var kernelDropped = 0
    /// How long frames were under way in this host.
    package var latencies = LatencyHistogram()

    /// None at all.
    package init() {}

    /// Those of a link as it stands.
    package init(_ snapshot: LinkSnapshot) {
      let ledger = snapshot.ledger
      frames = ledger.frames.received
      bytes = max(ledger.datagrams.byteCount, ledger.streamBytes.received)
      missing = snapshot.missingFrameCount
      corrected = ledger.codewords.correctedSymbols
      kernelDropped = ledger.datagrams.kernelDropped
      latencies = snapshot.latency
    }
  }

  /// One finished step.
  package struct Step: Sendable, Equatable {
    /// When it began.
    package let start: ReceptionTime
    /// Frames that were received, good and bad.
    package let frames: Int
    /// Bits that came in.
    package let bits: Int
    /// Frames found missing.
    package let missing: Int
    /// Symbols that Reed–Solomon has put right.
    package let corrected: Int
    /// Datagrams that the kernel dropped.
    package let kernelDropped: Int
    /// What 99 of 100 units stayed below on their way; absent when there were none.
    package let latencySeconds: Double?
  }

  private var ring: [Step] = []
  private var oldest = 0
  /// The number of the step under way, in steps since 1970, and the totals it began with.
  private var current: (number: Int64, totals: Totals)?
  private var last: Totals?

  /// An hour of which nothing is known yet.
  package init() {}

  /// The finished steps, the oldest first.
  package var steps: [Step] { Array(ring[oldest...] + ring[..<oldest]) }

  /// Takes the totals at a time. When they have begun anew, so does the step.
  package mutating func note(_ totals: Totals, at time: ReceptionTime) {
    let number = time.nanosecondsSince1970 / (Int64(Self.stepSeconds) * 1_000_000_000)
    guard let current, totals.frames >= (last?.frames ?? 0) else {
      current = (number, totals)
      last = totals
      return
    }
    if number != current.number {
      append(Self.step(current.number, from: current.totals, to: totals))
      self.current = (number, totals)
    }
    last = totals
  }

  package static func == (left: LinkHistory, right: LinkHistory) -> Bool {
    left.steps == right.steps && left.current?.number == right.current?.number && left.last == right.last
  }

  private mutating func append(_ step: Step) {
    if ring.count < Self.capacity {
      ring.append(step)
    } else {
      ring[oldest] = step
      oldest = (oldest + 1) % Self.capacity
    }
  }

  private static func step(_ number: Int64, from: Totals, to: Totals) -> Step {
    // What is held back and then given up may make a total smaller; nothing is less than none.
    func grown(_ total: (Totals) -> Int) -> Int { max(0, total(to) - total(from)) }
    return Step(
      start: ReceptionTime(nanosecondsSince1970: number * Int64(stepSeconds) * 1_000_000_000), frames: grown(\.frames),
      bits: grown(\.bytes) * 8, missing: grown(\.missing), corrected: grown(\.corrected),
      kernelDropped: grown(\.kernelDropped),
      latencySeconds: to.latencies.seconds(below: 0.99, since: from.latencies))
  }
}

extension LatencyHistogram {
  /// What a share of the units stayed below, of those that came since an earlier state; absent when there were none.
  /// Within a bucket they are taken to lie evenly. Beyond the last bound nothing is known but the bound.
  package func seconds(below share: Double, since earlier: LatencyHistogram) -> Double? {
    let grown = zip(counts, earlier.counts).map { max(0, $0 - $1) }
    let total = grown.reduce(0, +)
    guard total > 0 else { return nil }
    let wanted = share * Double(total)
    var below = 0.0
    for (index, count) in grown.enumerated() where count > 0 {
      let bounds = Self.upperBoundsInNanoseconds
      guard index < bounds.count else { return Double(bounds[bounds.count - 1]) / 1e9 }
      if below + Double(count) >= wanted {
        let start = index == 0 ? 0 : Double(bounds[index - 1])
        return (start + (Double(bounds[index]) - start) * (wanted - below) / Double(count)) / 1e9
      }
      below += Double(count)
    }
    return nil
  }
}

extension LinkHistory {
  /// The steps of a link as one JSON object.
  package func json(link: String) -> String {
    var json = JSONWriter()
    json.object { root in
      root.member("link", link)
      root.member("step_seconds", Self.stepSeconds)
      root.array("steps") { array in
        for step in steps {
          array.object {
            $0.member("start", step.start.rfc3339)
            $0.member("frames", step.frames)
            $0.member("bits", step.bits)
            $0.member("missing", step.missing)
            $0.member("corrected_symbols", step.corrected)
            $0.member("kernel_dropped", step.kernelDropped)
            if let seconds = step.latencySeconds { $0.member("latency_p99_seconds", seconds) }
          }
        }
      }
    }
    return json.text
  }
}
