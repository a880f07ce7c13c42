import CCSDSLink
import LinkHealth
import Publish

/// What passes have come and gone.
extension EventJournal {
  /// Tells of a pass: few lines, for a pass takes its time.
  func tell(_ news: PassNews) {
    switch news {
    case .acquired(let pass):
      advance(to: pass.start?.nanosecondsSince1970)
      report(.pass, .notice) { $0.writePass("aos", pass) }
    case .lost(let pass): report(.pass, pass.missing > 0 ? .warning : .notice) { $0.writePass("los", pass) }
    case .silent(let pass):
      advance(to: pass.announced?.end.nanosecondsSince1970)
      report(.pass, .warning) { $0.writePass("silent", pass) }
    }
  }
}

extension JSONWriter {
  /// The members of an event of a pass.
  fileprivate mutating func writePass(_ action: String, _ pass: PassReport) {
    member("action", action)
    member("id", pass.id)
    if let label = pass.announced?.label { member("label", label) }
    if let announced = pass.announced {
      member("announced_start", announced.start.rfc3339)
      member("announced_end", announced.end.rfc3339)
    }
    guard action != "silent" else { return }
    if let start = pass.start { member("aos", start.rfc3339) }
    guard action == "los" else { return }
    if let end = pass.end { member("los", end.rfc3339) }
    if let seconds = pass.durationSeconds { member("duration_seconds", seconds) }
    if let ending = pass.ending { member("ended_by", ending.rawValue) }
    member("good_frames", pass.acceptedFrames)
    member("missing_frames", pass.missing)
    member("missing_packets", pass.missingPackets)
    if let completeness = pass.completeness { member("completeness", completeness) }
  }
}
