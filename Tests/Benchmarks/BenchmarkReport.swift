import LinkHealth

/// The figures as one line of JSON.
enum BenchmarkReport {
  static func json(_ results: [BenchmarkResult]) -> String {
    var writer = JSONWriter()
    writer.object { report in
      report.array("benchmarks") { array in
        for result in results {
          array.object { write(result, to: &$0) }
        }
      }
    }
    return writer.text
  }

  private static func write(_ result: BenchmarkResult, to writer: inout JSONWriter) {
    writer.member("name", result.name)
    writer.member("mb_per_cpu_second", rounded(result.bestMegabytesPerCPUSecond))
    writer.member("median_mb_per_cpu_second", rounded(result.medianMegabytesPerCPUSecond))
    writer.member("unit", result.unit)
    writer.member("units_per_cpu_second", result.unitsPerCPUSecond.rounded())
    writer.member("nanoseconds_per_unit", rounded(1e9 / result.unitsPerCPUSecond))
    if let reference = result.reference, let ratio = result.ratio {
      writer.member("reference", reference.name)
      writer.member("reference_mb_per_cpu_second", rounded(reference.megabytesPerCPUSecond))
      writer.member("ratio", (ratio * 1000).rounded() / 1000)
    }
  }

  private static func rounded(_ value: Double) -> Double { (value * 10).rounded() / 10 }
}
