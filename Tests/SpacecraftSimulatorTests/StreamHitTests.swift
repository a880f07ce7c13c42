import SpacecraftSimulator
import Testing

/// Forty units of 56 bytes: marker 4, frame 20, parity 32. Unit 10 is hit.
@Suite("Each hit of the stream alone, worked by hand")
struct StreamHitTests {
  private static let clean = 40 * 56

  @Test("a clean stream: all bytes are framed, all codewords clean")
  func cleanStream() throws {
    let (stream, truth) = try send(nil)
    #expect(stream.count == Self.clean)
    #expect((0..<40).allSatisfy { Array(stream[56 * $0..<56 * $0 + 4]) == bytes("1acffc1d") })
    let coding = try #require(truth.coding)
    #expect((coding.unitsSent, coding.unitsReceived, coding.unitsUncorrectable) == (40, 40, 0))
    #expect((coding.codewords.received, coding.codewords.clean) == (40, 40))
    #expect((coding.streamBytes.framed, coding.streamBytes.skipped) == (Self.clean, 0))
    #expect(truth.frames.delivered == 40)
  }

  @Test("as many wrong symbols as the code corrects, and one more", arguments: [1, 16, 17, 32])
  func symbolErrors(count: Int) throws {
    let (stream, truth) = try send(.symbolErrors(count))
    #expect(differences(stream) == Set(560..<616).count { stream[$0] != Self.cleanStream[$0] })
    #expect(differences(stream) == count)
    let isCorrected = count <= 16
    let codewords = try #require(truth.coding?.codewords)
    #expect((codewords.clean, codewords.corrected) == (39, isCorrected ? 1 : 0))
    #expect((codewords.correctedSymbols, codewords.uncorrectable) == (isCorrected ? count : 0, isCorrected ? 0 : 1))
    #expect(truth.frames.received == (isCorrected ? 40 : 39))
    #expect(truth.virtualChannels.first?.missing == (isCorrected ? 0 : 1))
  }

  @Test("a marker with errors loses nothing", arguments: [.markerErrors(2), .markerDestroyed] as [StreamHit])
  func markerErrors(hit: StreamHit) throws {
    let (stream, truth) = try send(hit)
    let wrongBitCount = zip(stream, Self.cleanStream).reduce(0) { $0 + ($1.0 ^ $1.1).nonzeroBitCount }
    #expect(wrongBitCount == (hit == .markerErrors(2) ? 2 : 16))
    #expect(stream[564...] == Self.cleanStream[564...])
    #expect(truth.frames.delivered == 40)
    #expect(truth.coding?.streamBytes.skipped == 0)
    #expect(truth.coding?.markerErrorBits == (hit == .markerErrors(2) ? 2 : 0))
    #expect(truth.coding?.markersMissed == (hit == .markerErrors(2) ? 0 : 1))
  }

  // A bit more makes 2241 bytes, of which the last holds one bit and no unit. A bit less makes 2240 with the last bit
  // padded, and the last unit ends in the byte before.
  @Test("a slip costs its unit at most, and the bytes stay framed", arguments: [-4, -1, 1, 4])
  func slips(bitCount: Int) throws {
    let (stream, truth) = try send(.slip(bitCount: bitCount))
    let coding = try #require(truth.coding)
    #expect(stream.count == Self.clean + (bitCount > 0 ? 1 : 0))
    #expect(coding.streamBytes.framed == Self.clean - (bitCount > 0 ? 0 : 1))
    #expect(coding.streamBytes.skipped == 1)
    #expect((coding.slips, coding.unitsReceived) == (1, 40))
    // All that follows is as it was, shifted.
    let following = bits(stream)[(8 * 616 + bitCount)...].prefix(8 * 29 * 56)
    #expect(Array(following) == Array(bits(Self.cleanStream)[(8 * 616)...]))
    #expect(bits(stream)[..<(8 * 564)] == bits(Self.cleanStream)[..<(8 * 564)])
  }

  @Test("garbage is skipped, with and without a marker in it", arguments: [false, true])
  func garbage(holdsMarker: Bool) throws {
    let (stream, truth) = try send(.garbage(bitCount: 8 * 100, holdsMarker: holdsMarker))
    #expect(stream.count == Self.clean + 100)
    #expect(Array(stream[..<560]) == Array(Self.cleanStream[..<560]))
    #expect(Array(stream[660...]) == Array(Self.cleanStream[560...]))
    #expect(truth.coding?.streamBytes.framed == Self.clean)
    #expect(truth.coding?.streamBytes.skipped == 100)
    #expect(truth.frames.delivered == 40)
  }

  @Test("a unit that lacks bytes is skipped with what is left of it")
  func loss() throws {
    let (stream, truth) = try send(.loss(bitCount: 8 * 10))
    #expect(stream.count == Self.clean - 10)
    #expect(Array(stream[606...]) == Array(Self.cleanStream[616...]))
    #expect(truth.coding?.streamBytes.framed == Self.clean - 56)
    #expect(truth.coding?.streamBytes.skipped == 46)
    #expect((truth.coding?.unitsSent, truth.coding?.unitsReceived) == (40, 39))
    #expect((truth.frames.delivered, truth.virtualChannels.first?.missing) == (39, 1))
  }

  @Test("a unit that never comes leaves nothing behind")
  func unitLoss() throws {
    let (stream, truth) = try send(.unitLoss)
    #expect(stream == Array(Self.cleanStream[..<560]) + Array(Self.cleanStream[616...]))
    #expect(truth.coding?.streamBytes.skipped == 0)
    #expect((truth.coding?.unitsReceived, truth.frames.delivered) == (39, 39))
  }

  @Test("an inversion from marker to marker loses nothing")
  func inversion() throws {
    let (stream, truth) = try send(.inversion(markerCount: 2, begins: .atMarker, ends: .atMarker))
    let expected = Self.cleanStream.enumerated().map { (560..<672).contains($0) ? ~$1 : $1 }
    #expect(stream == expected)
    #expect((truth.coding?.polarityChanges, truth.frames.delivered) == (2, 40))
  }

  @Test("an inversion from inside a unit to inside another costs these two at most")
  func inversionInside() throws {
    let (stream, truth) = try send(.inversion(markerCount: 2, begins: .inside, ends: .inside))
    // The units 10 and 12 are cut in two; 11 is inverted whole, and so is the marker of 12.
    #expect(Array(stream[..<564]) == Array(Self.cleanStream[..<564]))
    #expect(Array(stream[616..<676]) == Self.cleanStream[616..<676].map(~))
    #expect(Array(stream[728...]) == Array(Self.cleanStream[728...]))
    let coding = try #require(truth.coding)
    #expect((coding.unitsReceived, coding.streamBytes.skipped, coding.polarityChanges) == (40, 0, 2))
    #expect(coding.codewords.clean == 38)
    #expect(truth.frames.delivered == 38 + coding.codewords.corrected)
  }

  @Test("leading and trailing bits are skipped, and every unit is found behind them")
  func shiftsAll() throws {
    var scenario = Self.scenario(nil)
    scenario.impairments.stream.leadingBitCount = 83
    scenario.impairments.stream.trailingBitCount = 24
    let (pieces, truth) = try run(scenario)
    let stream = pieces.flatMap(\.self)
    // 83 + 17,920 + 24 bits are 2253 bytes and 3 bits; units from bit 83 (byte 10) to bit 18,003 (byte 2250).
    #expect(stream.count == 2254)
    #expect(truth.coding?.streamBytes.framed == 2240)
    #expect(truth.coding?.streamBytes.skipped == 14)
    #expect(Array(bits(stream)[83..<18_003]) == bits(Self.cleanStream))
  }

  @Test("units come in datagrams of their own, several in one, or in pieces that heed no border")
  func packs() throws {
    var scenario = Self.scenario(nil)
    #expect(try run(scenario).datagrams.map(\.count) == [Int](repeating: 56, count: 40))
    scenario.link.coding?.packaging = .units(3)
    #expect(try run(scenario).datagrams.map(\.count) == [Int](repeating: 168, count: 13) + [56])
    scenario.link.coding?.packaging = .pieces(1...100)
    let pieces = try run(scenario).datagrams
    #expect(pieces.allSatisfy { (1...100).contains($0.count) })
    #expect(pieces.flatMap(\.self) == Self.cleanStream)
    scenario.link.coding?.packaging = .units(1)
    scenario.link.coding?.syncMarker = []
    let (units, truth) = try run(scenario)
    #expect(units.map(\.count) == [Int](repeating: 52, count: 40))
    #expect(truth.coding?.streamBytes.received == 0)
  }

  private static let cleanStream = (try? run(scenario(nil)))?.datagrams.flatMap(\.self) ?? []

  private func send(_ hit: StreamHit?) throws -> (stream: [UInt8], truth: SimulationTruth) {
    let (pieces, truth) = try run(Self.scenario(hit))
    #expect(truth.isBalanced)
    return (pieces.flatMap(\.self), truth)
  }

  private func differences(_ stream: [UInt8]) -> Int { zip(stream, Self.cleanStream).count { $0 != $1 } }

  private func bits(_ bytes: [UInt8]) -> [Bool] {
    bytes.flatMap { byte in (0..<8).map { byte >> (7 - $0) & 1 == 1 } }
  }

  private static func scenario(_ hit: StreamHit?) -> Scenario {
    var link = LinkPlan(frameType: .aos, frameByteCount: 20)
    link.frameCount = 40
    var coding = CodingPlan()
    coding.randomizer = .short255
    coding.reedSolomon = CodingPlan.ReedSolomon()
    link.coding = coding
    let application = ApplicationPlan(applicationProcessID: 100, sizes: PacketSizePlan(15...15))
    let channel = ChannelPlan(virtualChannelID: 1, applications: [application])
    var scenario = Scenario(link: link, spacecraft: [SpacecraftPlan(spacecraftID: 56, channels: [channel])])
    if let hit { scenario.impairments.stream.planned = [10: hit] }
    return scenario
  }
}
