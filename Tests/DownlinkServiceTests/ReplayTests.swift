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
    #expect(plain.provenance.count == 5)
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

  @Test("a file of coded units gives the same from a file, a pipe, standard input and over UDP")
  func repeatsCodedUnits() throws {
    let recording = try Recording.coded()
    let folder = try TemporaryFolder()
    let file = try folder.write(recording.bytes, to: "units")
    let plain = try ReplayYield(recording.link, file)
    #expect(plain.report.contains(#""balanced":true"#))
    #expect(plain.report.contains(#""kind":"cadus","bytes":"#))
    #expect(plain.events.contains(#""event_type":"codeblock_reject""#))
    #expect(plain.events.contains(#""event_type":"packet_gap""#))
    try expect(plain, from: file, recording.link) { $0.goesOverLoopback = true }
    try expect(plain, from: file, recording.link) { $0.speed = .times(1) }
    try expect(plain, from: folder.pipe("pipe", feeding: recording.bytes), recording.link)
    try withStandardInput(recording.bytes) { try expect(plain, from: "-", recording.link) }
  }

  @Test("a capture of coded units gives the ledger of their file, however the datagrams cut the stream")
  func repeatsCodedDatagrams() throws {
    let recording = try Recording.coded()
    let folder = try TemporaryFolder()
    let bytes = recording.bytes
    let file = try ReplayYield(recording.link, folder.write(bytes, to: "units"))
    let ledger = try snapshot(recording.link, folder.path("units")).ledger
    for pieceByteCount in [0, 1000, 1279, 5000] {
      let path = folder.path("capture-\(pieceByteCount).pcap")
      let start: Int64 = 1_767_225_600_000_000_000
      if pieceByteCount == 0 {
        try recording.writeCapture(to: path)
      } else {
        try Recording.writeCapture(
          stride(from: 0, to: bytes.count, by: pieceByteCount).map { offset in
            let end = min(offset + pieceByteCount, bytes.count)
            return (bytes: Array(bytes[offset..<end]), nanoseconds: start + Int64(offset) * 1000)
          }, to: path)
      }
      let found = try snapshot(recording.link, path).ledger
      #expect(found.streamBytes == ledger.streamBytes, "pieces of \(pieceByteCount) bytes")
      #expect(found.codeblocks == ledger.codeblocks)
      #expect(found.codewords == ledger.codewords)
      #expect(found.frames == ledger.frames)
      #expect(found.zoneBytes == ledger.zoneBytes)
      #expect(found.packets == ledger.packets)
      #expect(found.coding.markers == ledger.coding.markers)
      let capture = try ReplayYield(recording.link, path)
      let isEqual = capture.packets == file.packets && capture.frames == file.frames
      #expect(isEqual, "pieces of \(pieceByteCount) bytes")
      try expect(capture, from: path, recording.link) { $0.speed = .times(100) }
      try expect(capture, from: path, recording.link) { $0.goesOverLoopback = true }
    }
  }

  @Test("what happens to a coded unit is told with its number in the file", arguments: [0, 6, 39])
  func numbersCodedUnits(index: Int) throws {
    let recording = try Recording.coded(isClean: true)
    var bytes = recording.bytes
    // Twenty wrong symbols in each of five codewords, of which sixteen can be corrected.
    for offset in 0..<100 { bytes[index * 1279 + 104 + offset] ^= 0x55 }
    let folder = try TemporaryFolder()
    let yield = try ReplayYield(recording.link, folder.write(bytes, to: "units"))
    let event = yield.events.split(separator: "\n").first { $0.contains("codeblock_reject") }
    #expect(event?.contains(#""capture":{"file":"INPUT","frame":\#(index + 1)}"#) == true)
  }

  private func snapshot(_ link: LinkConfiguration, _ path: String) throws -> LinkSnapshot {
    var options = Replay.Options(files: [path])
    options.ports = [Recording.port]
    return try #require(try Replay(link: link, options: options).run().report.links.first).snapshot
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
