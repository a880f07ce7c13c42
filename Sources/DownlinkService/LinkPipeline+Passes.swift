import CCSDSLink
import CCSDSWire
package import LinkHealth

/// The passes of a link, where they are followed.
extension LinkPipeline {
  /// What has happened since the last time.
  package mutating func takePassNews() -> [PassNews] { stage.sink.takePassNews() }

  /// Ends the pass under way: there is nothing more to come.
  package mutating func finishPasses() { stage.sink.finishPasses() }

  /// Takes note of how late it is.
  mutating func tickPasses(at now: ReceptionTime, foreignDrops: Int) {
    stage.sink.tickPasses(at: now, foreignDrops: foreignDrops)
  }

  /// The pass under way as it stands.
  package var currentPass: PassReport? { stage.sink.currentPass }

  /// The pass under way, for a process that has nothing else of this one.
  mutating func savedPass(at now: ReceptionTime) -> [UInt8] { stage.sink.savedPass(at: now) }

  /// Goes on with the pass of an earlier process, beside a ledger that does not.
  mutating func resumePass(from saved: [UInt8]) -> Bool { stage.sink.resumePass(from: saved) }

  /// Goes by other settings.
  mutating func adopt(_ settings: PassSettings) { stage.sink.passes?.adopt(settings) }

  /// Saves or restores what follows the passes, where anything does.
  mutating func archivePasses(_ archive: inout StateArchive) { stage.sink.passes?.archive(&archive) }

  /// The announced pass that should be heard now and is not.
  func missedPass(at now: ReceptionTime) -> ScheduledPass? { stage.sink.missedPass(at: now) }
}

extension PipelineSink {
  fileprivate mutating func takePassNews() -> [PassNews] { passes?.takeNews() ?? [] }
  fileprivate mutating func finishPasses() { passes?.finish(ledger) }
  fileprivate mutating func tickPasses(at now: ReceptionTime, foreignDrops: Int) {
    passes?.tick(at: now, ledger, foreignDrops: foreignDrops)
  }
  fileprivate mutating func savedPass(at now: ReceptionTime) -> [UInt8] { passes?.saved(at: now) ?? [] }
  fileprivate mutating func resumePass(from saved: [UInt8]) -> Bool { passes?.restore(from: saved, ledger) ?? false }
  fileprivate var currentPass: PassReport? { passes?.current(ledger) }
  fileprivate func missedPass(at now: ReceptionTime) -> ScheduledPass? { passes?.missed(at: now) }
}

extension PipelineSink {
  /// Tells the pass under way what has left its limits.
  mutating func tellViolations() {
    for violation in parameters?.takeViolations() ?? [] { passes?.note(violation) }
  }
}
