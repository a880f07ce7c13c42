import CCSDSCoding
import CCSDSLink
import DownlinkService
import LinkHealth
import SpacecraftSimulator
import Testing

@Suite("A connection that breaks in the middle of a coded stream")
struct StreamBreakTests {
  @Test("costs the unit that it cuts in two, and the lock, which the next unit finds again; the end of a file does not")
  func losesLock() throws {
    var scenario = Scenario.codedDemo
    scenario.link.frameCount = 40
    scenario.impairments = .none
    var simulation = try Simulation(scenario)
    var bytes: [UInt8] = []
    while let piece = simulation.next() { bytes += piece.bytes }
    // Half of the tenth unit of 1279 bytes, and no more of it.
    let cut = 9 * 1279 + 640
    var pipeline = LinkPipeline(name: "broken", parameters: .frames(scenario.physicalChannel))
    unsafe pipeline.receive(stream: bytes.span.bytes.extracting(0..<cut), at: nil)
    pipeline.flush()
    #expect(pipeline.sink.ledger.coding.lock.state == .lock)
    pipeline.breakStream()
    #expect(pipeline.sink.ledger.coding.lock.state == .search)
    #expect(pipeline.sink.ledger.coding.lock.lost == 1)
    unsafe pipeline.receive(stream: bytes.span.bytes.extracting(10 * 1279..<bytes.count), at: nil)
    pipeline.finish()
    let ledger = pipeline.snapshot().ledger
    #expect(ledger.frames.received == 39)
    #expect(ledger.streamBytes.skipped == 640)
    #expect(ledger.coding.lock.acquired == 2)
    #expect(ledger.coding.lock.lost == 1)
    #expect(ledger.coding.lock.state == .lock)
    #expect(pipeline.snapshot().breaches == [])
  }
}
