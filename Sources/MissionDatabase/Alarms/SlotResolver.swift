/// Finds the slots of parameters, which another version of the database may number differently: by their names.
struct SlotResolver {
  let slots: [ParameterSlot]
  let database: MissionDatabase
  private let slotsByName: [String: Int]
  /// The parameters of the database by their paths.
  let parametersByPath: [String: ParameterIndex]

  init(slots: [ParameterSlot], database: MissionDatabase) {
    self.slots = slots
    self.database = database
    slotsByName = Dictionary(slots.enumerated().map { ($1.name, $0) }, uniquingKeysWith: { first, _ in first })
    parametersByPath = Dictionary(
      database.parameters.enumerated().map { ($1.path, ParameterIndex($0)) }, uniquingKeysWith: { first, _ in first })
  }

  /// The slot of a parameter of the database.
  func slot(of reference: ParameterReference) -> Int? {
    name(of: reference).flatMap { slotsByName[$0] }
  }

  /// The name of a slot of the parameter, as slots are named.
  private func name(of reference: ParameterReference) -> String? {
    guard database.parameters.indices.contains(reference.parameter.value) else { return nil }
    let parameter = database.parameters[reference.parameter.value]
    var name = parameter.path
    var type = parameter.type
    for step in reference.steps {
      guard let next = database.step(step, from: type) else { return nil }
      name += next.name
      type = next.type
    }
    return name
  }

  /// The type of what a slot is in the database, which may be another one than that of the slots.
  func type(of slot: ParameterSlot) -> TypeIndex? {
    let path = slot.name.prefix { $0 != "." && $0 != "[" }
    guard let parameter = parametersByPath[String(path)] else { return nil }
    var type = database.parameters[parameter.value].type
    for step in slot.reference.steps {
      guard let next = database.step(step, from: type) else { return nil }
      type = next.type
    }
    return type
  }
}

extension MissionDatabase {
  /// What a step leads to, and how it is written.
  fileprivate func step(_ step: ParameterReference.Step, from type: TypeIndex) -> (name: String, type: TypeIndex)? {
    guard types.indices.contains(type.value) else { return nil }
    switch (step, types[type.value].kind) {
    case (.member(let index), .aggregate(let members)) where members.indices.contains(index):
      return (".\(members[index].name)", members[index].type)
    case (.element, .array(let element, _)): return ("[]", element)
    default: return nil
    }
  }
}
