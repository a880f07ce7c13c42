import Glibc
package import MissionDatabase
import Publish

/// What `mdb` says of a mission database: all that it holds, what a decoder makes of it, and what is wrong with it.
package struct DatabaseListing {
  /// What to read, and how.
  package struct Options: Sendable {
    package var files: [String]
    /// What is wrong or not supported is left out, and told.
    package var isLenient = false
    /// The container that every packet begins with; absent, it is found.
    package var root: String?
    /// Only the containers whose name, or whole path, is like this, with those that they extend.
    package var container: String?

    package init(files: [String]) { self.files = files }
  }

  let options: Options
  /// Absent where it cannot be read at all.
  let database: MissionDatabase?
  /// What decoders go by; absent where the database gives none.
  let plan: DecodePlan?
  /// In the order of what was tried: reading, then decoding, then limits.
  package let problems: [DatabaseProblem]
  let omittedProblemCount: Int
  private let isMissing: Bool
  /// Whether something could be made of it leniently.
  private let isReadableLeniently: Bool

  /// Reads the files as a link does that names them.
  ///
  /// - Throws: When what was asked for cannot be meant.
  package init(_ options: Options) throws(ServiceError) {
    self.options = options
    isMissing = options.files.contains { unsafe access($0, F_OK) != 0 && errno == ENOENT }
    var findings = Findings()
    database = findings.collect { () throws(DatabaseErrors) in
      let files = try DatabaseFiles(options.files, areConfigured: false).files
      let database = try MissionDatabase.load(files, isLenient: options.isLenient)
      return (database, database.notices)
    }
    plan =
      if let database {
        findings.collect { () throws(DatabaseErrors) in
          let plan = try DecodePlan(database, root: options.root, isLenient: options.isLenient)
          return (plan, plan.notices)
        }
      } else { nil }
    if let database, let plan {
      _ = findings.collect { () throws(DatabaseErrors) in
        let alarms = try AlarmPlan(plan.slots, of: database, sets: [])
        return (alarms, alarms.notices)
      }
    }
    isReadableLeniently =
      plan == nil && !options.isLenient && LoadedMission.isReadableLeniently(options.files, root: options.root)
    problems = findings.problems
    omittedProblemCount = findings.omittedCount
    if let pattern = options.container { try Self.check(pattern, database) }
  }

  /// Problems as they come up.
  private struct Findings {
    var problems: [DatabaseProblem] = []
    var omittedCount = 0

    /// Keeps what is wrong with the result of some work, or why there is none.
    mutating func collect<Result>(
      _ work: () throws(DatabaseErrors) -> (Result, notices: [DatabaseProblem])
    ) -> Result? {
      do throws(DatabaseErrors) {
        let (result, notices) = try work()
        problems += notices
        return result
      } catch {
        problems += error.problems
        omittedCount += error.omittedCount
        return nil
      }
    }
  }

  private static func check(_ pattern: String, _ database: MissionDatabase?) throws(ServiceError) {
    guard let name = NamePattern(pattern) else {
      throw .usage(
        "the pattern has \(pattern.utf8.count) bytes", hint: "at most \(NamePattern.maximumByteCount), with * and ?")
    }
    guard let database, !database.containers.contains(where: { name.matches($0.path) }) else { return }
    let names = database.containers.prefix(8).map { String($0.name) }.joined(separator: ", ")
    throw .usage(
      "no container is like '\(pattern)'",
      hint: names.isEmpty
        ? "the database has no containers"
        : "it has \(names)\(database.containers.count > 8 ? " and \(database.containers.count - 8) more" : "")")
  }

  /// The code that the command ends with.
  package var exitCode: Int32 {
    if database != nil, errorCount == 0 { return 0 }
    return isMissing ? 66 : 65
  }

  private var errorCount: Int { problems.count { $0.severity == .error } }

  func isWanted(_ container: Container) -> Bool {
    options.container.flatMap { NamePattern($0) }?.matches(container.path) ?? true
  }

  // MARK: For a person

  /// What is wrong, each with its place and its hint, and how much of it there is.
  package var problemText: String {
    guard !problems.isEmpty else { return "" }
    var text = problems.map(\.rendered).joined()
    if omittedProblemCount > 0 { text += "and \(Digits.plural(omittedProblemCount, "problem")) more\n" }
    let count = errorCount + omittedProblemCount
    guard plan == nil, count > 0 else { return text }
    text += "\(Digits.plural(count, "error")): no packet can be decoded with \(database == nil ? "this" : "it")\n"
    if isReadableLeniently {
      text += "hint: --lenient lists the same, and goes on without the containers that are affected\n"
    }
    return text
  }

  /// The tree, and what a decoder makes of it, each line with its end.
  package var text: String {
    guard let database else { return "" }
    var text =
      options.container == nil
      ? database.tree(labelCapacity: 8) : database.tree(labelCapacity: .max, of: isWanted)
    guard let plan else { return text }
    let root = database.containers[plan.root.value].path
    text += "\npackets begin with \(root): \(plan.rootReason)\n"
    text += "\(Digits.plural(plan.slots.count, "value")) can come out of them"
    let notices = problems.count
    return text + (notices == 0 ? "; nothing is left out\n" : "; \(Digits.plural(notices, "notice")), see above\n")
  }
}
