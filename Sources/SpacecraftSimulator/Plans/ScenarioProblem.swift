/// What makes a scenario impossible to send.
package enum ScenarioProblem: Equatable, Sendable {
  case noChannels
  case frameRate(Int)
  case frameByteCount(Int)
  case noRoomForPackets(frameByteCount: Int)
  /// The packet zone is longer than the first header pointer reaches.
  case zoneBeyondPointer(zoneByteCount: Int)
  case probability(Double)
  /// Bursts and delays have at least one frame, and delays at most eight places.
  case impairmentRange(ClosedRange<Int>)
  case insertZoneByteCount(Int)
  /// Neither 8 nor 10.
  case spacecraftIDBitCount(Int)
  /// Neither 11 nor 16.
  case firstHeaderPointerBitCount(Int)
  /// A planned impairment that cannot be: a delay of other than 1…8 places, damage that nothing would tell.
  case planned(Impairment)
  /// A planned hit of units that cannot be.
  case plannedHit(StreamHit)
  /// Frames of other lengths than the link's cannot be coded.
  case lengthUnderCoding
  /// Neither empty nor 2…32 bytes.
  case syncMarker(byteCount: Int)
  /// Neither 16 nor 8 errors, no interleaving depth of the standard, or too long a frame or none that fits.
  case reedSolomon(CodingPlan.ReedSolomon)
  case packaging(CodingPlan.Packaging)
  /// Fewer bits than none.
  case streamBitCount(Int)
  case spacecraftID(UInt16)
  case repeatedSpacecraft(UInt16)
  case repeatedChannel(VirtualChannelName)
  case virtualChannelID(VirtualChannelName)
  case weight(Int)
  case firstCount(VirtualChannelName)
  case secondaryHeader(VirtualChannelName)
  /// USLP: a count of other than 0…7 bytes, a truncated frame of other than 6…32 or with packets, no access point or
  /// one twice, or contents that frames of the link cannot carry.
  case accessPoints(VirtualChannelName)
  /// A packet channel has neither applications nor encapsulation.
  case noPackets(VirtualChannelName)
  case applicationProcessID(UInt16)
  case packetByteCounts(ClosedRange<Int>)
}

/// All that is wrong with a scenario.
package struct InvalidScenario: Error, Equatable, Sendable {
  package let problems: [ScenarioProblem]

  package init(problems: [ScenarioProblem]) { self.problems = problems }
}

extension Scenario {
  /// All that is wrong; empty when it can be sent. The spacecraft are looked at once the link is right.
  package var problems: [ScenarioProblem] {
    var problems = linkProblems + impairmentProblems + codingProblems
    guard problems.isEmpty else { return problems }
    if spacecraft.allSatisfy(\.channels.isEmpty) { problems.append(.noChannels) }
    let idBitCount = link.frameType == .tm ? 10 : link.frameType == .aos ? link.spacecraftIDBitCount : 16
    for craft in spacecraft where craft.spacecraftID >> UInt16(idBitCount) != 0 {
      problems.append(.spacecraftID(craft.spacecraftID))
    }
    var seenSpacecraft: Set<UInt16> = []
    for craft in spacecraft where !seenSpacecraft.insert(craft.spacecraftID).inserted {
      problems.append(.repeatedSpacecraft(craft.spacecraftID))
    }
    var seen: Set<VirtualChannelName> = []
    for (index, plan) in channelPlans {
      let name = VirtualChannelName(
        spacecraftID: spacecraft[index].spacecraftID, virtualChannelID: plan.virtualChannelID,
        isExpedited: plan.isExpedited)
      if !seen.insert(name).inserted { problems.append(.repeatedChannel(name)) }
      let isImplicit = !spacecraft[index].channels.contains(plan)
      problems += self.problems(of: plan, name, isImplicit: isImplicit)
    }
    return problems
  }

  private var linkProblems: [ScenarioProblem] {
    var problems: [ScenarioProblem] = []
    if link.frameRate < 1 { problems.append(.frameRate(link.frameRate)) }
    if link.frameByteCount > (link.frameType == .tm ? 2048 : 65_507) {
      problems.append(.frameByteCount(link.frameByteCount))
    }
    if link.insertZoneByteCount < 0 { problems.append(.insertZoneByteCount(link.insertZoneByteCount)) }
    if ![8, 10].contains(link.spacecraftIDBitCount) {
      problems.append(.spacecraftIDBitCount(link.spacecraftIDBitCount))
    }
    if ![11, 16].contains(link.firstHeaderPointerBitCount) {
      problems.append(.firstHeaderPointerBitCount(link.firstHeaderPointerBitCount))
    }
    if !(0...1).contains(link.idleFrameShare) { problems.append(.probability(link.idleFrameShare)) }
    return problems
  }

  private var impairmentProblems: [ScenarioProblem] {
    var problems = impairments.probabilities.filter { !(0...1).contains($0) }.map { ScenarioProblem.probability($0) }
    if impairments.dropBurstFrameCounts.lowerBound < 1 {
      problems.append(.impairmentRange(impairments.dropBurstFrameCounts))
    }
    if impairments.reorderDelays.lowerBound < 1 || impairments.reorderDelays.upperBound > 8 {
      problems.append(.impairmentRange(impairments.reorderDelays))
    }
    if impairments.duplicateDelays.lowerBound < 0 || impairments.duplicateDelays.upperBound > 8 {
      problems.append(.impairmentRange(impairments.duplicateDelays))
    }
    return problems
      + impairments.planned.sorted { $0.key < $1.key }.map(\.value).filter { !isPossible($0) }.map { .planned($0) }
  }

  private func isPossible(_ impairment: Impairment) -> Bool {
    switch impairment {
    case .duplicate(let places): (0...8).contains(places)
    case .delay(let places): (1...8).contains(places)
    case .corrupt: link.hasErrorControl
    case .drop, .truncate, .oversize, .counterReset, .foreign, .foreignVersion, .empty: true
    }
  }

  private func problems(of plan: ChannelPlan, _ name: VirtualChannelName, isImplicit: Bool) -> [ScenarioProblem] {
    var problems: [ScenarioProblem] = []
    let layout = FrameLayout(link: link, secondaryHeaderByteCount: plan.secondaryHeader.byteCount)
    let zoneByteCount = layout.packetZone.count
    if zoneByteCount < 1 { problems.append(.noRoomForPackets(frameByteCount: link.frameByteCount)) }
    let hasLongPointer = link.frameType == .uslp || link.frameType == .aos && link.firstHeaderPointerBitCount == 16
    if zoneByteCount > (hasLongPointer ? 65_534 : 2046) {
      problems.append(.zoneBeyondPointer(zoneByteCount: zoneByteCount))
    }
    let lastChannelID: UInt8 = link.frameType == .tm ? 7 : isImplicit ? 63 : 62
    if plan.virtualChannelID > lastChannelID { problems.append(.virtualChannelID(name)) }
    if plan.weight < (isImplicit ? 0 : 1) { problems.append(.weight(plan.weight)) }
    if Int(plan.firstCount) >= plan.countModulus(link.frameType) { problems.append(.firstCount(name)) }
    if case .mission(let byteCount) = plan.secondaryHeader, !(1...63).contains(byteCount) || byteCount == 3 {
      problems.append(.secondaryHeader(name))
    }
    if link.frameType == .uslp {
      if !isImplicit, !hasPossibleAccessPoints(plan) { problems.append(.accessPoints(name)) }
    } else if plan.service == .packets, !isImplicit, plan.applications.isEmpty, plan.encapsulation == nil {
      problems.append(.noPackets(name))
    }
    for application in plan.applications {
      if application.applicationProcessID > 2046 {
        problems.append(.applicationProcessID(application.applicationProcessID))
      }
      if application.weight < 1 { problems.append(.weight(application.weight)) }
      problems += application.sizes.problems(smallest: 7)
    }
    return problems + (plan.encapsulation?.sizes.problems(smallest: 2) ?? [])
  }
}

extension Scenario {
  private func hasPossibleAccessPoints(_ plan: ChannelPlan) -> Bool {
    guard (0...7).contains(plan.countByteCount), !plan.accessPoints.isEmpty,
      Set(plan.accessPoints.map(\.id)).count == plan.accessPoints.count
    else { return false }
    if let byteCount = plan.truncatedFrameByteCount, !(6...32).contains(byteCount) || !plan.isExpedited {
      return false
    }
    return plan.accessPoints.allSatisfy { point in
      guard point.id <= 15 else { return false }
      switch point.content {
      case .packets(let applications):
        return plan.truncatedFrameByteCount == nil && !applications.isEmpty
          && plan.applications.indices.contains(applications.lowerBound)
          && applications.upperBound <= plan.applications.count
      case .serviceData(let byteCounts): return byteCounts.lowerBound >= 1
      case .octets: return link.hasVariableLength
      }
    }
  }
}

extension PacketSizePlan {
  fileprivate func problems(smallest: Int) -> [ScenarioProblem] {
    [usual, large].filter { $0.lowerBound < smallest || $0.upperBound > 65_542 }.map { .packetByteCounts($0) }
  }
}
