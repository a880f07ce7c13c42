import AllocationCounter
import CCSDSCoding
import CCSDSLink
import CCSDSWire
import DownlinkService
import LinkHealth
import SpacecraftSimulator
import TestSupport
import Testing

/// A data plane that asks for memory now and then stops now and then.
///
/// Serialized because what is hooked into throws belongs to the whole process: Swift Testing takes a backtrace of every
/// error thrown, and rejecting a frame throws one.
@Suite(
  "Allocations in the steady state", .serialized,
  .enabled(if: allocation_counter_is_counting(), "a sanitizer has an allocator of its own"))
struct AllocationTests {
  @Test("the counter counts: an array takes one request")
  func counts() {
    let before = allocation_counter_count()
    let array = [UInt8](repeating: 1, count: Int.random(in: 100...200))
    let requests = allocation_counter_count() - before
    #expect(array.count >= 100)
    #expect(requests >= 1)
  }

  @Test("clean AOS frames with packets across their borders take none", arguments: [false, true])
  func takesNoneForAOS(hasTaps: Bool) throws {
    try expectNone(AllocationRun(.aos), hasTaps: hasTaps) { $0.frames.rejected.total == 0 && $0.packets.delivered > 0 }
  }

  @Test("clean TM frames take none", arguments: [false, true])
  func takesNoneForTM(hasTaps: Bool) throws {
    try expectNone(AllocationRun(.tm), hasTaps: hasTaps) { $0.frames.rejected.total == 0 && $0.packets.delivered > 0 }
  }

  @Test("USLP frames of any length with packets, segments, units and a stream take none", arguments: [false, true])
  func takesNoneForUSLP(hasTaps: Bool) throws {
    try expectNone(AllocationRun(.uslp), hasTaps: hasTaps) {
      $0.frames.rejected.total == 0 && $0.packets.delivered > 0 && $0.serviceDataUnits.completed > 0
    }
  }

  @Test("frames with a bad error control field take none", arguments: [false, true])
  func takesNoneForDamagedFrames(hasTaps: Bool) throws {
    var run = try AllocationRun(.aos)
    for frame in 0..<run.frameCount where frame >= 1000 { run.bytes[frame * run.frameByteCount + 100] ^= 1 }
    try expectNone(run, hasTaps: hasTaps) { $0.frames.rejected[.errorControl] == run.frameCount - 1000 }
  }

  @Test("frames of another version, or another spacecraft, take none", arguments: [0, 1])
  func takesNoneForForeignFrames(byte: Int) throws {
    var run = try AllocationRun(.aos)
    run.hasErrorControl = false
    for frame in 0..<run.frameCount where frame >= 1000 { run.bytes[frame * run.frameByteCount + byte] ^= 0x80 }
    try expectNone(run, hasTaps: true) { $0.frames.rejected.total == run.frameCount - 1000 }
  }

  @Test("frames that come twice take none", arguments: [FrameType.aos, .tm])
  func takesNoneForDuplicates(frameType: FrameType) throws {
    var run = try AllocationRun(frameType)
    run.repetitionCount = 2
    try expectNone(run, hasTaps: true) {
      $0.virtualChannels.reduce(0) { $0 + $1.continuity.duplicates } == run.frameCount
    }
  }

  @Test("links that lose every tenth frame take none", arguments: [FrameType.aos, .tm])
  func takesNoneForGaps(frameType: FrameType) throws {
    var run = try AllocationRun(frameType)
    run.lossInterval = 10
    try expectNone(run, hasTaps: false) { $0.virtualChannels.reduce(0) { $0 + $1.continuity.missing } > 1000 }
  }

  @Test("packets in datagrams take none")
  func takesNoneForPackets() throws {
    // A Space Packet of application process 5, 40 bytes long.
    var packet: [UInt8] = [0x00, 0x05, 0xC0, 0x00, 0x00, 33]
    packet += [UInt8](repeating: 0, count: 34)
    var pipeline = LinkPipeline(name: "packets", parameters: .packets(PacketStreamParameters()))
    var before: UInt64 = 0
    for index in 0..<101_000 {
      if index == 1000 { before = allocation_counter_count() }
      packet[2] = 0xC0 | UInt8(index >> 8 & 0x3F)
      packet[3] = UInt8(index & 0xFF)
      unsafe pipeline.receive(packet.span.bytes, UnitDescription(originalByteCount: 40))
    }
    let requests = allocation_counter_count() - before
    #expect(requests == 0)
    #expect(pipeline.sink.ledger.packets.delivered == 101_000)
  }

  @Test("packets with checks, times and groups take none, those that are rejected or in doubt neither")
  func takesNoneForInspectedPackets() throws {
    var stream = PacketStreamParameters()
    stream.packets.secondaryHeader = .pusC
    stream.packets.timeCode = .selfIdentified(agencyEpoch: .gps)
    stream.packets.errorControl = .iso16
    // Application process 5 with a secondary header: seven bytes, then the P-field and the days and milliseconds.
    var packet: [UInt8] = [0x08, 0x05, 0x40, 0x00, 0x00, 15, 0x20, 3, 25, 0, 0, 0, 0, 0x40, 0x62, 0x49, 0, 0, 0, 0]
    packet += [0, 0]
    var pipeline = LinkPipeline(name: "packets", parameters: .packets(stream))
    var before: UInt64 = 0
    allocation_counter_unhook_throws()
    defer { allocation_counter_rehook_throws() }
    for index in 0..<101_000 {
      if index == 1000 { before = allocation_counter_count() }
      // First and last by turns: every two are a group.
      packet[2] = (index % 2 == 0 ? 0x40 : 0x80) | UInt8(index >> 8 & 0x3F)
      packet[3] = UInt8(index & 0xFF)
      let millisecond = index * 100
      for place in 0..<4 { packet[16 + place] = UInt8(truncatingIfNeeded: millisecond >> (24 - 8 * place)) }
      // A time of no code that we know, now and then, and a check that does not fit.
      packet[13] = index % 7 == 0 ? 0x60 : 0x40
      let check = index % 11 == 0 ? 0 : unsafe ISOChecksum.checksum(of: packet.span.bytes.extracting(0..<20))
      (packet[20], packet[21]) = (UInt8(check >> 8), UInt8(check & 0xFF))
      let time = ReceptionTime(nanosecondsSince1970: 1_795_219_200_000_000_000 + Int64(index) * 100_000_000)
      unsafe pipeline.receive(packet.span.bytes, UnitDescription(time: time, originalByteCount: packet.count))
    }
    let requests = allocation_counter_count() - before
    #expect(requests == 0)
    let ledger = pipeline.sink.ledger
    #expect(ledger.packets.rejected[.checksum] == 9182)
    #expect(ledger.virtualChannels[0].clock.count(of: .timeCode) == 13_117)
    #expect(ledger.virtualChannels[0].clock.estimate.sampleCount == 128)
    #expect(ledger.packets.groups.completed > 40_000)
  }

  @Test("a flood of a million rejected units takes none to keep the last of them")
  func takesNoneForFlood() throws {
    let units = RejectedUnits(since: 0)
    let frame = [UInt8](repeating: 7, count: 1115)
    let before = allocation_counter_count()
    for index in 0..<1_000_000 {
      units.note(.frame(.version), unsafe frame.span.bytes, receivedAt: 1000 * Int64(index))
    }
    let requests = allocation_counter_count() - before
    #expect(requests == 0)
    let entry = try #require(units.review()[.frame(.version)])
    // One every microsecond: three at 0, 0.3, 0.6 and 0.9 seconds.
    #expect(entry.count == 1_000_000 && entry.passedOverCount == 999_988)
    #expect(entry.units.map(\.number) == [900_003, 900_002, 900_001])
  }

  @Test("units of a coded link take none, counted and as news")
  func takesNoneForCodeblocks() {
    var ledger = LossLedger(quietAfterSeconds: 60)
    let journal = EventJournal(link: "steady") { _ in }
    var before: UInt64 = 0
    for index in 0..<101_000 {
      if index == 1000 { before = allocation_counter_count() }
      var corrections = CodewordCorrections(count: 5)
      corrections[index % 5] = index % 17
      let event = LinkEvent.coding(
        .codeblock(
          CodeblockObservation(
            corrections: corrections,
            marker: MarkerObservation(errorCount: index % 3 == 0 ? nil : 1, slipBitCount: index % 2),
            receivedAt: Int64(index) * 1_000_000)))
      ledger.fold(event)
      journal.observe(event, ledger)
    }
    let requests = allocation_counter_count() - before
    #expect(requests == 0)
    #expect(ledger.codewords.received == 505_000)
  }

  @Test("idle frames take none to compare their fill, whatever it is", arguments: [0, 1, 2])
  func takesNoneForFill(kind: Int) {
    var pattern = FillPattern()
    var generator = SeededGenerator(seed: 1)
    var fill = [UInt8](repeating: 0x55, count: 300)
    var before: UInt64 = 0
    for index in 0..<20_000 {
      if index == 1000 { before = allocation_counter_count() }
      switch kind {
      case 0: break
      // The same bytes for a while, then others: learned and given up again and again.
      case 1: fill[index / 30 % 300] = UInt8(index / 30 & 0xFF)
      default: for position in fill.indices { fill[position] = UInt8(truncatingIfNeeded: generator.next()) }
      }
      _ = pattern.compare(unsafe fill.span.bytes)
    }
    let requests = allocation_counter_count() - before
    #expect(requests == 0)
  }

  /// - Parameter isTested: Whether the ledger shows what was to be tested.
  private func expectNone(_ run: AllocationRun, hasTaps: Bool, _ isTested: (LossLedger) -> Bool) throws {
    let folder = try TemporaryFolder()
    let taps = hasTaps ? try run.makeTaps(folder) : nil
    let outcome = run.run(taps)
    #expect(outcome.requests == 0)
    #expect(outcome.snapshot.breaches == [])
    #expect(isTested(outcome.snapshot.ledger))
  }
}

/// 100,000 frames, and as many as a link needs to have seen everything once.
private struct AllocationRun {
  private static let warmUpCount = 50_000

  let frameCount = 150_000
  let frameByteCount = 256
  var bytes: [UInt8]
  var hasErrorControl = true
  /// How often each frame comes.
  var repetitionCount = 1
  /// Every so many frames one does not come; 0 for none.
  var lossInterval = 0
  private var parameters: PhysicalChannelParameters
  /// Where each frame ends; USLP frames have lengths of their own.
  private var ends: [Int] = []

  init(_ frameType: FrameType) throws {
    var scenario =
      switch frameType {
      case .aos: Scenario.aosHighRate
      case .tm: Scenario.tmThreeChannels
      case .uslp: Scenario.uslpDemo
      }
    if frameType == .uslp { scenario.impairments = .none }
    scenario.link.frameByteCount = frameByteCount
    scenario.link.frameCount = frameCount
    var simulation = try Simulation(scenario)
    bytes = []
    bytes.reserveCapacity(frameCount * frameByteCount)
    var datagram: [UInt8] = []
    while simulation.next(into: &datagram) != nil {
      bytes += datagram
      ends.append(bytes.count)
    }
    parameters = scenario.physicalChannel
  }

  func makeTaps(_ folder: TemporaryFolder) throws -> ReplayTaps {
    var options = Replay.Options(files: [])
    options.packetsTo = folder.path("packets")
    options.framesTo = folder.path("frames")
    options.eventsTo = folder.path("events")
    return try ReplayTaps(link: "steady", options)
  }

  /// The requests for memory after the first frames, and what the link knows in the end.
  func run(_ taps: ReplayTaps?) -> (requests: UInt64, snapshot: LinkSnapshot) {
    var parameters = parameters
    if !hasErrorControl { parameters.errorControl = .none }
    var pipeline = LinkPipeline(
      name: "steady", parameters: .frames(parameters), taps: taps, rejected: RejectedUnits(since: 0))
    let time = ReceptionTime(nanosecondsSince1970: 1_767_225_600_000_000_000)
    var before: UInt64 = 0
    allocation_counter_unhook_throws()
    defer { allocation_counter_rehook_throws() }
    for index in 0..<frameCount {
      if index == Self.warmUpCount { before = allocation_counter_count() }
      if lossInterval > 0, index % lossInterval == 0 { continue }
      let range = (index == 0 ? 0 : ends[index - 1])..<ends[index]
      for _ in 0..<repetitionCount {
        unsafe pipeline.receive(
          bytes.span.bytes.extracting(range), UnitDescription(time: time, originalByteCount: range.count))
      }
    }
    let requests = allocation_counter_count() - before
    return (requests, pipeline.snapshot())
  }
}
