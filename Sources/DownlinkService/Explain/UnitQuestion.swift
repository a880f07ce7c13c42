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
  private var acceptedFrame: FrameObservation?
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
    if case .frameAccepted(let frame) = event { acceptedFrame = frame }
    follow(trail)
    guard subject.place.number == number else { return }
    if case .frameRejected(.quarantined) = event { heldCount = max(0, heldCount - 1) }
    let later =
      trail.place.number == number ? "" : "later, with \(trail.place.number.map { "unit \($0)" } ?? "the end"): "
    if case .coding(.codeblock) = event { account?.bytes = [] }
    if let step = steps.text(of: event, ledger) { note(later + step) }
    if case .frameRejected(let reason) = event, reason != .quarantined, later.isEmpty {
      if case .frames(let channel) = parameters { account?.dissect(trail.frame, channel, before: nil) }
    }
  }

  mutating func giveUp(_ codeblock: CodeblockObservation, _ trail: UnitTrail) {
    guard follow(trail) else { return }
    account?.bytes = trail.frame
    if let step = steps.text(of: .codeblock(codeblock)) { note(step) }
  }

  mutating func accept(_ frame: RawSpan, _ subject: FrameSubject, _ trail: UnitTrail) {
    if let acceptedFrame { frames.note(frame, ofChannel: acceptedFrame.virtualChannel) }
    guard subject.place.number == number else { return }
    if trail.place.number != number {
      heldCount = max(0, heldCount - 1)
      note("later, with \(trail.place.number.map { "unit \($0)" } ?? "the end"): accepted after all")
    }
    guard let acceptedFrame, case .frames(let channel) = parameters else { return }
    account?.dissect(
      unsafe frame.withUnsafeBytes { unsafe [UInt8]($0) }, channel,
      before: frames.before(ofChannel: acceptedFrame.virtualChannel))
  }

  mutating func hold(_ subject: FrameSubject) {
    guard subject.place.number == number else { return }
    heldCount += 1
    note("held back: nothing but this frame speaks for its channel, or for its count, yet")
  }

  mutating func take(_ packet: RawSpan, _ completion: PacketCompletion, _ trail: UnitTrail) {
    guard follow(trail) else { return }
    if case .packets = parameters { account?.dissect(packet: unsafe packet.withUnsafeBytes { unsafe [UInt8]($0) }) }
    note("it is packet \(completion.number): --packet \(completion.number) tells more")
  }

  mutating func take(_ decoding: PacketDecoding, of packet: RawSpan, _ trail: UnitTrail) {
    guard follow(trail) else { return }
    let outcome = decoding.about.outcome
    let container =
      outcome.container >= 0
      ? " as \(decoding.about.mission.context.catalog.containers[Int(outcome.container)])" : ""
    note("its values: \(outcome.completeness.name ?? "whole")\(container)")
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
