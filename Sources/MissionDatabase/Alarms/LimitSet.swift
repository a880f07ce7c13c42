/// The alarms of packets that were made at some time or later, until the next set begins.
///
/// They are those of a mission database, which may be another than the one that packets are decoded by: parameters are
/// the same where their paths are.
package struct LimitSet: Sendable {
  /// Nanoseconds since 1958-01-01T00:00:00 TAI; absent for the set that has always been.
  package var validFrom: Int64?
  package var database: MissionDatabase

  package init(validFrom: Int64? = nil, _ database: MissionDatabase) {
    self.validFrom = validFrom
    self.database = database
  }
}
