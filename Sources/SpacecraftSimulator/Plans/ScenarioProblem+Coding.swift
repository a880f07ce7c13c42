extension Scenario {
  /// All that is wrong with the code and with what befalls its units.
  var codingProblems: [ScenarioProblem] {
    let stream = impairments.stream
    guard let coding = link.coding else { return stream == .none ? [] : stream.planned.values.map { .plannedHit($0) } }
    var problems: [ScenarioProblem] = []
    if coding.syncMarker.count == 1 || coding.syncMarker.count > 32 {
      problems.append(.syncMarker(byteCount: coding.syncMarker.count))
    }
    if let code = coding.reedSolomon,
      ![8, 16].contains(code.errors) || ![1, 2, 3, 4, 5, 8].contains(code.interleave)
        || coding.virtualFillSymbolCount(frameByteCount: link.frameByteCount) == nil
    {
      problems.append(.reedSolomon(code))
    }
    if !isPossible(coding.packaging, hasMarker: !coding.syncMarker.isEmpty) {
      problems.append(.packaging(coding.packaging))
    }
    if impairments.changesLengths || link.hasVariableLength { problems.append(.lengthUnderCoding) }
    for bitCount in [stream.leadingBitCount, stream.trailingBitCount]
    where bitCount < 0 || bitCount > 0 && coding.syncMarker.isEmpty {
      problems.append(.streamBitCount(bitCount))
    }
    return problems
      + stream.planned.sorted { $0.key < $1.key }.map(\.value).filter { !isPossible($0) }.map { .plannedHit($0) }
  }

  private func isPossible(_ packaging: CodingPlan.Packaging, hasMarker: Bool) -> Bool {
    switch packaging {
    case .units(let count): count == 1 || count > 1 && hasMarker
    case .pieces(let byteCounts): byteCounts.lowerBound >= 1 && byteCounts.upperBound <= 65_507 && hasMarker
    }
  }

  private func isPossible(_ hit: StreamHit) -> Bool {
    guard possibleKinds.contains(hit.kind), let coding = link.coding else { return false }
    switch hit {
    case .markerErrors(let count): return (1...8 * coding.syncMarker.count).contains(count)
    case .slip(let bitCount): return (1...4).contains(abs(bitCount))
    case .inversion(let markerCount, _, _): return (1...4).contains(markerCount)
    case .garbage(let bitCount, _), .loss(let bitCount): return bitCount >= 5
    case .burst(let bitCount): return bitCount >= 1
    case .symbolErrors(let count): return count >= 1
    case .markerDestroyed, .unitLoss: return true
    }
  }
}

extension Impairments {
  /// Whether some datagram may have another length than a frame.
  package var changesLengths: Bool {
    truncateProbability > 0 || oversizeProbability > 0 || emptyProbability > 0
      || planned.values.contains { $0 == .truncate || $0 == .oversize || $0 == .empty }
  }
}
