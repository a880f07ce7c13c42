/// A unit that may follow a number, and how many of the base unit it is.
private struct Unit {
  var name: String
  var factor: Double
}

extension StationDecoder {
  private static let durationUnits = [
    Unit(name: "ms", factor: 0.001), Unit(name: "s", factor: 1), Unit(name: "m", factor: 60),
    Unit(name: "h", factor: 3600), Unit(name: "d", factor: 86_400),
  ]
  private static let sizeUnits = [
    Unit(name: "KiB", factor: 1024), Unit(name: "MiB", factor: 1_048_576), Unit(name: "GiB", factor: 1_073_741_824),
  ]

  /// A duration in seconds: a number of seconds, or a number with `ms`, `s`, `m`, `h` or `d`.
  mutating func seconds(_ key: String, in section: Section, _ range: ClosedRange<Double>) -> Double? {
    quantity(
      key, in: section, range, wanted: "a duration", example: "seconds, or such as 90s, 5m or 1h", Self.durationUnits)
  }

  /// A size in bytes: a whole number, or a number with `KiB`, `MiB` or `GiB`.
  mutating func byteCount(_ key: String, in section: Section, _ range: ClosedRange<Int>) -> Int? {
    let bounds = Double(range.lowerBound)...Double(range.upperBound)
    let size = quantity(
      key, in: section, bounds, wanted: "a size", example: "bytes, or such as 512KiB, 64MiB or 1GiB", Self.sizeUnits)
    return size.map { Int($0) }
  }

  private mutating func quantity(
    _ key: String, in section: Section, _ range: ClosedRange<Double>, wanted: String, example: String, _ units: [Unit]
  ) -> Double? {
    guard let node = section.value(key) else { return nil }
    let path = section.path(key)
    guard let (word, isPlain) = scalar(node, path: path, wanted: wanted) else { return nil }
    var refusal = (message: "\(path) must be \(wanted), not \(node.kindName)", hint: "write \(example)")
    var value: Double?
    switch ScalarReading(word) {
    case .integer(let number): value = Double(number)
    case .decimal(let number): value = number
    case .refusedNumber(let message, let hint): refusal = (message, hint)
    case .text: value = Self.split(word, units)
    case .null: refusal = ("\(path) has no value", "write \(example), or leave the key out")
    case .boolean, .refusedBoolean: break
    }
    if let number = value {
      if !isPlain, word.utf8.allSatisfy({ $0 < 0x3A }) {
        refusal = ("'\(word.shortened)' in quotes is a text", "write \(word.shortened) without quotes")
      } else if range.contains(number) {
        return number
      } else {
        let bounds = "\(Self.brief(range.lowerBound, units))...\(Self.brief(range.upperBound, units))"
        refusal = ("\(path) is \(word.shortened), which is not in \(bounds)", "write \(example), in \(bounds)")
      }
    }
    problems.report(refusal.message, at: node.mark, path: path, hint: refusal.hint)
    return nil
  }

  /// A number and its unit, in the base unit.
  private static func split(_ word: String, _ units: [Unit]) -> Double? {
    guard word.utf8.count <= 40 else { return nil }
    let number = word.prefix { "0123456789.".contains($0) }
    let name = word[number.endIndex...].drop { $0 == " " }
    guard let unit = units.first(where: { $0.name == name }) else { return nil }
    switch ScalarReading(String(number)) {
    case .integer(let value): return Double(value) * unit.factor
    case .decimal(let value): return value * unit.factor
    case .refusedNumber, .boolean, .refusedBoolean, .null, .text: return nil
    }
  }

  /// A whole bound in the largest unit that keeps it whole.
  private static func brief(_ bound: Double, _ units: [Unit]) -> String {
    let value = Int(bound)
    let unit = units.last { $0.factor >= 1 && value > 0 && value % Int($0.factor) == 0 }
    return unit.map { "\(value / Int($0.factor))\($0.name)" } ?? "\(value)"
  }
}
