/// How times are written in packets: their form, and whether it stands before each of them in a P-field.
package enum TimeCode: Hashable, Sendable {
  /// The form is agreed, and times have no P-field.
  case implicit(TimeCodeForm)
  /// Each time has a P-field, which must say what was agreed.
  case explicit(TimeCodeForm)
  /// Each time has a P-field, which alone says the form; an epoch of the agency's own has to be agreed all the same.
  case selfIdentified(agencyEpoch: CounterEpoch?)

  /// Reads the time that bytes begin with.
  ///
  /// - Throws: The first field that is not what it should be.
  package func decode(
    _ bytes: RawSpan, _ leapSeconds: borrowing LeapSecondTable
  ) throws(TimeCodeError) -> DecodedTime {
    switch self {
    case .implicit(let form): return try form.decode(bytes, leapSeconds)
    case .explicit(let form):
      let preamble = form.preamble
      try preamble.check(bytes)
      return try form.decode(bytes, at: preamble.byteCount, leapSeconds).behind(preamble.byteCount)
    case .selfIdentified(let agencyEpoch):
      let (form, byteCount) = try TimeCodeForm.read(preamble: bytes, agencyEpoch: agencyEpoch, leapSeconds)
      return try form.decode(bytes, at: byteCount, leapSeconds).behind(byteCount)
    }
  }

  /// The bytes of a time that says of itself what form it has only where that was agreed: with no form, nothing.
  ///
  /// - Throws: The field that has no room for it.
  package func encode(
    _ instant: TAIInstant, _ leapSeconds: borrowing LeapSecondTable
  ) throws(TimeCodeError) -> [UInt8] {
    switch self {
    case .implicit(let form): try form.encode(instant, leapSeconds)
    case .explicit(let form): form.preamble.bytes + (try form.encode(instant, leapSeconds))
    case .selfIdentified: []
    }
  }

  /// The bytes of every time; absent where only the P-field says it.
  package var byteCount: Int? {
    switch self {
    case .implicit(let form): form.byteCount
    case .explicit(let form): form.preamble.byteCount + form.byteCount
    case .selfIdentified: nil
    }
  }
}

extension DecodedTime {
  /// The same time with a P-field before it.
  fileprivate func behind(_ preambleByteCount: Int) -> DecodedTime {
    DecodedTime(instant: instant, isExact: isExact, byteCount: preambleByteCount + byteCount)
  }
}
