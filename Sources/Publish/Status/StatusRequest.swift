/// One request: a JSON object, or bare words as a person types them.
package struct StatusRequest: Equatable, Sendable {
  /// How long a line may be, in bytes and without its end.
  package static let maximumByteCount = 4096

  /// What the client called the request, if it did.
  package let id: RequestID?
  /// What is asked, or is to be done.
  package let command: Command
  /// What it is about; only names that the command knows.
  package let arguments: StatusArguments

  /// A question that any client may ask, or a command that changes something.
  package enum Command: Equatable, Sendable {
    case question(StatusCommand)
    case control(ControlCommand)

    /// The word for it.
    package var name: String {
      switch self {
      case .question(let command): command.rawValue
      case .control(let command): command.rawValue
      }
    }

    /// What `help` says about it.
    var summary: String {
      switch self {
      case .question(let command): command.summary
      case .control(let command): command.summary
      }
    }

    /// The names its arguments may have.
    package var argumentNames: [String] {
      switch self {
      case .question(let command): command.argumentNames
      case .control(let command): command.argumentNames
      }
    }
  }

  /// What a reply repeats so that a client can match it.
  package enum RequestID: Equatable, Sendable {
    case integer(Int)
    case string(String)
  }

  /// A refused request; the `id` is there if it could be read.
  package struct Refusal: Error, Equatable {
    /// What the client called the request, as far as it could be read.
    package let id: RequestID?
    /// What the client is told.
    package let error: StatusError
    /// The command that was named, if it was one that changes something.
    package var control: ControlCommand?
  }

  /// Says why a command that changes something may not be given here; `nil` where it may.
  package typealias ControlRefusal = (ControlCommand) -> StatusError?

  /// Reads a request. Whether it is allowed is settled by its command alone, before anything else of it is looked at.
  ///
  /// - Parameter line: At most `maximumByteCount` bytes, without the end of the line.
  package static func parse(
    _ line: [UInt8], refusingControl: ControlRefusal = { _ in nil }
  ) throws(Refusal) -> StatusRequest {
    let first = line.first { $0 != 0x20 && $0 != 0x09 }
    return if first == UInt8(ascii: "{") {
      try parseJSON(line, refusingControl)
    } else {
      try parseWords(line, refusingControl)
    }
  }

  // MARK: JSON

  private static func parseJSON(
    _ line: [UInt8], _ refusingControl: ControlRefusal
  ) throws(Refusal) -> StatusRequest {
    let request: JSONValue
    do { request = try JSONReader.read(line) } catch {
      throw Refusal(id: nil, error: StatusError(.badJSON, "not a JSON object: \(text(of: error))"))
    }
    let id = try requestID(of: request)
    do throws(StatusError) {
      guard case .object(let members) = request else { throw StatusError(.badJSON, "not a JSON object") }
      let command = try request["cmd"]?.string.map { name throws(StatusError) in
        try self.command(named: name, refusingControl)
      }
      for member in members where !["id", "cmd", "args"].contains(member.name) {
        throw StatusError.unknown(.badArgument, "member", member.name, among: ["id", "cmd", "args"])
      }
      guard let command else { throw StatusError(.badArgument, "'cmd' must be a string") }
      var values: [String: StatusArguments.Value] = [:]
      switch request["args"] {
      case nil: break
      case .object(let members)?: for member in members { values[member.name] = .json(member.value) }
      default: throw StatusError(.badArgument, "'args' must be an object")
      }
      return StatusRequest(id: id, command: command, arguments: try arguments(values, of: command))
    } catch {
      throw Refusal(id: id, error: error, control: request["cmd"]?.string.flatMap(ControlCommand.init))
    }
  }

  private static func requestID(of request: JSONValue) throws(Refusal) -> RequestID? {
    switch request["id"] {
    case nil: return nil
    case .integer(let value)?: return .integer(value)
    case .string(let value)? where value.utf8.count <= 64: return .string(value)
    default:
      throw Refusal(
        id: nil, error: StatusError(.badArgument, "'id' must be an integer or a string of at most 64 bytes"))
    }
  }

  private static func text(of error: JSONSyntaxError) -> String {
    let reason =
      switch error.reason {
      case .notUTF8: "the bytes are not UTF-8"
      case .tooDeep: "nested deeper than \(JSONReader.maximumDepth)"
      case .unexpectedEnd: "it ends too early"
      case .unexpectedByte: "unexpected character"
      case .badNumber: "not a number"
      case .badString: "not a string"
      case .duplicateMember: "a member is there twice, or there are too many"
      }
    return "\(reason) at byte \(error.byteOffset)"
  }

  // MARK: Bare words

  private static func parseWords(
    _ line: [UInt8], _ refusingControl: ControlRefusal
  ) throws(Refusal) -> StatusRequest {
    guard let text = String(validating: line, as: UTF8.self) else {
      throw Refusal(id: nil, error: StatusError(.badJSON, "the bytes are not UTF-8"))
    }
    let words = text.split { $0 == " " || $0 == "\t" }.map(String.init)
    do throws(StatusError) {
      guard let name = words.first else { throw StatusError(.badJSON, "an empty request") }
      let command = try command(named: name, refusingControl)
      var values: [String: StatusArguments.Value] = [:]
      var bareCount = 0
      for word in words.dropFirst() {
        let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        let isNamed = parts.count == 2
        let name = isNamed ? String(parts[0]) : try argument(ofBareWord: bareCount, command)
        guard values[name] == nil else { throw StatusError(.badArgument, "'\(name.prefix(64))' is there twice") }
        values[name] = .word(isNamed ? String(parts[1]) : word)
        bareCount += isNamed ? 0 : 1
      }
      return StatusRequest(id: nil, command: command, arguments: try arguments(values, of: command))
    } catch {
      throw Refusal(id: nil, error: error, control: words.first.flatMap(ControlCommand.init))
    }
  }

  /// A question is about one thing; the words of a command go to its arguments in their order.
  private static func argument(ofBareWord index: Int, _ command: Command) throws(StatusError) -> String {
    let names = command.argumentNames
    switch command {
    case .question:
      if let name = names.first { return name }
    case .control:
      if index < names.count { return names[index] }
    }
    let most = names.isEmpty ? "no argument" : "no more than \(names.joined(separator: " and "))"
    throw StatusError(.badArgument, "'\(command.name)' takes \(most)")
  }

  // MARK: Both

  private static func command(named name: String, _ refusingControl: ControlRefusal) throws(StatusError) -> Command {
    if let command = StatusCommand(rawValue: name) { return .question(command) }
    if let command = ControlCommand(rawValue: name) {
      if let refusal = refusingControl(command) { throw refusal }
      return .control(command)
    }
    guard !StatusCommand.unsupported.contains(name) else {
      throw StatusError(.unknownCommand, "unknown command '\(name)'", hint: "this version does not support it here")
    }
    // What would be refused is no good advice.
    let controls = ControlCommand.allCases.filter { refusingControl($0) == nil }
    let names = StatusCommand.allCases.map(\.rawValue) + controls.map(\.rawValue)
    throw .unknown(.unknownCommand, "command", name, among: names)
  }

  /// The arguments of a command, if it knows their names.
  package static func arguments(
    _ values: [String: StatusArguments.Value], of command: Command
  ) throws(StatusError) -> StatusArguments {
    for name in values.keys.sorted() where !command.argumentNames.contains(name) {
      throw .unknown(.badArgument, "argument", name, among: command.argumentNames)
    }
    return StatusArguments(values)
  }
}
