import CCSDSLink
import CCSDSWire
import LinkHealth
import MissionDatabase

/// What is in the packet with this number, and where does it come from?
struct PacketQuestion: LinkQuestion {
  private let number: Int
  private let process: UInt16?
  private let hasDatabase: Bool
  private var count = 0
  private var completedCount = 0
  private(set) var account: PacketAccount?
  private(set) var isAnswered = false
  /// Whether the packet is the last one taken.
  private(set) var wantsDecisions = false

  /// - Parameter process: Count only the packets of this application process.
  init(_ number: Int, of process: UInt16?, _ mission: LoadedMission?) {
    self.number = number
    self.process = process
    hasDatabase = mission != nil
  }

  mutating func take(_ packet: RawSpan, _ completion: PacketCompletion, _ trail: UnitTrail) {
    guard !isAnswered else { return }
    wantsDecisions = false
    completedCount = completion.number
    if let process {
      guard packet.byteCount >= SpacePacket.primaryHeaderByteCount,
        packet.byte(at: 0) >> 5 == SpacePacket.versionNumber,
        packet.uint16(at: 0) & 0x7FF == process
      else { return }
    }
    count += 1
    guard count == number else { return }
    account = PacketAccount(
      bytes: unsafe packet.withUnsafeBytes { unsafe [UInt8]($0) }, completion: completion,
      numberOfProcess: process.map { _ in count })
    wantsDecisions = hasDatabase
    isAnswered = !hasDatabase || !isDelivered
  }

  private var isDelivered: Bool {
    if case .delivered(let observation)? = account?.completion.fate {
      observation.kind == .space && !observation.isIdle
    } else {
      false
    }
  }

  mutating func take(
    _ decoding: PacketDecoding, of packet: RawSpan, _ completion: PacketCompletion, _ trail: UnitTrail
  ) {
    guard wantsDecisions, account != nil, !isAnswered else { return }
    account?.decoding = decoding
    isAnswered = true
  }

  mutating func finish(_ ledger: borrowing LossLedger) {}

  /// That there is no such packet, with how many there are.
  var absence: ServiceError {
    let all = Digits.plural(completedCount, "packet")
    if let process {
      return .usage(
        "there is no packet \(number) of APID \(process): the link completes \(count) of it, and \(all) in all",
        hint: count > 0
          ? "--packet 1 to \(count)" : "without --apid, all are counted; see the apids of `downlinkd replay`")
    }
    return .usage(
      "there is no packet \(number): the link completes \(all)",
      hint: count > 0 ? "--packet 1 to \(count)" : "--rejected says what became of what is in the capture")
  }
}

/// A packet, and all that is known of how it came here.
struct PacketAccount {
  let bytes: [UInt8]
  let completion: PacketCompletion
  /// Which packet of its application process, where those were counted.
  let numberOfProcess: Int?
  /// Absent without a mission database, and for packets that none describes.
  var decoding: PacketDecoding?

  /// Of a Space Packet.
  var applicationProcess: Int? {
    guard isSpacePacket else { return nil }
    return Int(bytes[0] & 0x7) << 8 | Int(bytes[1])
  }

  /// Of a Space Packet.
  var sequenceCount: Int? {
    guard isSpacePacket else { return nil }
    return Int(bytes[2] & 0x3F) << 8 | Int(bytes[3])
  }

  private var isSpacePacket: Bool {
    bytes.count >= SpacePacket.primaryHeaderByteCount && bytes[0] >> 5 == SpacePacket.versionNumber
  }
}
