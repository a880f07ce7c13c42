/// Parts of a database in a few words.
struct DatabaseWords {
  private let database: MissionDatabase

  init(_ database: MissionDatabase) { self.database = database }

  // MARK: Types

  /// What kind of value a type has.
  func kind(of type: ParameterType, dimensions: [ArrayDimension]? = nil) -> String {
    switch type.kind {
    case .integer: "integer"
    case .float: "float"
    case .enumerated(let ranges): "enumeration of \(ranges.count)"
    case .boolean: "boolean"
    case .string: "text"
    case .binary: "bytes"
    case .absoluteTime: "time"
    case .relativeTime: "duration"
    case .aggregate(let members): "aggregate of \(members.count)"
    case .array(let element, let own):
      "\(kind(of: database.types[element.value])) \((dimensions ?? own).map { text(of: $0) }.joined())"
    }
  }

  /// The type of the elements of an array, or the type itself.
  func element(of index: TypeIndex) -> ParameterType {
    var type = database.types[index.value]
    while case .array(let element, _) = type.kind { type = database.types[element.value] }
    return type
  }

  func text(of encoding: DataEncoding) -> String {
    switch encoding {
    case .integer(let encoding): "\(word(for: encoding.representation))\(text(of: encoding.order))"
    case .float(let encoding):
      "\(encoding.representation == .ieee754 ? "IEEE 754" : "MIL-STD-1750A")\(text(of: encoding.order))"
    case .string(let encoding): text(of: encoding)
    case .binary(let bitCount): text(ofSize: bitCount).map { "bytes, \($0) bits" } ?? "bytes"
    }
  }

  private func word(for representation: IntegerEncoding.Representation) -> String {
    switch representation {
    case .unsigned: "unsigned"
    case .twosComplement: "two's complement"
    case .signMagnitude: "sign and magnitude"
    case .onesComplement: "ones' complement"
    case .bcd: "BCD"
    case .packedBCD: "packed BCD"
    }
  }

  private func text(of order: BitAndByteOrder) -> String {
    let bits = order.isLeastSignificantBitFirst ? ", least significant bit first" : ""
    guard let octets = order.octets else { return bits }
    let isLittleEndian = octets == octets.indices.map { UInt8($0) }
    return (isLittleEndian ? ", little-endian" : ", bytes \(octets.map(String.init).joined(separator: ","))") + bits
  }

  private func text(of encoding: StringEncoding) -> String {
    let characters =
      switch encoding.characters {
      case .usASCII: "US-ASCII"
      case .iso8859Latin1: "ISO 8859-1"
      case .windows1252: "Windows-1252"
      case .utf8: "UTF-8"
      case .utf16(let isBigEndian): isBigEndian ? "UTF-16BE" : "UTF-16LE"
      }
    let ending =
      switch encoding.ending {
      case .whole: ""
      case .terminator(let octets): ", until \(hexadecimal(octets))"
      case .leadingSize(let bitCount): ", size in \(bitCount) bits before it"
      }
    let size = encoding.bitCount.flatMap(text(ofSize:)).map { ", \($0) bits" } ?? ""
    return "\(characters)\(ending)\(size)"
  }

  /// A size that a packet says; nothing where it is written down, for it stands in a column of its own.
  private func text(ofSize value: IntegerValue) -> String? { if case .fixed = value { nil } else { text(of: value) } }

  // MARK: Calibrators

  func text(of calibration: Calibration) -> String {
    let standard = calibration.standard.map { text(of: $0) } ?? ""
    guard !calibration.contexts.isEmpty else { return standard }
    return "\(standard.isEmpty ? "x" : standard), \(calibration.contexts.count) by context"
  }

  func text(of calibrator: Calibrator) -> String {
    switch calibrator {
    case .polynomial(let terms): return polynomial(terms)
    case .spline(let points, let order, let extrapolates):
      let range = "\(number(points.first?.raw ?? 0)) to \(number(points.last?.raw ?? 0))"
      return "\(order == 0 ? "steps" : "lines") through \(points.count) points from \(range)"
        + (extrapolates ? " and beyond" : "")
    case .mathOperation(let steps): return infix(steps)
    }
  }

  /// The calibrators of a type, and what becomes of their result.
  func calibration(of type: ParameterType) -> String {
    let text = text(of: type.calibration)
    return text.isEmpty ? "" : text + rounding(of: type)
  }

  /// What is to be said behind a calibrator: the number that comes out of it may have to be a whole one.
  func rounding(of type: ParameterType) -> String {
    if case .integer = type.kind { ", rounded to an integer" } else { "" }
  }

  private func polynomial(_ terms: [PolynomialTerm]) -> String {
    var text = ""
    for term in terms.sorted(by: { $0.exponent < $1.exponent }) where term.coefficient != 0 || terms.count == 1 {
      let sign = term.coefficient < 0 ? (text.isEmpty ? "-" : " - ") : (text.isEmpty ? "" : " + ")
      let power = term.exponent == 0 ? "" : term.exponent == 1 ? "x" : "x^\(term.exponent)"
      let factor = term.coefficient.magnitude == 1 && !power.isEmpty ? "" : number(term.coefficient.magnitude)
      text += "\(sign)\([factor, power].filter { !$0.isEmpty }.joined(separator: " "))"
    }
    return text.isEmpty ? "0" : text
  }

  func name(of reference: ParameterReference, usesCalibrated: Bool) -> String {
    "\(name(of: reference))\(usesCalibrated ? "" : " (raw)")"
  }

  // MARK: Conditions

  func text(of criterion: Criterion) -> String { text(of: criterion, isInner: false) }

  private func text(of criterion: Criterion, isInner: Bool) -> String {
    let text: String
    switch criterion {
    case .comparison(let comparison): return self.text(of: comparison)
    case .all(let criteria): text = criteria.map { self.text(of: $0, isInner: true) }.joined(separator: " and ")
    case .any(let criteria): text = criteria.map { self.text(of: $0, isInner: true) }.joined(separator: " or ")
    case .exclusive(let left, let right):
      text = "either \(self.text(of: left, isInner: true)) or \(self.text(of: right, isInner: true))"
    }
    return isInner ? "(\(text))" : text
  }

  private func text(of comparison: Comparison) -> String {
    let operand =
      switch comparison.operand {
      case .integer(let value): "\(value)"
      case .unsigned(let value): "\(value)"
      case .float(let value): number(value)
      case .text(let value): "\"\(value.shortened)\""
      case .octets(let value): hexadecimal(value)
      case .parameter(let reference, let usesCalibrated): name(of: reference, usesCalibrated: usesCalibrated)
      }
    return "\(name(of: comparison.parameter)) \(comparison.relation.rawValue) \(operand)"
  }

  // MARK: Places and numbers

  /// A parameter or a part of it, without the space systems around it.
  func name(of reference: ParameterReference) -> String {
    let parameter = database.parameters[reference.parameter.value]
    var name = String(parameter.name)
    var type = database.types[parameter.type.value]
    for step in reference.steps {
      switch (step, type.kind) {
      case (.member(let index), .aggregate(let members)):
        name += ".\(members[index].name)"
        type = database.types[members[index].type.value]
      case (.element(let index), .array(let element, _)):
        name += "[\(index)]"
        type = database.types[element.value]
      case (.element(let index), _): name += "[\(index)]"
      case (.member, _): break
      }
    }
    return name
  }

  /// Where an entry begins that is not at the same bit of all packets.
  func position(of location: Entry.Location) -> String {
    switch location {
    case .behindPrevious(.fixed(0)): ""
    case .behindPrevious(let value): "+\(text(of: value))"
    case .fromStart(let value): text(of: value)
    case .beforeEnd(let value): "end-\(text(of: value))"
    case .beforeNext(let value): "next-\(text(of: value))"
    }
  }

  func text(of repetition: Repetition) -> String {
    if case .fixed(0) = repetition.offset { return "\(text(of: repetition.count)) times" }
    return "\(text(of: repetition.count)) times, \(text(of: repetition.offset)) bits between"
  }

  private func text(of dimension: ArrayDimension) -> String {
    if case .fixed(0) = dimension.startingIndex, case .fixed(let last) = dimension.endingIndex {
      return "[\(last + 1)]"
    }
    return "[\(text(of: dimension.startingIndex))...\(text(of: dimension.endingIndex))]"
  }

  private func text(of value: IntegerValue) -> String {
    switch value {
    case .fixed(let value): return "\(value)"
    case .dynamic(let reference, let slope, let intercept, _):
      let factor = slope == 1 ? "" : "\(slope) × "
      let rest = intercept == 0 ? "" : intercept < 0 ? " − \(intercept.magnitude)" : " + \(intercept)"
      return "\(factor)\(name(of: reference))\(rest)"
    case .lookup(let lookups, _): return "one of \(lookups.count)"
    }
  }

  func number(_ value: Double) -> String { Self.number(value) }

  static func number(_ value: Double) -> String {
    Int(exactly: value).map { $0.magnitude < 1_000_000_000_000_000 ? "\($0)" : "\(value)" } ?? "\(value)"
  }

  private func hexadecimal(_ octets: [UInt8]) -> String {
    "0x" + octets.prefix(16).map { $0 < 16 ? "0\(String($0, radix: 16))" : String($0, radix: 16) }.joined()
      + (octets.count > 16 ? "…" : "")
  }
}
