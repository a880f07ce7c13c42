internal import CCSDSCoding
internal import CCSDSLink

/// What the section `reed_solomon` says, before the length of the frames is held against it.
struct ReedSolomonClauses {
  var section: Section
  /// Absent where it is wrong.
  var capability: ReedSolomonParameters.Capability?
  /// Absent where it is missing or wrong.
  var interleavingDepth: Int?
  var basis = ReedSolomonParameters.Basis.dual
  /// All fill bytes of a codeblock, Q, where they are written.
  var virtualFillByteCount: Int?

  /// Whether a value is there that could not be read.
  func isWrong(_ key: String, _ value: Int?) -> Bool { section.has(key) && value == nil }
}

extension StationDecoder {
  private static let reedSolomonVocabulary = Vocabulary(
    name: "reed_solomon", keys: ["errors", "interleave", "basis", "virtual_fill"],
    elsewhere: [
      "e": "write 'errors'", "correction": "write 'errors'", "i": "write 'interleave'",
      "depth": "write 'interleave'", "interleaving_depth": "write 'interleave'", "interleaving": "write 'interleave'",
      "dual": "write 'basis: dual'", "dual_basis": "write 'basis: dual'", "fill": "write 'virtual_fill'",
    ])
  private static let basisHints = ["berlekamp": "write dual", "ccsds": "write dual", "true": "write dual"]

  /// The section `reed_solomon`, each key by itself.
  mutating func reedSolomon(in coding: Section) -> ReedSolomonClauses? {
    guard let node = coding.value("reed_solomon") else { return nil }
    if case .scalar(let word, _) = node.content {
      let isRefusal = ["none", "false", "no", "off"].contains(word)
      problems.report(
        "reed_solomon must be a section of keys, not \(node.kindName)", at: node.mark,
        path: coding.path("reed_solomon"),
        hint: isRefusal
          ? "leave it out" : "write 'reed_solomon: { errors: 16, interleave: 5, basis: dual }', or the like")
      return nil
    }
    guard let section = section("reed_solomon", in: coding, Self.reedSolomonVocabulary) else { return nil }
    var clauses = ReedSolomonClauses(section: section)
    let errors = choice("errors", in: section, [16, 8], hint: "write 16 for (255,223), or 8 for (255,239)")
    clauses.capability = section.has("errors") ? errors.flatMap(ReedSolomonParameters.Capability.init) : .sixteen
    clauses.interleavingDepth = choice("interleave", in: section, ReedSolomonParameters.interleavingDepths)
    let basis = word(
      "basis", in: section, ReedSolomonParameters.Basis.allCases.map(\.rawValue), instead: Self.basisHints)
    clauses.basis = basis.flatMap(ReedSolomonParameters.Basis.init(rawValue:)) ?? .dual
    clauses.virtualFillByteCount = integer("virtual_fill", in: section, 0...1904)
    return clauses
  }

  /// The code, when it makes codeblocks of frames of that length; what does not fit is reported.
  mutating func fitted(
    _ clauses: ReedSolomonClauses, to frames: FrameClauses, markerByteCount: Int
  ) -> ReedSolomonParameters? {
    guard let capability = clauses.capability, !clauses.isWrong("interleave", clauses.interleavingDepth),
      !clauses.isWrong("virtual_fill", clauses.virtualFillByteCount)
    else { return nil }
    let isLengthKnown = frames.hasLength && frames.channel.shortestFrameByteCount == nil
    let advice = ReedSolomonAdvice(
      frameByteCount: frames.channel.frameByteCount, capability: capability, markerByteCount: markerByteCount)
    guard let depth = clauses.interleavingDepth else {
      let example = isLengthKnown ? advice.depthHint : nil
      reportMissing(
        "interleave", in: clauses.section,
        hint: example ?? "write 1, 2, 3, 4, 5 or 8: how many codewords share a codeblock")
      return nil
    }
    var code = ReedSolomonParameters()
    code.capability = capability
    code.interleavingDepth = depth
    code.basis = clauses.basis
    guard isLengthKnown else { return code }
    let fill = code.largestFrameByteCount - frames.channel.frameByteCount
    if let message = advice.misfit(code, writtenFill: clauses.virtualFillByteCount) {
      let isDerivable = fill >= 0 && fill % depth == 0
      report(
        message, key: clauses.virtualFillByteCount == nil ? "interleave" : "virtual_fill", in: clauses.section,
        hint: isDerivable ? "write 'virtual_fill: \(fill)'" : advice.hint(depth))
      return nil
    }
    code.virtualFillSymbolCount = fill / depth
    return code
  }
}
