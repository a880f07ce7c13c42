extension SourceText {
  /// A place in raw bytes that cannot be text.
  struct Blemish {
    var message: String
    var mark: TextMark
    var hint: String
  }

  /// Blemishes of one file that are told apart; a picture renamed to YAML has thousands.
  private static let blemishCapacity = 20

  /// Decodes a file: what is not text is named, and replaced so that every other position stays what it is.
  static func cleaned(_ bytes: [UInt8], name: String) -> (text: SourceText, blemishes: [Blemish]) {
    let body = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? bytes.dropFirst(3) : bytes[...]
    if bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF]) {
      let blemish = Blemish(
        message: "the file is UTF-16", mark: TextMark(line: 1, column: 1), hint: "save it as UTF-8")
      return (SourceText(name: name, bytes: []), [blemish])
    }
    if body.allSatisfy({ $0 < 0x7F && ($0 >= 0x20 || $0 == 0x0A || $0 == 0x0D || $0 == 0x09) }) {
      return (SourceText(name: name, bytes: Array(body)), [])
    }
    var cleaned: [UInt8] = []
    cleaned.reserveCapacity(body.count)
    var blemishes: [Blemish] = []
    var mark = TextMark(line: 1, column: 1)
    var iterator = body.makeIterator()
    var parser = Unicode.UTF8.ForwardParser()
    while true {
      var found: (message: String, hint: String)?
      switch parser.parseScalar(from: &iterator) {
      case .emptyInput: return (SourceText(name: name, bytes: cleaned), blemishes)
      case .error: found = ("a byte here is not UTF-8 text", "save the file as UTF-8")
      case .valid(let encoded):
        found = Self.refusal(of: Unicode.UTF8.decode(encoded))
        if found == nil { cleaned.append(contentsOf: encoded) }
      }
      if let found {
        cleaned.append(UInt8(ascii: "?"))
        if blemishes.count < blemishCapacity {
          blemishes.append(Blemish(message: found.message, mark: mark, hint: found.hint))
        }
      }
      Self.advance(&mark, over: cleaned)
    }
  }

  /// Why a scalar has no place in a configuration.
  private static func refusal(of scalar: Unicode.Scalar) -> (message: String, hint: String)? {
    switch scalar.value {
    case 0x09, 0x0A, 0x0D, 0x20...0x7E: nil
    case 0: ("a NUL byte is not text", "delete it; perhaps the file is not the configuration")
    case 0x00...0x1F, 0x7F...0x9F:
      ("control character 0x\(String(scalar.value, radix: 16)) is not text", "delete it")
    case 0x2028, 0x2029: ("a Unicode line separator is not a line end here", "break the line with Enter")
    case 0xFEFF: ("a byte order mark in the middle of the file", "delete it; it is invisible in most editors")
    case 0xFFFE, 0xFFFF: ("U+\(String(scalar.value, radix: 16, uppercase: true)) is not a character", "delete it")
    default: nil
    }
  }

  /// Moves past the last character of `text`; CR LF is one line end.
  private static func advance(_ mark: inout TextMark, over text: [UInt8]) {
    switch text.last {
    case 0x0A where text.dropLast().last == 0x0D: break
    case 0x0A, 0x0D: mark = TextMark(line: mark.line + 1, column: 1)
    default: mark.column += 1
    }
  }
}
