import MissionDatabase

/// What the limits of parameters say.
extension EventJournal {
  /// Tells of alarms that a packet has raised, changed or cleared.
  func observe(_ alarms: [AlarmEvent], of packet: DecodedPacket) {
    for alarm in alarms where takeAlarmLine() {
      tellOne(AlarmRecord(context: packet.mission.context).event(alarm, of: packet, link: link, at: now))
    }
  }
}
