/// Turns declarations into the values of the model.
///
/// Types come first, each after those it is made of; then parameters; then what types say about parameters, such as the
/// context of a calibrator; then containers, each after those that it extends or includes. A declaration with an error
/// has no value, and whatever needs it has none either, without an error of its own.
final class XTCEReader {
  let declarations: Declarations
  /// Declarations that are read as if they were not there.
  let excluded: SubjectSet
  var problems: ProblemList

  /// The values, by their place in the model; absent where there is an error, or where they are not read yet.
  var types: PlacedValues<ParameterType>
  var parameters: [Parameter?]
  var containers: [Container?]
  /// What the encodings of types leave in hand, by the place of the type.
  var rawForms: [RawForm]
  /// Arrays as XTCE 1.1 has them, whose entries say how many elements there are.
  var arraysWithoutSize: Set<TypeIndex> = []
  /// Whether a type says how its values lie in a packet, or all that it is made of does, by its place.
  var isEncoded: [Bool]
  /// How much each type says, by its place, and all of them together.
  var partCountOfType: [Int]
  var partCount = 0
  /// Patterns of which a table can be made, and what all these tables took to make.
  var patterns: Set<String> = []
  var patternStepCount = 0
  /// The labels of enumerations that something is compared with, by the place of the type.
  var labels: [Int: Set<String>] = [:]
  /// The places of members of large aggregates that something refers to, by the place of the type.
  var membersOfType: [Int: [String: Int]] = [:]
  /// References to elements of arrays that were read before the dimensions of all arrays were.
  var uncheckedReferences: [(subject: Subject, element: XMLElement, target: Target)] = []
  /// Whether the dimensions of arrays are known.
  var knowsDimensions = false
  /// How many values a type or a container is, by its place.
  var valueCountOfType: [Int]
  var valueCountOfContainer: [Int]

  /// The place in the model of each declaration; absent where it is excluded.
  let places: Places
  /// The declaration that each type is derived from.
  var baseOfType: [Int?] = []
  /// Declarations of types, each after those it is made of.
  var orderOfTypes: [Int] = []

  /// What is being read, and what each that was read refers to.
  var subject: Subject?
  private(set) var failed: SubjectSet
  /// Those that failed by themselves, and not because of others.
  private(set) var faulty: SubjectSet
  private(set) var needs: [(dependent: Subject, needed: Subject)] = []

  /// Places in the model by the kind of the declaration.
  struct Places {
    let types: [Int?]
    let parameters: [Int?]
    let containers: [Int?]

    init(_ declarations: Declarations, excluding excluded: SubjectSet) {
      func places(_ count: Int, _ subject: (Int) -> Subject) -> [Int?] {
        var next = 0
        return (0..<count).map { index in
          if excluded.contains(subject(index)) { return nil }
          defer { next += 1 }
          return next
        }
      }
      types = places(declarations.types.declarations.count, Subject.type)
      parameters = places(declarations.parameters.declarations.count, Subject.parameter)
      containers = places(declarations.containers.declarations.count, Subject.container)
    }
  }

  /// - Parameter excluded: Declarations that failed before, with all that needs them.
  init(_ declarations: Declarations, excluding excluded: SubjectSet = SubjectSet()) {
    self.declarations = declarations
    self.excluded = excluded
    problems = excluded.isEmpty ? declarations.problems : ProblemList()
    failed = declarations.ambiguous
    faulty = declarations.ambiguous
    places = Places(declarations, excluding: excluded)
    let counts = (
      places.types.count { $0 != nil }, places.parameters.count { $0 != nil }, places.containers.count { $0 != nil }
    )
    types = PlacedValues(count: counts.0)
    rawForms = Array(repeating: .none, count: counts.0)
    isEncoded = Array(repeating: false, count: counts.0)
    partCountOfType = Array(repeating: 0, count: counts.0)
    valueCountOfType = Array(repeating: 1, count: counts.0)
    parameters = Array(repeating: nil, count: counts.1)
    containers = Array(repeating: nil, count: counts.2)
    valueCountOfContainer = Array(repeating: 0, count: counts.2)
  }

  /// Reads all of it.
  func read() {
    checkVocabulary()
    readTypeKinds()
    readParameters()
    readTypeDetails()
    readContainers()
    if problems.errorCount == 0 { refuseHoles() }
  }

  /// Nothing is left out of the lists of the model without an error: others refer to what is in them by its place.
  private func refuseHoles() {
    for (index, declaration) in declarations.types.declarations.enumerated() {
      refuseHole(.type(index), declaration, at: places.types[index]) { $0.types[$1] == nil }
    }
    for (index, declaration) in declarations.parameters.declarations.enumerated() {
      refuseHole(.parameter(index), declaration, at: places.parameters[index]) { $0.parameters[$1] == nil }
    }
    for (index, declaration) in declarations.containers.declarations.enumerated() {
      refuseHole(.container(index), declaration, at: places.containers[index]) { $0.containers[$1] == nil }
    }
    subject = nil
  }

  private func refuseHole(
    _ subject: Subject, _ declaration: Declarations.Declaration, at place: Int?, _ isHole: (XTCEReader, Int) -> Bool
  ) {
    guard !problems.isFull, let place, isHole(self, place) else { return }
    self.subject = subject
    refuse(declaration.element, "it could not be read")
  }

  /// The database of what was read without an error.
  ///
  /// - Parameter notices: What a person should know of it.
  func database(_ notices: ProblemList, files: [String]) -> MissionDatabase {
    var database = MissionDatabase(name: declarations.systems.first?.element["name"] ?? "")
    database.spaceSystems = declarations.systems.map {
      SpaceSystem(path: $0.path, summary: Self.summary(of: $0.element), place: $0.element.place)
    }
    // There is no error, so that none is absent.
    database.types = types.present
    database.parameters = parameters.compactMap(\.self)
    database.containers = containers.compactMap(\.self)
    database.algorithms = declarations.algorithms
    database.notices = notices.sorted(by: files)
    if notices.omittedCount > 0 {
      let place = DatabasePlace(file: files.first ?? "", line: 0, column: 0)
      database.notices.append(
        DatabaseProblem(.warning, "and \(notices.omittedCount) more that are not shown", at: place, element: ""))
    }
    return database
  }

  // MARK: Problems

  /// Something is wrong with what is being read, so that it has no value.
  func refuse(_ element: XMLElement, _ message: String, hint: String? = nil) {
    if let subject {
      failed.insert(subject)
      faulty.insert(subject)
    }
    problems.add(DatabaseProblem(.error, message, at: element.place, element: element.name, hint: hint))
  }

  /// Something is perhaps not what was meant.
  func warn(_ element: XMLElement, _ message: String, hint: String? = nil) {
    problems.add(DatabaseProblem(.warning, message, at: element.place, element: element.name, hint: hint))
  }

  /// What is being read has no value, because something else has none.
  func failSilently() {
    if let subject { failed.insert(subject) }
  }

  /// The same for others than what is being read.
  func fail(_ subjects: [Subject]) {
    failed.formUnion(subjects)
    faulty.formUnion(subjects)
  }

  /// What is being read refers to something.
  func note(need: Subject) {
    if let subject { needs.append((subject, need)) }
  }
}
