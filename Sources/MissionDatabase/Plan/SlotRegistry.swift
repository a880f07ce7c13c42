/// The slots of a plan as they are found, and how often a packet may bring each.
struct SlotRegistry {
  private(set) var slots: [ParameterSlot] = []
  /// What the octets of the texts of each slot mean.
  private(set) var characters: [StringEncoding.CharacterSet?] = []
  /// How many places of the plan decode each; those in a loop count twice.
  private(set) var emissionCounts: [Int] = []
  private var places: [ParameterReference: UInt32] = [:]

  /// The slot of a parameter or a part of one; elements of arrays are all in one, whose steps say zero.
  mutating func slot(
    _ reference: ParameterReference, type: TypeIndex, in database: MissionDatabase, labels: [String]
  ) -> UInt32 {
    if let place = places[reference] { return place }
    let place = UInt32(slots.count)
    slots.append(
      ParameterSlot(reference: reference, name: Self.name(reference, in: database), type: type, labels: labels))
    if case .string(let encoding) = database.types[type.value].encoding {
      characters.append(encoding.characters)
    } else {
      characters.append(nil)
    }
    emissionCounts.append(0)
    places[reference] = place
    return place
  }

  /// Where the slot is, once anything decodes it.
  func place(of reference: ParameterReference) -> UInt32? {
    places[ParameterReference(reference.parameter, steps: reference.steps.map(Self.unnumbered))]
  }

  mutating func countEmission(of slot: UInt32, inLoop: Bool) { emissionCounts[Int(slot)] += inLoop ? 2 : 1 }

  private static func unnumbered(_ step: ParameterReference.Step) -> ParameterReference.Step {
    switch step {
    case .member: step
    case .element: .element(0)
    }
  }

  /// The path of the parameter with its steps, such as `/SAT/STATE.x`; elements of arrays as `[]`.
  private static func name(_ reference: ParameterReference, in database: MissionDatabase) -> String {
    let parameter = database.parameters[reference.parameter.value]
    var name = parameter.path
    var type: ParameterType? = database.types[parameter.type.value]
    var elementCount = 0
    for step in reference.steps {
      switch (step, type?.kind) {
      case (.member(let index), .aggregate(let members)):
        name += "." + members[index].name
        type = database.types[members[index].type.value]
      case (.element, .array(let element, let dimensions)):
        name += "[]"
        elementCount += 1
        if elementCount == dimensions.count {
          type = database.types[element.value]
          elementCount = 0
        }
      default: break
      }
    }
    return name
  }
}
