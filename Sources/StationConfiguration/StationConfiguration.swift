/// What a station was told to do: the links it receives, and where their health goes.
package struct StationConfiguration: Sendable, Equatable {
  /// What the station is called in status and logs.
  package var station: String
  package var description: String?
  /// In the order they were written; names are unique.
  package var links: [LinkConfiguration]
  package var logs = LogConfiguration()
  package var status = StatusConfiguration()
  package var state = StateConfiguration()
  package var metrics = MetricsConfiguration()
  package var passes = PassConfiguration()
  /// Absent: there is no web server.
  package var web: WebConfiguration?
  /// Seconds between two records of the counters, 1…3600.
  package var statsIntervalSeconds = 10.0
  /// Seconds that a stop may take until the links have drained, 0…300.
  package var stopTimeoutSeconds = 10.0
  /// What was allowed although it may not be what was meant.
  package var warnings: [ConfigurationProblem] = []
  /// Where things stand, by their paths: keys of the station, each link, such as `links[0]`, and keys that a host may
  /// have something against, such as `links[0].input.group`.
  package var places: [String: ConfigurationPlace] = [:]

  package init(station: String, links: [LinkConfiguration]) {
    self.station = station
    self.links = links
  }

  /// The link of that name, or the only one when no name is asked for.
  package func link(named name: String?) -> LinkConfiguration? {
    guard let name else { return links.count == 1 ? links.first : nil }
    return links.first { $0.name == name }
  }
}

/// Where the event and statistics logs go, and how much of them is kept.
package struct LogConfiguration: Sendable, Equatable {
  /// An absolute path.
  package var directory = "/var/log/downlinkd"
  /// A file is rotated before it grows beyond this, 64 KiB…16 GiB.
  package var maximumFileByteCount = 64 << 20
  /// A file is rotated when it is this old, 1 minute…30 days.
  package var maximumAgeSeconds = 86_400.0
  /// The oldest rotated files of a log are deleted when together they are longer than this, 1 MiB…16 TiB.
  package var maximumTotalByteCount = 1 << 30
  /// The oldest rotated files of a log are deleted when there are more than this, 1…100000.
  package var maximumFileCount = 10_000
  /// A rotated file is deleted when it is this many days old, 1…36500; `nil` keeps it.
  package var maximumDayCount: Int?
  /// When less than this is free on the file system, the oldest rotated files are deleted, 0…16 TiB.
  package var minimumFreeByteCount = 0
  /// Whether rotated files are packed with gzip.
  package var compresses = true
  /// Seconds until a record has reached the disk, 0…3600; zero syncs every record.
  package var syncIntervalSeconds = 1.0

  package init() {}
}

/// Where dashboards and operators ask for the status, and where commands are given.
package struct StatusConfiguration: Sendable, Equatable {
  /// A Unix socket: an absolute path of at most 107 bytes.
  package var socketPath = "/run/downlinkd/status.sock"
  /// The clients of a socket at one time, 1…1024.
  package var maximumClientCount = 64
  /// The clients of one user on a socket at one time, 1…1024.
  package var maximumClientCountPerUser = 16
  private var chosenControlSocketPath: String?

  /// Another Unix socket, for commands: beside the first one unless it was set.
  package var controlSocketPath: String {
    get { chosenControlSocketPath ?? usualControlSocketPath }
    set { chosenControlSocketPath = newValue == usualControlSocketPath ? nil : newValue }
  }

  package init() {}

  private var usualControlSocketPath: String {
    (socketPath.lastIndex(of: "/").map { String(socketPath[...$0]) } ?? "") + "control.sock"
  }
}

/// Where totals are kept for the next run.
package struct StateConfiguration: Sendable, Equatable {
  /// An absolute path; absent, the state directory that the service manager names, or none.
  package var directory: String?

  package init() {}
}
