import Glibc
import LinkHealth

/// One command between its request and its outcome.
struct CommandUnderWay {
  let command: ControlCommand
  let arguments: String
  let requestID: StatusRequest.RequestID?
  let clientID: Int
  let credentials: UnixSocket.PeerCredentials
}

/// Commands that change something: who may give them, how they are carried out, and what is written down about it.
extension StatusServer {
  private static let auditedArgumentByteCount = 256

  /// Whether whoever is at the other end may be served at all.
  func isAdmissible(_ credentials: UnixSocket.PeerCredentials) -> Bool {
    switch options.role {
    case .status: true
    case .control: credentials.userID == 0 || credentials.userID == geteuid()
    }
  }

  /// Why a command may not be given on this socket; nothing on the one that is for commands.
  func refusal(of command: ControlCommand) -> StatusError? {
    guard case .status(let controlPath) = options.role else { return nil }
    return StatusError(
      .notAllowed, "'\(command.rawValue)' is not taken on this socket, which is read-only",
      hint: controlPath.map { "send it to \($0), as root or the daemon's own user" })
  }

  /// Has a command carried out. Its reply comes when the outcome is known; until then the client's other requests wait.
  func begin(_ command: ControlCommand, _ request: StatusRequest, from client: StatusClient) {
    let underWay = CommandUnderWay(
      command: command, arguments: request.arguments.summary(atMost: Self.auditedArgumentByteCount),
      requestID: request.id, clientID: client.id, credentials: client.credentials)
    guard commands.count < options.commandCapacity else {
      let error = StatusError(
        .busy, "\(commands.count) commands are under way already", hint: "try again when one of them is done")
      counters.busyCommands.add()
      audit(underWay, .failure(error))
      client.add(StatusMessage.reply(request.id, .failure(error)), kind: .reply, at: clocks.monotonic())
      return
    }
    let number = nextCommandNumber
    nextCommandNumber += 1
    commands[number] = underWay
    client.commandNumber = number
    carryOut(command, request.arguments) { [self] result in enter { $0.finish(number, result) } }
  }

  /// Writes down the outcome of a command and tells it to the client, if that is still there.
  private func finish(_ number: Int, _ result: Result<String, StatusError>) {
    // A handler that answers twice is heard once.
    guard let underWay = commands.removeValue(forKey: number) else { return }
    audit(underWay, result)
    guard let client = clients[underWay.clientID], client.commandNumber == number else { return }
    client.commandNumber = nil
    let reply = StatusMessage.reply(underWay.requestID, bounded(result))
    client.add(reply, kind: .reply, at: clocks.monotonic())
    serve(client)
  }

  /// Writes down a command that was refused: for its words, or because it was given on the wrong socket.
  func note(refused command: ControlCommand, _ error: StatusError, from client: StatusClient) {
    switch options.role {
    case .status:
      counters.refusedCommands.add()
      report("denied", client.credentials, reason: error.code.rawValue) { $0.member("command", command.rawValue) }
    case .control:
      let refused = CommandUnderWay(
        command: command, arguments: "", requestID: nil, clientID: client.id, credentials: client.credentials)
      audit(refused, .failure(error))
    }
  }

  private func audit(_ underWay: CommandUnderWay, _ result: Result<String, StatusError>) {
    let record = EventRecord(.client, severity: .notice, time: clocks.wall()) {
      $0.member("action", "control")
      underWay.credentials.write(to: &$0)
      $0.member("command", underWay.command.rawValue)
      if !underWay.arguments.isEmpty { $0.member("arguments", underWay.arguments) }
      switch result {
      case .success: $0.member("outcome", "ok")
      case .failure(let error):
        $0.member("outcome", error.code.rawValue)
        $0.member("message", error.message)
      }
    }
    if let record = noticeAggregator.admit(record, at: record.time) { notice(record) }
  }
}

extension UnixSocket.PeerCredentials {
  /// Writes who is at the other end.
  func write(to json: inout JSONWriter) {
    json.member("uid", userID)
    json.member("gid", groupID)
    json.member("pid", processID)
  }
}
