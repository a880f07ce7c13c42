/// One request and its reply, whoever carries them.
package enum StatusExchange {
  /// The longest reply, its line feed included.
  package static let maximumReplyByteCount = 1 << 20

  private static let envelopeByteCount = 256

  /// Answers one line, whatever is in it.
  ///
  /// - Parameters:
  ///   - line: At most `StatusRequest.maximumByteCount` bytes, without the end of the line.
  ///   - result: Gives the result of a request that can be understood.
  /// - Returns: The line to write, and the command if there was one.
  package static func reply(
    to line: [UInt8], result: (StatusRequest) -> Result<String, StatusError>
  ) -> (bytes: [UInt8], command: StatusCommand?) {
    do throws(StatusRequest.Refusal) {
      let request = try StatusRequest.parse(line)
      return (StatusMessage.reply(request.id, bounded(result(request))), request.command)
    } catch {
      return (StatusMessage.reply(error.id, .failure(error.error)), nil)
    }
  }

  private static func bounded(_ result: Result<String, StatusError>) -> Result<String, StatusError> {
    guard case .success(let json) = result, json.utf8.count > maximumReplyByteCount - envelopeByteCount else {
      return result
    }
    let hint = "ask for a part of it: 'links', 'vcs', 'apids' and 'counters' have 'link', 'limit' and 'cursor'"
    return .failure(StatusError(.internal, "the reply is larger than 1 MiB", hint: hint))
  }
}
