import MissionDatabase
import Testing

@Suite("Calibrators")
struct CalibrationTests {
  /// The engineering value of a raw one of 16 bits; nil where there is none.
  private func calibrate(_ raw: UInt16, _ calibrator: Calibrator) throws -> Double? {
    var maker = DatabaseMaker()
    let type = maker.calibrated(16, calibrator)
    let value = maker.parameter("VALUE", type)
    _ = maker.container("Packet", [entry(value)])
    var decoder = PacketDecoder(try DecodePlan(maker.database))
    let found = try #require(decoder.decoded([UInt8(raw >> 8), UInt8(raw & 0xFF)]).samples.first)
    switch found.engineering {
    case .number(let number):
      #expect(found.validity == .valid)
      return number
    default:
      #expect(found.engineering == .none && found.validity == .notCalibrated)
      return nil
    }
  }

  private func polynomial(_ terms: [(Int, Double)]) -> Calibrator {
    .polynomial(terms.map { PolynomialTerm(exponent: $0.0, coefficient: $0.1) })
  }

  private func spline(
    _ points: [(Double, Double)], order: Int = 1, extrapolates: Bool = false
  ) -> Calibrator {
    .spline(points.map { SplinePoint(raw: $0.0, calibrated: $0.1) }, order: order, extrapolates: extrapolates)
  }

  // MARK: Polynomials

  @Test("straight lines, and terms in any order")
  func lines() throws {
    #expect(try calibrate(1234, polynomial([(0, -5), (1, 0.01)])) == -5 + 0.01 * 1234)
    #expect(try calibrate(7, polynomial([(1, 2), (0, 3)])) == 17)
    #expect(try calibrate(7, polynomial([(0, 100)])) == 100)
    #expect(try calibrate(7, polynomial([])) == 0)
  }

  @Test("higher powers, gaps among them, and exponents that come twice")
  func powers() throws {
    // 1 + 2·3 + 3·9 + 4·27 = 142
    #expect(try calibrate(3, polynomial([(0, 1), (1, 2), (2, 3), (3, 4)])) == 142)
    // 2·16 + 1 = 33
    #expect(try calibrate(2, polynomial([(4, 2), (0, 1)])) == 33)
    #expect(try calibrate(2, polynomial([(2, 1), (2, 1.5)])) == 10)
  }

  @Test("powers below zero and far up")
  func farPowers() throws {
    #expect(try calibrate(4, polynomial([(-2, 8), (0, 1)])) == 1.5)
    #expect(try calibrate(2, polynomial([(40, 1), (-1, 1)])) == 0x1p40 + 0.5)
    #expect(try calibrate(0, polynomial([(-1, 1)])) == nil)
    #expect(try calibrate(0, polynomial([(0, 7), (20, 1)])) == 7)
  }

  @Test("what is larger than any number is none")
  func overflow() throws {
    #expect(try calibrate(60_000, polynomial([(64, 1e300)])) == nil)
    #expect(try calibrate(60_000, polynomial([(3, 1e300)])) == nil)
    #expect(try calibrate(60_000, polynomial([(1, 1e305)])) == nil)
  }

  // MARK: Splines

  @Test(
    "straight lines between points",
    arguments: [
      (0, -40.0), (50, -10.0), (100, 20.0), (150, 60.0), (200, 100.0),
    ])
  func interpolates(raw: UInt16, expected: Double) throws {
    #expect(try calibrate(raw, spline([(0, -40), (100, 20), (200, 100)])) == expected)
  }

  @Test("outside of the points there is a value only where it is asked for")
  func extrapolates() throws {
    let points = [(10.0, -40.0), (100.0, 50.0), (200.0, 130.0)]
    #expect(try calibrate(9, spline(points)) == nil)
    #expect(try calibrate(201, spline(points)) == nil)
    // The slope of the first line is 1, that of the last one 0.8.
    #expect(try calibrate(0, spline(points, extrapolates: true)) == -50)
    #expect(try calibrate(250, spline(points, extrapolates: true)) == 170)
  }

  @Test("a staircase has the value of the point below", arguments: [(10, 1.0), (19, 1.0), (20, 2.0), (30, 4.0)])
  func steps(raw: UInt16, expected: Double) throws {
    #expect(try calibrate(raw, spline([(10, 1), (20, 2), (30, 4)], order: 0)) == expected)
  }

  @Test("a staircase goes on flat")
  func stepsBeyond() throws {
    let points = [(10.0, 1.0), (20.0, 2.0)]
    #expect(try calibrate(5, spline(points, order: 0)) == nil)
    #expect(try calibrate(5, spline(points, order: 0, extrapolates: true)) == 1)
    #expect(try calibrate(99, spline(points, order: 0, extrapolates: true)) == 2)
  }

  @Test("a segment may have an order of its own")
  func mixedOrders() throws {
    let points = [
      SplinePoint(raw: 0, calibrated: 0), SplinePoint(raw: 10, calibrated: 10, order: 0),
      SplinePoint(raw: 20, calibrated: 30),
    ]
    let calibrator = Calibrator.spline(points, order: 1, extrapolates: false)
    #expect(try calibrate(5, calibrator) == 5)
    #expect(try calibrate(15, calibrator) == 10)
    #expect(try calibrate(20, calibrator) == 30)
  }

  @Test("one point is a value for one number")
  func onePoint() throws {
    #expect(try calibrate(5, spline([(5, 7)])) == 7)
    #expect(try calibrate(6, spline([(5, 7)])) == nil)
    #expect(try calibrate(6, spline([(5, 7)], extrapolates: true)) == 7)
  }

  @Test("a point is found among very many")
  func manyPoints() throws {
    let points = (0..<4000).map { (Double($0) * 16, Double($0)) }
    #expect(try calibrate(16 * 1234 + 4, spline(points)) == 1234.25)
  }

  @Test("curves are refused when the plan is made")
  func refusesCurves() {
    #expect(throws: DatabaseErrors.self) { try calibrate(5, spline([(0, 0), (10, 10)], order: 2)) }
    #expect(throws: DatabaseErrors.self) { try calibrate(5, spline([])) }
    #expect(throws: DatabaseErrors.self) { try calibrate(5, spline([(1, 0), (1, 10)])) }
  }

  // MARK: Integers

  @Test(
    "an integer takes the nearest one, and of two the one farther from zero",
    arguments: [
      (5, 2.5, 3), (5, -2.5, -3), (5, 2.4, 2), (5, 2.6, 3),
    ])
  func rounds(raw: UInt16, constant: Double, expected: Int64) throws {
    var maker = DatabaseMaker()
    let type = maker.signed(16) {
      $0.calibration.standard = .polynomial([PolynomialTerm(exponent: 0, coefficient: constant)])
    }
    let value = maker.parameter("VALUE", type)
    _ = maker.container("Packet", [entry(value)])
    var decoder = PacketDecoder(try DecodePlan(maker.database))
    #expect(decoder.decoded([0, UInt8(raw)])["VALUE"] == .integer(expected))
  }

  @Test("below zero is outside of an integer without a sign; beyond 64 bits there is none")
  func integerBounds() throws {
    var maker = DatabaseMaker()
    let negative = maker.unsigned(8) {
      $0.calibration.standard = .polynomial([PolynomialTerm(exponent: 1, coefficient: -1)])
    }
    let huge = maker.unsigned(8) {
      $0.calibration.standard = .polynomial([PolynomialTerm(exponent: 1, coefficient: 1e19)])
    }
    let values = [maker.parameter("NEGATIVE", negative), maker.parameter("HUGE", huge)]
    _ = maker.container("Packet", values.map { entry($0) })
    var decoder = PacketDecoder(try DecodePlan(maker.database))
    let once = decoder.decoded([3, 1])
    #expect(once.samples[0].engineering == .integer(-3) && once.samples[0].validity == .outOfRange)
    #expect(once.samples[1].engineering == .unsigned(10_000_000_000_000_000_000))
    let twice = decoder.decoded([0, 2])
    #expect(twice.samples[0].validity == .valid)
    #expect(twice.samples[1].engineering == .none && twice.samples[1].validity == .notCalibrated)
  }

  // MARK: Contexts

  @Test("the first context that holds counts, else the default")
  func contexts() throws {
    var maker = DatabaseMaker()
    let modeType = maker.enumerated(8, [("OFF", 0...0), ("SAFE", 1...1), ("NOMINAL", 2...5)])
    let mode = maker.parameter("MODE", modeType)
    func constant(_ value: Double) -> Calibrator { .polynomial([PolynomialTerm(exponent: 0, coefficient: value)]) }
    let type = maker.calibrated(8, constant(1))
    maker.database.types[type.value].calibration.contexts = [
      ContextCalibrator(criterion: text(mode, .isEqual, "SAFE"), calibrator: constant(2)),
      ContextCalibrator(criterion: raw(mode, .isLess, 4), calibrator: constant(3)),
    ]
    let value = maker.parameter("VALUE", type)
    _ = maker.container("Packet", [entry(mode), entry(value)])
    var decoder = PacketDecoder(try DecodePlan(maker.database))
    let found = [1, 3, 5, 9].map { decoder.decoded([$0, 0])["VALUE"] }
    #expect(found == [.number(2), .number(3), .number(1), .number(1)])
  }
}
