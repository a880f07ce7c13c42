import CCSDSWire
import LinkHealth
import MissionDatabase

/// Where the parameters are that the configuration lists for metrics: found once for a mission database and a list.
struct ListedParameters: Sendable {
  private let names: [String]
  /// By place in the list; absent where the database has none of that name.
  let slots: [Int?]

  init(_ names: [String], in mission: LoadedMission) {
    self.names = names
    let catalog = mission.context.catalog
    slots = names.map { catalog.slot(named: $0) }
  }

  /// Whether it is for this list.
  func isFor(_ names: [String]) -> Bool { self.names == names }
}

extension ParameterBoard {
  /// The listed parameters of every link that has them, as metrics want them.
  func listed(_ names: [String]) -> [StationSnapshot.Parameter] {
    guard !names.isEmpty else { return [] }
    return withLinks { links in
      var rows: [StationSnapshot.Parameter] = []
      for link in links.keys.sorted() { rows += links[link]?.listed(names, of: link) ?? [] }
      return rows
    }
  }
}

extension ParameterBoard.LinkValues {
  fileprivate mutating func listed(_ names: [String], of link: String) -> [StationSnapshot.Parameter] {
    if listedParameters?.isFor(names) != true { listedParameters = ListedParameters(names, in: mission) }
    return zip(names, listedParameters?.slots ?? []).compactMap { name, slot in
      slot.map { row($0, name, link) }
    }
  }

  private func row(_ slot: Int, _ name: String, _ link: String) -> StationSnapshot.Parameter {
    let entry = live.entries[slot]
    let context = mission.context
    return StationSnapshot.Parameter(
      link: link, name: name, value: entry.count > 0 ? entry.sample.number(context) : nil,
      updatedAt: entry.count > 0
        ? entry.stamp.receptionTime.flatMap { context.unixNanoseconds(of: $0) } : nil,
      level: mission.alarmPlan.isMonitored(slot) ? entry.level.name : nil)
  }
}

extension RenderingContext {
  /// A time as nanoseconds since 1970, UTC.
  fileprivate func unixNanoseconds(of nanosecondsSince1958: Int64) -> Int64? {
    leapSeconds.unixNanoseconds(of: TAIInstant(nanosecondsSince1958: nanosecondsSince1958))
  }
}

extension ParameterSample {
  /// The engineering value as a number: of an enumeration the raw one, of a time the seconds since 1970.
  fileprivate func number(_ context: RenderingContext) -> Double? {
    switch validity {
    case .notCalibrated: nil
    case .noLabel: Self.number(rawForm, rawBits, context)
    case .valid, .outOfRange:
      engineeringForm == .label
        ? Self.number(rawForm, rawBits, context) : Self.number(engineeringForm, engineeringBits, context)
    }
  }

  private static func number(_ form: Form, _ bits: UInt64, _ context: RenderingContext) -> Double? {
    switch form {
    case .signed: Double(Int64(bitPattern: bits))
    case .unsigned: Double(bits)
    case .float: Double(bitPattern: bits)
    case .boolean: bits == 0 ? 0 : 1
    case .time: context.unixNanoseconds(of: Int64(bitPattern: bits)).map { Double($0 / 1000) / 1e6 }
    case .text, .octets, .label, .none: nil
    }
  }
}
