/// All that is known of a station at one moment, as a value: what its metrics are made of.
package struct StationSnapshot: Sendable {
  /// In the order of the configuration.
  package var links: [Link] = []
  package var build = Build()
  package var configuration = Configuration()
  package var host = Host()
  /// What is wrong that belongs to no link.
  package var problems = ProblemCounts()
  package var logs: [Log] = []
  package var queues: [Queue] = []
  package var clients = Clients()
  /// Absent where there is no web server.
  package var web: Web?
  /// By event type, all of them: the events that stand in no line of their own.
  package var suppressedEvents: [(type: String, count: Int)] = []
  /// What is bounded in the daemon, its links apart.
  package var limits: [ResourceLimit] = []
  /// Those that the configuration lists.
  package var parameters: [Parameter] = []
  /// The levels that a limit can be violated by, and the one for none.
  package var parameterLevels: [String] = []
  /// Absent where the metrics are read by a program that tells of its own process.
  package var process: Process?
  /// Absent where the metrics go to no file.
  package var textfile: Textfile?

  package init() {}
}

extension StationSnapshot {
  /// What the program is.
  package struct Build: Sendable {
    package var version = ""
    /// The version of the language it was compiled by.
    package var swift = ""
  }

  /// How the configuration stands.
  package struct Configuration: Sendable {
    package var isLastReloadSuccessful = true
    /// When the one in force was read, in nanoseconds since 1970.
    package var loadedAt: Int64 = 0
  }

  /// What is known of the host.
  package struct Host: Sendable {
    package var clockStepCount = 0
    /// Until when the list of leap seconds holds, in nanoseconds since 1970; absent where it does not say.
    package var leapSecondExpiry: Int64?
  }

  /// How many problems there are.
  package struct ProblemCounts: Sendable {
    package private(set) var critical = 0
    package private(set) var warning = 0

    package init(_ problems: [Problem] = []) {
      for problem in problems {
        switch problem.severity {
        case .critical: critical += 1
        case .warning: warning += 1
        }
      }
    }

    /// With the names that they have in the status.
    var bySeverity: [(name: String, count: Int)] {
      [(Problem.Severity.critical.rawValue, critical), (Problem.Severity.warning.rawValue, warning)]
    }
  }

  /// What a log has done.
  package struct Log: Sendable {
    package var name: String
    package var recordCount = 0
    package var writtenByteCount = 0
    package var droppedRecordCount = 0
    package var rotationCount = 0
    package var writeErrorCount = 0
    package var compressionErrorCount = 0
    package var deletedFileCount = 0
    package var isDegraded = false

    package init(name: String) { self.name = name }
  }

  /// A queue between two parts of the daemon.
  package struct Queue: Sendable {
    package var name: String
    /// Absent where nobody counts.
    package var depth: Int?
    package var capacity: Int
    package var droppedCount: Int

    package init(name: String, depth: Int?, capacity: Int, droppedCount: Int) {
      self.name = name
      self.depth = depth
      self.capacity = capacity
      self.droppedCount = droppedCount
    }
  }

  /// Who asks how the station is. Every list has all that there can be.
  package struct Clients: Sendable {
    /// By socket: those that are there now.
    package var connected: [(socket: String, count: Int)] = []
    /// By reason: those that were let go.
    package var evicted: [(reason: String, count: Int)] = []
    /// By command: what was asked.
    package var requests: [(command: String, count: Int)] = []

    package init() {}
  }

  /// What the web server has done. Every list has all that there can be.
  package struct Web: Sendable {
    /// Connections and event streams now.
    package var connectionCount = 0
    package var streamCount = 0
    /// Connections that were served.
    package var acceptedCount = 0
    /// By status code of HTTP.
    package var responses: [(code: String, count: Int)] = []
    /// By reason: connections and requests that got no answer to their question.
    package var refused: [(reason: String, count: Int)] = []
    /// By what they did: clients that were let go because they took nothing.
    package var evicted: [(reason: String, count: Int)] = []
    /// Events that streams did not get because they read too slowly.
    package var lostEventCount = 0

    package init() {}
  }

  /// A parameter of the mission that the configuration lists.
  package struct Parameter: Sendable {
    package var link: String
    package var name: String
    /// Absent where there is none yet, and where it is none that a number can say.
    package var value: Double?
    /// When the packet with it was received, in nanoseconds since 1970.
    package var updatedAt: Int64?
    /// How it stands with its limits; absent where it has none.
    package var level: String?

    package init(link: String, name: String, value: Double? = nil, updatedAt: Int64? = nil, level: String? = nil) {
      self.link = link
      self.name = name
      self.value = value
      self.updatedAt = updatedAt
      self.level = level
    }
  }

  /// What the daemon's process takes.
  package struct Process: Sendable {
    package var cpuSeconds = 0.0
    package var residentByteCount = 0
    package var descriptorCount = 0
    package var descriptorCapacity = 0
    /// Seconds since 1970.
    package var startSeconds = 0.0

    package init() {}
  }

  /// The file that the metrics go to.
  package struct Textfile: Sendable {
    package var writeCount: Int
    package var errorCount: Int

    package init(writeCount: Int, errorCount: Int) {
      self.writeCount = writeCount
      self.errorCount = errorCount
    }
  }
}
