package import CCSDSLink
package import CCSDSWire

/// What the packets of a channel say of the clock on board.
package struct ClockHealth: Sendable, Equatable {
  /// Packets whose time can be believed.
  package private(set) var validCount = 0
  /// Packets whose time cannot: the secondary header is another one, ...
  package private(set) var headerVersionCount = 0
  /// ... a field of the time makes no sense, ...
  package private(set) var timeCodeCount = 0
  /// ... or the time lies outside of the mission.
  package private(set) var outsideWindowCount = 0
  /// The newest time that can be believed.
  package private(set) var newest: TAIInstant?
  /// How it compares with the time of reception.
  package private(set) var estimate = ClockEstimate()

  package init() {}

  /// The packets whose time cannot be believed.
  package var invalidCount: Int { headerVersionCount + timeCodeCount + outsideWindowCount }

  /// How many there are of a fault.
  package func count(of fault: OnboardTimeFault) -> Int {
    switch fault {
    case .headerVersion: headerVersionCount
    case .timeCode: timeCodeCount
    case .outsideWindow: outsideWindowCount
    }
  }

  /// Takes the time of a packet.
  mutating func note(_ time: OnboardTime) {
    switch time {
    case .absent: break
    case .valid(let instant):
      validCount += 1
      newest = instant
    case .invalid(.headerVersion): headerVersionCount += 1
    case .invalid(.timeCode): timeCodeCount += 1
    case .invalid(.outsideWindow): outsideWindowCount += 1
    }
  }

  mutating func note(_ news: ClockCorrelation.Observation) {
    switch news {
    case .estimated(let estimate), .stepped(_, let estimate): self.estimate = estimate
    }
  }
}

extension ClockHealth {
  /// Saves or restores it.
  mutating func archive(_ archive: inout StateArchive) {
    archive.count(&validCount)
    archive.count(&headerVersionCount)
    archive.count(&timeCodeCount)
    archive.count(&outsideWindowCount)
    archive.optional(&newest, blank: .ccsdsEpoch) { $0.archive(&$1) }
    estimate.archive(&archive)
  }

  /// Writes what is known, with times in seconds.
  package func write(to json: inout JSONWriter, _ leapSeconds: LeapSecondTable) {
    json.member("quality", estimate.quality.rawValue)
    json.member("packets", validCount)
    json.object("invalid") {
      for fault in OnboardTimeFault.allCases where count(of: fault) > 0 { $0.member(fault.name, count(of: fault)) }
    }
    if let newest { json.member("newest", leapSeconds.utc(of: newest).iso8601) }
    guard estimate.quality != .none else { return }
    json.member("offset_seconds", Double(estimate.offsetNanoseconds) / 1e9)
    json.member("drift_ppm", Double(estimate.driftPartsPerQuadrillion) / 1e9)
    json.member("jitter_seconds", Double(estimate.jitterNanoseconds) / 1e9)
    json.member("samples", estimate.sampleCount)
    json.member("span_seconds", Double(estimate.spanNanoseconds) / 1e9)
    json.member("excluded", estimate.excludedSampleCount)
    json.member("outliers", estimate.outlierCount)
    json.member("steps", estimate.stepCount)
    if estimate.stepCount > 0 { json.member("last_step_seconds", Double(estimate.lastStepNanoseconds) / 1e9) }
  }
}
