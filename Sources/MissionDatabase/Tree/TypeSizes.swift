/// How many bits values and containers take, where that is the same in all packets.
struct TypeSizes {
  private let database: MissionDatabase
  /// By the place of the type.
  private var sizes: [Int?]
  private var isEncoded: [Bool]
  private var sizesOfContainers: [Int?]
  private var extents: [Int?]

  init(_ database: MissionDatabase) {
    self.database = database
    sizes = Array(repeating: nil, count: database.types.count)
    isEncoded = Array(repeating: false, count: database.types.count)
    sizesOfContainers = Array(repeating: nil, count: database.containers.count)
    extents = Array(repeating: nil, count: database.containers.count)
    for index in DependencyOrder(database.types.map(Self.parts)).order { measure(index) }
    for index in DependencyOrder(database.containers.map(Self.parts)).order {
      (sizesOfContainers[index], extents[index]) = measured(database.containers[index])
    }
  }

  func bitCount(of type: TypeIndex) -> Int? { sizes[type.value] }

  /// All bits of an entry, with its repetitions and what lies between them.
  func bitCount(of entry: Entry) -> Int? {
    let once: Int? =
      switch entry.content {
      case .parameter(let parameter): bitCount(of: database.parameters[parameter.value].type)
      case .container(let container): bitCount(of: container)
      case .array(let parameter, let dimensions): bitCount(ofArray: parameter, dimensions)
      case .indirect: nil
      }
    guard let once, let repetition = entry.repetition else { return once }
    guard case .fixed(let count) = repetition.count, case .fixed(let offset) = repetition.offset else { return nil }
    return count == 0 ? 0 : once * count + offset * (count - 1)
  }

  /// Where what follows a container begins, from the beginning of those that it extends: behind its last entry.
  func bitCount(of container: ContainerIndex) -> Int? { sizesOfContainers[container.value] }

  /// All that a container describes, with those that it extends: up to the furthest end of an entry, which need not be
  /// the last one.
  func extent(of container: ContainerIndex) -> Int? { extents[container.value] }

  /// Whether some part of a type says how it lies in a packet.
  func hasEncoding(_ type: TypeIndex) -> Bool { isEncoded[type.value] }

  // MARK: Helpers

  private static func parts(_ type: ParameterType) -> [Int] {
    switch type.kind {
    case .aggregate(let members): members.map(\.type.value)
    case .array(let element, _): [element.value]
    case .integer, .float, .enumerated, .boolean, .string, .binary, .absoluteTime, .relativeTime: []
    }
  }

  private static func parts(_ container: Container) -> [Int] {
    let included = container.entries.compactMap { entry -> Int? in
      if case .container(let container) = entry.content { return container.value }
      return nil
    }
    return included + [container.base?.container.value].compactMap(\.self)
  }

  private mutating func measure(_ index: Int) {
    let type = database.types[index]
    switch type.kind {
    case .aggregate(let members):
      sizes[index] = members.reduce(0) { sum, member in
        sum.flatMap { sum in sizes[member.type.value].map { sum + $0 } }
      }
      isEncoded[index] = members.contains { isEncoded[$0.type.value] }
    case .array(let element, let dimensions):
      sizes[index] = Self.times(sizes[element.value], dimensions)
      isEncoded[index] = isEncoded[element.value]
    case .integer, .float, .enumerated, .boolean, .string, .binary, .absoluteTime, .relativeTime:
      sizes[index] = type.encoding.flatMap(Self.bitCount)
      isEncoded[index] = type.encoding != nil
    }
  }

  private func measured(_ container: Container) -> (end: Int?, extent: Int?) {
    guard var end = container.base.map({ bitCount(of: $0.container) }) ?? 0,
      var furthest = container.base.map({ extent(of: $0.container) }) ?? 0
    else { return (nil, nil) }
    for entry in container.entries {
      guard let size = bitCount(of: entry), entry.condition == nil else { return (nil, nil) }
      switch entry.location {
      case .behindPrevious(.fixed(let offset)): end += offset + size
      case .fromStart(.fixed(let offset)): end = offset + size
      case .behindPrevious, .fromStart, .beforeEnd, .beforeNext: return (nil, nil)
      }
      furthest = max(furthest, end)
      if case .container(let inner) = entry.content, let extent = extent(of: inner), let last = bitCount(of: inner) {
        furthest = max(furthest, end - last + extent)
      }
    }
    return (end, furthest)
  }

  private func bitCount(ofArray parameter: ParameterIndex, _ dimensions: [ArrayDimension]) -> Int? {
    guard case .array(let element, _) = database.types[database.parameters[parameter.value].type.value].kind else {
      return nil
    }
    return Self.times(bitCount(of: element), dimensions)
  }

  private static func bitCount(_ encoding: DataEncoding) -> Int? {
    switch encoding {
    case .integer(let encoding): encoding.bitCount
    case .float(let encoding): encoding.bitCount
    case .string(let encoding): fixed(encoding.bitCount)
    case .binary(let bitCount): fixed(bitCount)
    }
  }

  private static func fixed(_ value: IntegerValue?) -> Int? {
    guard case .fixed(let count)? = value else { return nil }
    return count
  }

  private static func times(_ bitCount: Int?, _ dimensions: [ArrayDimension]) -> Int? {
    dimensions.reduce(bitCount) { size, dimension in
      guard let size, let first = fixed(dimension.startingIndex), let last = fixed(dimension.endingIndex) else {
        return nil
      }
      return size * (last - first + 1)
    }
  }
}
