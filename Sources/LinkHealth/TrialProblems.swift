import CCSDSCoding
import CCSDSLink

/// What trials of undecoded input have found, in words.
extension LinkSnapshot {
  /// The problems, those left out that only guess at what a trial has found.
  func sharpened(_ problems: [Problem]) -> [Problem] {
    guard let found = trialProblem() else { return problems }
    return [found]
      + problems.filter { problem in
        switch problem.code {
        case .noLock, .uncorrectable, .everythingRejected: false
        default: true
        }
      }
  }

  private func trialProblem() -> Problem? {
    guard let trial, case .frames(let parameters) = parameters else { return nil }
    if let constant = trial.constant { return constantProblem(constant) }
    guard let reading = trial.reading else { return trial.census.flatMap { markerProblem($0, parameters) } }
    // Frames that only their error control speaks against are damaged, once others have passed it.
    let settings = parameters.settings(for: reading).filter { setting in
      !(provesErrorControl && setting.key == "coding.error_control" && setting.value == nil)
    }
    guard !settings.isEmpty || reading.isInverted else { return nil }
    return Problem(
      .nothingDecodes, .critical, link: name,
      message: verdict(reading, parameters) + seen(trial.census, reading, parameters),
      hint: Self.hint(settings, reading))
  }

  /// Whether more frames have passed their error control than noise would: of that, one of 65536 does.
  private var provesErrorControl: Bool {
    guard case .frames(let parameters) = parameters, parameters.errorControl != .none else { return false }
    return ledger.frames.accepted * 1000 > ledger.frames.received
  }

  /// How bad it is. Some frames come out by chance, with almost any parameters.
  private func verdict(_ reading: TrialReading, _ parameters: PhysicalChannelParameters) -> String {
    guard ledger.frames.accepted > 0 else { return "nothing decodes: " }
    let isStronger =
      parameters.coding?.reedSolomon?.capability == .eight && reading.coding.reedSolomon?.capability == .sixteen
    return isStronger ? "the frames end in parity of a stronger code: " : "most of it does not decode: "
  }

  private func constantProblem(_ value: UInt8) -> Problem {
    Problem(
      .nothingDecodes, .critical, link: name,
      message: "nothing decodes: all bytes that come in are 0x\(value < 16 ? "0" : "")"
        + String(value, radix: 16, uppercase: true),
      hint: "the modem sends fill: look at its lock, and at what it is told to do without one")
  }

  /// Markers, and nothing behind them that any code of ours fits.
  private func markerProblem(_ census: MarkerCensus, _ parameters: PhysicalChannelParameters) -> Problem? {
    guard ledger.frames.delivered + ledger.frames.idle == 0, let distance = census.byteDistance else { return nil }
    let configured = parameters.coding?.accessDataUnitByteCount
    let isAsConfigured = census.marker == parameters.coding?.syncMarker && distance == configured
    let hint: String
    switch census.marker {
    case .turboHalf, .turboThird, .turboQuarter, .turboSixth:
      hint = "the marker is that of a turbo or LDPC code, which the modem has to decode: let it hand over frames"
    case _ where isAsConfigured:
      hint =
        "no Reed-Solomon code of the standard fits, with any randomizer: the units may be too damaged, in another code "
        + "that the modem has to decode, or encrypted"
    default:
      hint =
        "a unit has \(distance - census.marker.byteCount) bytes behind its marker: set frames.length and "
        + "coding.reed_solomon so that frame and parity are as long"
    }
    return Problem(
      .nothingDecodes, .critical, link: name,
      message: "nothing decodes: " + Self.seen(census, configured: configured)
        + ", and what is behind them is no frame and no codeblock",
      hint: hint)
  }

  // MARK: What is seen

  private func seen(
    _ census: MarkerCensus?, _ reading: TrialReading, _ parameters: PhysicalChannelParameters
  ) -> String {
    let configured = parameters.coding
    guard let census else {
      let length = reading.coding.codeblockByteCount
      return configured?.syncMarker == nil
        ? "what comes in are \(Self.units(reading)) of \(length) bytes, which is not what is configured"
        : "no sync markers come in, but \(Self.units(reading)) of \(length) bytes without"
    }
    return Self.seen(census, configured: configured?.syncMarker == nil ? nil : configured?.accessDataUnitByteCount)
      + (configured?.syncMarker == nil ? ", although units without marker are configured" : "")
  }

  /// Such as `37 of 38 sync markers 1ACFFC1D come 1024 bytes after the one before, and not 1279 as is configured`.
  private static func seen(_ census: MarkerCensus, configured: Int?) -> String {
    let polarity =
      census.invertedCount == 0
      ? "" : census.invertedCount == census.count ? ", inverted," : ", \(census.invertedCount) of them inverted,"
    guard let distance = census.byteDistance else {
      return "one sync marker \(census.marker.hexadecimal)\(polarity) is there"
    }
    let expected =
      configured.map { $0 == distance ? ", as is configured" : ", and not \($0) as is configured" } ?? ""
    return "\(census.distanceCount) of \(census.count - 1) sync markers \(census.marker.hexadecimal)\(polarity) come "
      + "\(distance) bytes after the one before" + expected
  }

  private static func units(_ reading: TrialReading) -> String {
    reading.coding.reedSolomon == nil ? "frames" : "codeblocks"
  }

  // MARK: What to do

  private static func hint(_ settings: [ConfigurationSetting], _ reading: TrialReading) -> String {
    let written = settings.compactMap { setting in setting.value.map { "\(setting.key): \($0)" } }
    let left = settings.filter { $0.value == nil }.map(\.key)
    var parts: [String] = []
    if !written.isEmpty { parts.append("set " + written.joined(separator: ", ")) }
    if !left.isEmpty { parts.append("leave out " + left.joined(separator: ", ")) }
    if reading.isInverted {
      parts.append("let the modem undo the inversion of all bits, or send the sync markers too")
    }
    var hint = parts.joined(separator: "; ") + " (\(proof(reading)))"
    if reading.isRandomizerAmbiguous {
      hint += "; the code fits with another coding.randomizer too, and the frames do not tell which it is"
    }
    return hint
  }

  private static func proof(_ reading: TrialReading) -> String {
    let count = "\(reading.decodedUnitCount) of \(reading.triedUnitCount)"
    let intact = reading.intactFrameCount
    guard reading.coding.reedSolomon == nil else {
      let errorControl = ", \(intact) of \(reading.decodedUnitCount) frames in them end in a CRC-16 that fits"
      return "\(count) codeblocks decode" + (intact > 0 ? errorControl : "")
    }
    return intact > 0
      ? "\(count) units are frames whose CRC-16 fits" : "\(count) units begin like frames whose counts go on"
  }
}
