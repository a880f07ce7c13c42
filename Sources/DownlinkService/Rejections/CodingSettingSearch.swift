import CCSDSCoding
import CCSDSLink
import CCSDSWire
import LinkHealth

/// Looks for what has to be taken off the bits of units in which no frame was found: by the trials that a link makes of
/// its undecoded input, here on the units that were kept. What they find is tried on the units by the code that
/// receives.
struct CodingSettingSearch {
  private let channel: PhysicalChannelParameters
  private let framesPerDatagram: Int
  private let found: TrialFindings?

  /// - Parameter found: What the link itself has found in more of its input.
  init(_ channel: PhysicalChannelParameters, _ framesPerDatagram: Int, found: TrialFindings?) {
    self.channel = channel
    self.framesPerDatagram = framesPerDatagram
    self.found = found
  }

  func advice(for entry: RejectionRecord.Entry) -> SettingAdvice? {
    guard let expectation = channel.trialExpectation else { return nil }
    let units = entry.units.reversed().filter { $0.isWhole || entry.reason == .skipped }
      .map { received($0.bytes, entry.reason) }
    let isStream = entry.reason == .uncorrectable && channel.coding?.syncMarker != nil
    guard let reading = found?.reading ?? reading(of: units, isStream, expectation) else { return nil }
    var settings = channel.settings(for: reading)
    guard !settings.isEmpty else { return nil }
    var remark = ""
    if reading.isInverted { remark = "all bits come inverted: let the modem undo it, or send sync markers" }
    let trial = PipelineTrial(channel.reading(reading), max(framesPerDatagram, reading.unitsPerDatagram))
    var outcome = trial.outcome(of: units, isStream: isStream || reading.coding.syncMarker != nil)
    // The frames that come out may be rejected for something else.
    if let more = moreSettings(trial, outcome, settings) {
      settings += more.settings
      outcome.acceptedCount = more.acceptedCount
    }
    return SettingAdvice(
      settings: settings, triedCount: max(reading.triedUnitCount, outcome.triedCount),
      acceptedCount: max(reading.decodedUnitCount, outcome.acceptedCount),
      proof: reading.coding.reedSolomon != nil || reading.intactFrameCount > 0 ? .check : .content, remark: remark)
  }

  /// The units as they came in: what was taken off a codeblock is put back.
  private func received(_ bytes: [UInt8], _ reason: RejectionReason) -> [UInt8] {
    guard reason == .uncorrectable, let coding = channel.coding else { return bytes }
    let sequence = Randomizer.bytes(of: coding.randomizer, count: bytes.count)
    return (coding.syncMarker?.bytes ?? []) + bytes.indices.map { bytes[$0] ^ sequence[$0] }
  }

  private func reading(
    of units: [[UInt8]], _ isStream: Bool, _ expectation: TrialExpectation
  ) -> TrialReading? {
    var sample = InputSample()
    for unit in units { sample.note(unsafe unit.span.bytes, endsUnit: !isStream) }
    return DecodingTrial.findings(in: sample, expecting: expectation).reading
  }

  private func moreSettings(
    _ trial: PipelineTrial, _ outcome: PipelineTrial.Outcome, _ settings: [ConfigurationSetting]
  ) -> SettingAdvice? {
    guard outcome.acceptedCount == 0,
      let rejected = outcome.rejected.first(where: { $0.reason.stage == .frame && !$0.units.isEmpty })
    else { return nil }
    let search = FrameSettingSearch(
      edits: FrameEdits(keepsSpacecraft: false), reason: rejected.reason,
      units: rejected.units.reversed().filter(\.isWhole).map(\.bytes), linkWorks: false)
    let advice = search.advice(from: FrameReading(trial.channel, framesPerDatagram: trial.framesPerDatagram))
    guard let advice, !advice.settings.contains(where: { new in settings.contains { $0.key == new.key } }) else {
      return nil
    }
    return advice
  }
}

/// Lets a link with other parameters receive some units.
struct PipelineTrial {
  /// What came of it.
  struct Outcome {
    var triedCount = 0
    var acceptedCount = 0
    var rejected: [RejectionRecord.Entry] = []
  }

  let channel: PhysicalChannelParameters
  let framesPerDatagram: Int

  init(_ channel: PhysicalChannelParameters, _ framesPerDatagram: Int) {
    self.channel = channel
    self.framesPerDatagram = framesPerDatagram
  }

  func outcome(of units: [[UInt8]], isStream: Bool) -> Outcome {
    let rejected = RejectedUnits(since: 0)
    var pipeline = LinkPipeline(
      name: "", parameters: .frames(channel), framesPerDatagram: framesPerDatagram, rejected: rejected)
    for unit in units {
      if isStream {
        pipeline.receive(stream: unsafe unit.span.bytes, at: nil)
      } else {
        pipeline.receive(unsafe unit.span.bytes, UnitDescription(originalByteCount: unit.count))
      }
    }
    pipeline.flush()
    let snapshot = pipeline.snapshot()
    let frames = snapshot.ledger.frames
    return Outcome(
      triedCount: units.count, acceptedCount: min(units.count, frames.accepted + snapshot.heldFrameCount),
      rejected: rejected.review().entries)
  }
}

extension PhysicalChannelParameters {
  /// The same, with what a trial has found.
  func reading(_ reading: TrialReading) -> PhysicalChannelParameters {
    var parameters = self
    parameters.frameByteCount = reading.coding.frameByteCount
    let isPlain =
      reading.coding.syncMarker == nil && reading.coding.randomizer == .none && reading.coding.reedSolomon == nil
    parameters.coding = isPlain ? nil : reading.coding
    switch reading.version {
    case .tm: parameters.frameType = .tm
    case .aos: parameters.frameType = .aos
    case .uslp: parameters.frameType = .uslp
    case nil: break
    }
    for setting in settings(for: reading) where setting.key == "coding.error_control" {
      parameters.errorControl = setting.value.flatMap(FrameErrorControl.init) ?? .none
    }
    return parameters
  }
}
