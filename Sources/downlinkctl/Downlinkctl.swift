import ArgumentParser
import Glibc

/// The operator's client: it knows nothing but the daemon's status document.
@main
struct Downlinkctl: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "downlinkctl", abstract: "Ask a running downlinkd how its links are.",
    version: DaemonVersion.number,
    subcommands: [
      Status.self, Links.self, VirtualChannels.self, ApplicationProcesses.self, Watch.self, Events.self, Health.self,
      Wait.self,
    ])

  /// Help ends in two real examples; the parser has no place for them.
  static func main() {
    do {
      var command = try parseAsRoot()
      try command.run()
    } catch {
      let text = fullMessage(for: error)
      if exitCode(for: error) == .success, text.contains("USAGE: ") {
        print(Examples.appended(toHelp: text))
      } else if let error = error as? ConnectionError {
        Console.fail(error)
      } else {
        exit(withError: error)
      }
    }
  }
}

/// What a person would really type.
enum Examples {
  private static let byCommand: KeyValuePairs<String, [(String, String)]> = [
    "status": [
      ("downlinkctl status", "the whole picture"),
      ("downlinkctl status --json | jq .accounting.balanced", "one fact of it for a script"),
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
      byCommand.first { help.contains("USAGE: downlinkctl \($0.key)") }?.value ?? [
        ("downlinkctl status", "the whole picture"), ("downlinkctl watch", "the live ledger"),
      ]
    let width = examples.map(\.0.count).max() ?? 0
    let end = help.lastIndex { !$0.isNewline }.map(help.index(after:)) ?? help.startIndex
    return examples.reduce(help[..<end] + "\n\nEXAMPLES:") { text, example in
      text + "\n  " + example.0 + String(repeating: " ", count: width - example.0.count) + "  # " + example.1
    }
  }
}
