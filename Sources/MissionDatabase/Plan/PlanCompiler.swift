import CCSDSWire

/// Makes a decode plan of a mission database, container by container.
struct PlanCompiler {
  let database: MissionDatabase
  let isLenient: Bool
  var tables = PlanTables()
  var slots = SlotRegistry()
  var problems: [DatabaseProblem] = []
  var notices: [DatabaseProblem] = []
  /// Where the entry before ended, and where the container begins.
  var cursor = Place.start
  var frame = Place.start
  /// Whether the start is that of the packet, and not of a container within another.
  var startsAtPacket = true
  /// Fields that are not a step of the plan yet.
  private var run: FieldRun?
  /// The containers under way: each lies within the one before it, or extends it.
  var openContainers: Set<Int> = []
  /// What was done, also for what was taken back.
  private var work = 0
  /// The containers that cannot be decoded, and how often that was found.
  private var refusedContainers: Set<Int> = []
  private var refusalCount = 0
  /// There is nothing to be gone on with.
  private var isOver = false
  /// So many conditions of extensions may still stand more than once, under keys that they do not ask for.
  var copyBudget = 1 << 16
  /// How deep in loops the plan is.
  var loopDepth = 0

  // What was made once and may be used again.
  var leaves: [TypeIndex: FixedField] = [:]
  var memoryPlaces: [ParameterReference: Int32] = [:]
  /// Which of the values of a slot the memory of an element of an array keeps.
  var memoryOccurrences: [Int32: UInt32] = [:]
  var fixedAmounts: [Int: Int32] = [:]
  var labelPlaces: [TypeIndex: Int32] = [:]
  var labelsByType: [TypeIndex: DistinctLabels] = [:]
  /// Numbers of texts of labels that are compared with each other, and where in the tables those of a type begin.
  var identities: [String: Int32] = [:]
  var identityPlaces: [TypeIndex: Int32] = [:]
  /// The extensions of each container, in the order of the database.
  let extensions: [[Int]]

  /// A plan is never larger.
  private static let stepCapacity = 1 << 18
  /// Containers, entries and conditions that are looked at, each as often as it stands in another one.
  private static let workCapacity = 1 << 19
  /// No field lies farther away from its mark, in bits.
  static let distanceCapacity = 1 << 30
  /// Containers, types and criteria are never nested deeper.
  static let depthCapacity = 64

  init(_ database: MissionDatabase, isLenient: Bool, leapSeconds: LeapSecondTable) {
    self.database = database
    self.isLenient = isLenient
    var extensions: [[Int]] = Array(repeating: [], count: database.containers.count)
    for (index, container) in database.containers.enumerated() {
      if let base = container.base?.container.value { extensions[base].append(index) }
    }
    self.extensions = extensions
    tables.leapSeconds = leapSeconds
  }

  /// Makes the plan, or finds out why it cannot be made.
  mutating func compile(root: ContainerIndex) {
    do {
      try compile(container: root.value, depth: 0, isIncluded: false)
      try emit(.end)
      try linkMemories()
      linkCounters()
      tables.findStretches()
    } catch {
      problems.append(error)
    }
  }

  // MARK: Steps

  /// Where the next step will be.
  var nextStep: Int32 { Int32(tables.operations.count) }

  /// Appends a step, behind the fields before it.
  mutating func emit(_ operation: Operation) throws(DatabaseProblem) {
    flush()
    guard tables.operations.count < Self.stepCapacity else { throw tooLarge() }
    tables.operations.append(operation)
  }

  /// Makes a step of the fields that are not one yet.
  mutating func flush() {
    if let run { tables.operations.append(.fields(run)) }
    run = nil
  }

  /// Appends a field at a place, to the fields before it where they have the same mark.
  mutating func append(_ field: FixedField, at place: Place) throws(DatabaseProblem) {
    if run?.mark != place.mark { flush() }
    try appendField(field, at: place)
    let first = Int32(tables.fields.count - 1)
    var extended = run ?? FieldRun(first: first, count: 0, mark: place.mark, lowestBit: .max, highestBit: .min)
    extended.count += 1
    extended.lowestBit = min(extended.lowestBit, Int32(place.offset))
    extended.highestBit = max(extended.highestBit, Int32(place.offset + Int(field.bitCount)))
    run = extended
  }

  /// Appends a field to the table of fields alone.
  mutating func appendField(_ field: FixedField, at place: Place) throws(DatabaseProblem) {
    guard tables.fields.count < Self.stepCapacity else { throw tooLarge() }
    guard abs(place.offset) < Self.distanceCapacity, field.bitCount < UInt32(Self.distanceCapacity) else {
      throw tooFar()
    }
    var field = field
    field.bitOffset = Int32(place.offset)
    tables.fields.append(field)
    slots.countEmission(of: field.slot, inLoop: loopDepth > 0)
  }

  /// Brings the anchor to the cursor, so that what follows does not depend on the way that led here.
  mutating func anchorCursor() throws(DatabaseProblem) {
    if cursor != .anchor { try emit(.move(Move(place: cursor))) }
    flush()
    cursor = .anchor
  }

  /// Counts work, so that no database makes more of it than the largest plan does.
  mutating func charge(_ count: Int) throws(DatabaseProblem) {
    work += count
    guard work <= Self.workCapacity else {
      isOver = true
      throw tooLarge()
    }
  }

  // MARK: Problems

  /// What is wrong at an entry.
  func problem(_ message: String, at place: DatabasePlace, _ element: String, hint: String? = nil) -> DatabaseProblem {
    DatabaseProblem(.error, message, at: place, element: element, hint: hint)
  }

  private func tooLarge() -> DatabaseProblem {
    problem(
      "all containers together have more than \(Self.stepCapacity) entries",
      at: database.containers.first?.place ?? DatabasePlace(file: database.name, line: 0, column: 0),
      "ContainerSet", hint: "containers that lie within others count as often as they do")
  }

  private func tooFar() -> DatabaseProblem {
    problem(
      "an entry lies more than \(Self.distanceCapacity) bits away from the beginning",
      at: database.containers.first?.place ?? DatabasePlace(file: database.name, line: 0, column: 0),
      "LocationInContainerInBits", hint: "no packet is longer than 65542 bytes")
  }

  /// Takes back what a container made, where the database is read leniently and may go without it.
  ///
  /// - Throws: Where it makes no sense to look at other containers.
  mutating func withoutOnProblem(
    _ container: Int, _ make: (inout PlanCompiler) throws(DatabaseProblem) -> Void
  ) throws(DatabaseProblem) -> Bool {
    flush()
    let steps = tables.operations.count
    let state = (cursor, frame, startsAtPacket, loopDepth)
    do {
      try make(&self)
      return true
    } catch {
      refusalCount += 1
      isOver = isOver || refusalCount >= Limits.problemCount
      guard !isOver else { throw error }
      run = nil
      tables.operations.removeSubrange(steps...)
      (cursor, frame, startsAtPacket, loopDepth) = state
      note(error, of: container)
      return false
    }
  }

  /// A container within several others is told of once.
  private mutating func note(_ problem: DatabaseProblem, of container: Int) {
    guard refusedContainers.insert(container).inserted else { return }
    guard isLenient else { return problems.append(problem) }
    var notice = problem
    notice.severity = .warning
    notice.message += "; `\(database.containers[container].path)` and what extends it are left out"
    notices.append(notice)
  }
}
