/// The passes, a line for each.
struct PassTable {
  let paint: Paint

  func lines(_ passes: [Document]) -> [String] {
    guard !passes.isEmpty else { return ["no passes yet"] }
    var table = TextTable(
      ["pass", "state", "acquisition", "seconds", "frames", "missing", "complete"], leftAlignedColumnCount: 3)
    for pass in passes {
      let state = pass.text("state")
      let begin = pass["aos"]?.string ?? pass["announced"]?["start"]?.string
      table.append([
        .init(pass.text("id")), .init(state, Self.emphasis(of: state)), .init(begin.map { Moment.short($0) } ?? "-"),
        .init(pass["duration_seconds"]?.double?.tenths ?? "-"),
        .init(state == "silent" ? "-" : pass.count("good_frames").grouped),
        state == "silent" ? .init("-") : .loss(pass.count("missing_frames")),
        .init(pass["completeness"]?.double.map(Self.percent) ?? "-"),
      ])
    }
    return table.lines(paint)
  }

  /// Rounded down: 100 % is all of it.
  private static func percent(_ share: Double) -> String {
    let hundredths = Int(share * 10_000)
    let fraction = String(hundredths % 100)
    return "\(hundredths / 100).\(fraction.count < 2 ? "0" : "")\(fraction) %"
  }

  private static func emphasis(of state: String) -> Emphasis {
    switch state {
    case "silent": .alarm
    case "running": .heading
    default: .plain
    }
  }
}
