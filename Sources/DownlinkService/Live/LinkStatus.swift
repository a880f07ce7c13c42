package import CCSDSLink
package import Ingest
package import LinkHealth
package import StationConfiguration

/// A link as the outside sees it: its snapshot, and what only the edge knows.
package struct LinkStatus: Sendable {
  package typealias State = LinkState

  package let snapshot: LinkSnapshot
  package let state: State
  package internal(set) var problems: [Problem]
  /// `udp`, `tcp` or `pcap`.
  package let transport: String
  /// Where it listens, or else what it connects to.
  package let listen: String?
  package let endpoint: String?
  /// Where the connection stands; absent for a link that has none.
  package let connection: TCPStatus?
  /// Where the live capture stands; absent for a link that has none.
  package internal(set) var capture: CaptureStatus?
  package internal(set) var admission = AdmissionStatus()
  package internal(set) var receiveBufferByteCount = 0
  package internal(set) var receiveQueueByteCount = 0
  /// The longest datagram that is looked into.
  package internal(set) var acceptedDatagramByteCount = 0
  /// Since when its totals count.
  package internal(set) var life = LinkLife(since: 0)
  /// Its socket, if it is the one that reads it.
  var socketMark: SocketMark?
  /// The other links on its socket.
  package internal(set) var sharedWith: [String] = []
  /// Datagrams for it that came on a shared socket while it was disabled.
  package internal(set) var ignoredDatagramCount = 0
  /// How the places stand that its good frames go to besides.
  package internal(set) var sinks: [FrameMirrorStatus] = []
  /// How its parameters stand; absent for a link without a mission database.
  package internal(set) var parameters: ParameterSummary?
  /// Since when they count, in nanoseconds since 1970: another mission database begins anew.
  package internal(set) var parametersSince: Int64 = 0
  /// What has changed of them since the last status.
  package internal(set) var parameterNews: ParameterNews?
  /// The pass under way, if there is one.
  package internal(set) var pass: PassReport?
  /// What reports of finished passes had no room for; absent where none are made.
  var passOmissions: PassOmissions?
  /// Whether a pass was announced for now; absent where no plan says.
  package internal(set) var isPassExpected: Bool?
  package let rate: RateWindow.Rate?
  package let takenAt: ReceptionTime

  /// What it was told.
  package internal(set) var configuration: LinkConfiguration?
  /// What it has kept of the units that it rejected last.
  package internal(set) var rejections: RejectionRecord?

  /// Gives away what has changed of its parameters.
  mutating func takeParameterNews() -> ParameterNews? { parameterNews.take() }

  /// What a ledger that begins now goes on from.
  var lifeSoFar: LinkLife {
    var life = life
    life.add(LinkTotals(snapshot), until: takenAt.nanosecondsSince1970)
    return life
  }
}

/// Frames and bytes of the last minute, a sample a second.
package struct RateWindow: Sendable {
  private static let capacity = 61

  package struct Rate: Sendable {
    package let start: ReceptionTime
    package let end: ReceptionTime
    package let framesPerSecond: Double
    package let packetsPerSecond: Double
    package let bitsPerSecond: Double
  }

  private var samples: [(time: ReceptionTime, monotonic: Int64, frames: Int, packets: Int, bytes: Int)] = []

  package init() {}

  /// Takes the totals at a time.
  ///
  /// - Parameter monotonic: The same time by a clock that is never set, in nanoseconds: what rates are reckoned by.
  package mutating func note(time: ReceptionTime, monotonic: Int64, frames: Int, packets: Int, bytes: Int) {
    if samples.count == Self.capacity { samples.removeFirst() }
    samples.append((time, monotonic, frames, packets, bytes))
  }

  /// The rates between the oldest and the newest sample; nothing before the second.
  package var rate: Rate? {
    guard let first = samples.first, let last = samples.last else { return nil }
    let seconds = Double(last.monotonic - first.monotonic) / 1e9
    guard seconds > 0 else { return nil }
    return Rate(
      start: first.time, end: last.time, framesPerSecond: Double(last.frames - first.frames) / seconds,
      packetsPerSecond: Double(last.packets - first.packets) / seconds,
      bitsPerSecond: Double(last.bytes - first.bytes) * 8 / seconds)
  }
}
