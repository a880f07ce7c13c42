/// A parameter or a part of one by its names: they are the same in every version of a database, places are not.
///
/// What is written of it, such as `/SAT/P.x`, can be two things where names have dots or brackets in them.
struct SlotName: Hashable, Sendable {
  /// A step into a value.
  enum Step: Hashable, Sendable {
    case member(String)
    /// Any element of an array; one for each dimension.
    case element
  }

  let path: String
  let steps: [Step]
}

extension MissionDatabase {
  /// The names of a parameter or a part of one; nothing where there is no such part.
  func name(of reference: ParameterReference) -> SlotName? {
    guard parameters.indices.contains(reference.parameter.value) else { return nil }
    let parameter = parameters[reference.parameter.value]
    var way = PartWay(parameter.type)
    var steps: [SlotName.Step] = []
    for step in reference.steps {
      switch step {
      case .element: steps.append(.element)
      case .member(let index):
        guard case .aggregate(let members) = way.kind(in: self), members.indices.contains(index) else { return nil }
        steps.append(.member(members[index].name))
      }
      guard way.take(steps[steps.count - 1], in: self) else { return nil }
    }
    return SlotName(path: parameter.path, steps: steps)
  }

  /// The type of a part of a parameter; nothing where there is no such part.
  func type(of parameter: ParameterIndex, at steps: [SlotName.Step]) -> TypeIndex? {
    var way = PartWay(parameters[parameter.value].type)
    for step in steps { guard way.take(step, in: self) else { return nil } }
    return way.isWhole ? way.type : nil
  }
}

/// A way into the parts of a value. An array has as many indices as dimensions, and then it is an element.
private struct PartWay {
  private(set) var type: TypeIndex
  /// The indices of the array so far.
  private var indexCount = 0

  init(_ type: TypeIndex) { self.type = type }

  /// Whether it does not end between the indices of an array.
  var isWhole: Bool { indexCount == 0 }

  func kind(in database: MissionDatabase) -> EngineeringKind? {
    database.types.indices.contains(type.value) ? database.types[type.value].kind : nil
  }

  /// - Returns: Whether there is such a part.
  mutating func take(_ step: SlotName.Step, in database: MissionDatabase) -> Bool {
    switch (step, kind(in: database)) {
    case (.element, .array(let element, let dimensions)):
      indexCount += 1
      if indexCount == dimensions.count { self = PartWay(element) }
      return true
    case (.member(let name), .aggregate(let members)):
      guard isWhole, let member = members.first(where: { $0.name == name }) else { return false }
      type = member.type
      return true
    default: return false
    }
  }
}
