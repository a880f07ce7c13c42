import CCSDSLink
import CCSDSWire
import LinkHealth
import TestSupport
import Testing

@Suite("A flood of random datagrams traps nothing, balances, and fills nothing past its bound")
struct FloodTests {
  private static let datagramCount = 250_000

  private static func check(_ bench: borrowing Bench) {
    let snapshot = bench.snapshot()
    #expect(snapshot.breaches.isEmpty)
    #expect(snapshot.ledger.frames.received == datagramCount)
    #expect(snapshot.ledger.masterChannels.count <= 16)
    #expect(snapshot.ledger.virtualChannels.count <= 64)
    #expect(snapshot.ledger.applicationProcesses.count <= 2048)
    #expect(snapshot.ledger.passes.passes.count <= 64)
    #expect(snapshot.pendingByteCount <= 64 * 65_542)
    #expect(snapshot.heldFrameCount <= 32 + 64)
    _ = snapshot.problems()
  }

  @Test("random bytes of random lengths", arguments: [.tm, .aos] as [TransferFrameType])
  func survivesRandomBytes(type: TransferFrameType) {
    let seed: UInt64 = type == .tm ? 11 : 12
    print("seed", seed)
    var generator = SeededGenerator(seed: seed)
    var parameters = PhysicalChannelParameters(frameType: type, frameByteCount: 40)
    parameters.errorControl = .none
    var bench = Bench(parameters)
    for _ in 0..<Self.datagramCount {
      let isExact = Int.random(in: 0..<4, using: &generator) != 0
      bench.receive(generator.bytes(isExact ? 40 : Int.random(in: 0...80, using: &generator)))
    }
    Self.check(bench)
    bench.finish()
    #expect(bench.snapshot().isBalanced)
  }

  @Test(
    "frames with valid error control of random spacecraft, channels, counts, pointers and packets",
    arguments: [.tm, .aos] as [TransferFrameType])
  func survivesRandomFrames(type: TransferFrameType) {
    let seed: UInt64 = type == .tm ? 13 : 14
    print("seed", seed)
    var generator = SeededGenerator(seed: seed)
    var parameters = PhysicalChannelParameters(frameType: type, frameByteCount: 48)
    parameters.errorControl = .crc16
    var bench = Bench(parameters)
    var time = 0.0
    for _ in 0..<Self.datagramCount {
      var frame = generator.bytes(46)
      frame[0] = frame[0] & 0x3F | (type == .tm ? 0x00 : 0x40)
      // Most come from few spacecraft, or no two would ever meet; most begin a packet soon.
      if Int.random(in: 0..<8, using: &generator) != 0 {
        frame[0] &= 0xC0
        if type == .tm { frame[1] &= 0x2F } else { frame[2...3] = [0, frame[3] & 0x03] }
        if type == .aos { frame[5] &= 0x80 }
      }
      let pointer = type == .tm ? 4 : 6
      if Bool.random(using: &generator) { frame[pointer] = 0x18 * (type == .tm ? 1 : 0) }
      if Bool.random(using: &generator) { frame[pointer + 1] &= 0x1F }
      if Bool.random(using: &generator) {
        frame[pointer...pointer + 1] = type == .tm ? [0x18, 2] : [0, 0]
        frame[8...13] = [0, frame[9], 0xC0, frame[11], 0, frame[13] & 0x1F]
      }
      // Now and then hours pass, or the clock is set back.
      switch Int.random(in: 0..<1000, using: &generator) {
      case 0: time += 5000
      case 1: time -= 100
      default: time += 0.001
      }
      let isTimed = Int.random(in: 0..<10, using: &generator) != 0
      bench.receive(FrameMaker.withErrorControl(frame), at: isTimed ? time : nil)
    }
    Self.check(bench)
    #expect(bench.snapshot().ledger.virtualChannels.count > 8, "the flood reaches the channels")
    #expect(bench.snapshot().ledger.packets.completed > 100, "the flood reaches the packets")
    bench.finish()
    #expect(bench.snapshot().isBalanced)
  }

  @Test("times at the ends of 64 bits trap nothing")
  func survivesExtremeTimes() {
    var bench = Bench(Bench.parameters(.tm, 16))
    let times: [Int64] = [0, .max, .min, 1, .max, -1, .min, 0]
    for (index, time) in (times + times + times).enumerated() {
      let frame = FrameMaker.tm(master: index * 3, count: index * 3, zone: [UInt8](repeating: UInt8(index), count: 8))
      bench.channel.receive(
        unsafe frame.span.bytes, at: ReceptionTime(nanosecondsSince1970: time), into: &bench.sink)
    }
    #expect(bench.snapshot().ledger.frames.received == 24)
    #expect(bench.snapshot().isBalanced)
  }
}
