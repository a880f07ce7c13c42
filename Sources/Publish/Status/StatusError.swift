package import LinkHealth

/// Why a request was not answered.
package struct StatusError: Error, Equatable, Sendable {
  /// The codes of the protocol: a closed set.
  package enum Code: String, CaseIterable, Sendable {
    case badJSON = "bad_json"
    case tooLong = "too_long"
    case unknownCommand = "unknown_command"
    case badArgument = "bad_argument"
    case notFound = "not_found"
    case notAllowed = "not_allowed"
    case busy, conflict
    case configInvalid = "config_invalid"
    case `internal`
  }

  /// What kind of error it is.
  package let code: Code
  /// What is wrong, for a person.
  package let message: String
  /// What to do instead.
  package let hint: String?

  /// An error with its words.
  package init(_ code: Code, _ message: String, hint: String? = nil) {
    self.code = code
    self.message = message
    self.hint = hint
  }

  /// The error for a name that is not among `candidates`, with the likeliest of them as a hint.
  package static func unknown(
    _ code: Code, _ noun: String, _ name: String, among candidates: [String]
  ) -> StatusError {
    StatusError(code, "unknown \(noun) '\(name.prefix(64))'", hint: NameSuggestion.hint(for: name, among: candidates))
  }
}

extension StatusError {
  /// Writes the members of the object that a client gets.
  package func write(to json: inout JSONWriter) {
    json.member("code", code.rawValue)
    json.member("message", message)
    if let hint { json.member("hint", hint) }
  }
}

/// Finds what somebody probably meant.
enum NameSuggestion {
  private static let maximumLength = 64

  static func hint(for name: String, among candidates: [String]) -> String? {
    nearest(to: name, among: candidates).map { "did you mean '\($0)'?" }
  }

  /// The nearest candidate, if about a third of its letters have to change, or fewer.
  static func nearest(to name: String, among candidates: [String]) -> String? {
    let name = Array(name.lowercased().unicodeScalars.prefix(maximumLength))
    var best: (candidate: String, distance: Int)?
    for candidate in candidates {
      let distance = distance(name, Array(candidate.unicodeScalars.prefix(maximumLength)))
      let limit = (candidate.unicodeScalars.count + 1) / 3
      if distance <= limit, distance < best?.distance ?? .max { best = (candidate, distance) }
    }
    return best?.candidate
  }

  /// How many letters have to be put in, taken out, replaced or swapped with their neighbour.
  private static func distance(_ left: [Unicode.Scalar], _ right: [Unicode.Scalar]) -> Int {
    var beforeLast: [Int] = []
    var last = Array(0...right.count)
    for (row, scalar) in left.enumerated() {
      var current = [row + 1]
      for (column, other) in right.enumerated() {
        var cost = min(last[column + 1] + 1, current[column] + 1, last[column] + (scalar == other ? 0 : 1))
        if row > 0, column > 0, scalar == right[column - 1], left[row - 1] == other {
          cost = min(cost, beforeLast[column - 1] + 1)
        }
        current.append(cost)
      }
      (beforeLast, last) = (last, current)
    }
    return last[right.count]
  }
}
