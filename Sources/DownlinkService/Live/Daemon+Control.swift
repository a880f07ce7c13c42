import LinkHealth
package import Publish
import StationConfiguration

/// What is asked on the control socket.
extension Daemon {
  /// Carries commands out, on the control queue.
  package nonisolated var control: ControlCommand.Handler {
    { [weak self] command, arguments, done in
      guard let self else { return done(.failure(StatusError(.conflict, "the daemon has stopped"))) }
      enter { $0.carryOut(command, arguments, done) }
    }
  }

  private func carryOut(
    _ command: ControlCommand, _ arguments: StatusArguments, _ done: @escaping ReloadReply
  ) {
    do throws(StatusError) {
      switch command {
      case .reload: try reload(arguments, done)
      case .link: try switchLink(arguments, done)
      case .logLevel: done(.success(try setLogLevel(arguments)))
      case .rotate:
        outlets.rotate()
        answerWhenWritten(done)
      case .sync:
        outlets.synchronize()
        answerWhenWritten(done)
      case .shutdown:
        // The answer goes first: the socket it goes by is about to be closed.
        done(.success(Self.object { $0.member("stopping", true) }))
        beginStopping()
      }
    } catch {
      done(.failure(error))
    }
  }

  private static func object(_ members: (inout JSONWriter) -> Void) -> String {
    var json = JSONWriter()
    json.object(nil, members)
    return json.text
  }

  private func reload(_ arguments: StatusArguments, _ done: @escaping ReloadReply) throws(StatusError) {
    if let refusal = refusalToChange { throw refusal }
    guard try !arguments.isSet("wait") else { return reload(done) }
    reload { _ in }
    done(.success(Self.object { $0.member("reloading", true) }))
  }

  /// The logs do one thing after the other: what is asked now is answered when all before it is done.
  private func answerWhenWritten(_ done: @escaping ReloadReply) {
    outlets.answer { [outlets] in
      if let problem = outlets.problems.first {
        done(.failure(StatusError(.internal, problem.message, hint: problem.hint)))
      } else {
        done(.success(Self.object { $0.member("written", true) }))
      }
    }
  }

  private func setLogLevel(_ arguments: StatusArguments) throws(StatusError) -> String {
    let names = EventSeverity.allCases.map(\.rawValue)
    guard let name = try arguments.string("severity") else {
      throw StatusError(.badArgument, "'severity' is missing", hint: "one of \(names.joined(separator: ", "))")
    }
    guard let severity = EventSeverity(rawValue: name) else {
      throw StatusError.unknown(.badArgument, "severity", name, among: names)
    }
    outlets.setConsoleThreshold(severity)
    return Self.object { $0.member("severity", name) }
  }

  // MARK: Links

  private func switchLink(_ arguments: StatusArguments, _ done: @escaping ReloadReply) throws(StatusError) {
    let actions = ["enable": true, "disable": false]
    guard let action = try arguments.string("action"), let name = try arguments.string("name") else {
      throw StatusError(.badArgument, "'action' or 'name' is missing", hint: "link enable NAME, or link disable NAME")
    }
    guard let isEnabled = actions[action] else {
      throw StatusError.unknown(.badArgument, "action", action, among: actions.keys.sorted())
    }
    guard let entry = links[name] else {
      throw StatusError.unknown(.notFound, "link", name, among: links.entries.map(\.owner.name))
    }
    if let refusal = refusalToChange { throw refusal }
    var switches = switches
    switches.set(name, to: isEnabled)
    let next: LinkSet
    do throws(ServiceErrors) {
      next = try build(configuration.links, switches, missions)
    } catch {
      throw StatusError(.conflict, error.lines.joined(separator: "\n"), hint: "the link stays as it was")
    }
    self.switches = switches
    isChanging = true
    change(to: next) { _ in
      done(
        .success(
          Self.object {
            $0.member("link", name)
            $0.member("enabled", isEnabled)
            $0.member("changed", entry.isEnabled != isEnabled)
          }))
    }
  }
}

extension StatusArguments {
  /// Whether something is asked for: by its own name, or by `true`.
  fileprivate func isSet(_ name: String) throws(StatusError) -> Bool {
    guard !isEmpty else { return false }
    if let flag = flag(name) { return flag }
    guard let word = try string(name) else { return false }
    switch word {
    case name, "true": return true
    case "false": return false
    default: throw StatusError(.badArgument, "'\(name)' must be true or false")
    }
  }
}
