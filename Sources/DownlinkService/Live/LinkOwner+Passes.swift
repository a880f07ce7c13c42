import CCSDSLink
import Dispatch
import LinkHealth
import Publish

/// The passes of a live link. Called on the link's queue.
extension LinkOwner {
  /// Goes on with the pass that an earlier process has left, where the ledger does not. Before anything is received.
  func resumePass() {
    guard let passes, passes.isEnabled, let saved = passes.store.saved(of: name) else { return }
    _ = pipeline.resumePass(from: saved)
  }

  /// Goes by another configuration of passes from now on.
  nonisolated func adopt(_ passes: LinkPasses) {
    executor.queue.async {
      self.assumeIsolated { owner in
        owner.passes = passes
        owner.pipeline.adopt(passes.settings)
      }
    }
  }

  /// Sees to what goes by the clock, and tells what has happened.
  func reviewPasses(at now: ReceptionTime) {
    guard let passes else { return }
    pipeline.tickPasses(at: now, foreignDrops: foreignDropCount)
    let news = pipeline.takePassNews()
    guard passes.isEnabled else { return }
    for item in news {
      taps.journal.tell(item)
      switch item {
      case .acquired: break
      case .lost(let report), .silent(let report):
        passOmissions.add(report)
        passes.store.add(report)
      }
    }
    let current = pipeline.currentPass
    passes.store.show(current, of: name)
    passTickCount += 1
    guard current != nil || !news.isEmpty, passTickCount % Self.saveInterval == 0 || !news.isEmpty else { return }
    savePass(at: now)
  }

  /// Leaves the pass under way to the next process.
  func savePass(at now: ReceptionTime) {
    guard let passes, passes.isEnabled else { return }
    passes.store.save(pipeline.currentPass == nil ? nil : pipeline.savedPass(at: now), of: name)
  }

  /// What the kernel has dropped of links that hear by the same socket, where this one does not read it.
  private var foreignDropCount: Int {
    guard case .other(let first) = share else { return 0 }
    return first.assumeIsolated { $0.pipeline.sink.ledger.datagrams.kernelDropped }
  }

  /// Whether a pass was announced for a time; nothing where no plan says.
  func isPassExpected(at now: Int64) -> Bool? {
    passes?.settings.isPassExpected(at: ReceptionTime(nanosecondsSince1970: now))
  }

  /// What was announced and is not heard.
  func passProblems(at now: Int64) -> [Problem] {
    let now = ReceptionTime(nanosecondsSince1970: now)
    guard let passes, passes.isEnabled, let missed = pipeline.missedPass(at: now) else { return [] }
    let label = missed.label.map { " '\(PassWords.printable($0))'" } ?? ""
    return [
      Problem(
        .passSilent, .warning, link: name, since: missed.start,
        message: "the pass\(label) that began at \(missed.start.rfc3339) is not heard",
        hint:
          "look at the antenna's pointing, the receiver's lock and the network; if the pass was called off, take it "
          + "out of passes.schedule and reload")
    ]
  }

  /// Seconds between two times that the pass under way is saved.
  private static let saveInterval = 2
}
