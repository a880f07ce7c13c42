import CCSDSLink
import CCSDSWire
import Ingest
import LinkHealth
package import Publish
package import StationConfiguration

/// Sends the good frames of a link on to one place, as they came: undamaged or corrected, also those that came before.
///
/// It is on the queue of its link, and never makes it wait.
final class FrameMirror {
  let sink: FrameSink
  private let outlet: DatagramOutlet
  /// Whether the frames of each virtual channel of the ledger are wanted, by its index; none is decided beyond the end.
  private var wanted: [Bool] = []
  /// Whether the frame that comes next is.
  private var isNextWanted = false
  /// What was counted when it was looked at last, and how long ago it last went wrong.
  private var seen = (dropped: 0, refusals: 0)
  private var secondsSinceTrouble = Int.max

  init(_ sink: FrameSink) {
    self.sink = sink
    outlet = DatagramOutlet(host: sink.host.description, port: sink.port)
    outlet.open()
  }

  /// Learns of which channel the frame is that comes next.
  func note(_ frame: FrameObservation, _ ledger: borrowing LossLedger) {
    while wanted.count <= frame.virtualChannel, wanted.count < ledger.virtualChannels.count {
      let identity = ledger.virtualChannels[wanted.count].identity
      wanted.append(sink.takes(identity.spacecraftID, identity.virtualChannelID))
    }
    isNextWanted = frame.virtualChannel < wanted.count && wanted[frame.virtualChannel]
  }

  func take(frame: RawSpan) {
    if isNextWanted { outlet.append(frame) }
  }

  /// Sends what has been gathered.
  func flush() { outlet.flush() }

  // MARK: Once a second

  /// Sees how it stands.
  func review() -> FrameMirrorStatus {
    outlet.open()
    let now = (dropped: outlet.counts.dropped, refusals: outlet.refusalCount)
    if now != seen {
      secondsSinceTrouble = 0
    } else if secondsSinceTrouble < Int.max {
      secondsSinceTrouble += 1
    }
    seen = now
    return FrameMirrorStatus(
      sink: sink, counts: outlet.counts, refusalCount: outlet.refusalCount, lastErrno: outlet.lastErrno,
      isTroubled: secondsSinceTrouble < Self.troubleSeconds)
  }

  /// How long a problem stays after the last frame that was not sent.
  private static let troubleSeconds = 10
}

/// How a sink of a link stands.
package struct FrameMirrorStatus: Sendable, Equatable {
  package let sink: FrameSink
  package let counts: DatagramOutlet.Counts
  package let refusalCount: Int
  let lastErrno: Int32
  /// Whether frames have not been sent, or were refused, in the last ten seconds.
  let isTroubled: Bool

  func write(to json: inout JSONWriter) {
    json.member("kind", "udp_frames")
    json.member("to", sink.endpoint)
    json.member("frames", counts.sent + counts.dropped)
    json.member("sent", counts.sent)
    json.member("sent_bytes", counts.sentByteCount)
    json.object("dropped") {
      if counts.noRoom > 0 { $0.member("no_room", counts.noRoom) }
      if counts.tooLong > 0 { $0.member("too_long", counts.tooLong) }
      if counts.failed > 0 { $0.member("failed", counts.failed) }
    }
    json.member("refusals", refusalCount)
    if lastErrno != 0 { json.member("last_error", IngestError.text(lastErrno)) }
  }

  /// What an operator should know of it.
  func problem(of link: String) -> Problem? {
    guard isTroubled else { return nil }
    if counts.dropped == 0 || refusalCount > 0 && counts.noRoom == 0 {
      return Problem(
        .sinkFails, .warning, link: link,
        message: "nobody takes the frames at \(sink.endpoint): \(refusalCount) refusals",
        hint: "start the receiver, or take the sink out of the configuration and reload")
    }
    let reason = lastErrno == 0 ? "" : ": " + IngestError.text(lastErrno)
    return Problem(
      .sinkFails, .warning, link: link,
      message: "\(counts.dropped) frames were not sent to \(sink.endpoint)\(reason)",
      hint: "see the route to it and net.core.wmem_max; frames longer than 65507 bytes fit in no datagram")
  }
}
