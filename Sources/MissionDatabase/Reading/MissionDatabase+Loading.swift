extension MissionDatabase {
  /// Reads a mission database from its XTCE files.
  ///
  /// - Parameters:
  ///   - files: Each with what it is to be called; the outermost space system of the first names the database.
  ///   - isLenient: What is wrong or not supported is told in `notices`, and the containers that need it are left out.
  /// - Throws: All that is wrong. What is no XML, or more than a database may have, is an error always.
  package static func load(
    _ files: [(name: String, bytes: [UInt8])], isLenient: Bool = false
  ) throws(DatabaseErrors) -> MissionDatabase {
    let declarations = Declarations(try documents(files))
    let names = files.map(\.name)
    guard !declarations.isUnusable else {
      let problems = declarations.problems
      throw DatabaseErrors(problems: problems.sorted(by: names), omittedCount: problems.omittedCount)
    }
    let reader = XTCEReader(declarations)
    reader.checkStructure()
    reader.read()
    if reader.problems.errorCount == 0 { return reader.database(reader.problems, files: names) }
    if isLenient, !reader.problems.isFull, let database = reader.databaseWithoutFailed(files: names) { return database }
    throw DatabaseErrors(problems: reader.problems.sorted(by: names), omittedCount: reader.problems.omittedCount)
  }

  private static func documents(_ files: [(name: String, bytes: [UInt8])]) throws(DatabaseErrors) -> [XMLDocument] {
    var documents: [XMLDocument] = []
    var problems: [DatabaseProblem] = []
    var capacity = Limits.elementCount
    guard 1...Limits.fileCount ~= files.count else {
      let place = DatabasePlace(file: files.first?.name ?? "", line: 0, column: 0)
      let message = "a database of \(files.count) files, and 1 to \(Limits.fileCount) are supported"
      throw DatabaseErrors(problems: [DatabaseProblem(.error, message, at: place, element: "")])
    }
    for file in files {
      do throws(DatabaseProblem) {
        let document = try XMLParser.parse(file.bytes, file: file.name, elementCapacity: capacity)
        capacity -= document.records.count
        documents.append(document)
      } catch { problems.append(error) }
    }
    guard problems.isEmpty else { throw DatabaseErrors(problems: problems) }
    return documents
  }
}
