import MissionDatabase
import Testing

@Suite("Valid ranges of values")
struct ValidRangeTests {
  @Test(
    "of the engineering value, or of the raw one",
    arguments: [
      (UInt8(9), true, true), (10, false, true), (11, false, false), (40, false, false), (41, true, false),
    ])
  func ranges(raw: UInt8, isCalibratedOutside: Bool, isRawOutside: Bool) throws {
    var maker = DatabaseMaker()
    let half = Calibrator.polynomial([PolynomialTerm(exponent: 1, coefficient: 0.5)])
    let types = [true, false].map { appliesToCalibrated in
      maker.type(.float(bitCount: 64), .integer(IntegerEncoding(bitCount: 8, representation: .unsigned))) {
        $0.calibration.standard = half
        $0.validRange = ValidRange(
          range: appliesToCalibrated
            ? ValueRange(minimum: 5, maximum: 20) : ValueRange(minimum: 10, includesMinimum: false),
          appliesToCalibrated: appliesToCalibrated)
      }
    }
    let values = [maker.parameter("CALIBRATED", types[0]), maker.parameter("RAW", types[1])]
    _ = maker.container("Packet", values.map { entry($0) })
    var decoder = PacketDecoder(try DecodePlan(maker.database))
    let found = decoder.decoded([raw, raw])
    #expect(found.samples[0].validity == (isCalibratedOutside ? .outOfRange : .valid))
    #expect(found.samples[1].validity == (isRawOutside ? .outOfRange : .valid))
    #expect(found["RAW"] == .number(Double(raw) / 2))
  }
}
