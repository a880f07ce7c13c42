import CCSDSLink
import LinkHealth
import MissionDatabase

/// The last value of a parameter for whoever asks: an object of the `parameters` reply.
struct ParameterRow {
  let link: String
  let slot: Int
  let entry: ParameterEntry
  let octets: [UInt8]
  let mission: LoadedMission
  let isStored: Bool

  var json: String {
    var json = JSONWriter()
    json.object { write(to: &$0) }
    return json.text
  }

  private var context: RenderingContext { mission.context }

  private var violation: String? {
    mission.alarmPlan.violation(of: entry.sample, at: entry.stamp.time, entry.level)
  }

  private func write(to json: inout JSONWriter) {
    json.member("link", link)
    json.member("name", context.catalog.names[slot])
    if isStored { json.member("stored", true) }
    json.member("count", entry.count)
    let unit = context.catalog.units[slot]
    if !unit.isEmpty { json.member("unit", unit) }
    guard entry.count > 0 else { return }
    let kept = unsafe PlacedOctets(entry.sample, kept: octets.span.bytes)
    let value = RenderedValue.engineering(entry.sample, kept, context)
    json.member("value", value)
    if case .flag(let flag) = value, let label = context.catalog.label(of: slot, flag ? 1 : 0) {
      json.member("label", label)
    }
    json.member("raw", RenderedValue.raw(entry.sample, kept, context))
    if entry.octetCount > 0, Int(entry.sample.bitCount) > octets.count * 8 {
      // The value shows the first ones only.
      json.member("value_bytes", (Int(entry.sample.bitCount) + 7) / 8)
    }
    json.member("validity", entry.sample.fault ?? "valid")
    if mission.alarmPlan.isMonitored(slot) {
      json.member("limit_level", entry.level.name)
      if entry.level != .normal, let violation { json.member("violates", violation) }
      writeLimits(to: &json)
    }
    if entry.stamp.isSuspect { json.member("suspect", true) }
    if let time = entry.stamp.onBoardTime { json.member("time", context.timestamp(time)) }
    if let time = entry.stamp.receptionTime { json.member("received", context.timestamp(time)) }
  }

  /// How many ranges a row has at most: a database may have any number of them.
  private static let limitCapacity = 32

  private func writeLimits(to json: inout JSONWriter) {
    let limits = mission.alarmPlan.ranges(of: entry)
    guard !limits.isEmpty else { return }
    json.array("limits") { array in
      for limit in limits.prefix(Self.limitCapacity) { array.object { limit.write(to: &$0) } }
    }
    if limits.count > Self.limitCapacity { json.member("limits_omitted", limits.count - Self.limitCapacity) }
  }
}

extension AlarmRange {
  /// Writes it with the words of XTCE for the ends of a range.
  fileprivate func write(to json: inout JSONWriter) {
    json.member("level", level.name)
    json.object(isInside ? "inside" : "outside") {
      if let minimum = range.minimum { $0.member(range.includesMinimum ? "min_inclusive" : "min_exclusive", minimum) }
      if let maximum = range.maximum { $0.member(range.includesMaximum ? "max_inclusive" : "max_exclusive", maximum) }
    }
  }
}

extension ParameterCatalog {
  /// The label of a truth value, unless it is the usual word.
  fileprivate func label(of slot: Int, _ index: Int) -> String? {
    guard labels[slot].indices.contains(index), !["True", "False"].contains(labels[slot][index]) else { return nil }
    return labels[slot][index]
  }
}
