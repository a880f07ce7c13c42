/// What can be asked on the status socket: a closed set, all of it read-only.
package enum StatusCommand: String, CaseIterable, Sendable {
  case help, version, status, health, problems, links, vcs, apids, counters, queues, logs, clients, config, events
  case parameters, passes, history, explain, watch, schema

  /// What `help` says about it.
  package var summary: String {
    switch self {
    case .help: "the commands of this socket"
    case .version: "the daemon's version and the protocol's"
    case .status: "everything in one document: links, their ledgers, problems"
    case .health: "ok, warning or critical, and why"
    case .problems: "what is wrong, what it means for the data, and what to do"
    case .links: "one summary per link"
    case .vcs: "the virtual channels of all links or of one"
    case .apids: "the application processes of all links or of one"
    case .counters: "the counters the metrics are made of"
    case .queues: "how full the queues inside the daemon are"
    case .logs: "the state of the rolling logs"
    case .clients: "who is connected to this socket"
    case .config: "the configuration in force"
    case .events: "the last events"
    case .parameters: "the last values of parameters whose names fit a pattern"
    case .passes: "the passes, or the report of one as a document, as text, or as its list of gaps"
    case .history: "what came in the last hour, in steps of ten seconds"
    case .explain: "the last units that a link rejected, why, and which setting would have accepted them"
    case .watch: "events and statistics from now on"
    case .schema: "the shape of requests and replies"
    }
  }

  /// The names its arguments may have; the first is that of a bare word.
  package var argumentNames: [String] {
    switch self {
    case .help: ["command"]
    case .version, .clients, .schema, .status, .health, .queues, .logs: []
    case .config: ["limit", "cursor"]
    case .problems, .links, .counters, .history: ["link", "limit", "cursor"]
    case .vcs: ["link", "scid", "vcid", "limit", "cursor"]
    case .apids: ["link", "scid", "vcid", "apid", "limit", "cursor"]
    case .events: ["n", "tail", "since", "type", "link"]
    case .parameters: ["glob", "link", "data", "limit_level", "limit", "cursor"]
    case .passes: ["link", "id", "form", "limit", "cursor"]
    case .explain: ["link", "reason", "limit", "cursor"]
    case .watch: ["types", "links", "stats_interval_seconds", "parameters"]
    }
  }

  /// Words an operator may try because other versions know them.
  static let unsupported: Set<String> = ["replay", "top"]
}
