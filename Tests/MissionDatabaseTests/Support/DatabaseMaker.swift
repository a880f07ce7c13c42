import MissionDatabase

/// Builds small databases by hand.
struct DatabaseMaker {
  var database = MissionDatabase(name: "SAT")

  static let place = DatabasePlace(file: "sat.xml", line: 1, column: 1)

  // MARK: Types

  mutating func type(
    _ kind: EngineeringKind, _ encoding: DataEncoding?, _ adjust: (inout ParameterType) -> Void = { _ in }
  ) -> TypeIndex {
    var type = ParameterType(
      path: "/SAT/type\(database.types.count)", kind: kind, encoding: encoding, place: Self.place)
    adjust(&type)
    database.types.append(type)
    return TypeIndex(database.types.count - 1)
  }

  mutating func unsigned(_ bitCount: Int, _ adjust: (inout ParameterType) -> Void = { _ in }) -> TypeIndex {
    type(
      .integer(isSigned: false, bitCount: bitCount),
      .integer(IntegerEncoding(bitCount: bitCount, representation: .unsigned)), adjust)
  }

  mutating func signed(_ bitCount: Int, _ adjust: (inout ParameterType) -> Void = { _ in }) -> TypeIndex {
    type(
      .integer(isSigned: true, bitCount: bitCount),
      .integer(IntegerEncoding(bitCount: bitCount, representation: .twosComplement)), adjust)
  }

  /// A floating-point number made of an unsigned integer by a calibrator.
  mutating func calibrated(_ bitCount: Int, _ calibrator: Calibrator) -> TypeIndex {
    type(.float(bitCount: 64), .integer(IntegerEncoding(bitCount: bitCount, representation: .unsigned))) {
      $0.calibration.standard = calibrator
    }
  }

  mutating func enumerated(_ bitCount: Int, _ labels: [(String, ClosedRange<Int64>)]) -> TypeIndex {
    type(
      .enumerated(labels.map { EnumeratedRange(label: $0.0, values: $0.1) }),
      .integer(IntegerEncoding(bitCount: bitCount, representation: .unsigned)))
  }

  mutating func string(_ bitCount: IntegerValue?, maximum: Int = 524_336, _ ending: StringEncoding.Ending) -> TypeIndex
  {
    type(
      .string,
      .string(StringEncoding(characters: .utf8, bitCount: bitCount, maximumBitCount: maximum, ending: ending)))
  }

  mutating func binary(_ bitCount: IntegerValue) -> TypeIndex { type(.binary, .binary(bitCount: bitCount)) }

  // MARK: Parameters and containers

  mutating func parameter(_ name: String, _ type: TypeIndex, aliases: [String] = []) -> ParameterIndex {
    database.parameters.append(Parameter(path: "/SAT/\(name)", aliases: aliases, type: type, place: Self.place))
    return ParameterIndex(database.parameters.count - 1)
  }

  mutating func container(
    _ name: String, _ entries: [Entry], isAbstract: Bool = false, base: ContainerIndex? = nil,
    _ criterion: Criterion? = nil
  ) -> ContainerIndex {
    var container = Container(path: "/SAT/\(name)", isAbstract: isAbstract, place: Self.place)
    container.entries = entries
    if let base { container.base = BaseContainer(container: base, criterion: criterion) }
    database.containers.append(container)
    return ContainerIndex(database.containers.count - 1)
  }

  /// A container of parameters of unsigned integers of these sizes, one behind the other, called A, B, C …
  mutating func integers(_ bitCounts: [Int]) -> [ParameterIndex] {
    bitCounts.enumerated().map { index, bitCount in
      let type = unsigned(bitCount)
      return parameter(String(UnicodeScalar(UInt8(65 + index))), type)
    }
  }
}

/// An entry of a parameter.
func entry(
  _ parameter: ParameterIndex, _ location: Entry.Location = .behindPrevious(.fixed(0)), if condition: Criterion? = nil,
  times repetition: Repetition? = nil
) -> Entry {
  entry(.parameter(parameter), location, if: condition, times: repetition)
}

/// An entry of anything.
func entry(
  _ content: Entry.Content, _ location: Entry.Location = .behindPrevious(.fixed(0)), if condition: Criterion? = nil,
  times repetition: Repetition? = nil
) -> Entry {
  var entry = Entry(content, location: location, place: DatabaseMaker.place)
  entry.condition = condition
  entry.repetition = repetition
  return entry
}

/// A raw value against an integer.
func raw(_ parameter: ParameterIndex, _ relation: Comparison.Relation, _ value: Int64) -> Criterion {
  .comparison(Comparison(ParameterReference(parameter), usesCalibrated: false, relation, .integer(value)))
}

/// An engineering value against a text.
func text(_ parameter: ParameterIndex, _ relation: Comparison.Relation, _ value: String) -> Criterion {
  .comparison(Comparison(ParameterReference(parameter), usesCalibrated: true, relation, .text(value)))
}

/// The raw value of another parameter, times eight.
func octets(_ parameter: ParameterIndex) -> IntegerValue {
  .dynamic(ParameterReference(parameter), slope: 8, intercept: 0, usesCalibrated: false)
}

/// The raw value of another parameter.
func value(_ parameter: ParameterIndex, plus intercept: Int = 0) -> IntegerValue {
  .dynamic(ParameterReference(parameter), slope: 1, intercept: intercept, usesCalibrated: false)
}
