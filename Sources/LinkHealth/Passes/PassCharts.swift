import CCSDSLink
import CCSDSWire

/// The plots of a report as SVG: frames over time with what is missing, corrected symbols, completeness, and the flags
/// of telecommand reception. Their size is bounded by the number of columns, whatever happened in the pass.
struct PassCharts {
  private static let width = 1000
  private static let left = 92
  private static let right = 16
  private static let columnCount = 400
  private static let laneHeight = 18
  private static let channelCapacity = 64

  private let report: PassReport
  private let start: Int64
  private let span: Int64

  init(_ report: PassReport) {
    self.report = report
    start = report.start?.nanosecondsSince1970 ?? 0
    let end = report.end?.nanosecondsSince1970 ?? start
    span = max(1_000_000_000, end.subtractingReportingOverflow(start).partialValue)
  }

  /// Each with its title and what it shows.
  var all: [(title: String, note: String, svg: String)] {
    var charts: [(String, String, String)] = []
    if report.start != nil, !report.seconds.intervals.isEmpty {
      charts.append(
        (
          "Frames",
          "Good frames (blue) and missing frames (red, hatched) in each \(interval); below, where each "
            + "virtual channel has gaps", frames
        ))
      if report.counts.correctedSymbols > 0 {
        charts.append(
          ("Corrected symbols", "Symbols that Reed–Solomon decoding has corrected in each \(interval)", symbols))
      }
    }
    if !report.channels.isEmpty {
      charts.append(("Completeness", "Of the frames that each virtual channel has sent, those that came", completeness))
    }
    if report.start != nil, report.controlWords.wordCount > 0 {
      let words = "\(PassWords.grouped(report.controlWords.wordCount)) control words came"
      charts.append(
        flaggedLanes.isEmpty
          ? ("Telecommand reception on board", words + ", and none of them flagged anything", "")
          : ("Telecommand reception on board", words + "; when a flag was set in them", controlWords))
    }
    return charts
  }

  private var interval: String {
    let seconds = report.seconds.intervalNanoseconds / 1_000_000_000
    return seconds == 1 ? "second" : "\(seconds) s"
  }

  // MARK: Over time

  private var plotWidth: Int { Self.width - Self.left - Self.right }

  private func x(_ time: Int64) -> Double {
    let share = Double(time.subtractingReportingOverflow(start).partialValue) / Double(span)
    return Double(Self.left) + min(1, max(0, share)) * Double(plotWidth)
  }

  private var frames: String {
    let channels = report.channels.sorted { $0.key < $1.key }.prefix(Self.channelCapacity)
    let plotHeight = 192
    let lanesTop = plotHeight + 44
    let height = lanesTop + channels.count * Self.laneHeight + 12
    var svg = Drawing(width: Self.width, height: height, label: "Frames over time")
    svg.hatching()
    bars(
      &svg, height: plotHeight, axis: "frames",
      layers: [("good", { $0.frames }), ("miss", { max(0, $0.missing) })])
    timeAxis(&svg, y: plotHeight + 12)
    let gaps = report.gaps.sortedFrames
    for (index, channel) in channels.enumerated() {
      let y = lanesTop + index * Self.laneHeight
      svg.text(Self.left - 8, y + 10, channel.key.text, anchor: "end", isMain: true)
      svg.rectangle(Double(Self.left), y, Double(plotWidth), 12, "soft")
      for (from, to) in columns(of: gaps.filter { $0.key == channel.key }) {
        svg.rectangle(from, y, to - from, 12, "miss")
      }
    }
    return svg.end()
  }

  /// The columns of the plot in which frames are missing, those beside each other together.
  private func columns(of gaps: [FrameGap]) -> [(from: Double, to: Double)] {
    var isHit = [Bool](repeating: false, count: Self.columnCount)
    let step = Double(plotWidth) / Double(Self.columnCount)
    for gap in gaps {
      guard let before = gap.before, case let after = min(gap.after ?? before, before) else { continue }
      for column in column(of: after, step)...column(of: before, step) { isHit[column] = true }
    }
    var runs: [(from: Double, to: Double)] = []
    var column = 0
    while column < Self.columnCount {
      guard isHit[column] else {
        column += 1
        continue
      }
      let first = column
      while column < Self.columnCount, isHit[column] { column += 1 }
      runs.append((Double(Self.left) + Double(first) * step, Double(Self.left) + Double(column) * step))
    }
    return runs
  }

  private func column(of time: ReceptionTime, _ step: Double) -> Int {
    min(Int((x(time.nanosecondsSince1970) - Double(Self.left)) / step), Self.columnCount - 1)
  }

  private var symbols: String {
    var svg = Drawing(width: Self.width, height: 184, label: "Corrected symbols over time")
    bars(&svg, height: 132, axis: "symbols", layers: [("sym", { $0.correctedSymbols })])
    timeAxis(&svg, y: 144)
    return svg.end()
  }

  /// Bars of what came in each interval, one layer upon the other.
  private func bars(
    _ svg: inout Drawing, height: Int, axis: String, layers: [(style: String, value: (PassInterval) -> Int)]
  ) {
    let intervals = report.seconds.intervals
    let top = 28
    let most = intervals.map { interval in layers.reduce(0) { $0 + $1.value(interval) } }.max() ?? 1
    let ceiling = Self.ceiling(max(1, most))
    for line in 0...4 where ceiling >= 4 || line % 4 == 0 {
      let y = height - line * (height - top) / 4
      svg.line(Self.left, y, Self.width - Self.right, y)
      svg.text(Self.left - 8, y + 4, PassWords.grouped(ceiling * line / 4), anchor: "end")
    }
    svg.text(Self.left - 8, 13, axis, anchor: "end")
    let unit = Double(plotWidth) * Double(report.seconds.intervalNanoseconds) / Double(span)
    for interval in intervals {
      let from = x(interval.start)
      let to = min(Double(Self.width - Self.right), max(from + 1, x(interval.start) + unit - (unit > 4 ? 1 : 0)))
      var base = Double(height)
      for layer in layers {
        let value = Double(layer.value(interval)) / Double(ceiling) * Double(height - top)
        guard value > 0 else { continue }
        base -= value
        svg.rectangle(from, base, to - from, value, layer.style)
      }
    }
  }

  private func timeAxis(_ svg: inout Drawing, y: Int) {
    for tick in 0...5 {
      let time = start &+ span / 5 * Int64(tick)
      let place = Self.left + plotWidth * tick / 5
      svg.line(place, y - 12, place, y - 8)
      let anchor = tick == 0 ? "start" : tick == 5 ? "end" : "middle"
      svg.text(place, y + 4, String(PassWords.clock(time).prefix(8)), anchor: anchor)
    }
  }

  /// A round number that is no smaller, and can be halved twice where it is not tiny.
  private static func ceiling(_ number: Int) -> Int {
    guard number > 4 else { return number < 3 ? number : 4 }
    var unit = 1
    while unit * 10 <= number { unit *= 10 }
    for factor in [1, 2, 4, 6, 8] where factor * unit >= number && factor * unit % 4 == 0 { return factor * unit }
    return unit == 1 ? 8 + (number > 8 ? 4 : 0) : 10 * unit
  }

  // MARK: By channel

  private var completeness: String {
    let channels = report.channels.sorted { $0.key < $1.key }.prefix(Self.channelCapacity)
    var svg = Drawing(width: Self.width, height: channels.count * 24 + 16, label: "Completeness by channel")
    svg.hatching()
    let width = Double(plotWidth - 190)
    for (index, channel) in channels.enumerated() {
      let y = 10 + index * 24
      let share = channel.completeness ?? 0
      svg.text(Self.left - 8, y + 12, channel.key.text, anchor: "end", isMain: true)
      svg.rectangle(Double(Self.left), y, width, 16, "soft")
      svg.rectangle(Double(Self.left), y, width * share, 16, "good")
      if channel.missing > 0 {
        svg.rectangle(Double(Self.left) + width * share, y, max(2, width * (1 - share)), 16, "miss")
      }
      svg.text(
        Self.width - Self.right - 178, y + 12,
        "\(PassWords.percent(channel.completeness)), \(PassWords.grouped(channel.missing)) missing", anchor: "start",
        isMain: true)
    }
    return svg.end()
  }

  /// The telecommand channels of which something was flagged, eight at most.
  private var flaggedLanes: [ControlWordChange] {
    let history = report.controlWords
    let flagged = history.lanes.filter { lane in
      history.changes.contains { change in
        change.virtualChannelID == lane.virtualChannelID && change.spacecraftID == lane.spacecraftID
          && !change.flags.isEmpty
      }
    }
    return Array(
      flagged.sorted { ($0.spacecraftID, $0.virtualChannelID) < ($1.spacecraftID, $1.virtualChannelID) }.prefix(8))
  }

  private var controlWords: String {
    let history = report.controlWords
    let lanes = flaggedLanes
    let flags = ControlWordFlags.named
    let block = flags.count * Self.laneHeight + 26
    var svg = Drawing(width: Self.width, height: lanes.count * block + 28, label: "Flags of telecommand reception")
    for (index, lane) in lanes.enumerated() {
      let top = index * block + 22
      svg.text(
        8, top - 6, "spacecraft \(lane.spacecraftID.rawValue), telecommand channel \(lane.virtualChannelID.rawValue)",
        anchor: "start", isMain: true)
      for (row, (flag, _, words)) in flags.enumerated() {
        let y = top + row * Self.laneHeight
        svg.text(Self.left - 8, y + 10, words, anchor: "end")
        svg.rectangle(Double(Self.left), y, Double(plotWidth), 12, "soft")
        for stretch in history.stretches(of: flag, lane, until: report.end) {
          let from = x(stretch.from.nanosecondsSince1970)
          svg.rectangle(from, y, max(1, x(stretch.to.nanosecondsSince1970) - from), 12, "sym")
        }
      }
    }
    timeAxis(&svg, y: lanes.count * block + 16)
    return svg.end()
  }
}

/// Draws shapes and words, nothing else.
struct Drawing {
  private var svg: String

  init(width: Int, height: Int, label: String) {
    svg = "<svg viewBox=\"0 0 \(width) \(height)\" role=\"img\" aria-label=\"\(PageWriter.escaped(label))\">"
  }

  /// Lets `miss` be told from `good` without colours.
  mutating func hatching() {
    svg +=
      "<defs><pattern id=\"h\" width=\"5\" height=\"5\" patternUnits=\"userSpaceOnUse\""
      + " patternTransform=\"rotate(45)\"><path class=\"soft\" d=\"M0 0h5v5h-5z\"/>"
      + "<path class=\"hatch\" d=\"M1 0v5\"/></pattern></defs>"
  }

  mutating func rectangle(_ x: Double, _ y: Int, _ width: Double, _ height: Int, _ style: String) {
    rectangle(x, Double(y), width, Double(height), style)
  }

  mutating func rectangle(_ x: Double, _ y: Double, _ width: Double, _ height: Double, _ style: String) {
    guard width > 0, height > 0 else { return }
    svg +=
      "<rect class=\"\(style)\" x=\"\(PassWords.fixed(x, 1))\" y=\"\(PassWords.fixed(y, 1))\""
      + " width=\"\(PassWords.fixed(width, 1))\" height=\"\(PassWords.fixed(height, 1))\"/>"
  }

  mutating func line(_ x1: Int, _ y1: Int, _ x2: Int, _ y2: Int) {
    svg += "<path class=\"grid\" d=\"M\(x1) \(y1)L\(x2) \(y2)\"/>"
  }

  mutating func text(_ x: Int, _ y: Int, _ words: String, anchor: String, isMain: Bool = false) {
    svg +=
      "<text x=\"\(x)\" y=\"\(y)\" text-anchor=\"\(anchor)\"\(isMain ? " class=\"fg\"" : "")>"
      + PageWriter.escaped(words) + "</text>"
  }

  func end() -> String { svg + "</svg>" }
}
