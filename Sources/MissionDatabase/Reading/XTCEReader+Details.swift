/// What a type says besides its kind.
extension XTCEReader {
  func readDetails(of type: inout ParameterType, _ chain: TypeChain) {
    let base = base(chain)
    if let link = chain.child("UnitSet") {
      type.unit = link.isInherited ? base?.unit ?? "" : Self.unit(link.element)
    }
    if let link = chain.encoding {
      if link.isInherited, let base {
        (type.encoding, type.calibration) = (base.encoding, base.calibration)
      } else {
        type.encoding = readEncoding(link)
        type.calibration = readCalibration(link, type.kind)
      }
    }
    switch type.kind {
    case .absoluteTime: readAbsoluteTime(of: &type, chain)
    case .relativeTime: readRelativeTime(of: &type, chain)
    case .array(let element, _): readDimensions(of: &type, element, chain)
    case .aggregate(let members): countValues(of: members, chain)
    case .integer, .float: type.validRange = readValidRange(chain)
    case .enumerated, .boolean, .string, .binary: break
    }
    type.alarms = readAlarms(chain, type.kind)
  }

  // MARK: Units

  /// All units of the engineering value, those with a negative power behind a slash.
  private static func unit(_ set: XMLElement) -> String {
    var above: [String] = []
    var below: [String] = []
    for unit in set.children where unit.name == "Unit" && (unit["form"] ?? "calibrated") == "calibrated" {
      guard !unit.text.isEmpty else { continue }
      let factor = unit["factor"].map(Literal.trimmed).flatMap { $0 == "1" || $0.isEmpty ? nil : "\($0) " } ?? ""
      let power = unit["power"].flatMap(Literal.number) ?? 1
      let exponent = power.magnitude == 1 ? "" : "^\(shortest(power.magnitude))"
      let text = "\(factor)\(unit.text)\(exponent)"
      if power < 0 { below.append(text) } else { above.append(text) }
    }
    if below.isEmpty { return above.joined(separator: " ") }
    return "\(above.isEmpty ? "1" : above.joined(separator: " "))/\(below.joined(separator: "/"))"
  }

  private static func shortest(_ number: Double) -> String {
    Int(exactly: number).map(String.init) ?? "\(number)"
  }

  // MARK: Ranges

  private func readValidRange(_ chain: TypeChain) -> ValidRange? {
    guard let element = validRange(chain) else { return nil }
    // XTCE 1.1 says it at the type; the second spelling is that of drafts of 1.2.
    let name = "validRangeAppliesToCalibrated"
    let set = chain.child("ValidRangeSet")?.element
    let (owner, attribute) =
      element["rangeAppliesToCalibrated"] != nil
      ? (element, "rangeAppliesToCalibrated")
      : (element[name] != nil ? element : set?[name] != nil ? set ?? element : chain.owner(name), name)
    guard let range = readRange(element), let applies = boolean(attribute, of: owner, default: true) else { return nil }
    return ValidRange(range: range, appliesToCalibrated: applies)
  }

  /// The range, or the one in a set of them.
  private func validRange(_ chain: TypeChain) -> XMLElement? {
    guard let link = chain.child(where: { $0 == "ValidRange" || $0 == "ValidRangeSet" }) else { return nil }
    guard link.element.name == "ValidRangeSet" else { return link.element }
    let ranges = link.element.children.filter { $0.name == "ValidRange" }
    if ranges.count > 1 { refuse(ranges[1], "more than one range of valid values is not supported") }
    return ranges.first
  }

  /// At most one minimum and one maximum, each inclusive or exclusive.
  func readRange(_ element: XMLElement) -> ValueRange? {
    var range = ValueRange()
    for (attribute, isMinimum, isInclusive) in Self.rangeEnds where element[attribute] != nil {
      guard let value = number(attribute, of: element) else { return nil }
      guard (isMinimum ? range.minimum : range.maximum) == nil else {
        refuse(element, "it has an inclusive and an exclusive \(isMinimum ? "minimum" : "maximum")")
        return nil
      }
      if isMinimum {
        (range.minimum, range.includesMinimum) = (value, isInclusive)
      } else {
        (range.maximum, range.includesMaximum) = (value, isInclusive)
      }
    }
    if let minimum = range.minimum, let maximum = range.maximum, minimum > maximum {
      refuse(element, "its minimum \(minimum) is greater than its maximum \(maximum)")
      return nil
    }
    return range
  }

  private static var rangeEnds: [(attribute: String, isMinimum: Bool, isInclusive: Bool)] {
    [
      ("minInclusive", true, true), ("minExclusive", true, false), ("maxInclusive", false, true),
      ("maxExclusive", false, false),
    ]
  }

  // MARK: Parts

  private func countValues(of members: [AggregateMember], _ chain: TypeChain) {
    guard members.allSatisfy({ types[$0.type.value] != nil }) else { return failSilently() }
    setValueCount(members.reduce(0) { saturated($0, plus: valueCountOfType[$1.type.value]) }, chain)
  }

  private func readDimensions(of type: inout ParameterType, _ element: TypeIndex, _ chain: TypeChain) {
    guard types[element.value] != nil else { return failSilently() }
    guard let list = chain.child("DimensionList") else { return }
    let dimensions: [ArrayDimension]
    if list.isInherited, case .array(_, let inherited) = base(chain)?.kind {
      dimensions = inherited
    } else {
      guard let own = readDimensionList(list.element, from: list.system) else { return }
      dimensions = own
    }
    type.kind = .array(element: element, dimensions: dimensions)
    setValueCount(saturated(valueCountOfType[element.value], times: elementCount(dimensions)), chain)
  }

  /// Nothing is for nothing: each part costs time, even one without values.
  private func setValueCount(_ valueCount: Int, _ chain: TypeChain) {
    guard case .type(let declaration) = subject, let place = places.types[declaration],
      count(valueCount, isAcceptableFor: chain.own.element)
    else { return }
    valueCountOfType[place] = max(1, valueCount)
  }

  func readDimensionList(_ list: XMLElement, from system: Int) -> [ArrayDimension]? {
    var dimensions: [ArrayDimension] = []
    for element in list.children where element.name == "Dimension" {
      guard let start = element.child("StartingIndex"), let end = element.child("EndingIndex") else {
        refuse(element, "it has no <StartingIndex> with an <EndingIndex>")
        return nil
      }
      guard let first = readIntegerValue(start, from: system, in: 0...Limits.valueCount),
        let last = readIntegerValue(end, from: system, in: 0...Limits.valueCount)
      else { return nil }
      if case .fixed(let first) = first, case .fixed(let last) = last, last < first {
        refuse(element, "its <EndingIndex> \(last) is less than its <StartingIndex> \(first)")
        return nil
      }
      dimensions.append(ArrayDimension(startingIndex: first, endingIndex: last))
    }
    return dimensions
  }

  /// How many elements there are, where that is written down; one for each dimension that a packet says.
  func elementCount(_ dimensions: [ArrayDimension]) -> Int {
    dimensions.reduce(1) { count, dimension in
      guard case .fixed(let first) = dimension.startingIndex, case .fixed(let last) = dimension.endingIndex else {
        return count
      }
      return saturated(count, times: last - first + 1)
    }
  }
}
