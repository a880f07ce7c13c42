/// Decides which units are hit, and keeps hits apart.
struct HitSchedule: Sendable {
  /// Units around a hit that a receiver needs undisturbed.
  private static let quietUnitCount = 2

  private let plan: StreamImpairments
  private let kinds: [StreamHit.Kind]
  private let coding: CodingPlan
  private let codeblockByteCount: Int
  private var random: SeededRandom
  private var planned: [(unit: Int, hit: StreamHit)]
  private var drawn: (unit: Int, hit: StreamHit)?
  /// The first unit that the last hit did not reach.
  private var lastEnd = 0

  init(_ scenario: Scenario, encoder: UnitEncoder) {
    plan = scenario.impairments.stream
    kinds = plan.kinds.filter { scenario.possibleKinds.contains($0) }
    coding = encoder.plan
    codeblockByteCount = encoder.codeblockByteCount
    random = SeededRandom(seed: scenario.link.seed, stream: 5)
    planned = plan.planned.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    drawNext(from: Self.quietUnitCount + 1)
  }

  /// What hits the unit; by chance only when so many units from here on may be hit.
  mutating func hit(at unit: Int, hittableCount: Int) -> StreamHit? {
    if let next = planned.first, next.unit == unit {
      planned.removeFirst()
      lastEnd = unit + next.hit.unitCount
      return next.hit
    }
    guard let drawn, drawn.unit <= unit else { return nil }
    guard drawn.hit.unitCount <= hittableCount, isClear(of: drawn.hit, at: unit) else {
      drawNext(from: unit + 1)
      return nil
    }
    lastEnd = unit + drawn.hit.unitCount
    drawNext(from: lastEnd + plan.unitsBetweenHits)
    return drawn.hit
  }

  /// Whether a unit is so near to a hit that nothing else may befall it.
  func isQuiet(_ unit: Int) -> Bool {
    if unit < lastEnd + Self.quietUnitCount { return true }
    let next = min(planned.first?.unit ?? .max, drawn?.unit ?? .max)
    return next - unit <= Self.quietUnitCount
  }

  private func isClear(of hit: StreamHit, at unit: Int) -> Bool {
    guard let next = planned.first?.unit else { return true }
    return next - unit - hit.unitCount >= plan.unitsBetweenHits
  }

  /// Draws the next hit, no earlier than at a unit.
  private mutating func drawNext(from earliest: Int) {
    drawn = nil
    guard plan.hitProbability > 0, !kinds.isEmpty else { return }
    var unit = earliest
    while !random.chance(plan.hitProbability), unit < earliest + 1_000_000 { unit += 1 }
    let kind = random.pick(kinds)
    drawn = (unit, .draw(kind, plan: coding, codeblockByteCount: codeblockByteCount, &random))
  }
}

extension Scenario {
  /// What may hit units by chance: whatever a receiver can still tell exactly.
  var possibleKinds: Set<StreamHit.Kind> {
    guard let coding = link.coding else { return [] }
    let isProtected = coding.reedSolomon != nil || link.hasErrorControl
    if coding.syncMarker.isEmpty { return isProtected ? [.unitLoss, .symbolErrors] : [.unitLoss] }
    return isProtected ? Set(StreamHit.Kind.allCases) : [.markerErrors, .markerDestroyed, .unitLoss]
  }
}
