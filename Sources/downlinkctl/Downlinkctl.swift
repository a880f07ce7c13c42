import ArgumentParser
import Glibc

/// The operator's client: it knows nothing but the daemon's status document.
@main
struct Downlinkctl: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "downlinkctl", abstract: "Ask a running downlinkd how its links are, and tell it what to do.",
    version: DaemonVersion.number,
    subcommands: [
      Status.self, Problems.self, Links.self, VirtualChannels.self, ApplicationProcesses.self, Parameters.self,
      Passes.self, Explain.self,
      Top.self, Watch.self, Events.self, Health.self, Wait.self, Clients.self, Logs.self, Queues.self,
      Configuration.self,
      Reload.self, Rotate.self,
      Sync.self, LinkSwitch.self, LogLevel.self, Shutdown.self,
    ])

  /// Help ends in two real examples; the parser has no place for them.
  static func main() {
    do {
      var command = try parseAsRoot()
      try command.run()
      Console.flush()
    } catch {
      end(with: error)
    }
  }

  /// Leaves as the error says: a request for help is one, too.
  private static func end(with error: any Error) -> Never {
    Console.flush()
    if let error = error as? ConnectionError { Console.fail(error) }
    let text = fullMessage(for: error)
    let code = exitCode(for: error)
    if !text.isEmpty {
      guard code == .success else {
        Console.complain(text.harmlessLines)
        Glibc.exit(code.rawValue)
      }
      print(text.contains("USAGE: ") ? Examples.appended(toHelp: text) : text)
      Console.flush()
    }
    Glibc.exit(code.rawValue)
  }
}

/// What a person would really type.
enum Examples {
  private static let byCommand: KeyValuePairs<String, [(String, String)]> = [
    "status": [
      ("downlinkctl status", "the whole picture"),
      ("downlinkctl status --json | jq .accounting.balanced", "one fact of it for a script"),
    ],
    "problems": [
      ("downlinkctl problems", "what is wrong and what to do"),
      ("downlinkctl problems dss1 --json | jq -r '.problems[].hint'", "what to do about one link"),
    ],
    "clients": [
      ("downlinkctl clients", "who is connected"),
      ("downlinkctl clients --json | jq .totals.evicted", "how many were let go, and why"),
    ],
    "logs": [
      ("downlinkctl logs", "how the logs are"),
      ("downlinkctl logs --json | jq '.logs[] | select(.degraded)'", "those that cannot be written"),
    ],
    "queues": [
      ("downlinkctl queues", "how full they are"),
      ("downlinkctl queues --json | jq '[.queues[].dropped] | add'", "what was dropped in all"),
    ],
    "config": [
      ("downlinkctl config", "the configuration in force"),
      ("downlinkctl config --json | jq -r '.links[].name'", "its links"),
    ],
    "reload": [
      ("downlinkctl reload --wait", "put the configuration in force, or hear what is wrong with it"),
      ("downlinkctl reload --wait --timeout 300", "the same on a slow disk"),
    ],
    "rotate": [
      ("downlinkctl rotate", "new log files"),
      ("downlinkctl rotate && downlinkctl logs", "and how the logs are then"),
    ],
    "sync": [
      ("downlinkctl sync", "before the power is cut"),
      ("downlinkctl sync --timeout 5", "or hear that it cannot be done"),
    ],
    "link": [
      ("downlinkctl link disable dss1", "do not receive on this link"),
      ("downlinkctl link enable dss1", "receive on it again"),
    ],
    "log-level": [
      ("downlinkctl log-level warning", "a quiet journal"),
      ("downlinkctl log-level debug", "everything"),
    ],
    "shutdown": [
      ("downlinkctl shutdown", "stop in order"),
      ("downlinkctl shutdown --socket /run/downlinkd/control.sock", "that daemon"),
    ],
    "links": [
      ("downlinkctl links", "one line per link"),
      ("downlinkctl links dss1 --json", "one link for a script"),
    ],
    "vcs": [
      ("downlinkctl vcs", "the virtual channels of all links"),
      ("downlinkctl vcs dss1", "those of one link"),
    ],
    "apids": [
      ("downlinkctl apids dss1", "who sends packets on a link"),
      ("downlinkctl apids --json | jq '.apids[] | select(.missing > 0)'", "those with losses"),
    ],
    "params": [
      ("downlinkctl params 'BUS*'", "the last values of some parameters, and their limits"),
      ("downlinkctl params --json | jq '.parameters[] | select(.limit_level == \"critical\")'", "those in alarm"),
    ],
    "passes": [
      ("downlinkctl passes", "the passes, the newest first"),
      ("downlinkctl passes dss1-20261121T092437Z --gaps --csv", "what to ask the spacecraft for again"),
    ],
    "explain": [
      ("downlinkctl explain dss1", "what was rejected last, and what to set"),
      ("downlinkctl explain dss1 --json | jq '.reasons[].nearest.settings'", "only what to set"),
    ],
    "top": [
      ("downlinkctl top", "everything at a glance; '?' explains the keys"),
      ("downlinkctl top --link dss1 | less", "the same once, as plain text"),
    ],
    "watch": [
      ("downlinkctl watch", "the live ledger in a terminal; events, line by line, in a pipe"),
      ("downlinkctl watch --types frame_gap,packet_gap --json", "every gap as it happens"),
    ],
    "events": [
      ("downlinkctl events -n 50", "the last fifty events"),
      ("downlinkctl events --type frame_gap --link dss1 --follow", "the gaps of a link, and those to come"),
    ],
    "health": [
      ("downlinkctl health", "one line and an exit code for a monitoring system"),
      ("downlinkctl health --json | jq -r '.problems[].hint'", "what to do"),
    ],
    "wait": [
      ("downlinkctl wait --timeout 30", "until the daemon answers"),
      ("downlinkctl wait --link dss1 --frames 1 --timeout 600", "until a link has received its first frame"),
    ],
  ]

  /// A help text with the examples for the command it is about.
  static func appended(toHelp help: String) -> String {
    let examples =
      byCommand.first { help.contains("USAGE: downlinkctl \($0.key) ") }?.value ?? [
        ("downlinkctl status", "the whole picture"), ("downlinkctl watch", "the live ledger"),
      ]
    let width = examples.map(\.0.count).max() ?? 0
    let end = help.lastIndex { !$0.isNewline }.map(help.index(after:)) ?? help.startIndex
    return examples.reduce(help[..<end] + "\n\nEXAMPLES:") { text, example in
      text + "\n  " + example.0 + String(repeating: " ", count: width - example.0.count) + "  # " + example.1
    }
  }
}
