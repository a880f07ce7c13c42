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

  mutating func type(_ reference: String, from system: Int) -> Lookup<TypeIndex> {
    guard let declaration = declarations.find(reference, in: declarations.types, from: system) else { return .missing }
    note(need: .type(declaration))
    guard let place = places.types[declaration] else { return .broken }
    return .found(TypeIndex(place))
  }

  mutating func container(_ reference: String, from system: Int) -> Lookup<ContainerIndex> {
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

  mutating func parameter(_ reference: String, from system: Int) -> Lookup<Target> {
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
        guard case .aggregate(let members) = type.kind,
          let member = members.firstIndex(where: { $0.name == rest[..<end] })
        else { return nil }
        target.reference.steps.append(.member(member))
        target.type = members[member].type
        rest = rest[end...]
      }
      if target.reference.steps.count > Self.deepestPart { return nil }
    }
    return .found(target)
  }

  private static var deepestPart: Int { 16 }
}
