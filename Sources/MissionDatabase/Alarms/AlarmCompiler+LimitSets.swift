/// A set of limits is another database, and names are all that it has in common with the one that packets are decoded
/// by.
extension AlarmCompiler {
  /// Tells of alarms of a set that are for nothing that packets have: nobody would miss them until they are needed.
  ///
  /// - Parameters:
  ///   - alarms: What the set has come to, by slot.
  ///   - database: The one that packets are decoded by.
  mutating func check(_ set: MissionDatabase, _ alarms: [Int32], _ database: MissionDatabase) {
    let names = Set(slots.map { $0.name.prefix { $0 != "." && $0 != "[" } })
    var search = AlarmSearch(set)
    let watched = set.parameters.filter { search.hasAlarms($0.type) }
    guard let first = watched.first else {
      guard let place = set.spaceSystems.first?.place else { return }
      return problems.append(
        .warning, "this limit set has no alarms: from its beginning on nothing is watched", at: place, "SpaceSystem")
    }
    guard alarms.contains(where: { $0 >= 0 }) else {
      return problems.append(
        .error, "no alarm of this limit set is for anything that packets have, such as that of \(first.path)",
        at: first.place, "Parameter",
        hint: "parameters need the paths that they have in the mission database, such as"
          + " \(slots.first?.name ?? database.name)")
    }
    // What no packet of the mission has either is no mistake of the set.
    let known = Set(database.parameters.map(\.path))
    for parameter in watched where !names.contains(parameter.path[...]) && !known.contains(parameter.path) {
      problems.append(
        .warning, "the mission database has no \(parameter.path): this alarm is never raised", at: parameter.place,
        "Parameter")
    }
  }
}

/// Finds out which types have alarms, themselves or in their parts.
private struct AlarmSearch {
  private let types: [ParameterType]
  private var known: [Bool?]

  init(_ database: MissionDatabase) {
    types = database.types
    known = Array(repeating: nil, count: types.count)
  }

  mutating func hasAlarms(_ type: TypeIndex) -> Bool {
    guard types.indices.contains(type.value) else { return false }
    if let known = known[type.value] { return known }
    // Types do not contain themselves; one that does is not gone round in.
    known[type.value] = false
    var result = types[type.value].alarms != nil
    switch types[type.value].kind {
    case .aggregate(let members): for member in members where hasAlarms(member.type) { result = true }
    case .array(let element, _): if hasAlarms(element) { result = true }
    case .integer, .float, .enumerated, .boolean, .string, .binary, .absoluteTime, .relativeTime: break
    }
    known[type.value] = result
    return result
  }
}
