/// How a raw number becomes a time: seconds = scale · raw + offset, from an origin on.
struct TimeScaling: Sendable {
  /// Where a time begins.
  enum Origin: Sendable {
    /// Nanoseconds since 1958-01-01T00:00:00 TAI.
    case uniform(nanoseconds: Int64)
    /// Nanoseconds since 1970-01-01T00:00:00 UTC, from which on leap seconds are left out.
    case coordinated(unixNanoseconds: Int64)
    /// The place in `memories` of another time.
    case memory(Int32)
    case unknown
  }

  /// The scale, so that no digit is lost where a raw number counts whole or binary parts of a second.
  enum Scale: Sendable {
    /// Nanoseconds in each count.
    case nanoseconds(Int64)
    /// Counts in a second: two to this power, up to 62.
    case binary(Int)
    case seconds(Double)
  }

  var origin: Origin
  var scale: Scale
  /// In seconds.
  var offset: Double

  init(origin: Origin, scale: Double, offset: Double) {
    self.origin = origin
    self.scale = Self.exact(scale)
    self.offset = offset
  }

  /// Nanoseconds from the origin on; nil where they do not fit, or where the number is none.
  func nanoseconds(_ raw: RawNumber) -> Int64? {
    guard let shift = Self.nanoseconds(seconds: offset) else { return nil }
    switch (scale, raw.integer) {
    case (.nanoseconds(let factor), let count?):
      let (product, overflows) = count.multipliedReportingOverflow(by: factor)
      return overflows ? nil : Self.sum(product, shift)
    case (.binary(let exponent), let count?):
      // Rounded down, as a clock shows it.
      let seconds = count >> Int64(exponent)
      let rest = UInt64(count & (1 << Int64(exponent) - 1))
      let (whole, overflows) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
      let (high, low) = rest.multipliedFullWidth(by: 1_000_000_000)
      let part = exponent == 0 ? low : high << UInt64(64 - exponent) | low >> UInt64(exponent)
      return overflows ? nil : Self.sum(whole, Int64(part)).flatMap { Self.sum($0, shift) }
    case (.nanoseconds(let factor), nil):
      return Self.nanoseconds(seconds: raw.value * Double(factor) / 1e9 + offset)
    case (.binary(let exponent), nil):
      return Self.nanoseconds(seconds: raw.value / Double(1 << Int64(exponent)) + offset)
    case (.seconds(let factor), _): return Self.nanoseconds(seconds: raw.value * factor + offset)
    }
  }

  /// The seconds themselves, where no origin is known.
  func seconds(_ raw: RawNumber) -> Double {
    switch scale {
    case .nanoseconds(let factor): raw.value * Double(factor) / 1e9 + offset
    case .binary(let exponent): raw.value / Double(1 << Int64(exponent)) + offset
    case .seconds(let factor): raw.value * factor + offset
    }
  }

  /// Whole and broken seconds apart, so that neither takes digits from the other.
  static func nanoseconds(seconds: Double) -> Int64? {
    let whole = seconds.rounded(.down)
    guard let count = Int64(exactly: whole) else { return nil }
    let (product, overflows) = count.multipliedReportingOverflow(by: 1_000_000_000)
    return overflows ? nil : sum(product, Int64(((seconds - whole) * 1e9).rounded()))
  }

  /// The sum; nil where it is too large.
  static func sum(_ left: Int64, _ right: Int64) -> Int64? {
    let (sum, overflows) = left.addingReportingOverflow(right)
    return overflows ? nil : sum
  }

  private static func exact(_ scale: Double) -> Scale {
    // A multiple of a nanosecond, such as a second, a millisecond or a microsecond, whatever its last bit says.
    let nanoseconds = scale * 1e9
    let rounded = nanoseconds.rounded()
    if rounded >= 1, rounded < 1e18, abs(nanoseconds - rounded) <= rounded * 1e-15, let factor = Int64(exactly: rounded)
    {
      return .nanoseconds(factor)
    }
    if scale > 0, scale < 1, scale.significand == 1, (-62...(-1)).contains(Int(scale.exponent)) {
      return .binary(-Int(scale.exponent))
    }
    return .seconds(scale)
  }
}
