/// The container that every packet begins with, and how it was found.
struct RootContainer {
  let index: ContainerIndex
  /// For a person.
  let reason: String

  /// Takes the one that is named; else the only abstract container that others extend and that extends none itself;
  /// else the only one at all that others extend and that extends none; else the only container there is outside of
  /// others. Containers that lie within others do not count.
  ///
  /// - Throws: Where none of these is one alone.
  init(of database: MissionDatabase, named name: String?) throws(DatabaseProblem) {
    if let name {
      self = try Self.named(name, in: database)
      return
    }
    let containers = database.containers
    let extended = Set(containers.compactMap { $0.base?.container.value })
    var included: Set<Int> = []
    for entry in containers.lazy.flatMap(\.entries) {
      if case .container(let index) = entry.content { included.insert(index.value) }
    }
    let outermost = containers.indices.filter { containers[$0].base == nil && !included.contains($0) }
    let rules: [(reason: String, candidates: [Int])] = [
      (
        "the only abstract container that others extend and that extends none",
        outermost.filter { extended.contains($0) && containers[$0].isAbstract }
      ),
      ("the only container that others extend and that extends none", outermost.filter { extended.contains($0) }),
      ("the only container outside of others", outermost),
    ]
    guard let rule = rules.first(where: { !$0.candidates.isEmpty }) else {
      throw DatabaseProblem(
        .error, "there is no container that a packet could begin with", at: Self.place(of: database),
        element: "SpaceSystem", hint: Self.hint(database))
    }
    guard rule.candidates.count == 1, let index = rule.candidates.first else {
      throw Self.ambiguity(rule.candidates, in: database)
    }
    self.index = ContainerIndex(index)
    reason = rule.reason
  }

  private init(index: ContainerIndex, reason: String) {
    self.index = index
    self.reason = reason
  }

  private static func named(_ name: String, in database: MissionDatabase) throws(DatabaseProblem) -> RootContainer {
    let containers = database.containers
    let byPath = containers.indices.filter { containers[$0].path == name }
    let found = byPath.isEmpty ? containers.indices.filter { containers[$0].name == name[...] } : byPath
    guard let index = found.first else {
      throw DatabaseProblem(
        .error, "there is no container `\(name)`, which packets are to begin with",
        at: place(of: database), element: "SpaceSystem",
        hint: "there are \(list(Array(containers.indices), in: database))")
    }
    guard found.count == 1 else { throw ambiguity(found, in: database) }
    return RootContainer(index: ContainerIndex(index), reason: "it is configured")
  }

  /// Where the database begins.
  private static func place(of database: MissionDatabase) -> DatabasePlace {
    database.spaceSystems.first?.place ?? DatabasePlace(file: database.name, line: 0, column: 0)
  }

  /// What to do where no packet could begin with anything.
  private static func hint(_ database: MissionDatabase) -> String {
    if !database.containers.isEmpty {
      return "each lies within another, or extends another: say which one in the configuration, by its full path"
    }
    return database.notices.contains { $0.element == "SequenceContainer" }
      ? "all of its containers are left out, for the reasons that are told beside it"
      : "it has no containers, so that no packet can be decoded with it: give the files with its containers too, if"
        + " there are some"
  }

  private static func ambiguity(_ found: [Int], in database: MissionDatabase) -> DatabaseProblem {
    DatabaseProblem(
      .error, "packets could begin with \(list(found, in: database))",
      at: database.containers[found[0]].place, element: "SequenceContainer",
      hint: "say which one in the configuration, by its full path")
  }

  private static func list(_ found: [Int], in database: MissionDatabase) -> String {
    let names = found.prefix(8).map { "`\(database.containers[$0].path)`" }.joined(separator: ", ")
    return found.count > 8 ? names + " and \(found.count - 8) more" : names
  }
}
