import CCSDSCoding
import CCSDSLink
import CCSDSWire
import LinkHealth
import MissionDatabase

/// What became of the unit with this number, step by step?
struct UnitQuestion: LinkQuestion {
  private let number: Int
  private let parameters: LinkParameters
  private let steps: LinkSteps
  private(set) var account: UnitAccount?
  private var unitCount = 0
  private var frames = ChannelFrames()
  /// Frames of the unit that are held back, and become something later.
  private var heldCount = 0
  private var isPast = false

  init(_ number: Int, _ parameters: LinkParameters, _ mission: LoadedMission?) {
    self.number = number
    self.parameters = parameters
    steps = LinkSteps(parameters)
  }

  /// When the next one begins, and nothing of this one is held back.
  var isAnswered: Bool { isPast && heldCount == 0 }

  // MARK: Where it is

  mutating func begin(_ trail: UnitTrail) { follow(trail) }

  /// Whether what comes is about the unit. Opens its account when it is there.
  @discardableResult
  private mutating func follow(_ trail: UnitTrail) -> Bool {
    guard let current = trail.place.number else { return false }
    unitCount = max(unitCount, current)
    if current > number { isPast = true }
    guard current == number else { return false }
    if account == nil { account = UnitAccount(place: trail.place, bytes: trail.frame) }
    return true
  }

  private mutating func note(_ step: String) { account?.note(step) }

  /// What stands before a step that came when another unit was at hand.
  private func later(_ trail: UnitTrail) -> String {
    trail.place.number == number ? "" : "later, with \(trail.place.number.map { "unit \($0)" } ?? "the end"): "
  }

  // MARK: What happens

  mutating func reject(_ reason: DatagramRejection, _ trail: UnitTrail) {
    guard follow(trail) else { return }
    note("rejected as a datagram (\(reason.name))")
    let rejection = RejectionWords(parameters, nil).datagram(reason, trail)
    account?.explain(rejection)
  }

  mutating func observe(
    _ event: LinkEvent, about subject: FrameSubject, _ trail: UnitTrail, _ ledger: borrowing LossLedger
  ) {
    follow(trail)
    guard subject.place.number == number else { return }
    if case .frameRejected(.quarantined) = event { heldCount = max(0, heldCount - 1) }
    let later = later(trail)
    if case .coding(.codeblock) = event { account?.bytes = [] }
    if let step = steps.text(of: event, ledger) { note(later + step) }
    if case .frameRejected(let reason) = event, reason != .quarantined, later.isEmpty {
      if case .frames(let channel) = parameters {
        var dissector = FrameDissector(parameters: channel, showsBytes: false)
        account?.add(dissector.dissect(trail.frame, FrameName(subject)))
      }
    }
  }

  mutating func giveUp(_ codeblock: CodeblockObservation, _ trail: UnitTrail) {
    guard follow(trail) else { return }
    account?.bytes = trail.frame
    if let step = steps.text(of: .codeblock(codeblock)) { note(step) }
  }

  mutating func accept(_ frame: AcceptedFrame, _ bytes: [UInt8], _ trail: UnitTrail) {
    let channel = frame.observation.virtualChannel
    frames.note(bytes, FrameName(frame.subject), ofChannel: channel)
    follow(trail)
    guard frame.subject.place.number == number else { return }
    if trail.place.number != number { heldCount = max(0, heldCount - 1) }
    for text in steps.texts(of: frame) { note(later(trail) + text) }
    if case .frames(let parameters) = parameters, let dissection = frames.dissection(ofChannel: channel, parameters) {
      account?.add(dissection)
    }
  }

  mutating func hold(_ subject: FrameSubject) {
    guard subject.place.number == number else { return }
    heldCount += 1
    note("held back: nothing but this frame speaks for its channel, or for its count, yet")
  }

  mutating func take(_ packet: RawSpan, _ completion: PacketCompletion, _ trail: UnitTrail) {
    follow(trail)
    guard completion.unit.number == number else { return }
    if case .packets = parameters {
      account?.dissect(packet: unsafe packet.withUnsafeBytes { unsafe [UInt8]($0) }, at: completion.place)
    }
    let extent = completion.place?.extent.map { ", \($0)" } ?? ""
    note("\(later(trail))it is packet \(completion.number)\(extent): --packet \(completion.number) tells more")
  }

  mutating func take(
    _ decoding: PacketDecoding, of packet: RawSpan, _ completion: PacketCompletion, _ trail: UnitTrail
  ) {
    guard completion.unit.number == number else { return }
    let outcome = decoding.about.outcome
    let container =
      outcome.container >= 0
      ? " as \(decoding.about.mission.context.catalog.containers[Int(outcome.container)])" : ""
    note("\(later(trail))its values: \(outcome.completeness.name ?? "whole")\(container)")
  }

  mutating func finish(_ ledger: borrowing LossLedger) {
    guard account?.isEmpty == true else { return }
    note("nothing came of it: it is part of something that did not end")
  }

  /// That there is no such unit, with how many there are.
  var absence: ServiceError {
    .usage(
      "there is no unit \(number): the capture has \(Digits.plural(unitCount, "unit"))",
      hint: unitCount > 0 ? "--unit 1 to \(unitCount)" : "see what is in it with `downlinkd replay`")
  }
}
