import CCSDSLink
import CCSDSWire
import Testing

@Suite("Which frames are believed: checks, quarantine, limits")
struct AdmissionTests {
  private static func aos(_ scid: Int, _ vcid: Int, _ count: Int) -> [UInt8] {
    FrameMaker.aos(scid: scid, vcid: vcid, count: count, pointer: 0x7FE, zone: [UInt8](repeating: 0, count: 8))
  }

  private static func tm(_ scid: Int, _ vcid: Int, _ master: Int, _ count: Int) -> [UInt8] {
    FrameMaker.tm(
      scid: scid, vcid: vcid, master: master, count: count, zone: [UInt8](repeating: UInt8(master & 255), count: 8))
  }

  /// Frames of any spacecraft.
  private static func open(_ parameters: PhysicalChannelParameters) -> PhysicalChannelParameters {
    var parameters = parameters
    parameters.spacecraftIDs = []
    return parameters
  }

  // Checks.

  @Test("every length but the managed one is rejected", arguments: [0, 1, 2, 6, 17, 19, 36])
  func rejectsOtherLengths(byteCount: Int) {
    for parameters in [Bench.aos(18), Bench.tm(18)] {
      var bench = Bench(parameters)
      bench.receive([UInt8](repeating: 0x40, count: byteCount))
      #expect(bench.recorder.rejections == [.length])
      #expect(bench.channel.evidence.otherByteCount == byteCount)
    }
  }

  @Test("a frame of another version is rejected as that, whether or not its error control fits")
  func rejectsOtherVersions() {
    var tm = Bench(Bench.tm(18))
    tm.receive(Self.aos(100, 1, 0))
    tm.receive([UInt8](repeating: 0xC0, count: 18))
    #expect(tm.recorder.rejections == [.version, .version])
    var aos = Bench(Bench.aos(16))
    aos.receive(Self.tm(100, 1, 0, 0))
    #expect(aos.recorder.rejections == [.version])
  }

  @Test("each single bit in error is found", arguments: 0..<144)
  func rejectsDamagedFrame(bit: Int) {
    var frame = Self.aos(100, 1, 5)
    frame[bit / 8] ^= 0x80 >> UInt8(bit % 8)
    var bench = Bench(Bench.aos(18))
    bench.receive(frame)
    #expect(bench.recorder.rejections == [bit < 2 ? .version : .errorControl])
  }

  @Test("another spacecraft is rejected where ours are named")
  func rejectsOtherSpacecraft() {
    var bench = Bench(Bench.aos(18))
    for count in 0..<3 { bench.receive(Self.aos(101, 1, count)) }
    #expect(bench.recorder.rejections == [.spacecraft, .spacecraft, .spacecraft])
    #expect(bench.channel.evidence.otherSpacecraftID == SpacecraftID(101))
    #expect(bench.channel.evidence.otherSpacecraftRepeats == 3)
  }

  @Test("a TM secondary header that does not fit is rejected, and the length of the frame is not blamed")
  func rejectsSecondaryHeader() {
    var bench = Bench(Bench.tm(18))
    let frame: [UInt8] = [0x06, 0x40, 0, 0, 0x98, 0, 0x3F] + [UInt8](repeating: 0, count: 9)
    bench.receive(FrameMaker.withErrorControl(frame))
    #expect(bench.recorder.rejections == [.length])
    #expect(bench.channel.evidence.otherByteCount == 0)
  }

  // Quarantine.

  @Test("the first frame of an unknown channel is held until a second one follows it, and then both are accepted")
  func admitsChannelThatRepeats() {
    var bench = Bench(Self.open(Bench.aos(18)))
    bench.receive(Self.aos(7, 1, 50))
    #expect(bench.channel.heldFrameCount == 1)
    #expect(bench.recorder.events.count == 1, "nothing but its arrival")
    bench.receive(Self.aos(7, 1, 51))
    #expect(bench.recorder.continuity() == [.first, .inSequence])
    #expect(bench.recorder.frames == [Self.aos(7, 1, 50), Self.aos(7, 1, 51)])
    #expect(bench.channel.heldFrameCount == 0)
  }

  @Test("a second frame too far off, or behind, is held in place of the first", arguments: [4147, 49, 9_000_000])
  func holdsSecondFrame(count: Int) {
    var bench = Bench(Self.open(Bench.aos(18)))
    bench.receive(Self.aos(7, 1, 50))
    bench.receive(Self.aos(7, 1, count))
    #expect(bench.recorder.rejections == [.quarantined])
    #expect(bench.channel.heldFrameCount == 1)
    bench.receive(Self.aos(7, 1, count + 1))
    #expect(bench.recorder.continuity() == [.first, .inSequence])
  }

  @Test("a second frame 4096 counts later is believed")
  func admitsDistantSecondFrame() {
    var bench = Bench(Self.open(Bench.aos(18)))
    bench.receive(Self.aos(7, 1, 50))
    bench.receive(Self.aos(7, 1, 4146))
    #expect(bench.recorder.continuity() == [.first, .gap(missing: 4095, atMost: 4095)])
  }

  @Test("a channel that is listed for any spacecraft does not make every spacecraft believed")
  func holdsUnknownSpacecraftOfListedChannel() {
    var parameters = Self.open(Bench.aos(18))
    parameters.virtualChannels = [VirtualChannelParameters(virtualChannelID: VirtualChannelID(1))]
    var bench = Bench(parameters)
    for scid in 0..<200 { bench.receive(Self.aos(scid, 1, scid * 1000)) }
    bench.finish()
    #expect(bench.recorder.accepted.isEmpty)
    #expect(bench.recorder.rejections.count == 200)
  }

  @Test("a channel listed for a spacecraft, or one of a named spacecraft with error control, is believed at once")
  func admitsNamedSpacecraft() {
    var listed = Self.open(Bench.aos(18))
    listed.virtualChannels = [VirtualChannelParameters(virtualChannelID: VirtualChannelID(1))]
    listed.virtualChannels[0].spacecraftID = SpacecraftID(100)
    for parameters in [listed, Bench.aos(18)] {
      var bench = Bench(parameters)
      bench.receive(Self.aos(100, 1, 5))
      #expect(bench.recorder.continuity() == [.first])
    }
  }

  @Test("the quarantine holds 64 frames; the oldest goes, and its channel has to begin again")
  func evictsOldest() {
    var bench = Bench(Self.open(Bench.aos(18)))
    for scid in 0..<64 { bench.receive(Self.aos(scid, 1, 0)) }
    #expect(bench.channel.heldFrameCount == 64)
    #expect(bench.recorder.rejections.isEmpty)
    bench.receive(Self.aos(200, 1, 0))
    #expect(bench.channel.heldFrameCount == 64)
    #expect(bench.recorder.rejections == [.quarantined])
    bench.receive(Self.aos(31, 1, 1))
    #expect(bench.recorder.continuity() == [.first, .inSequence])
    bench.receive(Self.aos(0, 1, 1))
    #expect(bench.recorder.accepted.count == 2)
    bench.finish()
    #expect(bench.unaccountedFrameCount == 0)
  }

  @Test("without room in the quarantine nothing is held, and nothing lost from the account")
  func worksWithoutQuarantine() {
    var parameters = Self.open(Bench.aos(18))
    parameters.limits.quarantinedFrameCount = 0
    var bench = Bench(parameters)
    bench.receive(Self.aos(1, 1, 0))
    #expect(bench.recorder.rejections == [.quarantined])
    #expect(bench.unaccountedFrameCount == 0)
  }

  @Test(
    "frames that were held are not missing from the master channel, however late they are believed",
    arguments: [3, 20, 31, 32, 100, 300])
  func countsHeldFramesOfMasterChannel(distance: Int) {
    var bench = Bench(Self.open(Bench.tm(16)))
    // Channel 0 all the time, channel 1 once every so many frames.
    var counts = [0, 0]
    for index in 0..<distance * 3 + 2 {
      let vcid = index % distance == 1 ? 1 : 0
      bench.receive(Self.tm(7, vcid, index, counts[vcid]))
      counts[vcid] += 1
    }
    #expect(bench.channel.heldFrameCount == 0)
    #expect(bench.channel.masterChannelMissing(0) == (0, 0))
    let continuity = bench.recorder.accepted.map(\.continuity)
    #expect(continuity.allSatisfy { $0 == .first || $0 == .inSequence })
  }

  @Test("a frame held before a silence and one after it are of one channel, and leave no gap")
  func leavesNoGapOverSilence() {
    var bench = Bench(Self.open(Bench.tm(16)))
    bench.receive(Self.tm(7, 0, 10, 10), at: 0)
    bench.receive(Self.tm(7, 0, 90, 90), at: 1000)
    bench.receive(Self.tm(7, 0, 91, 91), at: 1001)
    #expect(bench.recorder.continuity() == [.first, .first, .inSequence])
    #expect(bench.channel.masterChannelMissing(0) == (0, 0))
  }

  @Test("a frame held for its 32-bit count moves no master channel backwards")
  func keepsMasterChannelOverHeldJump() {
    func frame(_ vcid: Int, _ master: Int, _ count: Int) -> [UInt8] {
      FrameMaker.tm(
        vcid: vcid, master: master, count: count, zone: [UInt8](repeating: 0, count: 8),
        secondaryHeader: [UInt8(count >> 24), UInt8(count >> 16 & 0xFF), UInt8(count >> 8 & 0xFF)])
    }
    var bench = Bench(Bench.tm(20))
    for (vcid, master, count) in [
      (0, 0, 0), (1, 1, 0), (0, 2, 1), (1, 3, 1), (1, 4, 900_000_000), (0, 5, 2), (0, 6, 3), (1, 7, 900_000_001),
      (0, 8, 4),
    ] { bench.receive(frame(vcid, master, count)) }
    #expect(bench.recorder.continuity(ofChannel: 1) == [.first, .inSequence, .discontinuity, .inSequence])
    #expect(bench.channel.masterChannelMissing(0) == (0, 0))
  }

  // Limits.

  @Test("the 65th virtual channel is unlisted, and the first 64 go on")
  func limitsVirtualChannels() {
    var parameters = Bench.aos(18)
    parameters.spacecraftIDs = [SpacecraftID(100), SpacecraftID(101)]
    var bench = Bench(parameters)
    for index in 0..<70 { bench.receive(Self.aos(100 + index / 60, index % 60, 0)) }
    #expect(bench.recorder.accepted.count == 64)
    #expect(bench.recorder.unlistedCount == 6)
    bench.receive(Self.aos(100, 0, 1))
    #expect(bench.recorder.continuity(ofChannel: 0) == [.first, .inSequence])
    #expect(bench.unaccountedFrameCount == 0)
  }

  @Test("the 17th spacecraft is unlisted")
  func limitsMasterChannels() {
    var bench = Bench(Self.open(Bench.aos(18)))
    for scid in 0..<20 {
      bench.receive(Self.aos(scid, 1, 0))
      bench.receive(Self.aos(scid, 1, 1))
    }
    #expect(bench.recorder.accepted.count == 32)
    #expect(bench.recorder.unlistedCount == 8)
    bench.receive(Self.aos(3, 2, 0))
    bench.receive(Self.aos(3, 2, 1))
    #expect(bench.recorder.accepted.count == 34, "a new channel of a known spacecraft has room")
  }

  @Test("packets of application processes past the limit are delivered without counters")
  func limitsApplicationProcesses() {
    var parameters = Bench.aos(17)
    parameters.limits.applicationProcessCount = 3
    var bench = Bench(parameters)
    for index in 0..<10 {
      let packet = FrameMaker.packet(apid: index % 5, count: index / 5, data: [0])
      bench.receive(FrameMaker.aos(count: index, pointer: 0, zone: packet))
    }
    #expect(bench.recorder.packets.count == 10)
    #expect(bench.recorder.completed.map(\.applicationProcess) == [0, 1, 2, nil, nil, 0, 1, 2, nil, nil])
  }

  @Test("a channel that is not listed is unlisted where any is listed")
  func keepsToTheList() {
    var parameters = Bench.aos(18)
    parameters.virtualChannels = [VirtualChannelParameters(virtualChannelID: VirtualChannelID(1))]
    parameters.virtualChannels[0].name = "science"
    var bench = Bench(parameters)
    for vcid in 0...3 { bench.receive(Self.aos(100, vcid, 0)) }
    #expect(bench.recorder.accepted.count == 1)
    #expect(bench.recorder.unlistedCount == 3)
    let names = bench.recorder.events.compactMap {
      if case .virtualChannelAdded(0, let identity) = $0 { identity.name } else { nil }
    }
    #expect(names == ["science"])
  }

  // Services.

  @Test("frames of a service data unit are delivered and not looked into; AOS channel 63 is idle")
  func keepsOutOfServiceDataUnits() {
    var parameters = Bench.aos(18)
    parameters.virtualChannels = [1, 2, 63].map { VirtualChannelParameters(virtualChannelID: VirtualChannelID($0)) }
    parameters.virtualChannels[0].service = .vca
    parameters.virtualChannels[1].service = .bitstream
    parameters.virtualChannels[2].service = .idle
    var bench = Bench(parameters)
    for vcid in [1, 2, 63] { bench.receive(Self.aos(100, vcid, 0)) }
    // The bitstream pointer 3FFE says that there is nothing but idle data.
    bench.receive(FrameMaker.aos(vcid: 2, count: 1, pointer: 0x3FFE, zone: [UInt8](repeating: 0, count: 8)))
    #expect(bench.recorder.accepted.map(\.isIdle) == [false, false, true, true])
    #expect(bench.recorder.zoneByteCount == 0)
  }

  @Test("without a list AOS channel 63 is idle")
  func knowsIdleChannel() {
    var bench = Bench(Bench.aos(18))
    bench.receive(FrameMaker.aos(vcid: 63, count: 0, pointer: 0, zone: [UInt8](repeating: 0xE0, count: 8)))
    #expect(bench.recorder.accepted.map(\.isIdle) == [true])
    #expect(bench.recorder.packets.isEmpty)
  }

  @Test("a control word is taken from idle frames, and not from late or repeated ones")
  func takesNewestControlWord() {
    var bench = Bench(Bench.tm(20))
    for (count, report) in [(0, 1), (2, 3), (1, 2), (1, 2), (3, 4)] as [(Int, UInt8)] {
      bench.receive(
        FrameMaker.tm(
          master: count, count: count, zone: [UInt8](repeating: 0, count: 8), controlWord: [1, 4, 0, report]))
    }
    let reports = bench.recorder.events.compactMap { event -> UInt8? in
      guard case .operationalControlField(.linkControlWord(let word), masterChannel: 0) = event else { return nil }
      return word.reportValue
    }
    #expect(reports == [1, 3, 4])
  }
}
