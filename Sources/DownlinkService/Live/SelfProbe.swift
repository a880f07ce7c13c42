package import Ingest

/// Proves that a quiet socket is not deaf: now and then a datagram is sent to it from this host, and has to arrive.
///
///     idle -- due while quiet --> sent -- heard --> idle          the socket hears
///                                  |
///                                  +-- 5 s --> deaf -- heard, or anything else received --> idle
///
/// It is a value without a clock or a socket: whoever owns it sends what it asks for and tells it what came.
package struct SelfProbe: Sendable {
  /// What has become known.
  package enum Finding: Equatable, Sendable {
    case deaf
    case hearsAgain
  }

  /// The length of a probe: what a datagram is compared with first, and ordinary ones with that alone.
  package static let byteCount = 24
  private static let patienceNanoseconds: Int64 = 5_000_000_000
  /// "downlink" in ASCII, for whoever captures it; the nonce follows.
  private static let mark: UInt64 = 0x646f_776e_6c69_6e6b

  /// A probe that may still arrive.
  package struct Outstanding: Sendable, Equatable {
    let nonce: UInt128
    let source: SocketAddress
  }

  private let intervalNanoseconds: Int64
  /// Absent when none is on its way.
  package private(set) var outstanding: Outstanding?
  private var sentAt: Int64?
  private var isWaiting = false
  /// When the last probe was sent, by the same clock as `isDue`.
  private var lastAt: Int64?
  /// Probes that arrived. They are in no ledger.
  package private(set) var heardCount = 0
  package private(set) var isDeaf = false
  /// Whether the last probe was heard; absent until there is an answer.
  package private(set) var isHeard: Bool?

  /// - Parameter intervalSeconds: Zero sends none.
  package init(intervalSeconds: Double) { intervalNanoseconds = Int64(intervalSeconds * 1e9) }

  /// Whether it is time for a probe.
  ///
  /// - Parameters:
  ///   - now: By a clock that is never set.
  ///   - quietSince: When something was received last, or else when receiving began.
  package func isDue(at now: Int64, quietSince: Int64) -> Bool {
    intervalNanoseconds > 0 && !isWaiting && now - max(quietSince, lastAt ?? quietSince) >= intervalNanoseconds
  }

  /// Takes note that a probe is not sent although it is due: it is tried again an interval later.
  package mutating func skip(at now: Int64) { lastAt = now }

  /// The datagram to send.
  package static func datagram(nonce: UInt128) -> [UInt8] {
    let high = UInt64(truncatingIfNeeded: nonce >> 64)
    return [mark, high, UInt64(truncatingIfNeeded: nonce)].flatMap { word in
      (0..<8).map { UInt8(truncatingIfNeeded: word >> (56 - 8 * $0)) }
    }
  }

  /// Takes note that it is on its way.
  package mutating func noteSent(nonce: UInt128, from source: SocketAddress, at now: Int64) {
    outstanding = Outstanding(nonce: nonce, source: source)
    sentAt = now
    lastAt = now
    isWaiting = true
  }

  /// Takes note of a probe that an earlier process has sent: it is nobody's datagram either.
  package mutating func expect(_ outstanding: Outstanding?) { self.outstanding = outstanding }

  /// Whether a datagram is the probe; each is recognized once. To be asked for datagrams of `byteCount` only.
  package mutating func recognizes(_ bytes: RawSpan, from source: SocketAddress) -> Bool {
    guard let outstanding, bytes.byteCount == Self.byteCount, source == outstanding.source,
      bytes.bigEndian(at: 0) == Self.mark,
      UInt128(bytes.bigEndian(at: 8)) << 64 | UInt128(bytes.bigEndian(at: 16)) == outstanding.nonce
    else { return false }
    self.outstanding = nil
    isWaiting = false
    isHeard = true
    heardCount += 1
    return true
  }

  /// What has become known since the last time.
  ///
  /// - Parameter hasReceived: Whether anything else has arrived since then: a socket that hears that is not deaf.
  package mutating func review(at now: Int64, hasReceived: Bool) -> Finding? {
    if isDeaf, hasReceived || isHeard == true {
      isDeaf = false
      return .hearsAgain
    }
    guard isWaiting, let sentAt, now - sentAt >= Self.patienceNanoseconds else { return nil }
    isWaiting = false
    guard !hasReceived else { return nil }
    isHeard = false
    guard !isDeaf else { return nil }
    isDeaf = true
    return .deaf
  }
}

extension RawSpan {
  fileprivate func bigEndian(at offset: Int) -> UInt64 {
    UInt64(bigEndian: unsafe unsafeLoadUnaligned(fromByteOffset: offset, as: UInt64.self))
  }
}
