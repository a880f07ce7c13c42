/// The bound of a reply, whoever carries it.
package enum StatusExchange {
  /// The longest reply, its line feed included.
  package static let maximumReplyByteCount = 1 << 20

  private static let envelopeByteCount = 256

  /// The result of a request, or an error in its place if it is too long to be told.
  package static func bounded(_ result: Result<String, StatusError>) -> Result<String, StatusError> {
    guard case .success(let json) = result, json.utf8.count > maximumReplyByteCount - envelopeByteCount else {
      return result
    }
    let hint = "ask for a part of it: 'links', 'vcs', 'apids' and 'counters' have 'link', 'limit' and 'cursor'"
    return .failure(StatusError(.internal, "the reply is larger than 1 MiB", hint: hint))
  }
}
