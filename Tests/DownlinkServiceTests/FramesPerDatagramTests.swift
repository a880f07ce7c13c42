import CCSDSLink
import DownlinkService
import LinkHealth
import SpacecraftSimulator
import StationConfiguration
import Testing

/// A modem may put several whole frames into one datagram, where the configuration says so.
@Suite("Several frames in one datagram")
struct FramesPerDatagramTests {
  @Test("whole frames are taken apart, up to as many as may be", arguments: [1, 2, 3, 4])
  func splitsDatagrams(frameCount: Int) throws {
    let recording = try Recording.clean()
    var joined: [[UInt8]] = []
    for (index, datagram) in recording.datagrams.enumerated() {
      if index % frameCount == 0 { joined.append([]) }
      joined[joined.count - 1] += datagram.bytes
    }
    let snapshot = try receive(joined, recording.link, atMost: 4)
    let single = try receive(recording.datagrams.map(\.bytes), recording.link, atMost: 1)
    #expect(snapshot.isBalanced)
    #expect(snapshot.ledger.datagrams.received == joined.count)
    #expect(snapshot.ledger.frames == single.ledger.frames)
    #expect(snapshot.ledger.virtualChannels == single.ledger.virtualChannels)
    #expect(snapshot.ledger.applicationProcesses == single.ledger.applicationProcesses)
  }

  @Test("two frames and a half are one bad frame, and so are more frames than may be, or than one where one is said")
  func rejectsWhole() throws {
    let recording = try Recording.clean()
    let bytes = recording.bytes
    for (byteCount, atMost) in [(2 * 1115 + 557, 4), (1114, 4), (5 * 1115, 4), (2 * 1115, 1)] {
      let snapshot = try receive([Array(bytes.prefix(byteCount))], recording.link, atMost: atMost)
      #expect(snapshot.isBalanced)
      #expect(snapshot.ledger.frames.received == 1)
      #expect(snapshot.ledger.frames.rejected[.length] == 1)
    }
  }

  @Test("a datagram of more than twice the frames that may be is not looked into")
  func refusesOversize() throws {
    let recording = try Recording.clean()
    let snapshot = try receive([Array(recording.bytes.prefix(9 * 1115))], recording.link, atMost: 4)
    #expect(snapshot.isBalanced)
    #expect(snapshot.ledger.datagrams.rejected[.oversize] == 1)
    #expect(snapshot.ledger.frames.received == 0)
  }

  private func receive(_ datagrams: [[UInt8]], _ link: LinkConfiguration, atMost count: Int) throws -> LinkSnapshot {
    var pipeline = LinkPipeline(name: link.name, parameters: link.parameters, framesPerDatagram: count)
    for datagram in datagrams {
      unsafe pipeline.receive(datagram.span.bytes, UnitDescription(originalByteCount: datagram.count))
    }
    pipeline.finish()
    return pipeline.snapshot()
  }
}
