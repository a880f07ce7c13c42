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

/// Which Reed-Solomon codes go with frames of one length, for hints.
struct ReedSolomonAdvice {
  typealias Code = ReedSolomonParameters

  let frameByteCount: Int
  let capability: Code.Capability
  /// Zero where there is no marker.
  let markerByteCount: Int

  /// Why frames of this length do not fill codeblocks; nothing when they do.
  func misfit(_ code: Code, writtenFill: Int?) -> String? {
    let (capacity, depth) = (code.largestFrameByteCount, code.interleavingDepth)
    let fill = capacity - frameByteCount
    if let writtenFill {
      if writtenFill % depth != 0 { return "virtual_fill \(writtenFill) is not a multiple of interleave \(depth)" }
      guard writtenFill != fill else { return nil }
      return
        "frames.length \(frameByteCount) and virtual_fill \(writtenFill) are \(frameByteCount + writtenFill) bytes,"
        + " but interleave \(depth) takes \(capacity)"
    }
    if fill < 0 { return "frames.length \(frameByteCount) is more than interleave \(depth) takes: \(capacity) bytes" }
    guard fill % depth != 0 else { return nil }
    return
      "interleave \(depth) takes \(capacity) bytes; frames.length \(frameByteCount) leaves a virtual fill of \(fill),"
      + " which is not a multiple of \(depth)"
  }

  /// What to write where the depth is missing; nothing where no depth fits.
  var depthHint: String? {
    guard let depth = depthWithoutFill(capability) ?? depthWithFill else { return nil }
    return "write 'interleave: \(depth)', which goes with frames.length \(frameByteCount)"
  }

  /// What would fit, or which lengths do.
  ///
  /// - Parameter depth: The one that was written.
  func hint(_ depth: Int) -> String {
    if let depth = depthWithoutFill(capability) {
      return "frames.length \(frameByteCount) goes with interleave \(depth) (no virtual fill)"
    }
    let other: Code.Capability = capability == .sixteen ? .eight : .sixteen
    if let depth = depthWithoutFill(other) {
      return "frames.length \(frameByteCount) goes with errors \(other.rawValue) and interleave \(depth)"
        + " (no virtual fill)"
    }
    if let hint = codeblockHint(depth) { return hint }
    if let depth = depthWithFill {
      let fill = capacity(depth) - frameByteCount
      return "frames.length \(frameByteCount) goes with interleave \(depth) (virtual_fill \(fill))"
    }
    return "interleave \(depth) takes frames of \(capacity(depth)) bytes, less a multiple of \(depth)"
  }

  // MARK: Helpers

  private func capacity(_ depth: Int) -> Int { (255 - capability.paritySymbolCount) * depth }

  private func depthWithoutFill(_ capability: Code.Capability) -> Int? {
    Code.interleavingDepths.first { (255 - capability.paritySymbolCount) * $0 == frameByteCount }
  }

  private var depthWithFill: Int? {
    Code.interleavingDepths.first { capacity($0) >= frameByteCount && frameByteCount % $0 == 0 }
  }

  /// What to write where the length is that of a whole codeblock or CADU.
  private func codeblockHint(_ written: Int) -> String? {
    for depth in Code.interleavingDepths {
      let codeblock = Code.codewordSymbolCount * depth
      guard [codeblock, codeblock + markerByteCount].contains(frameByteCount) else { continue }
      let parts = frameByteCount == codeblock ? "parity" : "parity and sync marker"
      let also = depth == written ? "" : " and 'interleave: \(depth)'"
      return "write 'length: \(capacity(depth))'\(also): a frame is counted without \(parts)"
    }
    return nil
  }
}
