import CCSDSCoding
import CCSDSLink
import CCSDSWire
import DownlinkService
import LinkHealth
import Testing

/// The wrong setting is chosen by each test, and what is right by hand.
@Suite("The nearest setting with which frames would have been accepted")
struct NearestSettingTests {
  private static func tm(_ byteCount: Int, _ configure: (inout PhysicalChannelParameters) -> Void = { _ in })
    -> LinkParameters
  { Inspection.tm(byteCount, configure) }

  private static func aos(_ byteCount: Int, _ configure: (inout PhysicalChannelParameters) -> Void = { _ in })
    -> LinkParameters
  { Inspection.aos(byteCount, configure) }

  private static let tmFrames = (0..<8).map { HandMadeFrame.tm(0x2B, 200, count: $0) }
  private static let aosFrames = (0..<8).map { HandMadeFrame.aos(0x38, 200, count: $0) }

  @Test("another spacecraft is named, by the bits of its header")
  func namesSpacecraft() {
    let run = RejectionRun(Self.tm(200) { $0.spacecraftIDs = [SpacecraftID(0x38)] }, Self.tmFrames)
    #expect(run.record[.frame(.spacecraft)]?.count == 8)
    #expect(run.settings(.frame(.spacecraft)) == ["frames.spacecraft_id: 0x2B"])
    #expect(run.advice(.frame(.spacecraft))?.acceptedCount == 3)
    #expect(run.advice(.frame(.spacecraft))?.proof == .check)
  }

  @Test("a spacecraft whose frames are accepted stays in the list")
  func keepsSpacecraft() {
    let mixed = Self.tmFrames + (0..<8).map { HandMadeFrame.tm(0x38, 200, count: $0) }
    let run = RejectionRun(Self.tm(200) { $0.spacecraftIDs = [SpacecraftID(0x38)] }, mixed)
    #expect(run.settings(.frame(.spacecraft)) == ["frames.spacecraft_id: [0x38, 0x2B]"])
  }

  @Test("another length", arguments: [198, 199, 201, 150])
  func namesLength(configured: Int) {
    let run = RejectionRun(Self.tm(configured), Self.tmFrames)
    #expect(run.settings(.frame(.length)) == ["frames.length: 200"])
    #expect(run.advice(.frame(.length))?.proof == .check)
  }

  @Test("two frames in a datagram")
  func namesFramesPerDatagram() {
    let pairs = stride(from: 0, to: 8, by: 2).map { Self.tmFrames[$0] + Self.tmFrames[$0 + 1] }
    let run = RejectionRun(Self.tm(200), pairs)
    #expect(run.settings(.frame(.length)) == ["input.frames_per_datagram: 2"])
  }

  @Test("another transfer frame protocol, and what it has no use for goes with it")
  func namesType() {
    let run = RejectionRun(Self.tm(200), Self.aosFrames)
    #expect(run.settings(.frame(.version)) == ["frames.type: aos"])
    let other = RejectionRun(
      Self.aos(200) {
        $0.hasOperationalControlField = true
        $0.insertZoneByteCount = 4
      }, Self.tmFrames)
    #expect(
      other.settings(.frame(.version)) == ["frames.type: tm", "-frames.ocf", "-frames.insert_zone_length"])
  }

  @Test("three wrong settings at once")
  func namesSeveral() {
    let run = RejectionRun(Self.tm(190) { $0.spacecraftIDs = [SpacecraftID(7)] }, Self.aosFrames)
    #expect(
      Set(run.settings(.frame(.length))) == ["frames.length: 200", "frames.type: aos", "frames.spacecraft_id: 0x38"])
  }

  @Test("frames that nobody randomized, and frames that somebody did", arguments: [false, true])
  func namesRandomizer(isConfigured: Bool) {
    // CCSDS 131.0-B-5 §10: FF 48 0E C0 9A are the first bytes of the short sequence.
    let sequence = Randomizer.bytes(of: .short255, count: 200)
    #expect(Array(sequence.prefix(5)) == [0xFF, 0x48, 0x0E, 0xC0, 0x9A])
    let whitened = Self.aosFrames.map { frame in frame.indices.map { frame[$0] ^ sequence[$0] } }
    let parameters = Self.aos(200) { parameters in
      guard isConfigured else { return }
      var coding = ChannelCoding(frameByteCount: 200)
      coding.randomizer = .short255
      parameters.coding = coding
    }
    let run = RejectionRun(parameters, isConfigured ? Self.aosFrames : whitened)
    let expected = "coding.randomizer: \(isConfigured ? "none" : "short255")"
    // What the whitened header begins with decides which check fails first.
    #expect(run.settings(.frame(.version)) == [expected] || run.settings(.frame(.errorControl)) == [expected])
  }

  @Test("a channel that is not listed")
  func namesChannel() {
    let run = RejectionRun(
      Self.tm(200) {
        $0.spacecraftIDs = [SpacecraftID(0x2B)]
        $0.virtualChannels = [VirtualChannelParameters(virtualChannelID: VirtualChannelID(0))]
      }, Self.tmFrames)
    #expect(run.settings(.unlisted) == ["virtual_channels[]: { vcid: 1 }"])
  }

  @Test("AOS: a control field that nobody told of, an insert zone, and a frame error control")
  func namesZones() {
    let control = (0..<8).map { HandMadeFrame.aos(0x38, 200, count: $0, control: 4) }
    #expect(RejectionRun(Self.aos(200), control).zoneSettings == ["frames.ocf: true"])
    let insert = (0..<8).map { HandMadeFrame.aos(0x38, 200, count: $0, insertZone: 9) }
    #expect(RejectionRun(Self.aos(200), insert).zoneSettings == ["frames.insert_zone_length: 9"])
  }

  @Test("damage is no setting: where other frames pass, no check is to be switched off")
  func leavesDamageAlone() {
    var frames = Self.tmFrames + Self.tmFrames
    for index in 10..<16 { frames[index][50] ^= 1 }
    let run = RejectionRun(Self.tm(200), frames)
    #expect(run.record[.frame(.errorControl)]?.count == 6)
    #expect(run.advice(.frame(.errorControl)) == nil)
  }

  @Test("noise of any kind is survived, and whatever is advised accepts what it says it does")
  func survivesNoise() {
    var state: UInt32 = 1
    func random() -> UInt8 {
      state = state &* 1_664_525 &+ 1_013_904_223
      return UInt8(state >> 24)
    }
    for round in 0..<40 {
      let units = (0..<6).map { _ in (0..<(round * 37 % 700)).map { _ in random() } }
      for parameters in [Self.tm(200), Self.aos(223) { $0.hasHeaderErrorControl = true }, Inspection.uslp(64)] {
        let run = RejectionRun(parameters, units, framesPerDatagram: 1 + round % 3)
        for entry in run.record.entries {
          guard let advice = run.advice(entry.reason) else { continue }
          #expect(advice.acceptedCount > 0 && advice.acceptedCount <= advice.triedCount)
          #expect(!advice.settings.isEmpty)
        }
      }
    }
  }
}

extension RejectionRun {
  /// What is advised for bytes that are no packets, whatever the reason.
  fileprivate var zoneSettings: [String] {
    record.entries.lazy.compactMap { entry -> [String]? in
      guard case .zone = entry.reason, case let found = settings(entry.reason), !found.isEmpty else { return nil }
      return found
    }.first ?? []
  }
}
