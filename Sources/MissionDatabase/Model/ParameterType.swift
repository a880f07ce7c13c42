/// How the bits of a parameter become a value that a person reads.
package struct ParameterType: Hashable, Sendable {
  /// From the outermost space system on.
  package var path: String
  package var kind: EngineeringKind
  /// Absent for aggregates and arrays, and for parameters that no packet holds.
  package var encoding: DataEncoding?
  /// As it is displayed, such as `m/s^2`; empty without one.
  package var unit: String
  package var calibration: Calibration
  package var validRange: ValidRange?
  /// Absent where the type describes no alarm.
  package var alarms: AlarmRules?
  package var place: DatabasePlace

  package init(path: String, kind: EngineeringKind, encoding: DataEncoding?, place: DatabasePlace) {
    self.path = path
    self.kind = kind
    self.encoding = encoding
    self.place = place
    unit = ""
    calibration = Calibration()
    validRange = nil
    alarms = nil
  }
}

/// What kind of value a parameter has for a person.
package enum EngineeringKind: Hashable, Sendable {
  case integer(isSigned: Bool, bitCount: Int)
  case float(bitCount: Int)
  case enumerated([EnumeratedRange])
  case boolean(one: String, zero: String)
  case string
  case binary
  case absoluteTime(AbsoluteTimeScale)
  /// Seconds: scale · raw + offset.
  case relativeTime(scale: Double, offset: Double)
  case aggregate([AggregateMember])
  case array(element: TypeIndex, dimensions: [ArrayDimension])
}

/// The values of an enumeration that have one label.
package struct EnumeratedRange: Hashable, Sendable {
  package var label: String
  package var values: ClosedRange<Int64>

  package init(label: String, values: ClosedRange<Int64>) {
    self.label = label
    self.values = values
  }
}

/// A part of an aggregate.
package struct AggregateMember: Hashable, Sendable {
  package var name: String
  package var type: TypeIndex

  package init(name: String, type: TypeIndex) {
    self.name = name
    self.type = type
  }
}

/// One dimension of an array, both ends included.
package struct ArrayDimension: Hashable, Sendable {
  package var startingIndex: IntegerValue
  package var endingIndex: IntegerValue

  package init(startingIndex: IntegerValue, endingIndex: IntegerValue) {
    self.startingIndex = startingIndex
    self.endingIndex = endingIndex
  }
}

/// An integer that is written down, or that a packet says.
package enum IntegerValue: Hashable, Sendable {
  case fixed(Int)
  /// slope · value + intercept.
  case dynamic(ParameterReference, slope: Int, intercept: Int, usesCalibrated: Bool)
  /// The first whose condition holds, else the default, else it cannot be decoded.
  case lookup([DiscreteLookup], defaultValue: Int?)
}

/// An integer that holds under a condition.
package struct DiscreteLookup: Hashable, Sendable {
  package var value: Int
  package var criterion: Criterion

  package init(value: Int, criterion: Criterion) {
    self.value = value
    self.criterion = criterion
  }
}

/// A time on board: seconds = scale · raw + offset, counted from where `origin` says.
package struct AbsoluteTimeScale: Hashable, Sendable {
  /// Where a time begins.
  package enum Origin: Hashable, Sendable {
    /// Seconds since 1958-01-01T00:00:00 TAI of the instant, and nanoseconds of them; whether the count has leap
    /// seconds in it, as those of TAI and GPS have, or leaves them out, as UNIX time does.
    case epoch(seconds: Int64, nanoseconds: Int, isUniform: Bool)
    /// Another time of the same packet.
    case offset(from: ParameterReference)
    /// No origin is written down: seconds without a date.
    case unknown
  }

  package var scale: Double
  package var offset: Double
  package var origin: Origin

  package init(scale: Double, offset: Double, origin: Origin) {
    self.scale = scale
    self.offset = offset
    self.origin = origin
  }
}

/// Outside of this a value is invalid.
package struct ValidRange: Hashable, Sendable {
  package var range: ValueRange
  /// Whether the engineering value is meant, and not the raw one.
  package var appliesToCalibrated: Bool

  package init(range: ValueRange, appliesToCalibrated: Bool) {
    self.range = range
    self.appliesToCalibrated = appliesToCalibrated
  }
}

/// A range of numbers; an absent end is infinite.
package struct ValueRange: Hashable, Sendable {
  package var minimum: Double?
  package var includesMinimum: Bool
  package var maximum: Double?
  package var includesMaximum: Bool

  package init(
    minimum: Double? = nil, includesMinimum: Bool = true, maximum: Double? = nil, includesMaximum: Bool = true
  ) {
    self.minimum = minimum
    self.includesMinimum = includesMinimum
    self.maximum = maximum
    self.includesMaximum = includesMaximum
  }

  /// Whether a number lies in the range; what is no number lies in none.
  package func contains(_ value: Double) -> Bool {
    if value.isNaN { return false }
    if let minimum, includesMinimum ? value < minimum : value <= minimum { return false }
    if let maximum, includesMaximum ? value > maximum : value >= maximum { return false }
    return true
  }
}
