/// Finds the word that was probably meant.
enum Suggestion {
  /// Longer words are not compared.
  private static let wordCapacity = 48

  /// The nearest of some words, when it is near enough to be a slip of the fingers.
  ///
  /// A word of several parts may also mean one that is near its last part, as `frame_lenght` does `length`.
  static func nearest(to word: String, among candidates: [String]) -> String? {
    guard word.utf8.count <= wordCapacity else { return nil }
    let word = snakeCase(word)
    if let whole = nearestWhole(to: word, among: candidates) { return whole }
    guard let underscore = word.lastIndex(of: "_") else { return nil }
    return nearestWhole(to: String(word[word.index(after: underscore)...]), among: candidates)
  }

  /// `frameLength` as `frame_length`.
  static func snakeCase(_ word: String) -> String {
    var result = ""
    for character in word.prefix(wordCapacity) {
      if character.isUppercase, let last = result.last, last.isLowercase { result += "_" }
      result += character == "-" ? "_" : character.lowercased()
    }
    return result
  }

  private static func nearestWhole(to word: String, among candidates: [String]) -> String? {
    let letters = Array(word.unicodeScalars)
    var best: (word: String, distance: Int)?
    for candidate in candidates {
      let distance = distance(letters, Array(candidate.unicodeScalars))
      if distance < best?.distance ?? .max { best = (candidate, distance) }
    }
    guard let best, !letters.isEmpty else { return nil }
    return best.distance <= max(1, letters.count / 3) && best.distance < letters.count ? best.word : nil
  }

  /// Letters to insert, delete, exchange or swap with their neighbour to get from one word to the other.
  static func distance(_ left: [Unicode.Scalar], _ right: [Unicode.Scalar]) -> Int {
    var beforeLast = [Int](repeating: 0, count: right.count + 1)
    var last = Array(0...right.count)
    for i in left.indices {
      var row = [i + 1]
      for j in right.indices {
        var cost = min(row[j] + 1, last[j + 1] + 1, last[j] + (left[i] == right[j] ? 0 : 1))
        if i > 0, j > 0, left[i] == right[j - 1], left[i - 1] == right[j] { cost = min(cost, beforeLast[j - 1] + 1) }
        row.append(cost)
      }
      (beforeLast, last) = (last, row)
    }
    return last[right.count]
  }
}
