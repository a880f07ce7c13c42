package import CCSDSCoding
package import Ingest

/// A unit that was rejected, as far as it was kept.
package struct RejectedUnit: Sendable, Equatable {
  /// Which of those rejected for its reason, from 1.
  package var number: Int
  /// Nanoseconds since 1970, where the input says.
  package var receivedAt: Int64?
  /// Who sent it, where that is known: of datagrams as they come.
  package var source: SocketAddress?
  /// How long it was.
  package var byteCount: Int
  /// Its first bytes, mostly all.
  package var bytes: [UInt8]
  /// What the decoder found in its codewords, for a codeblock.
  package var corrections: CodewordCorrections?

  /// Whether all of it was kept.
  package var isWhole: Bool { bytes.count == byteCount }
}

/// What a link has kept of the units that it rejected last, as a value: what leaves the data plane.
package struct RejectionRecord: Sendable, Equatable {
  /// One reason.
  package struct Entry: Sendable, Equatable {
    package var reason: RejectionReason
    /// How many there were.
    package var count = 0
    /// How many of them were passed over, because too many came at a time.
    package var passedOverCount = 0
    /// The last that were kept, the newest first.
    package var units: [RejectedUnit] = []
  }

  /// The reasons that there were, in their order.
  package var entries: [Entry] = []
  /// Nanoseconds since 1970: from then on it was noted.
  package var since: Int64

  /// How many units there are.
  package var unitCount: Int { entries.reduce(0) { $0 + $1.units.count } }

  /// How many bytes of them are kept.
  package var byteCount: Int { entries.reduce(0) { $0 + $1.units.reduce(0) { $0 + $1.bytes.count } } }

  package init(since: Int64) { self.since = since }

  package subscript(reason: RejectionReason) -> Entry? { entries.first { $0.reason == reason } }
}
