import CCSDSLink
import CCSDSWire
import DownlinkService
import Foundation
import LinkHealth
import SpacecraftSimulator
import TestSupport
import Testing

/// A million datagrams that nobody meant, on every kind of link: whatever comes in, the link lives, knows what became
/// of every byte, and holds no more of it than was agreed.
///
/// Each run has a process of its own, so that its memory can be measured.
@Suite("A million random datagrams")
struct RandomDatagramTests {
  @Test(
    "nothing traps, everything balances, and memory, channels and events are bounded",
    arguments: [
      RandomRun(.tm, .everyone, seed: 1),
      RandomRun(.tm, .one, seed: 2),
      RandomRun(.tm, .all, seed: 3),
      RandomRun(.aos, .everyone, seed: 4),
      RandomRun(.aos, .one, seed: 5),
      RandomRun(.aos, .all, seed: 6),
      RandomRun(.aos, .everyone, hasErrorControl: false, seed: 7),
      RandomRun(.aos, .one, hasErrorControl: false, seed: 8),
    ])
  func survives(run: RandomRun) async throws {
    let result = await #expect(processExitsWith: .success, observing: [\.standardOutputContent]) { [run] in
      try run.check()
    }
    let output = String(decoding: result?.standardOutputContent ?? [], as: UTF8.self)
    print(output.split(separator: "\n").filter { $0.hasPrefix("random") }.joined(separator: "\n"))
  }

  @Test("application processes past the limit are counted together, and every packet is delivered")
  func boundsApplicationProcesses() async {
    await #expect(processExitsWith: .success) { try UnknownApplicationRun().check() }
  }
}

/// One link and the random datagrams it gets.
struct RandomRun: Codable, Sendable, CustomTestStringConvertible {
  enum Spacecraft: String, Codable {
    /// None is configured: whoever is plausible is taken.
    case everyone
    case one
    /// Every identifier that there is, which leaves nothing but the limits.
    case all
  }

  private static let datagramCount = 1_000_000
  /// By then everything that is made once has been made.
  private static let warmUpCount = 200_000
  /// 200,000 datagrams a second: the run takes five seconds of the link's time.
  private static let nanosecondsPerDatagram: Int64 = 5_000

  private let isTM: Bool
  private let spacecraft: Spacecraft
  private let hasErrorControl: Bool
  private let seed: UInt64

  init(_ frameType: FrameType, _ spacecraft: Spacecraft, hasErrorControl: Bool = true, seed: UInt64) {
    isTM = frameType == .tm
    self.spacecraft = spacecraft
    self.hasErrorControl = hasErrorControl
    self.seed = seed
  }

  var testDescription: String {
    "\(isTM ? "TM" : "AOS") with\(hasErrorControl ? "" : "out") error control, spacecraft: \(spacecraft), seed \(seed)"
  }

  private var link: LinkPlan {
    var link = LinkPlan(frameType: isTM ? .tm : .aos, frameByteCount: 128)
    link.hasErrorControl = hasErrorControl
    return link
  }

  private var parameters: PhysicalChannelParameters {
    var parameters = PhysicalChannelParameters(frameType: isTM ? .tm : .aos, frameByteCount: 128)
    parameters.errorControl = hasErrorControl ? .crc16 : .none
    parameters.spacecraftIDs =
      switch spacecraft {
      case .everyone: []
      case .one: [SpacecraftID(42)]
      case .all: (0..<1024).map { SpacecraftID($0) }
      }
    return parameters
  }

  func check() throws {
    let folder = try TemporaryFolder()
    var options = Replay.Options(files: [])
    options.eventsTo = folder.path("events")
    let taps = try ReplayTaps(link: "random", options)
    var pipeline = LinkPipeline(name: "random", parameters: .frames(parameters), taps: taps)
    var datagrams = RandomDatagrams(seed: seed, link: link)
    var datagram: [UInt8] = []
    var warmByteCount = 0
    for index in 0..<Self.datagramCount {
      datagrams.next(into: &datagram)
      let time = ReceptionTime(nanosecondsSince1970: Int64(index) * Self.nanosecondsPerDatagram)
      unsafe pipeline.receive(
        datagram.span.bytes, UnitDescription(time: time, originalByteCount: datagram.count))
      if index == Self.warmUpCount { warmByteCount = try residentByteCount() }
    }
    let growth = try residentByteCount() - warmByteCount
    #expect(growth < 8 << 20, "memory grew by \(growth) bytes")
    print("random datagrams: \(testDescription): memory grew by \(growth) bytes")
    pipeline.finish()
    try taps.finish()
    expectBounds(pipeline.snapshot())
    expectEventBounds(String(decoding: folder.bytes(of: "events"), as: UTF8.self))
  }

  private func expectBounds(_ snapshot: LinkSnapshot) {
    let ledger = snapshot.ledger
    #expect(snapshot.breaches == [])
    #expect(ledger.datagrams.received == Self.datagramCount)
    #expect(ledger.passes.passes.count <= 64)
    switch spacecraft {
    case .everyone:
      #expect(ledger.masterChannels.count <= 16)
      #expect(ledger.virtualChannels.count <= 64)
      #expect(ledger.frames.rejected[.quarantined] + ledger.frames.unlisted > 100_000)
    case .one:
      #expect(ledger.masterChannels.count <= 1)
      // Eight channels of TM; 64 of AOS, live and played back, as far as there is room.
      #expect(ledger.virtualChannels.count <= (isTM ? 8 : 64))
      #expect(ledger.frames.rejected[.spacecraft] > 100_000)
    case .all:
      #expect(ledger.masterChannels.count == 16)
      #expect(ledger.virtualChannels.count == 64)
      #expect(ledger.frames.unlisted > 100_000)
      #expect(ledger.zoneBytes.discarded.total > 0)
    }
    #expect(ledger.applicationProcesses.count <= 2048)
    print(
      "random datagrams: \(testDescription): \(ledger.virtualChannels.count) channels, "
        + "\(ledger.applicationProcesses.count) APIDs, \(ledger.frames.delivered) frames delivered, "
        + "\(ledger.frames.unlisted) unlisted")
  }

  private func expectEventBounds(_ events: String) {
    let lineCount = events.split(separator: "\n").count
    print("random datagrams: \(testDescription): \(lineCount) event lines")
    // Frame gaps and packet gaps may have 50 lines a second each; rejections have a line or two per reason.
    #expect(lineCount <= 600)
  }
}

/// Frames that are right in everything, with packets of application processes that nobody has heard of.
struct UnknownApplicationRun {
  private static let frameCount = 400_000
  private static let warmUpCount = 100_000
  private static let packetsPerFrame = 10

  func check() throws {
    var parameters = PhysicalChannelParameters(frameType: .aos, frameByteCount: 8 + 7 * Self.packetsPerFrame)
    parameters.spacecraftIDs = [SpacecraftID(42)]
    var pipeline = LinkPipeline(name: "unknown", parameters: .frames(parameters))
    var random = SeededGenerator(seed: 9)
    var frame = [UInt8](repeating: 0, count: 8 + 7 * Self.packetsPerFrame)
    var warmByteCount = 0
    for index in 0..<Self.frameCount {
      write(index, &random, to: &frame)
      unsafe pipeline.receive(frame.span.bytes, UnitDescription(originalByteCount: frame.count))
      if index == Self.warmUpCount { warmByteCount = try residentByteCount() }
    }
    let growth = try residentByteCount() - warmByteCount
    #expect(growth < 8 << 20, "memory grew by \(growth) bytes")
    pipeline.finish()
    let snapshot = pipeline.snapshot()
    let ledger = snapshot.ledger
    #expect(snapshot.breaches == [])
    #expect(ledger.frames.delivered == Self.frameCount)
    #expect(ledger.packets.completed == Self.frameCount * Self.packetsPerFrame)
    #expect(ledger.virtualChannels.count == 63)
    #expect(ledger.applicationProcesses.count == 2048)
    #expect(ledger.packets.unlisted > Self.frameCount)
  }

  /// Two frames of each of 63 channels in turn: version 1, spacecraft 42, the count, no flags, a pointer to the first
  /// byte, and packets of seven bytes.
  private func write(_ index: Int, _ random: inout SeededGenerator, to frame: inout [UInt8]) {
    let count = index / 126 * 2 + index % 2
    frame[0] = 0x40 | 42 >> 2
    frame[1] = 42 << 6 | UInt8(index / 2 % 63)
    frame[2] = UInt8(count >> 16 & 0xFF)
    frame[3] = UInt8(count >> 8 & 0xFF)
    frame[4] = UInt8(count & 0xFF)
    for packet in 0..<Self.packetsPerFrame {
      let word = UInt16.random(in: 0..<2048, using: &random)
      frame[8 + 7 * packet] = UInt8(word >> 8)
      frame[9 + 7 * packet] = UInt8(word & 0xFF)
    }
  }
}

/// The memory of this process that is in use.
private func residentByteCount() throws -> Int {
  let text = try String(contentsOfFile: "/proc/self/statm", encoding: .ascii)
  let pageCount = try #require(text.split(separator: " ").dropFirst().first.flatMap { Int($0) })
  return pageCount * 4096
}
