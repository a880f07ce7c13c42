import CCSDSLink
import DownlinkService
import Foundation
import Glibc
import LinkHealth
import StationConfiguration
import Testing

/// What comes out depends on the bytes alone: not on where they come from, how fast, or over what.
@Suite("Replay gives the same for the same bytes", .serialized)
struct ReplayTests {
  @Test("a capture gives the same from a file, a pipe, standard input and over UDP, at every speed")
  func repeatsCapture() throws {
    let recording = try Recording.lively()
    let folder = try TemporaryFolder()
    let file = folder.path("capture.pcap")
    try recording.writeCapture(to: file)
    let plain = try ReplayYield(recording.link, file)
    #expect(plain.report.contains(#""balanced":true"#))
    #expect(plain.packets.count == 5)
    #expect(!plain.frames.isEmpty)
    #expect(plain.events.contains(#""event_type":"frame_gap""#))
    try expect(plain, from: file, recording.link)
    try expect(plain, from: file, recording.link) { $0.goesOverLoopback = true }
    try expect(plain, from: file, recording.link) { $0.speed = .times(100) }
    try expect(plain, from: file, recording.link) { $0.speed = .times(1) }
    try expect(plain, from: file, recording.link) {
      $0.speed = .times(1)
      $0.goesOverLoopback = true
    }
    let bytes = folder.bytes(of: "capture.pcap")
    try expect(plain, from: folder.pipe("pipe", feeding: bytes), recording.link)
    try withStandardInput(bytes) { try expect(plain, from: "-", recording.link) }
  }

  @Test("a file of frames gives the same from a file, a pipe, standard input and over UDP")
  func repeatsFrames() throws {
    let recording = try Recording.clean()
    let folder = try TemporaryFolder()
    let file = try folder.write(recording.bytes, to: "frames")
    let plain = try ReplayYield(recording.link, file)
    #expect(plain.report.contains(#""balanced":true"#))
    #expect(plain.report.contains(#""kind":"frames","units":500"#))
    let givesItself = plain.frames == recording.bytes
    #expect(givesItself)
    try expect(plain, from: file, recording.link) { $0.goesOverLoopback = true }
    try expect(plain, from: file, recording.link) { $0.speed = .times(1) }
    try expect(plain, from: folder.pipe("pipe", feeding: recording.bytes), recording.link)
    try withStandardInput(recording.bytes) { try expect(plain, from: "-", recording.link) }
  }

  @Test("a file of packets gives the same from a file, a pipe, standard input and over UDP, and gives itself")
  func repeatsPackets() throws {
    let recording = try Recording.clean()
    let folder = try TemporaryFolder()
    let fromFrames = try ReplayYield(recording.link, folder.write(recording.bytes, to: "frames"))
    let bytes = try #require(fromFrames.packets["scid-42-vcid-1.packets"])
    let file = try folder.write(bytes, to: "packets")
    let link = LinkConfiguration(name: "packets", parameters: .packets(PacketStreamParameters()))
    let plain = try ReplayYield(link, file)
    #expect(plain.report.contains(#""balanced":true"#))
    let givesItself = plain.packets == ["scid-0-vcid-0.packets": bytes]
    #expect(givesItself)
    try expect(plain, from: file, link) { $0.speed = .times(1) }
    try expect(plain, from: folder.pipe("pipe", feeding: bytes), link)
    try withStandardInput(bytes) { try expect(plain, from: "-", link) }
    // A datagram holds 65,507 bytes, and a packet may be longer.
    let short = try #require(fromFrames.packets["scid-42-vcid-0.packets"])
    let shortFile = try folder.write(short, to: "short")
    try expect(ReplayYield(link, shortFile), from: shortFile, link) { $0.goesOverLoopback = true }
  }

  private func expect(
    _ plain: ReplayYield, from file: String, _ link: LinkConfiguration,
    sourceLocation: SourceLocation = #_sourceLocation, _ change: (inout Replay.Options) -> Void = { _ in }
  ) throws {
    let yield = try ReplayYield(link, file, change)
    #expect(yield.report == plain.report, sourceLocation: sourceLocation)
    let (events, plainEvents) = (yield.events.split(separator: "\n"), plain.events.split(separator: "\n"))
    #expect(events.count == plainEvents.count, sourceLocation: sourceLocation)
    if let (event, plainEvent) = zip(events, plainEvents).first(where: { $0 != $1 }) {
      #expect(event == plainEvent, sourceLocation: sourceLocation)
    }
    let framesAreEqual = yield.frames == plain.frames
    #expect(framesAreEqual, sourceLocation: sourceLocation)
    let packetsAreEqual = yield.packets == plain.packets
    #expect(packetsAreEqual, sourceLocation: sourceLocation)
  }

  /// Runs something with bytes on standard input, which is a pipe.
  private func withStandardInput(_ bytes: [UInt8], _ body: () throws -> Void) throws {
    var ends: [Int32] = [0, 0]
    try #require(unsafe pipe(&ends) == 0)
    let (reading, writing) = (ends[0], ends[1])
    let saved = dup(STDIN_FILENO)
    dup2(reading, STDIN_FILENO)
    close(reading)
    Thread.detachNewThread { TemporaryFolder.feed(bytes, to: writing) }
    defer {
      if saved >= 0 {
        dup2(saved, STDIN_FILENO)
        close(saved)
      } else {
        close(STDIN_FILENO)
      }
    }
    try body()
  }
}
