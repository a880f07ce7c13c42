package import CCSDSLink
package import CCSDSWire

/// Going on where an earlier process left off.
extension PassRecorder {
  /// Saves or restores it, beside the ledger that it follows.
  package mutating func archive(_ archive: inout StateArchive) {
    detector.archive(&archive)
    report.archive(&archive)
    tail.archive(&archive)
    archive.item(&isTailPlain)
    datagramMark.archive(&archive)
    archive.optional(&firstTime)
    archive.optional(&lastTime)
    guard archive.isRestoring, archive.isValid else { return }
    detector.resume(report.announced)
    (channelRows, processRows) = ([], [])
  }

  /// The pass under way, for a process that has nothing else of this one.
  package mutating func saved(at now: ReceptionTime) -> [UInt8] {
    var archive = StateArchive()
    archive.open(kind: kind)
    var now = now
    now.archive(&archive)
    self.archive(&archive)
    archive.close()
    return archive.bytes
  }

  /// Goes on with the pass of an earlier process, beside a ledger that does not.
  ///
  /// - Returns: Whether the bytes were a pass of this link; if not, nothing has changed.
  package mutating func restore(from saved: [UInt8], _ ledger: borrowing LossLedger) -> Bool {
    var archive = StateArchive(restoringFrom: saved)
    var restored = PassRecorder(link: link, settings: settings)
    archive.open(kind: kind)
    var savedAt = ReceptionTime(nanosecondsSince1970: 0)
    savedAt.archive(&archive)
    restored.archive(&archive)
    archive.close()
    guard archive.isValid else { return false }
    guard restored.isHearing else { return true }
    restored.tail = PassCounts()
    restored.isTailPlain = true
    restored.datagramMark = PassDatagrams(ledger)
    restored.interruptedAt = savedAt
    restored.listensSince = listensSince
    self = restored
    return true
  }

  /// The same pass, with other settings from now on.
  package mutating func adopt(_ settings: PassSettings) {
    guard settings != self.settings else { return }
    self.settings = settings
    detector.adopt(settings)
    if isHearing { report.announced = detector.announced ?? report.announced }
  }

  private var kind: UInt64 { StateArchive.digest(of: Array("pass 1 of \(link)".utf8)) }
}
