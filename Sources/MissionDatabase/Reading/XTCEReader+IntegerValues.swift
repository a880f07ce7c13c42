/// Numbers that are written down, or that a packet says.
extension XTCEReader {
  /// The number in an element: `FixedValue`, `DynamicValue` or `DiscreteLookupList`.
  ///
  /// - Parameter range: What a number that is written down may be.
  func readIntegerValue(
    _ element: XMLElement, from system: Int, in range: ClosedRange<Int>
  ) -> IntegerValue? {
    for child in element.children {
      switch child.name {
      case "FixedValue": return integer(child.text, "it", of: child, in: range).map(IntegerValue.fixed)
      // Some databases put what is fixed as they do it for texts.
      case "Fixed": return readIntegerValue(child, from: system, in: range)
      case "DynamicValue": return readDynamicValue(child, system)
      case "DiscreteLookupList": return readLookup(child, system, range)
      default: continue
      }
    }
    refuse(element, "it has no <FixedValue>, <DynamicValue> or <DiscreteLookupList>")
    return nil
  }

  private func readDynamicValue(_ element: XMLElement, _ system: Int) -> IntegerValue? {
    guard let reference = element.child("ParameterInstanceRef") else {
      refuse(element, "it has no <ParameterInstanceRef>")
      return nil
    }
    guard let instance = readInstance(reference, from: system) else { return nil }
    guard isNumber(instance, reference) else { return nil }
    var (slope, intercept) = (1, 0)
    if let adjustment = element.child("LinearAdjustment") {
      if adjustment["slope"] == nil { warn(adjustment, "it has no `slope`; 1 is taken") }
      guard let first = wholeNumber("slope", of: adjustment, default: 1),
        let second = wholeNumber("intercept", of: adjustment, default: 0)
      else { return nil }
      (slope, intercept) = (first, second)
    }
    return .dynamic(
      instance.target.reference, slope: slope, intercept: intercept, usesCalibrated: instance.usesCalibrated)
  }

  private func readLookup(
    _ element: XMLElement, _ system: Int, _ range: ClosedRange<Int>
  ) -> IntegerValue? {
    var lookups: [DiscreteLookup] = []
    for child in element.children where child.name == "DiscreteLookup" {
      guard let value = integer("value", of: child, in: range), let criterion = readCriterion(child, from: system)
      else { continue }
      lookups.append(DiscreteLookup(value: value, criterion: criterion))
    }
    guard element["defaultValue"] != nil else { return .lookup(lookups, defaultValue: nil) }
    return integer("defaultValue", of: element, in: range).map { .lookup(lookups, defaultValue: $0) }
  }

  /// A number that is written as one that may have a fraction, and has none.
  private func wholeNumber(_ attribute: String, of element: XMLElement, default standard: Int) -> Int? {
    guard let value = number(attribute, of: element, default: Double(standard)) else { return nil }
    guard let whole = Int(exactly: value), whole.magnitude <= Limits.adjustment else {
      refuse(element, "`\(attribute)` is \(value), and only whole numbers up to \(Limits.adjustment) are supported")
      return nil
    }
    return whole
  }
}
