package import CCSDSCoding
package import CCSDSLink
package import CCSDSWire

/// All that is known of a link at one moment, as a value: what leaves the data plane.
package struct LinkSnapshot: Sendable {
  package let name: String
  package let ledger: LossLedger
  /// The frames held back, neither accepted nor rejected yet.
  package let heldFrameCount: Int
  /// The bytes of packets that have begun and are not whole yet.
  package let pendingByteCount: Int
  /// The bytes of service data units that have begun and are not whole yet.
  package let pendingServiceDataByteCount: Int
  /// By master channel: the frames lost by its own count, at least and at most.
  package let masterChannelMissing: [(atLeast: Int, atMost: Int)]
  package let latency: LatencyHistogram
  /// What rejected frames look like.
  package let evidence: RejectionEvidence
  package let parameters: LinkParameters
  /// What would decode, as long as nothing does.
  package let trial: TrialFindings?
  /// How much of its limits the link uses, where the ledger does not say.
  package let usage: LinkUsage
  /// By what times on board are shown as UTC.
  package let leapSeconds: LeapSecondTable

  package init(
    name: String, ledger: LossLedger, heldFrameCount: Int, pendingByteCount: Int,
    masterChannelMissing: [(atLeast: Int, atMost: Int)], latency: LatencyHistogram, evidence: RejectionEvidence,
    parameters: LinkParameters, pendingServiceDataByteCount: Int = 0, trial: TrialFindings? = nil,
    usage: LinkUsage = LinkUsage(), leapSeconds: LeapSecondTable = .builtIn
  ) {
    self.name = name
    self.ledger = ledger
    self.heldFrameCount = heldFrameCount
    self.pendingByteCount = pendingByteCount
    self.pendingServiceDataByteCount = pendingServiceDataByteCount
    self.masterChannelMissing = masterChannelMissing
    self.latency = latency
    self.evidence = evidence
    self.parameters = parameters
    self.trial = trial
    self.usage = usage
    self.leapSeconds = leapSeconds
  }

  /// The identities of the ledger that do not hold.
  package var breaches: [LedgerBreach] {
    ledger.breaches(
      heldFrameCount: heldFrameCount, pendingByteCount: pendingByteCount,
      pendingServiceDataByteCount: pendingServiceDataByteCount)
  }

  package var isBalanced: Bool { breaches.isEmpty }

  /// Whether there are frames on it; else packets as they are.
  package var hasFrames: Bool { if case .frames = parameters { true } else { false } }

  /// Of a link without frames, when its last packet came.
  package var lastPacketTime: ReceptionTime? {
    hasFrames
      ? nil
      : ledger.virtualChannels.compactMap(\.lastTime).max { $0.nanosecondsSince1970 < $1.nanosecondsSince1970 }
  }

  /// Frames lost, over all virtual channels, at least.
  package var missingFrameCount: Int { ledger.virtualChannels.reduce(0) { $0 + $1.continuity.missing } }
}
