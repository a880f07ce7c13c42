/// Which of the values that a packet has of a parameter a reference means.
enum ParameterOccurrence: Equatable {
  /// Whichever came last.
  case any
  /// An element of an array, counted from zero through all its dimensions.
  case only(UInt32)
  /// An element of an array whose inner dimensions the packet says.
  case unknown
}

extension MissionDatabase {
  /// No element is farther from the first one.
  private static let elementCapacity = 1 << 30

  /// Which of its values a reference means.
  func occurrence(of reference: ParameterReference) -> ParameterOccurrence {
    var type = parameters[reference.parameter.value].type
    var steps = reference.steps[...]
    var occurrence: Int?
    while let step = steps.first {
      switch (types[type.value].kind, step) {
      case (.aggregate(let members), .member(let index)):
        type = members[index].type
        steps.removeFirst()
      case (.array(let element, let dimensions), .element):
        for (number, dimension) in dimensions.enumerated() {
          guard case .element(let index)? = steps.popFirst(), index >= 0 else { break }
          // Only the outermost dimension may differ from packet to packet.
          let size = occurrence == nil && number == 0 ? 0 : PlanCompiler.constantCount(of: [dimension])
          guard let size, (occurrence ?? 0) < Self.elementCapacity, index < Self.elementCapacity else {
            return .unknown
          }
          occurrence = (occurrence ?? 0) * size + index
        }
        type = element
      default: return .any
      }
    }
    return occurrence.map { .only(UInt32(clamping: $0)) } ?? .any
  }
}
