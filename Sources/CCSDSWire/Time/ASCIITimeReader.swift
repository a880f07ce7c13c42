/// Reads the characters of an ASCII time code, one after the other.
///
/// Standard: CCSDS 301.0-B-4 §3.5.
struct ASCIITimeReader: ~Escapable {
  private let text: RawSpan
  /// Where the text stands in the time that it is part of.
  private let origin: Int
  private var offset = 0
  private var fields = ASCIITimeFields()

  @_lifetime(copy text)
  init(_ text: RawSpan, at origin: Int) {
    self.text = text
    self.origin = origin
  }

  /// All of the text, up to its end.
  @_lifetime(self: copy self)
  mutating func readAll() throws(TimeCodeError) -> ASCIITimeFields {
    if isTime {
      try readTime()
    } else {
      try readCalendar()
      if peek(0) == Int64(ASCIITimeCode.Character.separator) {
        // Only a calendar whose last field is there can be joined.
        guard fields.day != nil || fields.dayOfYear != nil else { throw unexpected(.separator, .end) }
        offset += 1
        // ... and only to a time whose first is there.
        guard Self.isDigit(peek(0)) else { throw unexpected(.hour, .digit) }
        try readTime()
      }
    }
    if peek(0) == Int64(ASCIITimeCode.Character.terminator) { offset += 1 }
    guard peek(0) == TimeCodeError.end else { throw unexpected(.terminator, .end) }
    return fields
  }

  /// Whether it begins with a time and not a calendar: a colon, or less than four digits.
  private var isTime: Bool {
    peek(0) == Int64(ASCIITimeCode.Character.colon) || (Self.isDigit(peek(0)) && !Self.isDigit(peek(2)))
  }

  // MARK: Fields

  @_lifetime(self: copy self)
  private mutating func readCalendar() throws(TimeCodeError) {
    if peek(0) != Int64(ASCIITimeCode.Character.hyphen) {
      fields.offsets.year = origin + offset
      fields.year = try number(.year, digitCount: 4)
    }
    guard takes(ASCIITimeCode.Character.hyphen) else { return }
    fields.offsets.month = origin + offset
    fields.offsets.day = origin + offset
    if peek(0) != Int64(ASCIITimeCode.Character.hyphen) {
      guard !Self.isDigit(peek(2)) else {
        fields.dayOfYear = try number(.dayOfYear, digitCount: 3)
        return
      }
      fields.month = try number(.month, digitCount: 2)
    } else if fields.year != nil {
      // Nothing is left out in the middle.
      throw unexpected(.month, .digit)
    }
    guard takes(ASCIITimeCode.Character.hyphen) else { return }
    fields.offsets.day = origin + offset
    fields.day = try number(.dayOfMonth, digitCount: 2)
  }

  @_lifetime(self: copy self)
  private mutating func readTime() throws(TimeCodeError) {
    fields.offsets.hour = origin + offset
    if peek(0) != Int64(ASCIITimeCode.Character.colon) { fields.hour = try number(.hour, digitCount: 2) }
    guard takes(ASCIITimeCode.Character.colon) else { return }
    fields.offsets.minute = origin + offset
    if peek(0) != Int64(ASCIITimeCode.Character.colon) {
      fields.minute = try number(.minute, digitCount: 2)
    } else if fields.hour != nil {
      throw unexpected(.minute, .digit)
    }
    guard takes(ASCIITimeCode.Character.colon) else { return }
    fields.offsets.second = origin + offset
    fields.second = try number(.second, digitCount: 2)
    guard takes(ASCIITimeCode.Character.point) else { return }
    try readFraction()
  }

  @_lifetime(self: copy self)
  private mutating func readFraction() throws(TimeCodeError) {
    guard Self.isDigit(peek(0)) else { throw unexpected(.subsecond, .digit) }
    var weight: Int64 = 100_000_000
    while Self.isDigit(peek(0)) {
      let digit = peek(0) - Int64(ASCIITimeCode.Character.zero)
      if weight == 0, digit != 0 { fields.isExact = false }
      fields.nanosecond += digit * weight
      weight /= 10
      offset += 1
    }
  }

  // MARK: Characters

  /// The character so far ahead, or the mark of the end.
  private func peek(_ ahead: Int) -> Int64 {
    offset + ahead < text.byteCount ? Int64(text.byte(at: offset + ahead)) : TimeCodeError.end
  }

  private static func isDigit(_ character: Int64) -> Bool { 0x30...0x39 ~= character }

  @_lifetime(self: copy self)
  private mutating func takes(_ character: UInt8) -> Bool {
    guard peek(0) == Int64(character) else { return false }
    offset += 1
    return true
  }

  @_lifetime(self: copy self)
  private mutating func number(_ field: TimeCodeField, digitCount: Int) throws(TimeCodeError) -> Int64 {
    var number: Int64 = 0
    for _ in 0..<digitCount {
      guard Self.isDigit(peek(0)) else { throw unexpected(field, .digit) }
      number = number * 10 + peek(0) - Int64(ASCIITimeCode.Character.zero)
      offset += 1
    }
    return number
  }

  private func unexpected(_ field: TimeCodeField, _ expected: TimeCodeError.Expectation) -> TimeCodeError {
    TimeCodeError(field, at: origin + offset, found: peek(0), expected: expected)
  }
}

/// What an ASCII time code says, which need not be everything.
struct ASCIITimeFields {
  var year: Int64?
  var month: Int64?
  var day: Int64?
  var dayOfYear: Int64?
  var hour: Int64?
  var minute: Int64?
  var second: Int64?
  var nanosecond: Int64 = 0
  var isExact = true
  var offsets = CalendarFields.Offsets()

  /// The instant: what is left out before the first field comes from the reference, what is left out behind the last is
  /// the lowest.
  func instant(
    completedBy reference: UTCTime?, _ leapSeconds: borrowing LeapSecondTable
  ) throws(TimeCodeError) -> TAIInstant {
    guard year != nil || reference != nil else {
      throw TimeCodeError(.year, at: offsets.year, found: TimeCodeError.end, expected: .digit)
    }
    let date = reference?.date
    var whole = CalendarFields()
    let hasDay = day != nil || dayOfYear != nil
    let hasDate = year != nil || month != nil || hasDay
    whole.year = year ?? date?.year ?? 0
    whole.dayOfYear = dayOfYear
    // A reference is only for what stands before the first field that is there.
    whole.month = month ?? (year == nil ? date.map { Int64($0.month) } ?? 1 : 1)
    whole.day = day ?? (hasDate ? 1 : date.map { Int64($0.day) } ?? 1)
    whole.hour = hour ?? (hasDate ? 0 : Int64(reference?.hour ?? 0))
    whole.minute = minute ?? (hasDate || hour != nil ? 0 : Int64(reference?.minute ?? 0))
    whole.second = second ?? 0
    whole.nanosecond = nanosecond
    return try whole.instant(leapSeconds, offsets)
  }
}
