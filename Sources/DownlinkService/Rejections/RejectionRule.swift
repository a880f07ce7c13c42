import CCSDSLink
import LinkHealth

/// Which rule a unit was rejected by, and which of its bytes broke it.
struct RejectionRule {
  private let reason: RejectionReason
  private let parameters: LinkParameters

  init(_ reason: RejectionReason, _ parameters: LinkParameters) {
    self.reason = reason
    self.parameters = parameters
  }

  private var frameType: TransferFrameType? {
    if case .frames(let channel) = parameters { channel.frameType } else { nil }
  }

  /// The rule in words, with the clause of the standard where one says it.
  var text: String {
    switch reason {
    case .datagram(.sourceNotAllowed): "only senders in input.allow_from are heard"
    case .datagram(.truncated): "a datagram is looked into when all of it is there"
    case .datagram(.empty): "a datagram holds something"
    case .datagram(.oversize): "no datagram is longer than what the link carries"
    case .datagram(.rateLimited): "a sender sends no more than input.max_datagrams_per_second"
    case .skipped: "a sync marker stands before every unit (CCSDS 131.0-B-5 §9)"
    case .refused: "a codeblock has the length that its code and frames.length give (CCSDS 131.0-B-5 §4)"
    case .uncorrectable: "no codeword has more wrong symbols than its code corrects (CCSDS 131.0-B-5 §4)"
    case .frame(let reason): text(of: reason)
    case .unlisted: "the virtual channel is listed in virtual_channels, or there is room for it"
    case .zone(let reason): Self.text(of: reason)
    case .serviceData(let reason): Self.text(of: reason)
    case .packet(.errorControl): "a packet ends in a cyclic redundancy check that fits (ECSS-E-ST-70-41C annex B)"
    case .packet(.checksum): "a packet ends in a checksum that fits (ECSS-E-ST-70-41C annex B)"
    case .packet(.secondaryHeader):
      "a packet that says it has a secondary header has room for one (CCSDS 133.0-B-2 §4.1)"
    }
  }

  private func text(of reason: FrameRejection) -> String {
    let standard = Self.standard(frameType ?? .tm)
    return switch reason {
    case .length where frameType == .uslp: "a frame has the managed length, or the one that it says (\(standard) §4.1)"
    case .length: "all frames of a physical channel have the managed length (\(standard) §4.1)"
    case .headerErrorControl: "the frame header error control fits (CCSDS 732.0-B-4 §4.1.2.6)"
    case .version: "a frame begins with its version number (\(standard) §4.1.2.2)"
    case .errorControl: "the frame ends in an error control field that fits (\(standard) §4.1)"
    case .spacecraft: "the spacecraft is one of frames.spacecraft_id (\(standard) §4.1.2)"
    case .quarantined: "a second frame speaks for the first of an unknown channel, or for a jump of its count"
    }
  }

  private static func standard(_ type: TransferFrameType) -> String {
    switch type {
    case .tm: "CCSDS 132.0-B-3"
    case .aos: "CCSDS 732.0-B-4"
    case .uslp: "CCSDS 732.1-B-3"
    }
  }

  private static func text(of reason: ZoneDiscard) -> String {
    switch reason {
    case .gap: "what a packet goes on in follows without a gap"
    case .unsynchronized: "a packet is received from its beginning"
    case .duplicate: "a frame is counted once"
    case .outOfOrder: "frames of a channel come in the order of their counts"
    case .firstHeaderPointer:
      "the first header pointer says where the first packet begins (CCSDS 132.0-B-3 §4.1.2.7.6, 732.0-B-4 §4.1.4.2.2)"
    case .version: "a packet begins where the one before ends (CCSDS 133.0-B-2 §4.1, 133.1-B-3 §4.1)"
    case .length: "a packet is no longer than max_packet_length (CCSDS 133.0-B-2 §4.1.2)"
    case .dataField: "the data field has room for what it says is in it"
    case .segmentOrder: "segments come in their order"
    case .unlisted: "there is room for the access point"
    case .secondaryHeader, .packetErrorControl, .packetChecksum: "its packets are accepted"
    }
  }

  /// The bytes of a unit that broke the rule; none where it is not about single bytes.
  func marks(in unit: RejectedUnit) -> [Range<Int>] {
    let count = unit.byteCount
    let ranges: [Range<Int>] =
      switch reason {
      case .frame(.version): [0..<1]
      case .frame(.spacecraft), .unlisted: [0..<(frameType == .uslp ? 4 : 2)]
      case .frame(.headerErrorControl): [6..<8]
      case .frame(.errorControl): [max(0, count - errorControlByteCount)..<count]
      case .frame(.length): excess(of: count)
      case .packet(.errorControl), .packet(.checksum): [max(0, count - 2)..<count]
      case .packet(.secondaryHeader): [0..<2, 4..<6]
      default: []
      }
    return ranges.map { $0.clamped(to: 0..<unit.bytes.count) }.filter { !$0.isEmpty }
  }

  private var errorControlByteCount: Int {
    if case .frames(let channel) = parameters { channel.errorControl.byteCount } else { 0 }
  }

  /// What is beyond the managed length.
  private func excess(of count: Int) -> [Range<Int>] {
    guard case .frames(let channel) = parameters, count > channel.frameByteCount else { return [] }
    return [channel.frameByteCount..<count]
  }
}
