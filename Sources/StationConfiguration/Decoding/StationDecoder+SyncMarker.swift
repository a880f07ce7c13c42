internal import CCSDSCoding

extension StationDecoder {
  private static let markerNames: [(name: String, marker: SyncMarker)] = [
    ("standard", .standard), ("turbo_1_2", .turboHalf), ("turbo_1_3", .turboThird), ("turbo_1_4", .turboQuarter),
    ("turbo_1_6", .turboSixth),
  ]
  private static let markerHint =
    "write its bytes in hexadecimal, such as 1ACFFC1D, or \(markerNames.map(\.name).joined(separator: ", "))"

  /// The sync marker: a name, or hexadecimal digits, which are digits here even where they could be a number.
  mutating func syncMarker(in section: Section) -> SyncMarker? {
    guard let node = section.value("sync_marker") else { return nil }
    let path = section.path("sync_marker")
    guard let (word, _) = scalar(node, path: path, wanted: "hexadecimal digits or a name") else { return nil }
    if let named = Self.markerNames.first(where: { $0.name == word }) { return named.marker }
    let refusal = Self.markerRefusal(word, path)
    guard let refusal else { return SyncMarker(bytes: Self.bytes(Self.digits(word))) }
    problems.report(refusal.message, at: node.mark, path: path, hint: refusal.hint)
    return nil
  }

  private static func markerRefusal(_ word: String, _ path: String) -> (message: String, hint: String)? {
    let digits = digits(word)
    let name = word.shortened
    guard !word.isEmpty, word != "~" else { return ("\(path) has no value", "\(markerHint), or leave the key out") }
    guard word != "none" else {
      return ("'none' is not a sync marker", "leave it out, and write 'format: frames' below 'input'")
    }
    guard !digits.isEmpty, digits.utf8.allSatisfy(\.isHexadecimalDigit) else {
      let nearest = Suggestion.nearest(to: word, among: markerNames.map(\.name))
      return ("'\(name)' is not a sync marker", nearest.map { "did you mean '\($0)'?" } ?? markerHint)
    }
    guard !word.lowercased().hasPrefix("0b") || digits.dropFirst(2).contains(where: { !"01".contains($0) }) else {
      return (
        "'\(name)' is ambiguous: binary, or hexadecimal", "write it in hexadecimal, and 0x before it if it was"
      )
    }
    guard digits.utf8.count % 2 == 0 else {
      return ("'\(name)' has an odd number of hexadecimal digits", "write two for each byte, such as 1ACFFC1D")
    }
    let bytes = bytes(digits)
    let (least, most) = (SyncMarker.byteCounts.lowerBound, SyncMarker.byteCounts.upperBound)
    guard SyncMarker.byteCounts.contains(bytes.count) else {
      return (
        "a sync marker has \(least) to \(most) bytes, not \(bytes.count)",
        "write \(2 * least) to \(2 * most) hexadecimal digits"
      )
    }
    guard bytes.contains(where: { $0 != bytes[0] }) || (bytes[0] != 0 && bytes[0] != 0xFF) else {
      return ("all bits of '\(name)' are alike: it is found everywhere in fill", markerHint)
    }
    return nil
  }

  private static func digits(_ word: String) -> Substring {
    word.hasPrefix("0x") || word.hasPrefix("0X") ? word.dropFirst(2) : word[...]
  }

  private static func bytes(_ digits: Substring) -> [UInt8] {
    let nibbles = digits.utf8.map { byte in
      // A digit, or a letter of either case.
      byte < 0x3A ? byte & 0x0F : (byte & 0x0F) + 9
    }
    return stride(from: 0, to: nibbles.count & ~1, by: 2).map { nibbles[$0] << 4 | nibbles[$0 + 1] }
  }

  // MARK: Bit errors

  /// How many bits of a marker may be wrong: one number, or one for each state.
  ///
  /// - Parameter markerByteCount: Absent where the marker itself is wrong.
  mutating func markerTolerance(in coding: Section, markerByteCount: Int?) -> MarkerTolerance {
    guard let node = coding.value("max_bit_errors") else { return MarkerTolerance() }
    // With a quarter of its bits wrong, chance alone makes markers out of data.
    let bitCount = 8 * (markerByteCount ?? SyncMarker.byteCounts.upperBound)
    let range = 0...(bitCount / 4 - 1)
    let hint = "write at most \(range.upperBound), less than a quarter of the \(bitCount) bits of the marker"
    guard case .mapping = node.content else {
      let count = integer(node, path: coding.path("max_bit_errors"), range, rangeHint: hint)
      return MarkerTolerance(whileSearching: count, whileLocked: count)
    }
    let vocabulary = Vocabulary(
      name: "max_bit_errors", keys: ["search", "lock"],
      elsewhere: ["searching": "write 'search'", "locked": "write 'lock'"])
    guard let section = section("max_bit_errors", in: coding, vocabulary) else { return MarkerTolerance() }
    if !section.has("search"), !section.has("lock") {
      reportMissing("search", in: section, hint: "write 'max_bit_errors: { search: 1, lock: 3 }', or one number")
    }
    let tolerance = MarkerTolerance(
      whileSearching: section.value("search").flatMap {
        integer($0, path: section.path("search"), range, rangeHint: hint)
      },
      whileLocked: section.value("lock").flatMap { integer($0, path: section.path("lock"), range, rangeHint: hint) })
    if let search = tolerance.whileSearching, let lock = tolerance.whileLocked, search > lock {
      problems.report(
        "more bits may be wrong while searching (\(search)) than where a marker is expected (\(lock))",
        at: section.valueMark(of: "search"), path: section.path("search"),
        hint: "make 'search' the smaller: while searching, chance has many more tries", severity: .warning)
    }
    return tolerance
  }
}
