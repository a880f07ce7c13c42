import LinkHealth
import Publish
import StationConfiguration

/// What a reload that went well has changed, for whoever asked for it.
struct ReloadOutcome: Equatable, Sendable {
  /// Links that go on as they were, ...
  var kept: [String] = []
  /// ... and those of them that are to hear now, or not any more.
  var enabled: [String] = []
  var disabled: [String] = []
  var started: [String] = []
  /// Links that go on with other parameters: their ledgers begin anew beside the totals so far.
  var changed: [String] = []
  var stopped: [String] = []
  /// Links that the configuration enables, and that were disabled by command.
  var stillDisabled: [String] = []
  /// Links that go on, and read values by another mission database, or other limits: values and alarms begin anew.
  var newDatabases: [String] = []
  /// Keys whose new values count only after a restart.
  var restartNeeded: [String] = []
  /// What the configuration deserves to be warned of.
  var warnings: [String] = []

  init(from old: LinkSet, to new: LinkSet) {
    for entry in new.entries {
      let name = entry.owner.name
      switch old[name] {
      case nil: started.append(name)
      case .some(let before) where before.owner === entry.owner:
        kept.append(name)
        if entry.isEnabled, !before.isEnabled { enabled.append(name) }
        if !entry.isEnabled, before.isEnabled { disabled.append(name) }
      case .some: changed.append(name)
      }
    }
    stopped = old.entries.map(\.owner.name).filter { new[$0] == nil }
  }

  /// Writes the members of its object.
  func write(to json: inout JSONWriter) {
    json.object("links") { links in
      for (name, list) in [("kept", kept), ("started", started), ("changed", changed), ("stopped", stopped)] {
        links.member(name, list)
      }
      for (name, list) in [("enabled", enabled), ("disabled", disabled)] where !list.isEmpty {
        links.member(name, list)
      }
    }
    for (name, list) in [
      ("mission_database_changed", newDatabases), ("still_disabled", stillDisabled), ("restart_needed", restartNeeded),
      ("warnings", warnings),
    ] where !list.isEmpty {
      json.member(name, list)
    }
  }
}

extension ConfigurationProblem {
  /// In one line: `file:line:column: what is wrong; hint: what to do`.
  var oneLine: String {
    let position = line > 0 ? "\(file):\(line):\(column): " : "\(file): "
    return position + message + (hint.map { "; hint: " + $0 } ?? "")
  }
}

extension ServiceErrors {
  /// In one line each.
  var lines: [String] { ([first] + rest).map { "\($0)".split(separator: "\n").joined(separator: "; ") } }
}

extension ConfigurationErrors {
  /// In one line each; warnings are left out.
  var lines: [String] {
    var lines = problems.filter { $0.severity == .error }.map(\.oneLine)
    if omittedCount > 0 { lines.append("... and \(omittedCount) more") }
    return lines
  }
}
