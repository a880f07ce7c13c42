/// A mission database as text.
struct DatabaseTree {
  private let database: MissionDatabase
  private let words: DatabaseWords
  private let sizes: TypeSizes
  /// By the place of the parameter.
  private let names: [Substring]
  private(set) var rows: [TreeRow] = []
  private var isShown: [Bool]
  /// By the place of the container; absent where all are shown, and the parameters that lie in none.
  private var isWanted: [Bool]?

  /// - Parameter isWanted: Which containers to show, with those that they extend; absent, all, and the rest too.
  init(_ database: MissionDatabase, of isWanted: ((Container) -> Bool)? = nil) {
    self.database = database
    words = DatabaseWords(database)
    sizes = TypeSizes(database)
    names = ShortestNames.of(database.parameters.map(\.path))
    isShown = Array(repeating: false, count: database.parameters.count)
    self.isWanted = isWanted.map { Self.withAncestors(of: $0, in: database) }
    addContainers()
    if isWanted == nil { addOthers() }
  }

  private static func withAncestors(of isWanted: (Container) -> Bool, in database: MissionDatabase) -> [Bool] {
    var result = Array(repeating: false, count: database.containers.count)
    for index in database.containers.indices where isWanted(database.containers[index]) {
      var next: Int? = index
      while let index = next, !result[index] {
        result[index] = true
        next = database.containers[index].base?.container.value
      }
    }
    return result
  }

  /// The whole of it, each line with its end.
  func text(labelCapacity: Int, hasHeadings: Bool) -> String {
    let lines = TreeRow.lines(rows, labelCapacity: labelCapacity, hasHeadings: hasHeadings)
    return ([summary, ""] + lines + (isWanted == nil ? algorithms : [])).map { "\($0)\n" }.joined()
  }

  private var summary: String {
    let counts = [
      (database.spaceSystems.count, "space system"), (database.types.count, "type"),
      (database.parameters.count, "parameter"), (database.containers.count, "container"),
    ]
    return "\(database.name): "
      + counts.map { "\($0 == 0 ? "no" : "\($0)") \($1)\($0 == 1 ? "" : "s")" }.joined(separator: ", ")
  }

  private var algorithms: [String] {
    guard !database.algorithms.isEmpty else { return [] }
    return ["", "algorithms, which are not executed:"] + database.algorithms.map { "  \($0)" }
  }

  // MARK: Containers

  /// How far a container is described: where its next entry begins, if that is the same in all packets.
  private typealias End = Int?

  private mutating func addContainers() {
    var children: [Int: [Int]] = [:]
    for (index, container) in database.containers.enumerated() {
      children[container.base?.container.value ?? -1, default: []].append(index)
    }
    // A stack of its own, for however deep containers extend each other.
    var next = (children[-1] ?? []).reversed().map { (index: $0, depth: 0, start: End.some(0)) }
    while let (index, depth, start) = next.popLast() {
      guard isWanted?[index] ?? true else { continue }
      if depth == 0, !rows.isEmpty { rows.append(.blank) }
      let end = add(index, depth, from: start)
      next += (children[index] ?? []).reversed().map { (index: $0, depth: depth + 1, start: end) }
    }
  }

  private mutating func add(_ index: Int, _ depth: Int, from start: End) -> End {
    let container = database.containers[index]
    let indent = String(repeating: "  ", count: depth)
    var row = TreeRow.ContainerRow(
      index: ContainerIndex(index), depth: depth,
      title: "\(indent)\(depth == 0 ? container.path : String(container.name))")
    if let base = container.base {
      row.criterion = base.criterion.map { words.text(of: $0) }
      row.title += row.criterion.map { "  when \($0)" } ?? "  always"
    }
    let heading = rows.count
    rows.append(.container(row))
    let end = add(container.entries, indent: "\(indent)  ", from: start)
    row.bitCount = sizes.extent(of: row.index)
    let facts = [
      container.isAbstract ? "abstract" : nil, row.bitCount.map { "\($0) bits" } ?? "of varying size",
      container.summary.isEmpty ? nil : container.summary,
    ]
    row.facts = facts.compactMap(\.self)
    rows[heading] = .container(row)
    return end
  }

  /// Entries of a container, or of one within another, with where they lie from the beginning of the packet.
  private mutating func add(_ entries: [Entry], indent: String, from start: End, origin: Int? = 0) -> End {
    var end = start
    for (index, entry) in entries.enumerated() {
      let size = sizes.bitCount(of: entry)
      let position = self.position(of: entry, after: end, origin: origin)
      add(entry, indent: indent, at: position)
      end = entry.condition == nil ? position.flatMap { position in size.map { position + $0 } } : nil
      // What lies before the next entry begins where that one says.
      if case .beforeNext = entry.location { end = index + 1 < entries.count ? nil : end }
    }
    return end
  }

  private func position(of entry: Entry, after end: End, origin: Int?) -> Int? {
    switch entry.location {
    case .behindPrevious(.fixed(let offset)): end.map { $0 + offset }
    case .fromStart(.fixed(let offset)): origin.map { $0 + offset }
    case .behindPrevious, .fromStart, .beforeEnd, .beforeNext: nil
    }
  }

  private mutating func add(_ entry: Entry, indent: String, at position: Int?) {
    var row: TreeRow.Entry
    switch entry.content {
    case .parameter(let parameter): row = self.row(parameter, dimensions: nil)
    case .array(let parameter, let dimensions): row = self.row(parameter, dimensions: dimensions)
    case .container(let container):
      row = TreeRow.Entry(name: "\(database.containers[container.value].name)", type: "container")
      row.size = sizes.extent(of: container).map(String.init) ?? TreeRow.varying
    case .indirect(let reference, _):
      row = TreeRow.Entry(name: "what \(words.name(of: reference)) names", type: "parameter")
      row.size = TreeRow.varying
    }
    row.indent = indent
    row.place = entry.place
    row.position = position.map(String.init) ?? words.position(of: entry.location)
    row.notes =
      [entry.repetition.map { words.text(of: $0) }, entry.condition.map { "if \(words.text(of: $0))" }]
      .compactMap(\.self) + row.notes
    rows.append(.entry(row))
    switch entry.content {
    case .container(let container):
      _ = add(allEntries(of: container), indent: "\(indent)  ", from: position, origin: position)
    case .parameter(let parameter):
      addMembers(of: database.parameters[parameter.value].type, indent: "\(indent)  ", at: position)
    case .array, .indirect: break
    }
  }

  /// Its entries, behind those of the containers that it extends.
  private func allEntries(of container: ContainerIndex) -> [Entry] {
    var entries: [Entry] = []
    var next: ContainerIndex? = container
    while let index = next {
      let container = database.containers[index.value]
      entries = container.entries + entries
      next = container.base?.container
    }
    return entries
  }

  private mutating func row(_ parameter: ParameterIndex, dimensions: [ArrayDimension]?) -> TreeRow.Entry {
    isShown[parameter.value] = true
    let found = database.parameters[parameter.value]
    var row = row(name: String(names[parameter.value]), found.type, dimensions: dimensions)
    row.parameter = parameter
    if !found.summary.isEmpty { row.notes = [found.summary] }
    return row
  }

  private func row(name: String, _ index: TypeIndex, dimensions: [ArrayDimension]? = nil) -> TreeRow.Entry {
    let type = database.types[index.value]
    var row = TreeRow.Entry(name: name, type: words.kind(of: type, dimensions: dimensions))
    row.size = (dimensions == nil ? sizes.bitCount(of: index) : nil).map(String.init) ?? TreeRow.varying
    let inner = words.element(of: index)
    row.encoding = inner.encoding.map { words.text(of: $0) } ?? ""
    row.unit = inner.unit
    row.calibration = words.calibration(of: inner)
    row.labels = words.labels(of: inner)
    row.validRange = inner.validRange.map { words.text(of: $0) }
    row.alarms = words.alarms(of: inner.alarms)
    if !sizes.hasEncoding(index) { row.size = "" }
    return row
  }

  private mutating func addMembers(of index: TypeIndex, indent: String, at position: Int?) {
    guard case .aggregate(let members) = database.types[index.value].kind else { return }
    var position = position
    for member in members {
      var row = self.row(name: ".\(member.name)", member.type)
      row.indent = indent
      row.position = position.map(String.init) ?? ""
      rows.append(.entry(row))
      addMembers(of: member.type, indent: "\(indent)  ", at: position)
      position = position.flatMap { position in sizes.bitCount(of: member.type).map { position + $0 } }
    }
  }

  // MARK: Parameters in no container

  private mutating func addOthers() {
    let others = database.parameters.indices.filter { !isShown[$0] }
    guard !others.isEmpty else { return }
    if !rows.isEmpty { rows.append(.blank) }
    let reason =
      database.containers.isEmpty
      ? "no containers: nothing here says where a value lies in a packet; its parameters are"
      : "parameters that lie in no container"
    rows.append(.heading("\(reason):"))
    var system: Substring = ""
    for index in others {
      let parameter = database.parameters[index]
      let path = parameter.path.dropLast(parameter.name.count + 1)
      if path != system {
        rows.append(.heading("\(path)"))
        system = path
      }
      var row = self.row(name: String(parameter.name), parameter.type)
      row.indent = "  "
      row.parameter = ParameterIndex(index)
      row.place = parameter.place
      row.notes = [parameter.aliases.joined(separator: " "), parameter.summary].filter { !$0.isEmpty }
      rows.append(.entry(row))
    }
  }
}
