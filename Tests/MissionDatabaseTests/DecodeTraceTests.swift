import MissionDatabase
import Testing

@Suite("Why a value is what it is")
struct DecodeTraceTests {
  @Test("which extensions and entries were tested with what result, and by what a value was calibrated")
  func explains() throws {
    var maker = DatabaseMaker()
    let values = maker.integers([8, 8, 8])
    let type = maker.calibrated(8, .polynomial([PolynomialTerm(exponent: 1, coefficient: 2)]))
    maker.database.types[type.value].calibration.contexts = [
      ContextCalibrator(
        criterion: raw(values[0], .isEqual, 9), calibrator: .polynomial([PolynomialTerm(exponent: 1, coefficient: 3)])),
      ContextCalibrator(
        criterion: raw(values[0], .isEqual, 1), calibrator: .polynomial([PolynomialTerm(exponent: 1, coefficient: 4)])),
    ]
    let calibrated = maker.parameter("V", type)
    let root = maker.container(
      "Root", [entry(values[0]), entry(values[1], if: raw(values[2], .isEqual, 0)), entry(calibrated)],
      isAbstract: true)
    _ = maker.container("First", [], base: root, raw(values[0], .isEqual, 2))
    _ = maker.container("Second", [entry(values[1], if: raw(values[0], .isEqual, 1))], base: root)
    let plan = try DecodePlan(maker.database)
    var decoder = PacketDecoder(plan)
    var trace = DecodeTrace()
    let packet: [UInt8] = [1, 5, 6]
    let outcome = decoder.decode(unsafe packet.span.bytes, noting: &trace)
    #expect(outcome.completeness == .whole)
    #expect(
      trace.steps == [
        .entry(ContainerIndex(0), index: 1, holds: nil), .container(ContainerIndex(1), holds: false),
        .container(ContainerIndex(2), holds: true), .entry(ContainerIndex(2), index: 0, holds: true),
      ])
    #expect(trace.omittedStepCount == 0)
    // A, V, B: the second context of V held.
    #expect(trace.calibration(ofSample: 1) == .context(1))
    #expect(trace.calibration(ofSample: 0) == nil)
    #expect(decoder.decoded(packet)["V"] == .number(20))

    let words = DecodeExplanation(plan, of: maker.database)
    #expect(
      trace.steps.map(words.text) == [
        "entry 2 of /SAT/Root: C == 0 cannot be known", "container /SAT/First: A == 2 does not hold",
        "container /SAT/Second: always holds", "entry 1 of /SAT/Second: A == 1 holds",
      ])
    _ = decoder.decode(unsafe packet.span.bytes)
    let explained = words.explanation(of: decoder.samples[1], at: 1, trace)
    #expect(explained.bits == "bits 8..<16")
    #expect(explained.encoding == "unsigned, 8 bits")
    #expect(explained.rule == "4 x, as A == 1")
  }
}
