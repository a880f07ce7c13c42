/// What names lead to: values that were read already, or parts of them.
///
/// A part of a parameter is `P.m` or `P/m` for a member and `P[2]` for an element. A parameter whose own name has such
/// characters in it, as recorded databases have, comes first.
extension XTCEReader {
  /// What came of looking for something.
  enum Lookup<Found> {
    case found(Found)
    /// There is no such name.
    case missing
    /// There is, but it has no value.
    case broken
  }

  func type(_ reference: String, from system: Int) -> Lookup<TypeIndex> {
    guard let declaration = declarations.find(reference, in: declarations.types, from: system) else { return .missing }
    note(need: .type(declaration))
    guard let place = places.types[declaration] else { return .broken }
    return .found(TypeIndex(place))
  }

  func container(_ reference: String, from system: Int) -> Lookup<ContainerIndex> {
    guard let declaration = declarations.find(reference, in: declarations.containers, from: system) else {
      return .missing
    }
    note(need: .container(declaration))
    guard let place = places.containers[declaration] else { return .broken }
    return .found(ContainerIndex(place))
  }

  // MARK: Parameters and their parts

  /// A parameter or a part of one, with what it is a value of.
  struct Target {
    var reference: ParameterReference
    var type: TypeIndex
  }

  func parameter(_ reference: String, from system: Int) -> Lookup<Target> {
    // Nearly every name is that of a whole parameter of the same space system.
    if let declaration = declarations.findNearest(reference, in: declarations.parameters, from: system) {
      note(need: .parameter(declaration))
      guard let place = places.parameters[declaration], let parameter = parameters[place] else { return .broken }
      return .found(Target(reference: ParameterReference(ParameterIndex(place)), type: parameter.type))
    }
    for path in declarations.candidates(reference, from: system) {
      for cut in Self.cuts(of: path) {
        guard let declaration = declarations.parameters.indexOfPath[String(path[..<cut])] else { continue }
        note(need: .parameter(declaration))
        guard let place = places.parameters[declaration], let parameter = parameters[place] else { return .broken }
        if let target = part(path[cut...], of: parameter, at: place) { return target }
      }
    }
    return .missing
  }

  /// Where a name of a parameter may end and that of a part begin: at the end, then before each separator from the
  /// last on.
  private static func cuts(of path: String) -> [String.Index] {
    var cuts = [path.endIndex]
    let separators: [UInt8] = [UInt8(ascii: "."), UInt8(ascii: "/"), UInt8(ascii: "[")]
    for index in path.utf8.indices.reversed() where separators.contains(path.utf8[index]) {
      if index == path.startIndex || cuts.count > deepestPart { break }
      cuts.append(index)
    }
    return cuts
  }

  /// - Parameter steps: What is behind the name: nothing, or steps, the first with its separator.
  private func part(_ steps: Substring, of parameter: Parameter, at place: Int) -> Lookup<Target>? {
    var target = Target(reference: ParameterReference(ParameterIndex(place)), type: parameter.type)
    var rest = steps
    var missingIndexCount = 0
    while let separator = rest.first {
      guard let type = types[target.type.value] else { return .broken }
      rest = rest.dropFirst()
      if separator == "[" {
        guard let end = rest.firstIndex(of: "]"), let element = Int(rest[..<end]), element >= 0,
          case .array(let elementType, let dimensions) = type.kind
        else { return nil }
        target.reference.steps.append(.element(element))
        rest = rest[rest.index(after: end)...]
        // One index for each dimension, and then it is an element.
        missingIndexCount = (missingIndexCount == 0 ? dimensions.count : missingIndexCount) - 1
        if missingIndexCount == 0 { target.type = elementType } else if rest.first != "[" { return nil }
      } else {
        let end = rest.firstIndex { $0 == "." || $0 == "/" || $0 == "[" } ?? rest.endIndex
        guard case .aggregate(let members) = type.kind, let member = member(rest[..<end], of: target.type, members)
        else { return nil }
        target.reference.steps.append(.member(member))
        target.type = members[member].type
        rest = rest[end...]
      }
      if target.reference.steps.count > Self.deepestPart { return nil }
    }
    return .found(target)
  }

  /// There may be as many references as members: where there are many, they are looked up.
  private func member(_ name: Substring, of type: TypeIndex, _ members: [AggregateMember]) -> Int? {
    if members.count <= Self.comparableMemberCount { return members.firstIndex { $0.name == name } }
    if let known = membersOfType[type.value] { return known[String(name)] }
    let places = Dictionary(members.indices.map { (members[$0].name, $0) }, uniquingKeysWith: { first, _ in first })
    membersOfType[type.value] = places
    return places[String(name)]
  }

  private static var comparableMemberCount: Int { 16 }
  private static var deepestPart: Int { 16 }

  // MARK: Elements of arrays

  /// Whether the arrays that a reference leads into have the elements that it names, as far as that is known yet.
  func hasElements(_ target: Target, _ element: XMLElement) -> Bool {
    guard target.reference.steps.contains(where: \.isElement) else { return true }
    guard knowsDimensions else {
      if let subject { uncheckedReferences.append((subject, element, target)) }
      return true
    }
    guard let (index, count) = missingElement(target.reference) else { return true }
    refuse(element, "there is no element [\(index)]: the array has \(count), and the first is [0]")
    return false
  }

  /// Looks at the references of types, once all dimensions are known.
  func checkReferences() {
    knowsDimensions = true
    for (subject, element, target) in uncheckedReferences where !problems.isFull {
      self.subject = subject
      if !hasElements(target, element), case .type(let declaration) = subject, let place = places.types[declaration] {
        types[place] = nil
      }
    }
    subject = nil
    uncheckedReferences = []
  }

  /// The first index that is beyond the elements which an array always has, and how many these are.
  private func missingElement(_ reference: ParameterReference) -> (index: Int, count: Int)? {
    guard var type = parameters[reference.parameter.value]?.type else { return nil }
    var indexCount = 0
    for step in reference.steps {
      switch (step, types[type.value]?.kind) {
      case (.member(let index), .aggregate(let members)) where members.indices.contains(index):
        type = members[index].type
      case (.element(let index), .array(let element, let dimensions)) where indexCount < dimensions.count:
        let dimension = dimensions[indexCount]
        if case .fixed(let first) = dimension.startingIndex, case .fixed(let last) = dimension.endingIndex,
          index > last - first, !arraysWithoutSize.contains(type)
        {
          return (index, last - first + 1)
        }
        indexCount += 1
        if indexCount == dimensions.count { (type, indexCount) = (element, 0) }
      default: return nil
      }
    }
    return nil
  }
}

extension ParameterReference.Step {
  fileprivate var isElement: Bool { if case .element = self { true } else { false } }
}
