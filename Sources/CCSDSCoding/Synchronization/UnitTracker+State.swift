import CCSDSWire

/// What the tracker of a stream leaves to the one that goes on after it.
extension UnitTracker {
  /// Saves it, or restores it.
  ///
  /// - Parameter carried: Where the bits that are still held begin, and where those received end.
  mutating func archive(_ archive: inout StateArchive, carried: ClosedRange<Int>) {
    // What is not looked at in this phase may be of long ago.
    let places = 0...carried.upperBound
    archive.choice(&phase)
    archive.item(&searchPosition, in: places)
    unit.archive(&archive, places)
    archive.optional(&heldUnit, blank: unit) { $0.archive(&$1, places) }
    archive.item(&owesLoss)
    archive.item(&searchFloor, in: places)
    archive.optional(&lastFailedProof, blank: 0) { $1.item(&$0, in: places) }
    archiveSenderUnit(&archive, places)
    archive.optional(&isInverted, blank: false) { $1.item(&$0) }
    archiveCounts(&archive, end: carried.upperBound)
    archive.require(isPossible(carried))
  }

  private mutating func archiveSenderUnit(_ archive: inout StateArchive, _ places: ClosedRange<Int>) {
    var start = senderUnit.lowerBound
    var end = senderUnit.upperBound
    archive.item(&start, in: places)
    archive.item(&end, in: places)
    archive.require(start <= end)
    if archive.isValid { senderUnit = start..<end }
  }

  /// Whether all that may be looked at again is there, and what is decided next will not wait for more than there is
  /// room for.
  private func isPossible(_ carried: ClosedRange<Int>) -> Bool {
    let slip = MarkerPattern.slipBitCountLimit
    if let heldUnit {
      let end = heldUnit.start + unitBitCount
      let earliest = max(carried.lowerBound, heldUnit.start - unitBitCount - slip)
      guard heldUnit.start >= carried.lowerBound, end <= carried.upperBound else { return false }
      switch phase {
      case .searching: return (earliest...end + 1).contains(searchPosition)
      case .checking: return (earliest...end).contains(unit.start)
      case .following: return false
      }
    }
    switch phase {
    case .searching: return searchPosition >= carried.lowerBound
    case .checking: return unit.start >= carried.lowerBound
    case .following:
      let isThere =
        unit.isDelivered
        ? unitEnd <= carried.upperBound && unitEnd - slip >= carried.lowerBound : unit.start >= carried.lowerBound
      return isThere && searchFloor >= carried.lowerBound && unit.start - searchFloor <= unitBitCount + slip
    }
  }
}

extension UnitTracker.Unit {
  /// Saves or restores it.
  mutating func archive(_ archive: inout StateArchive, _ places: ClosedRange<Int>) {
    archive.item(&start, in: places)
    marker.archive(&archive)
    archive.item(&failedProof)
    archive.item(&isDecoded)
    archive.item(&isDelivered)
  }
}

extension MarkerObservation {
  /// Saves or restores it.
  mutating func archive(_ archive: inout StateArchive) {
    archive.optional(&errorCount, blank: 0) { $1.item(&$0, in: 0...256) }
    archive.item(&isInverted)
    archive.item(&changesPolarity)
    archive.item(&slipBitCount, in: -MarkerPattern.slipBitCountLimit...MarkerPattern.slipBitCountLimit)
  }
}
