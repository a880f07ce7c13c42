import CCSDSLink
package import MissionDatabase
import Publish

/// What the limits of parameters say.
extension EventJournal {
  /// Tells of alarms that a packet has raised, changed or cleared.
  package func observe(_ alarms: [AlarmEvent], of packet: DecodedPacket) {
    guard !alarms.isEmpty else { return }
    advance(to: packet.receivedAt?.nanosecondsSince1970)
    for alarm in alarms {
      let change = AlarmNews.Change(alarm, of: packet, at: position)
      guard isTimed else {
        tell(change)
        continue
      }
      let (told, dropsOne) = alarmNews.take(change, at: now)
      if dropsOne { noteSuppressed(.parameter) }
      if let told { tell(told) }
    }
  }

  /// Tells what there was no line for when it happened.
  func tellAlarms(all: Bool) {
    for change in alarmNews.takeDue(at: now, all: all) { tell(change) }
  }

  private func tell(_ change: AlarmNews.Change) {
    let record = AlarmRecord(context: change.packet.mission.context)
    emitOne(
      record.event(change.alarm, of: change.packet, link: link, at: now, untoldCount: change.untoldCount),
      at: change.position)
  }
}
