package import CCSDSWire

/// What the packets of a link mean, and how their values are watched.
package struct MissionConfiguration: Sendable, Hashable {
  /// The XTCE files of the mission database, at least one; a relative path is from where the configuration is.
  package var files: [String]
  /// The container that every packet begins with, by its path or name; absent, it is found.
  package var rootContainer: String?
  /// Whether a database that is not supported as a whole is used as far as it is.
  package var isLenient = false
  /// Virtual channels that carry what was stored on board.
  package var storedChannels: Set<VirtualChannelID> = []
  /// When nothing as new as the newest packet has come for so long, the clock on board was set back.
  package var clockSetBackSeconds = 120.0
  /// The limits of packets that were made later, in the order of when that begins.
  package var limitSets: [LimitSetConfiguration] = []

  /// Whose packets it describes; absent, those of the only spacecraft of the link, or of the first that is heard.
  package var spacecraftID: SpacecraftID?

  package init(files: [String]) { self.files = files }
}

/// Limits that hold from some time on.
package struct LimitSetConfiguration: Sendable, Hashable {
  /// When the first of the packets was made that they are for.
  package var validFrom: TAIInstant
  /// The XTCE files whose alarms they are.
  package var files: [String]

  package init(validFrom: TAIInstant, files: [String]) {
    self.validFrom = validFrom
    self.files = files
  }
}
