/// The form of a CCSDS Unsegmented Time Code (CUC): a counter of seconds, and of fractions of them.
///
/// Standard: CCSDS 301.0-B-4 §3.2.
///
///     P-field: |extension 1|code 3 = 001 or 010|coarse bytes - 1 2|fine bytes 2|
///              [|extension 1 = 0|more coarse bytes 2|more fine bytes 3|reserved 2|]
///     T-field: |coarse time 8...56|fine time 0...80|
package struct UnsegmentedTimeCode: Hashable, Sendable {
  /// The bytes that count seconds, 1…7.
  package let coarseByteCount: Int
  /// The bytes behind them, which divide a second into powers of 256, 0…10.
  package let fineByteCount: Int
  /// Absent for Level 1, the epoch that the CCSDS recommends.
  package let agencyEpoch: CounterEpoch?
  /// How long a unit of the fine time is, for missions that do not divide the second by powers of 256.
  package let fineUnitPicoseconds: Int64?

  /// Nothing comes of counts that the P-field cannot express.
  ///
  /// - Parameter fineUnitPicoseconds: 1…10^12, with at most four fine bytes.
  package init?(
    coarseByteCount: Int, fineByteCount: Int, agencyEpoch: CounterEpoch? = nil, fineUnitPicoseconds: Int64? = nil
  ) {
    guard Self.coarseByteCounts ~= coarseByteCount, Self.fineByteCounts ~= fineByteCount else { return nil }
    if let fineUnitPicoseconds {
      guard 1...Self.picosecondsPerSecond ~= fineUnitPicoseconds, 1...4 ~= fineByteCount else { return nil }
    }
    self.coarseByteCount = coarseByteCount
    self.fineByteCount = fineByteCount
    self.agencyEpoch = agencyEpoch
    self.fineUnitPicoseconds = fineUnitPicoseconds
  }

  /// What a P-field can say of the coarse time.
  package static let coarseByteCounts = 1...7
  /// What a P-field can say of the fine time.
  package static let fineByteCounts = 0...10

  /// The length of the T-field.
  package var byteCount: Int { coarseByteCount + fineByteCount }
  /// From when it counts.
  package var epoch: CounterEpoch { agencyEpoch ?? .ccsds }

  // MARK: T-field

  func decode(
    _ bytes: RawSpan, at offset: Int, _ leapSeconds: borrowing LeapSecondTable
  ) throws(TimeCodeError) -> DecodedTime {
    guard bytes.byteCount - offset >= byteCount else {
      throw TimeCodeError(
        .time, at: offset, found: Int64(bytes.byteCount - offset), expected: .byteCount(atLeast: byteCount))
    }
    var coarse: Int64 = 0
    for place in 0..<coarseByteCount { coarse = coarse << 8 | Int64(bytes.byte(at: offset + place)) }
    let (nanoseconds, isExact) = fraction(bytes, at: offset + coarseByteCount)
    guard let instant = epoch.instant(seconds: coarse, nanoseconds: nanoseconds, leapSeconds) else {
      throw TimeCodeError(.coarse, at: offset, found: coarse, expected: .within(0...TAIInstant.largestSecond))
    }
    return DecodedTime(instant: instant, isExact: isExact, byteCount: byteCount)
  }

  /// The nanoseconds of the fine time, what is below them cut off, and whether that was nothing.
  private func fraction(_ bytes: RawSpan, at offset: Int) -> (nanoseconds: Int64, isExact: Bool) {
    guard fineByteCount > 4 else {
      var fine: UInt64 = 0
      for place in 0..<fineByteCount { fine = fine << 8 | UInt64(bytes.byte(at: offset + place)) }
      if let fineUnitPicoseconds {
        let product = UInt128(fine) * UInt128(fineUnitPicoseconds)
        return (Int64(product / 1000), product % 1000 == 0)
      }
      let product = fine * Self.nanosecondsPerSecond
      let bitCount = UInt64(8 * fineByteCount)
      return (Int64(product >> bitCount), product & (1 << bitCount - 1) == 0)
    }
    var fine: UInt128 = 0
    for place in 0..<fineByteCount { fine = fine << 8 | UInt128(bytes.byte(at: offset + place)) }
    let product = fine * UInt128(Self.nanosecondsPerSecond)
    let bitCount = UInt128(8 * fineByteCount)
    return (Int64(product >> bitCount), product & (1 << bitCount - 1) == 0)
  }

  func encode(_ instant: TAIInstant, _ leapSeconds: borrowing LeapSecondTable) throws(TimeCodeError) -> [UInt8] {
    let (seconds, nanoseconds) = epoch.count(of: instant, leapSeconds)
    let range: ClosedRange<Int64> = 0...(1 << Int64(8 * coarseByteCount) - 1)
    guard range ~= seconds else {
      throw TimeCodeError(.coarse, at: 0, found: seconds, expected: .within(range))
    }
    let fine = fine(of: UInt128(nanoseconds))
    return Self.bytes(UInt128(seconds), coarseByteCount) + Self.bytes(fine, fineByteCount)
  }

  /// A fraction that is coarser than a nanosecond is rounded down. A finer one is the first of those that are read as
  /// the same nanosecond.
  private func fine(of nanoseconds: UInt128) -> UInt128 {
    if let fineUnitPicoseconds {
      let unit = UInt128(fineUnitPicoseconds)
      let rounding = unit < 1000 ? unit - 1 : 0
      // Such units need not reach as far as the next second.
      return min((nanoseconds * 1000 + rounding) / unit, 1 << UInt128(8 * fineByteCount) - 1)
    }
    let second = UInt128(Self.nanosecondsPerSecond)
    let scaled = nanoseconds << UInt128(8 * fineByteCount)
    return (scaled + (fineByteCount < 4 ? 0 : second - 1)) / second
  }

  private static func bytes(_ value: UInt128, _ count: Int) -> [UInt8] {
    (0..<count).map { UInt8(truncatingIfNeeded: value >> UInt128(8 * (count - 1 - $0))) }
  }

  private static let nanosecondsPerSecond: UInt64 = 1_000_000_000
  private static let picosecondsPerSecond: Int64 = 1_000_000_000_000
}

// MARK: - P-field

extension UnsegmentedTimeCode {
  /// Its P-field: one byte, or two where one cannot say it.
  var preamble: TimeCodePreamble {
    let code: UInt8 = agencyEpoch == nil ? 0b001 : 0b010
    let (moreCoarse, moreFine) = (max(0, coarseByteCount - 4), max(0, fineByteCount - 3))
    let first = code << 4 | UInt8(coarseByteCount - moreCoarse - 1) << 2 | UInt8(fineByteCount - moreFine)
    guard moreCoarse > 0 || moreFine > 0 else { return TimeCodePreamble(first) }
    return TimeCodePreamble(0x80 | first, UInt8(moreCoarse) << 5 | UInt8(moreFine) << 2)
  }

  /// Reads a P-field whose code is one of the two.
  init(preamble bytes: RawSpan, agencyEpoch: CounterEpoch?) throws(TimeCodeError) {
    let first = bytes.byte(at: 0)
    var (coarse, fine) = (Int(first >> 2 & 0b11) + 1, Int(first & 0b11))
    if first & 0x80 != 0 {
      guard bytes.byteCount > 1 else {
        throw TimeCodeError(.preambleExtension, at: 1, found: 1, expected: .byteCount(atLeast: 2))
      }
      let second = bytes.byte(at: 1)
      guard second & 0b1000_0011 == 0 else {
        // Bit 0 would announce a third byte, which nobody has defined; the last two are reserved.
        throw TimeCodeError(
          .preambleExtension, at: 1, found: Int64(second & 0b1000_0011), expected: .within(0...0))
      }
      coarse += Int(second >> 5)
      fine += Int(second >> 2 & 0b111)
    }
    guard let code = UnsegmentedTimeCode(coarseByteCount: coarse, fineByteCount: fine, agencyEpoch: agencyEpoch) else {
      throw TimeCodeError(.preamble, at: 0, found: Int64(first), expected: .within(0x1C...0x2F))
    }
    self = code
  }
}
