/// How the clocks on board compare with the time of reception: a line for each channel whose packets say it.
struct ClockText {
  let lines: [String]

  init(channels: [Document]) {
    lines = channels.compactMap { channel in
      guard let clock = channel["on_board_clock"] else { return nil }
      let place = [channel["link"]?.string, Tables.place(channel)].compactMap(\.self).joined(separator: " ")
      return "  clock on board of \(place): " + Self.text(clock)
    }
  }

  private static func text(_ clock: Document) -> String {
    let invalid = (clock["invalid"]?.members ?? []).reduce(0) { $0 + ($1.value.int ?? 0) }
    let doubts = invalid > 0 ? "; \(invalid.grouped) times make no sense" : ""
    guard let offset = clock["offset_seconds"]?.double, let drift = clock["drift_ppm"]?.double,
      let jitter = clock["jitter_seconds"]?.double
    else { return clock.text("quality") + doubts }
    let steps = clock.count("steps")
    let set = steps == 0 ? "" : ", set \(steps.grouped) time\(steps == 1 ? "" : "s")"
    let direction = offset < 0 ? "behind" : "ahead of"
    return "\(offset.magnitude) s \(direction) reception, drift \(drift) ppm, jitter \(jitter) s"
      + "\(set), \(clock.text("quality"))\(doubts)"
  }
}
