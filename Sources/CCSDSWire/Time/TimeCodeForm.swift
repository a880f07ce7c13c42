/// The form of a time code: everything that has to be known to read its T-field.
///
/// Standard: CCSDS 301.0-B-4 §3.
package enum TimeCodeForm: Hashable, Sendable {
  /// CUC.
  case unsegmented(UnsegmentedTimeCode)
  /// CDS.
  case daySegmented(DaySegmentedTimeCode)
  /// CCS.
  case calendarSegmented(CalendarSegmentedTimeCode)
  /// ASCII A or B.
  case ascii(ASCIITimeCode)

  /// The length of the T-field.
  package var byteCount: Int {
    switch self {
    case .unsegmented(let code): code.byteCount
    case .daySegmented(let code): code.byteCount
    case .calendarSegmented(let code): code.byteCount
    case .ascii(let code): code.byteCount
    }
  }

  /// The P-field that says it: one byte or two, none of an ASCII code.
  package var preamble: TimeCodePreamble {
    switch self {
    case .unsegmented(let code): code.preamble
    case .daySegmented(let code): code.preamble
    case .calendarSegmented(let code): code.preamble
    case .ascii: TimeCodePreamble()
    }
  }

  /// Reads a T-field.
  ///
  /// - Parameter offset: Where it begins in `bytes`; errors count from the beginning of `bytes`.
  /// - Throws: The first field that is not what it should be.
  package func decode(
    _ bytes: RawSpan, at offset: Int = 0, _ leapSeconds: borrowing LeapSecondTable
  ) throws(TimeCodeError) -> DecodedTime {
    switch self {
    case .unsegmented(let code): try code.decode(bytes, at: offset, leapSeconds)
    case .daySegmented(let code): try code.decode(bytes, at: offset, leapSeconds)
    case .calendarSegmented(let code): try code.decode(bytes, at: offset, leapSeconds)
    case .ascii(let code): try code.decode(bytes, at: offset, leapSeconds)
    }
  }

  /// The T-field of an instant; what is finer than the code can say is cut off.
  ///
  /// - Throws: The field that has no room for it.
  package func encode(
    _ instant: TAIInstant, _ leapSeconds: borrowing LeapSecondTable
  ) throws(TimeCodeError) -> [UInt8] {
    switch self {
    case .unsegmented(let code): try code.encode(instant, leapSeconds)
    case .daySegmented(let code): try code.encode(instant, leapSeconds)
    case .calendarSegmented(let code): try code.encode(instant, leapSeconds)
    case .ascii(let code): try code.encode(instant, leapSeconds)
    }
  }
}

// MARK: - P-field

extension TimeCodeForm {
  /// Reads the P-field at the beginning of `bytes`.
  ///
  /// - Parameter agencyEpoch: What a P-field means that says that the agency has an epoch of its own.
  /// - Returns: The form, and the bytes of the P-field.
  /// - Throws: The bits that no P-field has, or that say nothing to us.
  package static func read(
    preamble bytes: RawSpan, agencyEpoch: CounterEpoch?, _ leapSeconds: borrowing LeapSecondTable
  ) throws(TimeCodeError) -> (form: TimeCodeForm, byteCount: Int) {
    guard bytes.byteCount > 0 else {
      throw TimeCodeError(.preamble, at: 0, found: 0, expected: .byteCount(atLeast: 1))
    }
    let first = bytes.byte(at: 0)
    let (code, isExtended) = (first >> 4 & 0b111, first & 0x80 != 0)
    let isOfAgency = code == 0b010 || (code == 0b100 && first & 0b1000 != 0)
    if isOfAgency, agencyEpoch == nil {
      throw TimeCodeError(.epoch, at: 0, found: 2, expected: .within(1...1))
    }
    if isExtended, code == 0b100 || code == 0b101 {
      // Only the unsegmented code has a second byte.
      throw TimeCodeError(.preamble, at: 0, found: 1, expected: .within(0...0))
    }
    switch code {
    case 0b001, 0b010:
      let form = try UnsegmentedTimeCode(preamble: bytes, agencyEpoch: isOfAgency ? agencyEpoch : nil)
      return (.unsegmented(form), isExtended ? 2 : 1)
    case 0b100:
      let epochDay = isOfAgency ? agencyEpoch.map { leapSeconds.utc(of: $0.instant).day } : nil
      return (.daySegmented(try DaySegmentedTimeCode(preamble: first, agencyEpochDay: epochDay)), 1)
    case 0b101: return (.calendarSegmented(try CalendarSegmentedTimeCode(preamble: first)), 1)
    default:
      // 110 is for codes of an agency's own, the others are for nobody.
      throw TimeCodeError(.codeIdentification, at: 0, found: Int64(code), expected: .within(0b001...0b101))
    }
  }
}
