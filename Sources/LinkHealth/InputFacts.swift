package import CCSDSLink

/// What the edge knows about the input of a link, for the diagnosis.
package struct InputFacts: Sendable {
  /// How the bytes come in.
  package enum Kind: Sendable {
    /// A replay, of whatever.
    case recording
    case udp
    case tcp
    /// A network interface.
    case capture
  }

  package var kind = Kind.recording
  /// Where it listens, or what it is connected to, as people write it.
  package var place: String?
  /// Whether the link would hear if anything came; when not, it is known already what is wrong.
  package var canHear = true
  /// What was asked of the kernel, and what it granted.
  package var requestedReceiveBufferByteCount: Int?
  package var grantedReceiveBufferByteCount: Int?
  /// The most that the kernel grants without privilege (`net.core.rmem_max`).
  package var largestReceiveBufferByteCount: Int?
  /// The datagrams of one sender that are taken in a second, where there is such a bound.
  package var datagramsPerSecond: Int?
  /// The port that the link listens to, and those that a capture has datagrams for.
  package var port: UInt16?
  package var otherPorts: [(port: UInt16, datagrams: Int)] = []
  /// How long nothing has come in; absent in a replay.
  package var secondsOfSilence: Double?
  package var secondsSinceStart: Double?
  package var quietAfterSeconds = 60.0
  /// Whether a pass was announced for now; absent where no plan says.
  package var isPassExpected: Bool?
  /// What had been counted ten minutes ago: what was wrong before is no problem any more. Absent in a replay, where all
  /// of it is looked at.
  package var earlier: LedgerMark?
  /// What the host's clock says, by which frames were received; absent in a replay.
  package var now: ReceptionTime?

  package init() {}

  /// What a message says behind a count, so that it is clear since when.
  var span: String { earlier == nil ? "" : " of the last ten minutes" }
}
