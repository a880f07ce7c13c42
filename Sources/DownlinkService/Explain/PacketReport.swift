import CCSDSLink
import CCSDSWire
import LinkHealth
import MissionDatabase

/// What is told of one packet.
struct PacketReport {
  let account: PacketAccount
  let link: String
  let station: String?
  let parameters: LinkParameters
  let mission: LoadedMission?

  // MARK: Parts

  /// Of which channel, where packets come in frames.
  var channelName: String? {
    guard case .frames = parameters else { return nil }
    return RejectionWords.name(of: account.completion.channel)
  }

  var observation: PacketObservation? {
    if case .delivered(let observation) = account.completion.fate { observation } else { nil }
  }

  /// Why it is not delivered.
  var rejection: PacketRejection? {
    if case .rejected(let reason, _) = account.completion.fate { reason } else { nil }
  }

  var packetParameters: PacketParameters {
    switch parameters {
    case .frames(let channel): channel.packets
    case .packets(let stream): stream.packets
    }
  }

  /// Its headers.
  var sections: [Dissection.Section] {
    let unit = UnitBytes(account.bytes)
    let dissector = PacketDissector(
      unit: unit, end: account.bytes.count, maximumPacketByteCount: .max, spansUnits: false, showsBytes: false)
    var sections = [dissector.dissect(at: 0, origin: "").section]
    sections += [SecondaryHeaderDissector(packetParameters, unit).dissect()].compactMap(\.self)
    return sections
  }

  /// The time on board and by which rule it was read, or why there is none.
  var onboardTime: (text: String?, rule: String) {
    let rule = SecondaryHeaderDissector(packetParameters, UnitBytes(account.bytes)).timeRule
    if let decoding = account.decoding, let time = decoding.about.stamp.onBoardTime, let mission {
      // Where the header has one, it is that; the database is asked where it has none.
      let isInHeader = observation?.onboardTime.instant != nil
      return (
        mission.context.text(ofTime: time), isInHeader ? rule ?? "" : databaseTimeRule(decoding, mission)
      )
    }
    switch observation?.onboardTime {
    case .valid(let instant)?:
      return (LeapSeconds().table.utc(of: instant).iso8601, rule ?? "")
    case .invalid(let fault)?: return (nil, "not believed: \(Self.text(of: fault)) (\(fault.name)); \(rule ?? "")")
    case .absent?, nil:
      return (nil, rule == nil ? "no rule: packets.time_code says none" : "the packet has no secondary header")
    }
  }

  private func databaseTimeRule(_ decoding: PacketDecoding, _ mission: LoadedMission) -> String {
    let first = decoding.samples.first { $0.engineeringForm == .time }
    let name = first.map { mission.context.catalog.names[Int($0.slot)] }
    return "the first time that the mission database has in it\(name.map { ", \($0)" } ?? "")"
  }

  private static func text(of fault: OnboardTimeFault) -> String {
    switch fault {
    case .headerVersion: "the secondary header is of another version than packets.secondary_header says"
    case .timeCode: "its fields have values that no time has, or it is of another form than packets.time_code says"
    case .outsideWindow: "packets.time_code rules it out, as of a clock that is not set"
    }
  }

  /// How its sequence count goes on from the packet before.
  var continuity: String {
    guard let observation, observation.kind == .space, !observation.isIdle else { return "" }
    return switch observation.continuity {
    case .gap(let missing, _):
      "\(observation.expectedSequenceCount) expected: \(Digits.plural(missing, "packet")) missing before it"
    case .inSequence: "in sequence"
    case .first: "the first of its application process, or the first behind a silence"
    case .duplicate: "the same count as the packet before"
    case .late: "behind its successors"
    case .frozen: "a counter that never moves"
    case .uncounted: "not counted"
    case .discontinuity: "\(observation.expectedSequenceCount) expected: a jump that no loss explains"
    }
  }

  // MARK: Values

  private static func digits(of sample: ParameterSample, in bytes: [UInt8]) -> String {
    let start = Int(sample.bitOffset)
    let count = min(Int(sample.bitCount), bytes.count * 8 - start)
    guard count > 0 else { return "" }
    let unit = UnitBytes(bytes)
    if count <= 64, let bits = unit.receivedBits(at: start, count: count) {
      let text = String(bits, radix: 16)
      return "0x" + String(repeating: "0", count: (count + 3) / 4 - text.count) + text
    }
    let octets = stride(from: start, to: start + count, by: 8).prefix(digitOctetCapacity).map { bit in
      let rest = min(8, start + count - bit)
      return UInt8((unit.receivedBits(at: bit, count: rest) ?? 0) << UInt64(8 - rest))
    }
    return "0x" + octets.map(Digits.hex).joined() + (octets.count * 8 < count ? "…" : "")
  }

  private static let digitOctetCapacity = 16

  /// A value, with why it is what it is.
  struct Row {
    let name: String
    let sample: ParameterSample
    let explanation: ValueExplanation
    let raw: RenderedValue
    let value: RenderedValue
    let unit: String
    /// What is wrong with it; absent of a valid one.
    let fault: String?
    /// Absent where it has no limits.
    let standing: AlarmStanding?
    /// Its bits in hexadecimal digits, as a number of so many bits; of a long one the first of its octets.
    let digits: String
  }

  var rows: [Row] {
    guard let decoding = account.decoding, let mission else { return [] }
    let explanation = DecodeExplanation(mission.decodePlan, of: mission.database)
    let context = mission.context
    return decoding.samples.indices.map { index in
      let sample = decoding.samples[index]
      let slot = Int(sample.slot)
      let octets = unsafe PlacedOctets(sample, in: account.bytes.span.bytes)
      var name = context.catalog.names[slot]
      if name.hasSuffix("[]") {
        name = "\(name.dropLast(2))[\(sample.occurrence)]"
      } else if sample.occurrence > 0 {
        name += " (\(sample.occurrence + 1))"
      }
      return Row(
        name: name, sample: sample,
        explanation: explanation.explanation(of: sample, at: index, decoding.trace),
        raw: RenderedValue.raw(sample, octets, context), value: RenderedValue.engineering(sample, octets, context),
        unit: context.catalog.units[slot], fault: sample.fault,
        standing: decoding.standings[index], digits: Self.digits(of: sample, in: account.bytes))
    }
  }

  /// What was decided on the way through it, one after the other.
  var decisions: [String] {
    guard let decoding = account.decoding, let mission else { return [] }
    let explanation = DecodeExplanation(mission.decodePlan, of: mission.database)
    let steps = decoding.trace.steps.map { step in
      explanation.text(of: step) + seen(at: step, explanation, decoding, mission)
    }
    let omitted = decoding.trace.omittedStepCount
    let rest = omitted > 0 ? ["and \(omitted.grouped) decisions more"] : []
    return ["packets begin with \(mission.database.containers[mission.decodePlan.root.value].path)"] + steps + rest
  }

  /// Of what does not hold, the values that were tested.
  private func seen(
    at step: DecodeTrace.Step, _ explanation: DecodeExplanation, _ decoding: PacketDecoding, _ mission: LoadedMission
  ) -> String {
    switch step {
    case .container(_, holds: true?), .entry(_, _, holds: true?): return ""
    case .container, .entry: break
    }
    let values = explanation.operands(of: step).map { operand, usesCalibrated in
      let name = explanation.name(of: operand)
      let found = decoding.samples.last { mission.decodePlan.slots[Int($0.slot)].reference == operand }
      guard let found else { return "\(name) is not in the packet" }
      let octets = unsafe PlacedOctets(found, in: account.bytes.span.bytes)
      let value =
        usesCalibrated
        ? RenderedValue.engineering(found, octets, mission.context)
        : RenderedValue.raw(found, octets, mission.context)
      return "\(name) is \(value.text)"
    }
    return values.isEmpty ? "" : ": \(values.joined(separator: ", "))"
  }

  /// How its decoding ended, in a sentence; and why there is none, where there is none.
  var ending: String {
    guard let decoding = account.decoding, let mission else {
      if rejection != nil { return "it was rejected, and not decoded" }
      guard mission != nil else { return "the link has no mission database: write 'mission_database' below it" }
      return "a mission database says nothing of idle and Encapsulation Packets"
    }
    let outcome = decoding.about.outcome
    let bitCount = account.bytes.count * 8
    let container =
      outcome.container >= 0 ? " as \(mission.context.catalog.containers[Int(outcome.container)])" : ""
    let end = outcome.endSlot >= 0 ? mission.context.catalog.names[Int(outcome.endSlot)] : "a value"
    var text =
      switch outcome.completeness {
      case .whole: "whole\(container)"
      case .short: "too short\(container): it ends at bit \(bitCount), before \(end)"
      case .impossibleSize: "broken off\(container): a size that the packet says is impossible, at \(end)"
      case .unidentified: "no container is for it: decoded as far as all packets are alike"
      case .tooManyValues: "broken off\(container): more values than fit, at \(end)"
      }
    let rest = bitCount - Int(outcome.describedBitCount)
    if rest > 0 { text += "; the last \(Digits.plural(rest, "bit")) of \(bitCount) are not described" }
    if outcome.isAmbiguous { text += "; more than one container was for it, and all were decoded" }
    return text
  }
}
