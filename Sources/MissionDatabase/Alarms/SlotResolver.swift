/// Finds the slots of parameters, which another version of the database may number differently: by their names.
struct SlotResolver {
  let slots: [ParameterSlot]
  let database: MissionDatabase
  /// Of each slot, in the database that the slots are of.
  private let names: [SlotName?]
  private let slotsByName: [SlotName: Int]
  /// The parameters of the database by their paths.
  let parametersByPath: [String: ParameterIndex]

  /// - Parameter names: Those of the slots.
  init(slots: [ParameterSlot], names: [SlotName?], database: MissionDatabase) {
    self.slots = slots
    self.database = database
    self.names = names
    slotsByName = Dictionary(
      names.enumerated().compactMap { index, name in name.map { ($0, index) } }, uniquingKeysWith: { first, _ in first }
    )
    parametersByPath = Dictionary(
      database.parameters.enumerated().map { ($1.path, ParameterIndex($0)) }, uniquingKeysWith: { first, _ in first })
  }

  /// The slot of a parameter of the database.
  func slot(of reference: ParameterReference) -> Int? {
    database.name(of: reference).flatMap { slotsByName[$0] }
  }

  /// The type of what a slot is in the database, which may be another one than that of the slots.
  func type(of slot: Int) -> TypeIndex? {
    guard let name = names[slot], let parameter = parametersByPath[name.path] else { return nil }
    return database.type(of: parameter, at: name.steps)
  }
}
