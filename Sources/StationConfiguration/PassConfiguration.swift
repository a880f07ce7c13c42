package import CCSDSLink
package import CCSDSWire

/// Whether passes are followed, when one is over, what is announced, and how many reports are kept.
package struct PassConfiguration: Sendable, Equatable {
  /// Whether a report is made of each pass.
  package var isEnabled = true
  /// Silence after which the signal counts as lost, 1…86400; absent, it goes by how often frames come.
  package var lossAfterSeconds: Double?
  /// An announced pass takes what is heard from so long before its beginning on, 0…3600.
  package var leadSeconds = 300.0
  /// Reports that are kept, 1…100000.
  package var maximumReportCount = 1000
  /// Bytes of all their files, 1 MiB…1 TiB.
  package var maximumByteCount = 256 << 20
  /// The file that the announced passes are in, if they are in one.
  package var scheduleFile: String?
  /// In the order of their beginnings.
  package var schedule: [ScheduledPassConfiguration] = []

  package init() {}

  /// What is announced for a link.
  package func schedule(of link: String) -> [ScheduledPassConfiguration] {
    schedule.filter { $0.link == nil || $0.link == link }
  }
}

/// A pass that is announced.
package struct ScheduledPassConfiguration: Sendable, Equatable {
  package var start: ReceptionTime
  package var end: ReceptionTime
  /// Only frames of this spacecraft count as heard; absent, all do.
  package var spacecraftID: SpacecraftID?
  /// The link that is to hear it; absent, every link.
  package var link: String?
  /// What people call it.
  package var label: String?

  package init(start: ReceptionTime, end: ReceptionTime) {
    self.start = start
    self.end = end
  }
}
