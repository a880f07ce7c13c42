/// Containers: what they extend, and what lies in them.
extension XTCEReader {
  func readContainers() {
    let table = declarations.containers.declarations
    let needs = table.map { neededContainers($0) }
    let order = DependencyOrder(needs)
    for circle in order.circles {
      report(circle, of: table, "it is in itself, or extends itself") { .container($0) }
    }
    var depths = [Int](repeating: 0, count: table.count)
    var total = 0
    for declaration in order.order {
      guard !problems.isFull, let place = places.containers[declaration] else { continue }
      subject = .container(declaration)
      if failed.contains(.container(declaration)) { continue }
      depths[declaration] = 1 + needs[declaration].reduce(0) { max($0, depths[$1]) }
      guard depths[declaration] <= Limits.containerDepth else {
        if depths[declaration] == Limits.containerDepth + 1 {
          refuse(
            table[declaration].element,
            "it has containers in containers, or extends them, more than \(Limits.containerDepth) deep")
        }
        failSilently()
        continue
      }
      let container = readContainer(table[declaration], at: place)
      guard !failed.contains(.container(declaration)) else { continue }
      guard valueCountOfContainer[place] <= Limits.totalValueCount - total else {
        refuse(table[declaration].element, "with it all containers are more than \(Limits.totalValueCount) values")
        continue
      }
      total += valueCountOfContainer[place]
      containers[place] = container
    }
    subject = nil
  }

  private func neededContainers(_ declaration: Declarations.Declaration) -> [Int] {
    var references = [declaration.element.child("BaseContainer")?["containerRef"]].compactMap(\.self)
    if let list = declaration.element.child("EntryList") {
      references += list.children.compactMap { $0.name == "ContainerRefEntry" ? $0["containerRef"] : nil }
    }
    return references.compactMap { declarations.find($0, in: declarations.containers, from: declaration.system) }
  }

  private func readContainer(_ declaration: Declarations.Declaration, at place: Int) -> Container? {
    let element = declaration.element
    guard let isAbstract = boolean("abstract", of: element, default: false) else { return nil }
    var container = Container(
      path: declaration.path, summary: Self.summary(of: element), isAbstract: isAbstract, place: element.place)
    if let base = element.child("BaseContainer") { container.base = readBase(base, declaration.system) }
    if let encoding = element.child("BinaryEncoding") {
      refuse(encoding, "a size or a transformation of a whole container is not supported")
    }
    var valueCount = container.base.map { valueCountOfContainer[$0.container.value] } ?? 0
    if let list = element.child("EntryList") {
      for child in list.children {
        guard !problems.isFull, let entry = readEntry(child, declaration.system) else { continue }
        container.entries.append(entry)
        valueCount = saturated(valueCount, plus: self.valueCount(of: entry))
      }
    } else {
      warn(element, "it has no <EntryList>")
    }
    if !count(valueCount, isAcceptableFor: element) { return nil }
    valueCountOfContainer[place] = valueCount
    return container
  }

  private func readBase(_ element: XMLElement, _ system: Int) -> BaseContainer? {
    guard let reference = required("containerRef", of: element),
      let container = resolvedContainer(reference, element, from: system)
    else { return nil }
    guard let restriction = element.child("RestrictionCriteria") else { return BaseContainer(container: container) }
    return readCriterion(restriction, from: system).map { BaseContainer(container: container, criterion: $0) }
  }

  private func resolvedContainer(
    _ reference: String, _ element: XMLElement, from system: Int
  ) -> ContainerIndex? {
    switch container(reference, from: system) {
    case .found(let container):
      if containers[container.value] != nil { return container }
      failSilently()
      return nil
    case .broken:
      failSilently()
      return nil
    case .missing: return unresolved("container", reference, element)
    }
  }

  // MARK: Entries

  private func readEntry(_ element: XMLElement, _ system: Int) -> Entry? {
    guard let content = readContent(element, system) else { return nil }
    var entry = Entry(content, place: element.place)
    if let location = element.child("LocationInContainerInBits") {
      guard let value = readLocation(location, system) else { return nil }
      entry.location = value
    }
    if let condition = element.child("IncludeCondition") {
      guard let criterion = readCriterion(condition, from: system) else { return nil }
      entry.condition = criterion
    }
    if let repetition = element.child("RepeatEntry") {
      guard let value = readRepetition(repetition, system) else { return nil }
      entry.repetition = value
    }
    return entry
  }

  private func readContent(_ element: XMLElement, _ system: Int) -> Entry.Content? {
    switch element.name {
    case "ParameterRefEntry": return readParameter(element, system).map { .parameter($0.reference.parameter) }
    case "ContainerRefEntry":
      return required("containerRef", of: element).flatMap { resolvedContainer($0, element, from: system) }
        .map(Entry.Content.container)
    case "ArrayParameterRefEntry": return readArrayEntry(element, system)
    case "IndirectParameterRefEntry":
      guard let instance = element.child("ParameterInstance") else {
        refuse(element, "it has no <ParameterInstance>")
        return nil
      }
      return readInstance(instance, from: system).map {
        .indirect($0.target.reference, aliasNamespace: element["aliasNameSpace"])
      }
    case "ParameterSegmentRefEntry", "ContainerSegmentRefEntry", "StreamSegmentEntry":
      refuse(element, "values that are sent in segments are not supported")
      return nil
    default:
      refuse(element, "there is no such entry in XTCE, so that nobody knows what lies behind it")
      return nil
    }
  }

  /// A whole parameter that has bits in a packet.
  private func readParameter(_ element: XMLElement, _ system: Int) -> Target? {
    guard let reference = required("parameterRef", of: element),
      let target = resolvedParameter(reference, element, from: system)
    else { return nil }
    guard target.reference.steps.isEmpty else {
      refuse(element, "`\(reference.shortened)` is a part of a parameter, and an entry is a whole one")
      return nil
    }
    return hasPlace(target.type, element) ? target : nil
  }

  private func readArrayEntry(_ element: XMLElement, _ system: Int) -> Entry.Content? {
    guard let list = element.child("DimensionList") else {
      return readParameter(element, system).map { .parameter($0.reference.parameter) }
    }
    guard let reference = required("parameterRef", of: element),
      let target = resolvedParameter(reference, element, from: system)
    else { return nil }
    guard target.reference.steps.isEmpty, case .array(let inner, let dimensions) = types[target.type.value]?.kind else {
      refuse(element, "the parameter is not a whole array")
      return nil
    }
    guard hasPlace(inner, element) else { return nil }
    guard let own = readDimensionList(list, from: system) else { return nil }
    guard own.count == dimensions.count else {
      refuse(list, "it has \(own.count) dimensions, and the array has \(dimensions.count)")
      return nil
    }
    return .array(target.reference.parameter, dimensions: own)
  }

  /// Whether values of a type have a place in a packet; it is a problem where they have none.
  private func hasPlace(_ index: TypeIndex, _ element: XMLElement) -> Bool {
    if isEncoded[index.value] { return true }
    let path = types[index.value]?.path ?? ""
    if arraysWithoutSize.contains(index) {
      refuse(
        element, "type `\(path)` does not say how many elements there are",
        hint: "write an <ArrayParameterRefEntry> with a <DimensionList>")
    } else {
      refuse(element, "type `\(path)` has no encoding, so that its values have no place in a packet")
    }
    return false
  }

  private func readLocation(_ element: XMLElement, _ system: Int) -> Entry.Location? {
    let bits = Limits.packetBitCount
    switch element["referenceLocation"] ?? "previousEntry" {
    case "previousEntry":
      return readIntegerValue(element, from: system, in: -bits...bits).map(Entry.Location.behindPrevious)
    case "containerStart": return readIntegerValue(element, from: system, in: 0...bits).map(Entry.Location.fromStart)
    case "containerEnd": return readIntegerValue(element, from: system, in: 0...bits).map(Entry.Location.beforeEnd)
    case "nextEntry": return readIntegerValue(element, from: system, in: -bits...bits).map(Entry.Location.beforeNext)
    case let word:
      refuse(
        element, "`referenceLocation` is \"\(word.shortened)\", which is not one of XTCE",
        hint: Spelling.hint(word, among: ["previousEntry", "containerStart", "containerEnd", "nextEntry"]))
      return nil
    }
  }

  private func readRepetition(_ element: XMLElement, _ system: Int) -> Repetition? {
    guard let child = element.child("Count") else {
      refuse(element, "it has no <Count>")
      return nil
    }
    guard let count = readIntegerValue(child, from: system, in: 0...Limits.valueCount) else { return nil }
    guard let offset = element.child("Offset") else { return Repetition(count: count) }
    if let unit = offset["offsetSizeInBits"], Literal.integer(unit) != 1 {
      refuse(offset, "an `offsetSizeInBits` is not supported", hint: "write the offset in bits")
      return nil
    }
    return readIntegerValue(offset, from: system, in: 0...Limits.packetBitCount).map {
      Repetition(count: count, offset: $0)
    }
  }

  private func valueCount(of entry: Entry) -> Int {
    let once =
      switch entry.content {
      case .parameter(let parameter): valueCount(of: parameter)
      case .container(let container): max(1, valueCountOfContainer[container.value])
      case .array(let parameter, let dimensions):
        saturated(elementValueCount(of: parameter), times: elementCount(dimensions))
      case .indirect: 1
      }
    guard case .fixed(let count)? = entry.repetition?.count else { return once }
    return saturated(once, times: count)
  }

  private func valueCount(of parameter: ParameterIndex) -> Int {
    parameters[parameter.value].map { valueCountOfType[$0.type.value] } ?? 0
  }

  private func elementValueCount(of parameter: ParameterIndex) -> Int {
    guard let type = parameters[parameter.value]?.type, case .array(let element, _) = types[type.value]?.kind else {
      return 1
    }
    return valueCountOfType[element.value]
  }
}
