/// How much of what was sent has come, as far as the counters tell.
struct Completeness: Equatable {
  private let received: Int
  private let missing: Int
  private let isKnown: Bool

  init(received: Int, missing: Int) { (self.received, self.missing, isKnown) = (received, missing, true) }

  /// Of a counted channel or process: `name` is what is counted in it.
  init(of counted: Document, _ name: String) {
    received = counted.count(name)
    missing = max(counted.count("missing"), counted["missing_at_most"]?.int ?? 0)
    isKnown = !["frozen", "uncounted"].contains(counted.text("trust"))
  }

  /// Of what several channels have together, less those that do not count.
  init(ofChannels channels: [Document]) {
    let counting = channels.filter { !["frozen", "uncounted"].contains($0.text("trust")) }
    received = counting.map { $0.count("frames") }.total
    missing = counting.map { max($0.count("missing"), $0["missing_at_most"]?.int ?? 0) }.total
    isKnown = !counting.isEmpty
  }

  /// From 0 to 1; absent where nothing tells.
  var share: Double? {
    guard isKnown, received >= 0, missing >= 0, received > 0 || missing > 0 else { return nil }
    return Double(received) / (Double(received) + Double(missing))
  }

  /// Rounded down: `100.00 %` is all of it.
  var percent: ScreenLine {
    guard let share else { return ScreenLine("not known", .quiet) }
    let hundredths = missing > 0 ? min(9999, Int(share * 10_000)) : 10_000
    let fraction = hundredths % 100
    return ScreenLine(
      "\(hundredths / 100).\(fraction < 10 ? "0" : "")\(fraction) %", missing > 0 ? .caution : .plain)
  }

  /// What has come as full blocks; as soon as anything is missing, the last one is not full.
  func bar(columns width: Int) -> ScreenLine {
    guard let share else { return ScreenLine(String(repeating: "-", count: width), .quiet) }
    let full = missing > 0 ? min(width - 1, Int(share * Double(width))) : width
    var line = ScreenLine(String(repeating: "█", count: full), .good)
    line.put(String(repeating: "░", count: width - full), .caution)
    return line
  }
}
