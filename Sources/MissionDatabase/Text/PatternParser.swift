/// What a regular expression says.
indirect enum PatternNode {
  case empty
  case one(ScalarSet)
  case sequence([PatternNode])
  case choice([PatternNode])
  /// Without `atMost`, any number.
  case repetition(PatternNode, atLeast: Int, atMost: Int?)
}

/// Reads a regular expression, and refuses what cannot be matched in one pass.
struct PatternParser {
  private let scalars: [Unicode.Scalar]
  private var position = 0
  private var depth = 0

  static func parse(_ expression: String) throws(TextPatternError) -> PatternNode {
    guard expression.unicodeScalars.count <= largestLength else {
      throw TextPatternError("a pattern of more than \(largestLength) characters")
    }
    var parser = PatternParser(scalars: Array(expression.unicodeScalars))
    let node = try parser.choice()
    guard parser.position == parser.scalars.count else { throw TextPatternError("')' without '('") }
    return node
  }

  private init(scalars: [Unicode.Scalar]) { self.scalars = scalars }

  private static let largestLength = 1024
  private static let largestDepth = 32
  private static let largestCount = 1000

  private var next: Unicode.Scalar? { position < scalars.count ? scalars[position] : nil }

  private mutating func take(_ scalar: Unicode.Scalar) -> Bool {
    guard next == scalar else { return false }
    position += 1
    return true
  }

  // MARK: Structure

  private mutating func choice() throws(TextPatternError) -> PatternNode {
    depth += 1
    defer { depth -= 1 }
    guard depth <= Self.largestDepth else {
      throw TextPatternError("groups more than \(Self.largestDepth) deep")
    }
    var branches = [try sequence()]
    while take("|") { branches.append(try sequence()) }
    return branches.count == 1 ? branches[0] : .choice(branches)
  }

  private mutating func sequence() throws(TextPatternError) -> PatternNode {
    var parts: [PatternNode] = []
    if depth == 1 { _ = take("^") }
    while let scalar = next, scalar != "|", scalar != ")" {
      if scalar == "$" {
        position += 1
        guard depth == 1, next == nil || next == "|" else { throw TextPatternError("'$' that is not at the end") }
        break
      }
      parts.append(try repeated(try atom()))
    }
    return parts.count == 1 ? parts[0] : parts.isEmpty ? .empty : .sequence(parts)
  }

  private mutating func repeated(_ node: PatternNode) throws(TextPatternError) -> PatternNode {
    let bounds: (Int, Int?)
    if take("*") {
      bounds = (0, nil)
    } else if take("+") {
      bounds = (1, nil)
    } else if take("?") {
      bounds = (0, 1)
    } else if take("{") {
      bounds = try counts()
    } else {
      return node
    }
    // Whether as much or as little as possible makes no difference to a text as a whole.
    _ = take("?")
    if let next, ["*", "+", "?", "{"].contains(next) {
      throw TextPatternError("'\(next)' behind something that is repeated already")
    }
    return .repetition(node, atLeast: bounds.0, atMost: bounds.1)
  }

  private mutating func counts() throws(TextPatternError) -> (Int, Int?) {
    let least = try number()
    guard take(",") else {
      guard take("}") else { throw TextPatternError("'{' without '}'") }
      return (least, least)
    }
    if take("}") { return (least, nil) }
    let most = try number()
    guard take("}") else { throw TextPatternError("'{' without '}'") }
    guard least <= most else { throw TextPatternError("{\(least),\(most)}: the least is more than the most") }
    return (least, most)
  }

  private mutating func number() throws(TextPatternError) -> Int {
    var value = 0
    let start = position
    while let scalar = next, "0"..."9" ~= scalar {
      value = value * 10 + Int(scalar.value - 0x30)
      guard value <= Self.largestCount else {
        throw TextPatternError("something that is repeated more than \(Self.largestCount) times")
      }
      position += 1
    }
    guard position > start else { throw TextPatternError("'{' without a number; a brace itself is written \\{") }
    return value
  }

  // MARK: Characters

  private mutating func atom() throws(TextPatternError) -> PatternNode {
    guard let scalar = next else { return .empty }
    position += 1
    switch scalar {
    case "(": return try group()
    case "[": return .one(try set())
    case ".": return .one(ScalarSet.lineEnds.inverted)
    case "\\": return .one(try escape().set)
    case "*", "+", "?", "{": throw TextPatternError("'\(scalar)' with nothing before it")
    case "^": throw TextPatternError("'^' that is not at the beginning")
    default: return .one(ScalarSet(scalar))
    }
  }

  private mutating func group() throws(TextPatternError) -> PatternNode {
    if take("?") {
      guard take(":") else { throw TextPatternError("'(?': neither looking ahead or back, nor a name, nor a flag") }
    }
    let node = try choice()
    guard take(")") else { throw TextPatternError("'(' without ')'") }
    return node
  }

  private mutating func set() throws(TextPatternError) -> ScalarSet {
    let isInverted = take("^")
    var set = ScalarSet()
    while !take("]") {
      let low = try member()
      guard next == "-", position + 1 < scalars.count, scalars[position + 1] != "]" else {
        set = set.union(low.set)
        continue
      }
      position += 1
      let high = try member()
      guard let first = low.single, let last = high.single, first <= last else {
        throw TextPatternError("a range in '[…]' whose ends are not two characters in ascending order")
      }
      set = set.union(ScalarSet([first...last]))
    }
    return isInverted ? set.inverted : set
  }

  private mutating func member() throws(TextPatternError) -> Member {
    guard let scalar = next else { throw TextPatternError("'[' without ']'") }
    position += 1
    return scalar == "\\" ? try escape() : .scalar(scalar)
  }

  /// What one place in a pattern may be.
  private enum Member {
    case scalar(Unicode.Scalar)
    case set(ScalarSet)

    var set: ScalarSet {
      switch self {
      case .scalar(let scalar): ScalarSet(scalar)
      case .set(let set): set
      }
    }

    var single: UInt32? {
      if case .scalar(let scalar) = self { scalar.value } else { nil }
    }
  }

  private mutating func escape() throws(TextPatternError) -> Member {
    guard let scalar = next else { throw TextPatternError("'\\' at the end") }
    position += 1
    switch scalar {
    case "d": return .set(.digits)
    case "D": return .set(ScalarSet.digits.inverted)
    case "w": return .set(.wordCharacters)
    case "W": return .set(ScalarSet.wordCharacters.inverted)
    case "s": return .set(.spaces)
    case "S": return .set(ScalarSet.spaces.inverted)
    case "t": return .scalar("\t")
    case "n": return .scalar("\n")
    case "r": return .scalar("\r")
    case "f": return .scalar("\u{0C}")
    case "v": return .scalar("\u{0B}")
    case "0": return .scalar("\0")
    case "x": return .scalar(try hexadecimal(digitCount: 2))
    case "u": return .scalar(try hexadecimal(digitCount: 4))
    case "1"..."9": throw TextPatternError("'\\\(scalar)': what a group has matched is not remembered")
    case "a"..."z", "A"..."Z": throw TextPatternError("'\\\(scalar)' is not supported")
    default: return .scalar(scalar)
    }
  }

  private mutating func hexadecimal(digitCount: Int) throws(TextPatternError) -> Unicode.Scalar {
    var value: UInt32 = 0
    for _ in 0..<digitCount {
      guard let digit = next.flatMap({ Character($0).hexDigitValue }) else {
        throw TextPatternError("an escape without \(digitCount) hexadecimal digits")
      }
      value = value << 4 | UInt32(digit)
      position += 1
    }
    guard let scalar = Unicode.Scalar(value) else { throw TextPatternError("an escape that is no character") }
    return scalar
  }
}
