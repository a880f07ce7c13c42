/// Types: what kind of value each is, and then all else that is said of it.
extension XTCEReader {
  /// The kinds of all types, each after those it is made of; a type in a circle has none.
  func readTypeKinds() {
    baseOfType = declarations.types.declarations.map { type in
      type.element["baseType"].flatMap { declarations.find($0, in: declarations.types, from: type.system) }
    }
    let needs = declarations.types.declarations.indices.map(neededTypes)
    let order = typeOrder(needs)
    var depths = [Int](repeating: 0, count: declarations.types.declarations.count)
    orderOfTypes = order.order
    for declaration in orderOfTypes {
      guard !problems.isFull, let place = places.types[declaration] else { continue }
      subject = .type(declaration)
      if failed.contains(.type(declaration)) { continue }
      depths[declaration] = 1 + needs[declaration].reduce(0) { max($0, depths[$1]) }
      if depths[declaration] > Limits.typeDepth {
        if depths[declaration] == Limits.typeDepth + 1 {
          refuse(
            declarations.types.declarations[declaration].element,
            "it is built on types that are built on others, more than \(Limits.typeDepth) deep")
        }
        failSilently()
        continue
      }
      readKind(declaration, at: place)
    }
    subject = nil
  }

  /// What types say besides their kind, which may be about parameters.
  func readTypeDetails() {
    for declaration in orderOfTypes {
      guard !problems.isFull, let place = places.types[declaration], var type = types[place] else { continue }
      subject = .type(declaration)
      let chain = TypeChain(declaration, in: declarations.types.declarations, baseOfType)
      if hasFailed(chain) {
        failSilently()
      } else if hasRoomForInherited(chain) {
        readDetails(of: &type, chain)
        countParts(of: type, at: place, chain.own.element)
      }
      types[place] = failed.contains(.type(declaration)) ? nil : type
    }
    subject = nil
    checkReferences()
  }

  // MARK: What types are made of

  /// The declarations that a type is derived from or made of; those that are missing are told of elsewhere.
  private func neededTypes(_ declaration: Int) -> [Int] {
    let type = declarations.types.declarations[declaration]
    let base = baseOfType[declaration]
    // Only arrays and aggregates are made of other types.
    let name = type.element.name
    guard name == "ArrayParameterType" || name == "AggregateParameterType" else { return base.map { [$0] } ?? [] }
    var needed: [Int] = []
    func need(_ reference: String?) {
      guard let reference, let found = declarations.find(reference, in: declarations.types, from: type.system) else {
        return
      }
      needed.append(found)
    }
    if let base { needed.append(base) }
    need(type.element["arrayTypeRef"])
    if let members = type.element.child("MemberList") { for member in members.children { need(member["typeRef"]) } }
    return needed
  }

  /// Whether something that a type is derived from has no value.
  private func hasFailed(_ chain: TypeChain) -> Bool {
    chain.bases.contains { failed.contains(.type($0)) || places.types[$0] == nil }
  }

  private func typeOrder(_ needs: [[Int]]) -> DependencyOrder {
    let types = declarations.types.declarations
    let order = DependencyOrder(needs)
    for circle in order.circles {
      report(circle, of: types, "its type is made of itself") { .type($0) }
    }
    return order
  }

  /// Each thing in a circle fails; one of them is shown.
  func report(
    _ circle: [Int], of declarations: [Declarations.Declaration], _ message: String, _ subject: (Int) -> Subject
  ) {
    guard let first = circle.first, !problems.isFull, !excluded.contains(subject(first)) else { return }
    fail(circle.map(subject))
    self.subject = subject(first)
    var names = circle.prefix(6).map { declarations[$0].path }
    if circle.count > names.count { names.append("…") }
    refuse(
      declarations[first].element, "\(message): \((names + [declarations[first].path]).joined(separator: " → "))")
    self.subject = nil
  }

  // MARK: Kinds

  private func readKind(_ declaration: Int, at place: Int) {
    let type = declarations.types.declarations[declaration]
    let chain = TypeChain(declaration, in: declarations.types.declarations, baseOfType)
    for base in chain.bases { note(need: .type(base)) }
    if hasFailed(chain) { return failSilently() }
    guard let word = type.element.name.wordBeforeParameterType, let kind = readKind(word, chain, place) else {
      return failSilently()
    }
    if let base = chain.inherited.first, base.element.name != type.element.name {
      return refuse(type.element, "its base type is <\(base.element.name)>: a type is derived from one of its kind")
    }
    types[place] = ParameterType(path: type.path, kind: kind, encoding: nil, place: type.element.place)
  }

  private func readKind(_ word: Substring, _ chain: TypeChain, _ place: Int) -> EngineeringKind? {
    let element = chain.own.element
    if let base = element["baseType"] {
      guard !chain.bases.isEmpty else { return unresolved("type", base, element) }
    }
    rawForms[place] = rawForm(chain)
    isEncoded[place] = rawForms[place] != .none
    switch word {
    case "Integer":
      guard let isSigned = boolean("signed", of: chain.owner("signed"), default: true),
        let bitCount = integer("sizeInBits", of: chain.owner("sizeInBits"), default: 32, in: 1...Limits.packetBitCount)
      else { return nil }
      return .integer(isSigned: isSigned, bitCount: bitCount)
    case "Float":
      return integer("sizeInBits", of: chain.owner("sizeInBits"), default: 32, in: 1...128)
        .map(EngineeringKind.float(bitCount:))
    case "Enumerated": return readEnumeration(chain).map(EngineeringKind.enumerated)
    case "Boolean":
      return .boolean(one: chain["oneStringValue"] ?? "True", zero: chain["zeroStringValue"] ?? "False")
    case "String": return .string
    case "Binary": return .binary
    case "AbsoluteTime": return .absoluteTime(AbsoluteTimeScale(scale: 1, offset: 0, origin: .unknown))
    case "RelativeTime": return .relativeTime(scale: 1, offset: 0)
    case "Aggregate": return readMembers(chain, place).map(EngineeringKind.aggregate)
    case "Array": return readArray(chain, place)
    default:
      refuse(element, "there is no such kind of type in XTCE")
      return nil
    }
  }

  private func readEnumeration(_ chain: TypeChain) -> [EnumeratedRange]? {
    guard let link = chain.child("EnumerationList") else {
      refuse(chain.own.element, "it has no <EnumerationList>")
      return nil
    }
    if link.isInherited, case .enumerated(let ranges) = base(chain)?.kind { return ranges }
    let list = link.element
    var ranges: [EnumeratedRange] = []
    for element in list.children where element.name == "Enumeration" {
      guard let label = required("label", of: element),
        let first = integer("value", of: element, in: Int.min...Int.max),
        let last = integer("maxValue", of: element, default: first, in: Int.min...Int.max)
      else { continue }
      guard first <= last else {
        refuse(element, "`maxValue` \(last) is less than `value` \(first)")
        continue
      }
      ranges.append(EnumeratedRange(label: label, values: Int64(first)...Int64(last)))
    }
    warnOfOverlap(ranges, list)
    return ranges
  }

  /// The standard forbids it; here the label that is written first counts.
  private func warnOfOverlap(_ ranges: [EnumeratedRange], _ list: XMLElement) {
    let sorted = ranges.sorted { $0.values.lowerBound < $1.values.lowerBound }
    for (left, right) in zip(sorted, sorted.dropFirst())
    where left.values.overlaps(right.values) && left.label != right.label {
      warn(
        list,
        "labels \"\(left.label.shortened)\" and \"\(right.label.shortened)\" both stand for"
          + " \(right.values.lowerBound); the one that is written first counts")
      return
    }
  }

  private func readMembers(_ chain: TypeChain, _ place: Int) -> [AggregateMember]? {
    guard let list = chain.child("MemberList") else {
      refuse(chain.own.element, "it has no <MemberList>")
      return nil
    }
    if list.isInherited, case .aggregate(let members) = base(chain)?.kind {
      isEncoded[place] = members.allSatisfy { isEncoded[$0.type.value] }
      return members
    }
    var members: [AggregateMember] = []
    var names: Set<String> = []
    for element in list.element.children where element.name == "Member" {
      guard let name = required("name", of: element), let reference = required("typeRef", of: element) else { continue }
      guard names.insert(name).inserted else {
        refuse(element, "there is a member `\(name.shortened)` already")
        continue
      }
      guard let type = resolvedType(reference, element, from: list.system) else { continue }
      members.append(AggregateMember(name: name, type: type))
    }
    isEncoded[place] = members.allSatisfy { isEncoded[$0.type.value] }
    return members
  }

  /// The dimensions are read with the details of the type: they may be about parameters.
  private func readArray(_ chain: TypeChain, _ place: Int) -> EngineeringKind? {
    let element = chain.own.element
    guard let reference = required("arrayTypeRef", of: element),
      let type = resolvedType(reference, element, from: chain.own.system)
    else { return nil }
    let list = chain.child("DimensionList")?.element
    let count =
      list?.children.count { $0.name == "Dimension" } ?? element["numberOfDimensions"].flatMap { Int($0) } ?? 0
    guard 1...Limits.dimensionCount ~= count else {
      refuse(element, "it has \(count) dimensions, and 1 to \(Limits.dimensionCount) are supported")
      return nil
    }
    isEncoded[place] = isEncoded[type.value] && list != nil
    if list == nil { arraysWithoutSize.insert(TypeIndex(place)) }
    let dimension = ArrayDimension(startingIndex: .fixed(0), endingIndex: .fixed(0))
    return .array(element: type, dimensions: Array(repeating: dimension, count: count))
  }

  // MARK: Helpers

  /// The type that a name means, if it has a kind already.
  func resolvedType(_ reference: String, _ element: XMLElement, from system: Int) -> TypeIndex? {
    switch type(reference, from: system) {
    case .found(let type):
      if case .some = types[type.value] { return type }
      failSilently()
    case .broken: failSilently()
    case .missing: let _: TypeIndex? = unresolved("type", reference, element)
    }
    return nil
  }

  /// - Returns: Nothing.
  func unresolved<Value>(_ kind: String, _ reference: String, _ element: XMLElement) -> Value? {
    let isOutside = reference.hasPrefix("/") && declarations.systems.count { $0.parent == nil } == 1
    refuse(
      element, "there is no \(kind) `\(reference.shortened)`",
      hint: (isOutside ? missingSystemHint(reference) : nil) ?? meantHint(kind, reference))
    return nil
  }

  /// A name that is nearly the one that is missing: of the first that are missing, among so many as can be looked
  /// through while a person waits.
  private func meantHint(_ kind: String, _ reference: String) -> String? {
    guard problems.errorCount < 8, let word = reference.split(separator: "/").last else { return nil }
    let table =
      switch kind {
      case "type": declarations.types
      case "parameter": declarations.parameters
      default: declarations.containers
      }
    let meant = table.declarations.prefix(20_000).first { declaration in
      declaration.element["name"].map { Spelling.isSlip($0, of: word) } ?? false
    }
    return meant.map { "is `\($0.path.shortened)` meant?" }
  }

  private func missingSystemHint(_ reference: String) -> String? {
    guard let root = reference.split(separator: "/").first, declarations.indexOfSystem["/\(root)"] == nil else {
      return nil
    }
    return "give the file of space system `/\(String(root).shortened)` too"
  }

  /// Values beyond what a packet may hold are refused where they come together.
  func count(_ valueCount: Int, isAcceptableFor element: XMLElement) -> Bool {
    if valueCount <= Limits.valueCount { return true }
    refuse(element, "it is more than \(Limits.valueCount) values")
    return false
  }

  func saturated(_ left: Int, plus right: Int) -> Int {
    let (sum, overflow) = left.addingReportingOverflow(right)
    return overflow ? .max : sum
  }

  func saturated(_ left: Int, times right: Int) -> Int {
    let (product, overflow) = left.multipliedReportingOverflow(by: right)
    return overflow ? .max : product
  }
}

extension String {
  /// `Integer` of `IntegerParameterType`.
  fileprivate var wordBeforeParameterType: Substring? {
    let suffix = "ParameterType"
    return hasSuffix(suffix) ? dropLast(suffix.count) : nil
  }
}
