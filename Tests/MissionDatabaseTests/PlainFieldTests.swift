import MissionDatabase
import TestSupport
import Testing

@Suite("Runs of plain numbers")
struct PlainFieldTests {
  /// The bits of a packet, one by one.
  private func bits(_ packet: [UInt8], _ range: Range<Int>) -> UInt64 {
    range.reduce(0) { word, bit in word << 1 | UInt64(packet[bit / 8] >> UInt8(7 - bit % 8) & 1) }
  }

  @Test(
    "integers of every size behind every number of bits are theirs, up to the last bit of a packet", arguments: 1...64)
  func integers(bitCount: Int) throws {
    var random = SeededGenerator(seed: UInt64(bitCount))
    for lead in 1...16 {
      var maker = DatabaseMaker()
      let types = [
        maker.unsigned(lead), maker.unsigned(bitCount), maker.signed(bitCount),
        maker.calibrated(bitCount, .polynomial([PolynomialTerm(exponent: 1, coefficient: 0.5)])),
      ]
      let entries = types.enumerated().map { entry(maker.parameter("V\($0)", $1)) }
      _ = maker.container("Packet", entries)
      var decoder = PacketDecoder(try DecodePlan(maker.database))
      let described = lead + 3 * bitCount
      for excess in 0..<9 {
        let packet = random.bytes((described + 7) / 8 + excess)
        let found = decoder.decoded(packet)
        let words = (0..<3).map { bits(packet, lead + $0 * bitCount..<lead + ($0 + 1) * bitCount) }
        let isNegative = words[1] >> UInt64(bitCount - 1) == 1
        let signed = isNegative ? Int64(bitPattern: words[1] | UInt64.max << UInt64(bitCount - 1)) : Int64(words[1])
        #expect(found.outcome.completeness == .whole)
        #expect(found["V0"] == .integer(Int64(bits(packet, 0..<lead))))
        #expect(found["V1"] == Int64(exactly: words[0]).map(Value.integer) ?? .unsigned(words[0]))
        #expect(found["V2"] == .integer(signed))
        #expect(found["V3"] == .number(Double(words[2]) * 0.5))
        #expect(found.samples.map(\.bits.lowerBound) == [0, lead, lead + bitCount, lead + 2 * bitCount])
      }
    }
  }

  @Test("whatever a run is made of, a packet that is cut has the same values as far as it goes")
  func cut() throws {
    var maker = DatabaseMaker()
    let cubic = (0...3).map { PolynomialTerm(exponent: $0, coefficient: [10, 0.25, -2e-5, 1e-9][$0]) }
    let quartic = cubic + [PolynomialTerm(exponent: 4, coefficient: 1e-12)]
    let single = DataEncoding.float(FloatEncoding(bitCount: 32, representation: .ieee754))
    let types = [
      maker.unsigned(12), maker.calibrated(12, .polynomial(cubic)), maker.calibrated(11, .polynomial(quartic)),
      maker.enumerated(3, [("LOW", 0...2), ("HIGH", 5...6)]), maker.enumerated(9, [("FAR", 100...100)]),
      maker.type(
        .boolean(one: "ON", zero: "OFF"), .integer(IntegerEncoding(bitCount: 2, representation: .unsigned))),
      maker.type(.float(bitCount: 64), single),
      maker.type(.float(bitCount: 64), single) { $0.calibration.standard = .polynomial(cubic) },
      maker.signed(7) {
        $0.validRange = ValidRange(
          range: ValueRange(minimum: -9, includesMinimum: true, maximum: 9, includesMaximum: true),
          appliesToCalibrated: true)
      },
    ]
    let values = types.enumerated().map { maker.parameter("V\($0)", $1) }
    // One comes twice, and one says whether the last is there at all.
    _ = maker.container(
      "Packet", (values + values.prefix(2)).map { entry($0) } + [entry(values[3], if: raw(values[0], .isLess, 2_048))])
    let plan = try DecodePlan(maker.database)
    var random = SeededGenerator(seed: 9)
    var validities: Set<ParameterSample.Validity> = []
    for _ in 0..<200 {
      let packet = random.bytes(24)
      var decoder = PacketDecoder(plan)
      let whole = decoder.decoded(packet)
      validities.formUnion(whole.samples.map(\.validity))
      #expect(whole.outcome.completeness == .whole)
      #expect(whole.samples.filter { $0.name == "V0" }.map(\.occurrence) == [0, 1])
      for byteCount in 0..<packet.count {
        var decoder = PacketDecoder(plan)
        let found = decoder.decoded(Array(packet.prefix(byteCount)))
        let expected = whole.samples.prefix { $0.bits.upperBound <= 8 * byteCount }
        #expect(found.samples.map { "\($0)" } == expected.map { "\($0)" })
      }
    }
    #expect(validities.isSuperset(of: [.valid, .noLabel, .outOfRange]))
  }

  @Test("a polynomial has a value as long as that is a finite number")
  func finite() throws {
    var maker = DatabaseMaker()
    let steep = maker.calibrated(16, .polynomial([PolynomialTerm(exponent: 3, coefficient: 1e300)]))
    let values = [maker.parameter("A", steep), maker.parameter("B", steep)]
    _ = maker.container("Packet", values.map { entry($0) })
    var decoder = PacketDecoder(try DecodePlan(maker.database))
    // 10³ · 10³⁰⁰ is a number, 1000³ · 10³⁰⁰ is beyond 1.8 · 10³⁰⁸.
    let found = decoder.decoded([0, 10, 3, 232, 0, 0, 0, 0, 0])
    #expect(found.samples.map(\.validity) == [.valid, .notCalibrated])
    guard case .number(let number) = found["A"] else {
      Issue.record("no number")
      return
    }
    #expect(abs(number - 1e303) < 1e290)
    #expect(found["B"] == Value.none)
  }

  @Test("floating-point numbers are what the packet says; what is no finite number is not calibrated")
  func floats() throws {
    var maker = DatabaseMaker()
    let single = DataEncoding.float(FloatEncoding(bitCount: 32, representation: .ieee754))
    let plain = maker.type(.float(bitCount: 64), single)
    let twice = maker.type(.float(bitCount: 64), single) {
      $0.calibration.standard = .polynomial([PolynomialTerm(exponent: 1, coefficient: 2)])
    }
    let values = [plain, plain, twice, twice, twice].enumerated().map { maker.parameter("V\($0)", $1) }
    _ = maker.container("Packet", values.map { entry($0) })
    var decoder = PacketDecoder(try DecodePlan(maker.database))
    // 1.5, infinity; −2.25, infinity, not a number.
    let found = decoder.decoded(hex("3FC00000 7F800000 C0100000 7F800000 7FC00000"))
    #expect(found["V0"] == .number(1.5))
    #expect(found["V1"] == .number(.infinity))
    #expect(found["V2"] == .number(-4.5))
    #expect(found.raw("V2") == .number(-2.25))
    #expect(found["V3"] == Value.none && found["V4"] == Value.none)
    #expect(found.samples.map(\.validity) == [.valid, .valid, .valid, .notCalibrated, .notCalibrated])
  }
}
