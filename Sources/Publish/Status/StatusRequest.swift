/// One request: a JSON object, or bare words as a person types them.
package struct StatusRequest: Equatable, Sendable {
  /// How long a line may be, in bytes and without its end.
  package static let maximumByteCount = 4096

  /// What the client called the request, if it did.
  package let id: RequestID?
  /// What is asked.
  package let command: StatusCommand
  /// What it is asked about; only names that the command knows.
  package let arguments: StatusArguments

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
  }

  /// - Parameter line: At most `maximumByteCount` bytes, without the end of the line.
  package static func parse(_ line: [UInt8]) throws(Refusal) -> StatusRequest {
    let first = line.first { $0 != 0x20 && $0 != 0x09 }
    return if first == UInt8(ascii: "{") { try parseJSON(line) } else { try parseWords(line) }
  }

  // MARK: JSON

  private static func parseJSON(_ line: [UInt8]) throws(Refusal) -> StatusRequest {
    let request: JSONValue
    do { request = try JSONReader.read(line) } catch {
      throw Refusal(id: nil, error: StatusError(.badJSON, "not a JSON object: \(text(of: error))"))
    }
    let id = try requestID(of: request)
    do throws(StatusError) {
      guard case .object(let members) = request else { throw StatusError(.badJSON, "not a JSON object") }
      for member in members where !["id", "cmd", "args"].contains(member.name) {
        throw StatusError.unknown(.badArgument, "member", member.name, among: ["id", "cmd", "args"])
      }
      guard let name = request["cmd"]?.string else { throw StatusError(.badArgument, "'cmd' must be a string") }
      let command = try command(named: name)
      var values: [String: StatusArguments.Value] = [:]
      switch request["args"] {
      case nil: break
      case .object(let members)?: for member in members { values[member.name] = .json(member.value) }
      default: throw StatusError(.badArgument, "'args' must be an object")
      }
      return StatusRequest(id: id, command: command, arguments: try arguments(values, of: command))
    } catch { throw Refusal(id: id, error: error) }
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

  private static func parseWords(_ line: [UInt8]) throws(Refusal) -> StatusRequest {
    do throws(StatusError) {
      guard let text = String(validating: line, as: UTF8.self) else {
        throw StatusError(.badJSON, "the bytes are not UTF-8")
      }
      let words = text.split { $0 == " " || $0 == "\t" }.map(String.init)
      guard let name = words.first else { throw StatusError(.badJSON, "an empty request") }
      let command = try command(named: name)
      var values: [String: StatusArguments.Value] = [:]
      for word in words.dropFirst() {
        let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        let isNamed = parts.count == 2
        guard let name = isNamed ? String(parts[0]) : command.argumentNames.first else {
          throw StatusError(.badArgument, "'\(command.rawValue)' takes no argument")
        }
        guard values[name] == nil else { throw StatusError(.badArgument, "'\(name.prefix(64))' is there twice") }
        values[name] = .word(isNamed ? String(parts[1]) : word)
      }
      return StatusRequest(id: nil, command: command, arguments: try arguments(values, of: command))
    } catch { throw Refusal(id: nil, error: error) }
  }

  // MARK: Both

  private static func command(named name: String) throws(StatusError) -> StatusCommand {
    if let command = StatusCommand(rawValue: name) { return command }
    guard !StatusCommand.unsupported.contains(name) else {
      throw StatusError(.unknownCommand, "unknown command '\(name)'", hint: "this version does not support it here")
    }
    throw .unknown(.unknownCommand, "command", name, among: StatusCommand.allCases.map(\.rawValue))
  }

  private static func arguments(
    _ values: [String: StatusArguments.Value], of command: StatusCommand
  ) throws(StatusError) -> StatusArguments {
    for name in values.keys.sorted() where !command.argumentNames.contains(name) {
      throw .unknown(.badArgument, "argument", name, among: command.argumentNames)
    }
    return StatusArguments(values)
  }
}
