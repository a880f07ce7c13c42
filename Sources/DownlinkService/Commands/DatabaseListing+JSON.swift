import LinkHealth
import MissionDatabase

extension DatabaseListing {
  /// All of it for a tool: one object.
  package var json: String {
    var writer = JSONWriter()
    writer.object { root in
      root.member("class", "MDB")
      root.member("ok", exitCode == 0)
      root.member("files", options.files)
      if let database { write(database, to: &root) }
      if let plan, let database {
        root.object("plan") {
          $0.member("root", database.containers[plan.root.value].path)
          $0.member("reason", plan.rootReason)
          $0.member("values", plan.slots.count)
        }
      }
      root.array("problems") { array in
        for problem in problems { array.object { write(problem, to: &$0) } }
      }
      if omittedProblemCount > 0 { root.member("problems_omitted", omittedProblemCount) }
    }
    return writer.text
  }

  private func write(_ database: MissionDatabase, to json: inout JSONWriter) {
    json.member("name", database.name)
    json.member("space_systems", database.spaceSystems.map(\.path))
    json.member("types", database.types.count)
    json.member("parameters", database.parameters.count)
    json.member("algorithms", database.algorithms)
    let rows = options.container == nil ? database.treeRows : database.treeRows(of: isWanted)
    let headings = rows.compactMap { row in if case .container(let heading) = row { heading } else { nil } }
    var sections = Array(repeating: [TreeRow.Entry](), count: headings.count)
    var others: [TreeRow.Entry] = []
    collect(rows, &sections, &others)
    json.array("containers") { array in
      for (heading, entries) in zip(headings, sections) {
        array.object { write(heading, entries, database, to: &$0) }
      }
    }
    json.array("in_no_container") { array in
      for entry in others { array.object { write(entry, database, to: &$0) } }
    }
  }

  /// Sorts entries by the container that they stand under; a heading that is no container ends the last one.
  private func collect(_ rows: [TreeRow], _ sections: inout [[TreeRow.Entry]], _ others: inout [TreeRow.Entry]) {
    var section = -1
    var isInContainer = false
    for row in rows {
      switch row {
      case .container:
        section += 1
        isInContainer = true
      case .heading: isInContainer = false
      case .entry(let entry) where isInContainer: sections[section].append(entry)
      case .entry(let entry): others.append(entry)
      case .blank: break
      }
    }
  }

  private func write(
    _ row: TreeRow.ContainerRow, _ entries: [TreeRow.Entry], _ database: MissionDatabase, to json: inout JSONWriter
  ) {
    let container = database.containers[row.index.value]
    json.member("path", container.path)
    if container.isAbstract { json.member("abstract", true) }
    if let base = container.base { json.member("extends", database.containers[base.container.value].path) }
    if let criterion = row.criterion { json.member("when", criterion) }
    if let bitCount = row.bitCount { json.member("bits", bitCount) }
    if !container.summary.isEmpty { json.member("summary", container.summary) }
    write(container.place, to: &json)
    json.array("entries") { array in
      for entry in entries { array.object { write(entry, database, to: &$0) } }
    }
  }

  private func write(_ entry: TreeRow.Entry, _ database: MissionDatabase, to json: inout JSONWriter) {
    json.member("name", entry.name)
    if let parameter = entry.parameter {
      json.member("parameter", database.parameters[parameter.value].path)
      let aliases = database.parameters[parameter.value].aliases
      if !aliases.isEmpty { json.member("aliases", aliases) }
    }
    if let bit = Int(entry.position) {
      json.member("at_bit", bit)
    } else if !entry.position.isEmpty {
      json.member("at", entry.position)
    }
    if let bits = Int(entry.size) { json.member("bits", bits) }
    json.member("type", entry.type)
    if !entry.encoding.isEmpty { json.member("encoding", entry.encoding) }
    if !entry.unit.isEmpty { json.member("unit", entry.unit) }
    if !entry.calibration.isEmpty { json.member("calibration", entry.calibration) }
    if !entry.labels.isEmpty { json.member("labels", entry.labels) }
    if let range = entry.validRange { json.member("valid", range) }
    if !entry.alarms.isEmpty { json.member("alarms", entry.alarms) }
    if !entry.notes.isEmpty { json.member("notes", entry.notes) }
    if let place = entry.place { write(place, to: &json) }
  }

  private func write(_ problem: DatabaseProblem, to json: inout JSONWriter) {
    json.member("severity", problem.severity.rawValue)
    write(problem.place, to: &json)
    if !problem.element.isEmpty { json.member("element", problem.element) }
    json.member("message", problem.message)
    if let hint = problem.hint { json.member("hint", hint) }
  }

  private func write(_ place: DatabasePlace, to json: inout JSONWriter) {
    json.member("file", place.file)
    guard place.line > 0 else { return }
    json.member("line", place.line)
    json.member("column", place.column)
  }
}
