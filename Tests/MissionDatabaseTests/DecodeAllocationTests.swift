import AllocationCounter
import CCSDSWire
import MissionDatabase
import TestSupport
import Testing

@Suite(
  "Allocations while decoding", .serialized,
  .enabled(if: allocation_counter_is_counting(), "a sanitizer has an allocator of its own"))
struct DecodeAllocationTests {
  /// A database with everything that a plan can do.
  private func everything() throws -> DecodePlan {
    var maker = DatabaseMaker()
    let byte = maker.unsigned(8)
    let linear = maker.calibrated(
      16, .polynomial([PolynomialTerm(exponent: 0, coefficient: -5), PolynomialTerm(exponent: 1, coefficient: 0.01)]))
    let curve = maker.calibrated(
      16,
      .spline([SplinePoint(raw: 0, calibrated: 0), SplinePoint(raw: 9, calibrated: 5)], order: 1, extrapolates: true))
    let modeType = maker.enumerated(8, [("OFF", 0...0), ("SAFE", 1...1), ("FAR", 1_000_000...1_000_001)])
    let key = maker.parameter("KEY", byte)
    let mode = maker.parameter("MODE", modeType)
    let contextual = maker.calibrated(8, .polynomial([PolynomialTerm(exponent: 1, coefficient: 2)]))
    maker.database.types[contextual.value].calibration.contexts = [
      ContextCalibrator(
        criterion: .any([text(mode, .isEqual, "SAFE"), raw(key, .isGreater, 200)]),
        calibrator: .mathOperation([
          .thisParameter, .parameter(ParameterReference(key), usesCalibrated: true), .operation(.power),
        ]))
    ]
    let nameType = maker.string(nil, maximum: 256, .terminator([0]))
    let sizedType = maker.string(octets(key), .leadingSize(bitCount: 8))
    let number = maker.type(
      .float(bitCount: 64),
      .string(StringEncoding(characters: .usASCII, bitCount: .fixed(32), maximumBitCount: 0, ending: .whole)))
    let blobType = maker.binary(octets(mode))
    let name = maker.parameter("NAME", nameType)
    let element = maker.type(
      .aggregate([AggregateMember(name: "x", type: linear), AggregateMember(name: "blob", type: blobType)]), nil)
    let arrayType = maker.type(
      .array(
        element: element, dimensions: [ArrayDimension(startingIndex: .fixed(0), endingIndex: value(mode))]), nil)
    let values = [linear, curve, contextual, sizedType, number, blobType, arrayType, modeType].enumerated().map {
      maker.parameter("V\($0)", $1)
    }
    let inner = maker.container("Inner", [entry(values[1]), entry(name)])
    let root = maker.container("Root", [entry(key), entry(mode)], isAbstract: true)
    let first = [
      entry(values[0]), entry(values[2], if: text(name, .isNotEqual, "abc")), entry(values[3]),
      entry(.container(inner), times: Repetition(count: value(mode))), entry(values[4]), entry(values[6]),
    ]
    for number in 0..<8 {
      _ = maker.container(
        "C\(number)", number % 2 == 0 ? first : first.reversed(), base: root, raw(key, .isEqual, Int64(number)))
    }
    _ = maker.container(
      "Named",
      [entry(.indirect(ParameterReference(mode), aliasNamespace: nil)), entry(values[7], .beforeEnd(.fixed(8)))],
      base: root, raw(key, .isGreater, 7))
    return try DecodePlan(maker.database)
  }

  @Test("none are made for packets of every kind, whole, cut, and without any sense")
  func takesNone() throws {
    var decoder = PacketDecoder(try everything())
    var random = SeededGenerator(seed: 30)
    let packets = (0..<4_000).map { index in
      let bytes = random.bytes(index % 97)
      return bytes.isEmpty ? bytes : [UInt8(index % 10), UInt8(index % 4)] + bytes.dropFirst(2).map { $0 & 0x1F }
    }
    var completenesses: Set<DecodedOutcome.Completeness> = []
    completenesses.reserveCapacity(8)
    var sampleCount = 0
    for packet in packets { completenesses.insert(decoder.decode(unsafe packet.span.bytes).completeness) }
    let before = allocation_counter_count()
    for packet in packets {
      _ = decoder.decode(unsafe packet.span.bytes)
      sampleCount += decoder.samples.count
    }
    let requests = allocation_counter_count() - before
    #expect(requests == 0)
    // The packets went through all of it, and did not end at the first value.
    #expect(sampleCount > 20_000)
    #expect(completenesses.isSuperset(of: [.whole, .short, .impossibleSize]))
  }

  @Test("nor for packets that are taken back: live and stored ones are decoded as if each had a decoder of its own")
  func takesNoneForTakingBack() throws {
    let plan = try everything()
    var decoder = PacketDecoder(plan, canTakeBack: true)
    var live = PacketDecoder(plan)
    var stored = PacketDecoder(plan)
    var random = SeededGenerator(seed: 31)
    let packets = (0..<4_000).map { index in
      [UInt8(index % 10), UInt8(index % 4)] + random.bytes(index % 97).map { $0 & 0x1F }
    }
    let kinds = packets.map { _ in Int.random(in: 0..<4, using: &random) == 0 }
    var requests: UInt64 = 0
    var wrongCount = 0
    for (packet, isStored) in zip(packets, kinds) {
      let before = allocation_counter_count()
      var outcome = decoder.decode(unsafe packet.span.bytes)
      if decoder.remembersStored != isStored {
        decoder.takeBack()
        decoder.remember(stored: isStored)
        outcome = decoder.decode(unsafe packet.span.bytes)
      }
      requests += allocation_counter_count() - before
      let expected = isStored ? stored.decode(unsafe packet.span.bytes) : live.decode(unsafe packet.span.bytes)
      let count = isStored ? stored.samples.count : live.samples.count
      guard outcome.completeness == expected.completeness, decoder.samples.count == count else {
        wrongCount += 1
        continue
      }
      for index in 0..<count {
        let sample = decoder.samples[index]
        let other = isStored ? stored.samples[index] : live.samples[index]
        if sample.slot != other.slot || sample.engineeringBits != other.engineeringBits { wrongCount += 1 }
      }
    }
    #expect(requests == 0)
    #expect(wrongCount == 0)
  }
}
