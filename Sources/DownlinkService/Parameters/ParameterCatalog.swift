import MissionDatabase
import Publish
import Synchronization

/// What is known of the parameters of a link besides their values, by slot.
///
/// A name is the path within the outermost space system, with the steps into a value, such as `Power/BUSV`, `STATE.x`
/// or `CELLS[]`.
final class ParameterCatalog: Sendable {
  let names: [String]
  let units: [String]
  let labels: [[String]]
  let characters: [StringEncoding.CharacterSet?]
  /// Whether there may be several at one moment.
  let isElement: [Bool]
  /// The names of containers, by their place in the database.
  let containers: [String]
  /// Other names, each as `namespace:alias`, and the whole path.
  private let otherNames: [[String]]
  /// What was found out of patterns that were asked for: for each slot whether it was looked at, and whether it matches.
  private let knownMatches = Mutex<[NamePattern: [Match]]>([:])

  private enum Match: UInt8 { case unknown, yes, no }

  /// How many patterns are remembered; when there are more, all are forgotten.
  private static let patternCapacity = 64

  init(_ slots: [ParameterSlot], of database: MissionDatabase) {
    let root = "/\(database.name)/"
    let isCommon =
      slots.allSatisfy { $0.name.hasPrefix(root) } && database.containers.allSatisfy { $0.path.hasPrefix(root) }
    func shortened(_ path: String) -> String { isCommon ? String(path.dropFirst(root.count)) : path }
    names = slots.map { shortened($0.name) }
    units = slots.map { database.types[$0.type.value].unit }
    labels = slots.map(\.labels)
    characters = slots.map { slot in
      if case .string(let encoding) = database.types[slot.type.value].encoding { encoding.characters } else { nil }
    }
    isElement = slots.map { slot in
      slot.reference.steps.contains { step in
        if case .element = step { true } else { false }
      }
    }
    containers = database.containers.map { shortened($0.path) }
    otherNames = slots.map { [$0.name] + database.parameters[$0.reference.parameter.value].aliases }
  }

  /// Whether a pattern is for a slot, by any of its names.
  func matches(_ slot: Int, _ pattern: NamePattern) -> Bool {
    pattern.matches(names[slot]) || otherNames[slot].contains { pattern.matches($0) }
  }

  /// The slot of exactly this name, whichever of its names that is.
  func slot(named name: String) -> Int? { names.firstIndex(of: name) ?? otherNames.firstIndex { $0.contains(name) } }

  /// The name that was probably meant by one that no slot has: one that ends like it, or is spelt nearly so.
  func name(near name: String) -> String? {
    let word = Self.lastPart(name)
    return names.first { Self.lastPart($0).lowercased() == word.lowercased() }
      ?? names.first { Spelling.isSlip(Self.lastPart($0), of: word) }
  }

  private static func lastPart(_ name: String) -> Substring { name.split(separator: "/").last ?? name[...] }

  /// The slots that a pattern is for.
  func slots(matching pattern: NamePattern) -> [Int] { matching(names.indices, pattern) { $0 } }

  /// Those of some rows whose slots a pattern is for. It is found out once for each slot: names can be long, and the
  /// same pattern is asked for every second.
  func matching(_ rows: Range<Int>, _ pattern: NamePattern, slot: (Int) -> Int) -> [Int] {
    knownMatches.withLock { known in
      var found = known.removeValue(forKey: pattern) ?? [Match](repeating: .unknown, count: names.count)
      let chosen = rows.filter { row in
        let slot = slot(row)
        if found[slot] == .unknown { found[slot] = matches(slot, pattern) ? .yes : .no }
        return found[slot] == .yes
      }
      if known.count >= Self.patternCapacity { known = [:] }
      known[pattern] = found
      return chosen
    }
  }
}
