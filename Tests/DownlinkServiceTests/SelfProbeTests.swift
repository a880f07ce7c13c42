import DownlinkService
import Ingest
import Testing

@Suite("The probe of a quiet socket")
struct SelfProbeTests {
  private static let second: Int64 = 1_000_000_000
  private static let nonce: UInt128 = 0x0123_4567_89AB_CDEF_FEDC_BA98_7654_3210
  fileprivate static let source = SocketAddress(ipv4: 0x7F00_0001, port: 40_000)

  @Test("is due an interval after the last datagram, the last probe and the start, and never while one is under way")
  func isDue() {
    let probe = Probe(intervalSeconds: 60)
    #expect(!probe.isDue(at: 59 * Self.second, quietSince: 0))
    #expect(probe.isDue(at: 60 * Self.second, quietSince: 0))
    #expect(!probe.isDue(at: 60 * Self.second, quietSince: 1))
    probe.noteSent(nonce: Self.nonce, from: Self.source, at: 60 * Self.second)
    #expect(!probe.isDue(at: 1000 * Self.second, quietSince: 0))
    #expect(probe.recognizes(SelfProbe.datagram(nonce: Self.nonce)))
    #expect(!probe.isDue(at: 119 * Self.second, quietSince: 0))
    #expect(probe.isDue(at: 120 * Self.second, quietSince: 0))
    #expect(!probe.isDue(at: 120 * Self.second, quietSince: 61 * Self.second))
    #expect(!SelfProbe(intervalSeconds: 0).isDue(at: .max, quietSince: 0))
  }

  @Test("is 24 bytes with its nonce in the last 16, and recognized once, by every bit and by its sender")
  func isRecognized() {
    let datagram = SelfProbe.datagram(nonce: Self.nonce)
    #expect(
      datagram == Array("downlink".utf8) + [
        0x01, 0x23, 0x45, 0x67, 0x89, 0xAB, 0xCD, 0xEF, 0xFE, 0xDC, 0xBA, 0x98, 0x76, 0x54, 0x32, 0x10,
      ])
    let probe = Probe(intervalSeconds: 60)
    #expect(!probe.recognizes(datagram))
    probe.noteSent(nonce: Self.nonce, from: Self.source, at: 0)
    for bit in 0..<(24 * 8) {
      var other = datagram
      other[bit / 8] ^= 1 << UInt8(bit % 8)
      #expect(!probe.recognizes(other))
    }
    #expect(!probe.recognizes(datagram, from: SocketAddress(ipv4: 0x7F00_0001, port: 40_001)))
    #expect(!probe.recognizes(datagram, from: SocketAddress(ipv4: 0x7F00_0002, port: 40_000)))
    #expect(!probe.recognizes(datagram + [0]))
    #expect(!probe.recognizes(Array(datagram.dropLast())))
    #expect(probe.recognizes(datagram))
    #expect(probe.heardCount == 1)
    #expect(probe.isHeard == true)
    #expect(!probe.recognizes(datagram))
  }

  @Test("finds a socket deaf after 5 s, once, and hearing again when a probe arrives")
  func findsDeafness() {
    let probe = Probe(intervalSeconds: 60)
    probe.noteSent(nonce: Self.nonce, from: Self.source, at: 0)
    #expect(probe.review(at: 5 * Self.second - 1, hasReceived: false) == nil)
    #expect(probe.isHeard == nil)
    #expect(probe.review(at: 5 * Self.second, hasReceived: false) == .deaf)
    #expect(probe.isDeaf)
    #expect(probe.isHeard == false)
    #expect(probe.review(at: 6 * Self.second, hasReceived: false) == nil)
    probe.noteSent(nonce: Self.nonce + 1, from: Self.source, at: 60 * Self.second)
    #expect(probe.review(at: 66 * Self.second, hasReceived: false) == nil)
    #expect(probe.isDeaf)
    #expect(probe.recognizes(SelfProbe.datagram(nonce: Self.nonce + 1)))
    #expect(probe.review(at: 67 * Self.second, hasReceived: false) == .hearsAgain)
    #expect(!probe.isDeaf)
    #expect(probe.review(at: 68 * Self.second, hasReceived: false) == nil)
  }

  @Test("is not needed when something else arrives: that proves the same")
  func believesOtherDatagrams() {
    let probe = Probe(intervalSeconds: 60)
    probe.noteSent(nonce: Self.nonce, from: Self.source, at: 0)
    #expect(probe.review(at: 5 * Self.second, hasReceived: true) == nil)
    #expect(!probe.isDeaf)
    probe.noteSent(nonce: Self.nonce, from: Self.source, at: 60 * Self.second)
    #expect(probe.review(at: 65 * Self.second, hasReceived: false) == .deaf)
    #expect(probe.review(at: 66 * Self.second, hasReceived: true) == .hearsAgain)
  }
}

/// The probe under test, in a place where the macros of the tests can change it.
private final class Probe {
  private var value: SelfProbe

  init(intervalSeconds: Double) { value = SelfProbe(intervalSeconds: intervalSeconds) }

  var isDeaf: Bool { value.isDeaf }
  var isHeard: Bool? { value.isHeard }
  var heardCount: Int { value.heardCount }

  func isDue(at now: Int64, quietSince: Int64) -> Bool { value.isDue(at: now, quietSince: quietSince) }

  func noteSent(nonce: UInt128, from source: SocketAddress, at now: Int64) {
    value.noteSent(nonce: nonce, from: source, at: now)
  }

  func recognizes(_ bytes: [UInt8], from source: SocketAddress = SelfProbeTests.source) -> Bool {
    value.recognizes(unsafe bytes.span.bytes, from: source)
  }

  func review(at now: Int64, hasReceived: Bool) -> SelfProbe.Finding? {
    value.review(at: now, hasReceived: hasReceived)
  }
}
