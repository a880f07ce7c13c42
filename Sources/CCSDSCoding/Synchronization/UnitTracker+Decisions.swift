import CCSDSWire

/// Each decision says whether it was taken, and so whether there may be another.
extension UnitTracker {
  /// Looks for the next marker: anywhere, or within a unit that is held.
  mutating func search<R: CodeblockReceiver & ~Copyable>(
    in window: borrowing BitWindow, into receiver: inout R
  ) -> Bool {
    let limit = heldUnit.map { $0.start + unitBitCount } ?? .max
    if let fit = pattern.firstFit(from: &searchPosition, before: limit, in: window) {
      unit = Unit(start: fit.position, marker: MarkerObservation(fit))
      phase = .checking
      return true
    }
    guard let heldUnit, searchPosition >= limit || window.isLast else { return false }
    // Nothing begins within it: its marker was good, or it could be corrected, and so it counts as a unit.
    deliver(heldUnit, from: window, into: &receiver)
    self.heldUnit = nil
    owesLoss = false
    searchFloor = limit
    expectUnit(at: limit, isInverted: heldUnit.marker.isInverted)
    return true
  }

  /// Finds out whether a unit begins with the marker that was found, by the marker behind the unit, by the unit
  /// itself, or by the sender's own unit.
  mutating func check<R: CodeblockReceiver & ~Copyable>(
    in window: borrowing BitWindow, into receiver: inout R
  ) -> Bool {
    let seesMarkerBehind = unitEnd + pattern.bitCount <= window.end
    if seesMarkerBehind, let next = pattern.fit(at: unitEnd, tolerance: pattern.lockTolerance, in: window),
      next.isInverted == unit.marker.isInverted
    {
      acquire(.clean, in: window, into: &receiver)
      return true
    }
    if unitEnd <= window.end {
      if mayProveCandidate, !unit.failedProof {
        let proof = prove(unit, from: window, to: &receiver)
        if proof != .none {
          receiver.removeLast()  // The transition comes first.
          acquire(proof, in: window, into: &receiver)
          return true
        }
        unit.failedProof = true
        lastFailedProof = unit.start
      }
      if isSenderUnit {
        acquire(.clean, in: window, into: &receiver)
        return true
      }
    }
    guard seesMarkerBehind || window.isLast else { return false }
    phase = .searching
    searchPosition = unit.start + 1
    return true
  }

  /// Decides on the unit that begins where one has to, by what is found at its end.
  mutating func follow<R: CodeblockReceiver & ~Copyable>(
    in window: borrowing BitWindow, mayProve: Bool, into receiver: inout R
  ) -> Bool {
    guard unitEnd <= window.end else {
      // At the end of the stream, the unit before may have lost bytes, and the last one may begin within it.
      guard window.isLast, searchFloor < unit.start else { return false }
      owesLoss = true
      startSearch(at: searchFloor)
      return true
    }
    let seesMarkerBehind = unitEnd + pattern.bitCount + MarkerPattern.slipBitCountLimit <= window.end || window.isLast
    if seesMarkerBehind, let next = pattern.fit(near: unitEnd, in: window), confirmsUnit(next) {
      if !unit.isDelivered { deliver(unit, from: window, into: &receiver) }
      let slipBitCount = next.position - unitEnd
      unit = Unit(start: next.position, marker: MarkerObservation(next, slipBitCount: slipBitCount))
      searchFloor = next.position
      return true
    }
    if senderUnit.upperBound == unitEnd {
      if !unit.isDelivered { deliver(unit, from: window, into: &receiver) }
      unit.isDelivered = true
      searchFloor = unitEnd
    } else if !unit.isDelivered, !unit.failedProof, seesMarkerBehind || mayProve && unit.hasMarker {
      let proof = prove(unit, from: window, to: &receiver)
      guard isDoubtful(proof) else {
        unit.failedProof = proof == .none
        if unit.failedProof { return true }
        keep(proof)
        return true
      }
      receiver.removeLast()
      hold(from: min(searchFloor, unit.start + 1))
      return true
    }
    guard seesMarkerBehind else { return false }
    if unit.isDelivered {
      expectUnit(at: unitEnd, isInverted: unit.marker.isInverted)
    } else if unit.hasMarker {
      hold(from: unit.start + 1)
    } else {
      receiver.observe(.lock(.lost))
      startSearch(at: searchFloor)
    }
    return true
  }

  /// Whether a marker at the end of the unit that is followed speaks for it. One beside the end does not if nothing
  /// else does, as the unit may have begun beside its place, too.
  private func confirmsUnit(_ next: MarkerFit) -> Bool {
    unit.isDelivered || unit.hasMarker
      || next.position == unitEnd && next.isInverted == unit.marker.isInverted
  }

  /// Whether a proof is not enough for a unit without a marker. The code is cyclic: a codeword that begins a few symbols
  /// early or late is another one with as many errors. So what can be corrected may begin beside its place.
  private func isDoubtful(_ proof: CodeblockProof) -> Bool { proof == .corrected && !unit.hasMarker }

  /// Keeps the unit that is followed until it is known whether another begins within it.
  private mutating func hold(from position: Int) {
    heldUnit = unit
    owesLoss = true
    startSearch(at: position)
  }

  /// The unit under check is one: it is handed over, and so are all that follow.
  private mutating func acquire<R: CodeblockReceiver & ~Copyable>(
    _ proof: CodeblockProof, in window: borrowing BitWindow, into receiver: inout R
  ) {
    if owesLoss { receiver.observe(.lock(.lost)) }
    owesLoss = false
    heldUnit = nil
    skip(to: unit.start)
    reportSkipped(to: &receiver)
    receiver.observe(.lock(.acquired(isInverted: unit.marker.isInverted, bitOffset: unit.start & 7)))
    append(unit, from: window, to: &receiver)
    keep(proof)
    phase = .following
  }

  /// Counts the unit that was handed over, and settles where to search if nothing follows it.
  ///
  /// A unit that needed correction may have lost bytes near its end, and was corrected from what follows. So the next
  /// marker may be in it, unless it was itself found so: then a search could go back for ever.
  private mutating func keep(_ proof: CodeblockProof) {
    let mayHaveLostBytes = proof == .corrected && unit.start + MarkerPattern.slipBitCountLimit >= accountedEnd
    searchFloor = mayHaveLostBytes ? unit.start + 1 : unitEnd
    unit.isDelivered = true
    account(for: unit)
  }

  /// No marker was recognized at `position`, but a unit has to begin there.
  private mutating func expectUnit(at position: Int, isInverted: Bool) {
    unit = Unit(start: position, marker: MarkerObservation(errorCount: nil, isInverted: isInverted))
    phase = .following
  }

  private mutating func startSearch(at position: Int) {
    phase = .searching
    searchPosition = position
    lastFailedProof = nil
  }

  /// Whether the receiver may be asked about the unit under check. In a stream full of markers it is asked four times
  /// a unit at most.
  private var mayProveCandidate: Bool {
    guard let lastFailedProof else { return true }
    return (unit.start - lastFailedProof) * 4 >= unitBitCount
  }

  /// Whether the unit under check ends with a unit of the sender, began with it or with as many units in between as
  /// fit, and has a perfect marker.
  private var isSenderUnit: Bool {
    unit.marker.errorCount == 0 && unitEnd == senderUnit.upperBound && unit.start >= senderUnit.lowerBound
      && (unit.start - senderUnit.lowerBound).isMultiple(of: unitBitCount)
  }
}

extension MarkerObservation {
  fileprivate init(_ fit: MarkerFit, slipBitCount: Int = 0) {
    self.init(errorCount: fit.errorCount, isInverted: fit.isInverted, slipBitCount: slipBitCount)
  }
}
