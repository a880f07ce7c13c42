/// All that has a name in the files of a database, before anything is known of it but where it stands.
final class Declarations: Sendable {
  /// A type, a parameter or a container.
  struct Declaration: Sendable {
    var element: XMLElement
    /// The space system around it, a place in `systems`.
    var system: Int
    var path: String
  }

  /// A space system with those around it.
  struct System: Sendable {
    var element: XMLElement
    var path: String
    var parent: Int?
    /// What the paths of all that is in it begin with.
    let prefix: String

    init(element: XMLElement, path: String, parent: Int?) {
      self.element = element
      self.path = path
      self.parent = parent
      prefix = path + "/"
    }
  }

  /// Declarations of one kind.
  struct Table: Sendable {
    private(set) var declarations: [Declaration] = []
    private(set) var indexOfPath: [String: Int] = [:]

    /// The same by another name; a declaration that has the name already keeps it.
    mutating func add(_ path: String, for index: Int) { _ = Self.claim(&indexOfPath[path], for: index) }

    /// - Returns: The declaration that has the name already.
    mutating func add(_ declaration: Declaration) -> Int? {
      let index = declarations.count
      declarations.append(declaration)
      return Self.claim(&indexOfPath[declaration.path], for: index)
    }

    /// Makes room for so many more at once.
    mutating func reserve(_ count: Int) { indexOfPath.reserveCapacity(indexOfPath.count + count) }

    /// - Returns: Whose it is already.
    private static func claim(_ owner: inout Int?, for index: Int) -> Int? {
      if let owner { return owner }
      owner = index
      return nil
    }
  }

  let systems: [System]
  let indexOfSystem: [String: Int]
  let types: Table
  let parameters: Table
  let containers: Table
  let algorithms: [String]
  let problems: ProblemList
  /// Those whose name another one has too.
  let ambiguous: SubjectSet
  /// There is more than may be, or it is something else than XTCE.
  let isUnusable: Bool

  /// - Parameter documents: At least one.
  init(_ documents: [XMLDocument]) {
    let survey = DeclarationSurvey(documents)
    systems = survey.systems
    indexOfSystem = survey.indexOfSystem
    types = survey.types
    parameters = survey.parameters
    containers = survey.containers
    algorithms = survey.algorithms
    problems = survey.problems
    ambiguous = survey.ambiguous
    isUnusable = survey.isUnusable
  }
}
