import CCSDSLink
import CCSDSWire
import LinkHealth

/// A link with its ledger: frames in, a snapshot out.
struct Bench: ~Copyable {
  var channel: PhysicalChannel
  var sink: LedgerSink

  init(_ parameters: PhysicalChannelParameters) {
    channel = PhysicalChannel(parameters: parameters)
    sink = LedgerSink(ledger: LossLedger(quietAfterSeconds: 60))
  }

  /// Frames of spacecraft 100 with CRC.
  static func parameters(_ type: TransferFrameType, _ byteCount: Int) -> PhysicalChannelParameters {
    var parameters = PhysicalChannelParameters(frameType: type, frameByteCount: byteCount)
    parameters.errorControl = .crc16
    parameters.spacecraftIDs = [SpacecraftID(100)]
    return parameters
  }

  mutating func receive(_ frame: [UInt8], at seconds: Double? = nil) {
    let time = seconds.map { ReceptionTime(nanosecondsSince1970: Int64($0 * 1e9)) }
    sink.ledger.datagrams.received += 1
    sink.ledger.datagrams.accepted += 1
    channel.receive(unsafe frame.span.bytes, at: time, into: &sink)
  }

  mutating func finish() { channel.finish(into: &sink) }

  func snapshot() -> LinkSnapshot {
    LinkSnapshot(
      name: "test", ledger: sink.ledger, heldFrameCount: channel.heldFrameCount,
      pendingByteCount: channel.pendingByteCount,
      masterChannelMissing: sink.ledger.masterChannels.indices.map { channel.masterChannelMissing($0) },
      latency: LatencyHistogram(), evidence: channel.evidence, parameters: .frames(channel.parameters))
  }
}

/// Folds everything into a ledger.
struct LedgerSink: LinkSink {
  var ledger: LossLedger

  mutating func observe(_ event: LinkEvent) { ledger.fold(event) }
  mutating func take(packet: RawSpan, _ observation: PacketObservation) {}
  mutating func take(frame: RawSpan) {}
}

/// Makes transfer frames by the numbers of the standards, without any code of the core.
enum FrameMaker {
  /// Word 0 is SCID 10, VCID 3, OCF 1; then the counts, and the data field status.
  static func tm(
    scid: Int = 100, vcid: Int = 0, master: Int, count: Int, pointer: Int = 0x7FE, zone: [UInt8],
    controlWord: [UInt8] = [], checked: Bool = true
  ) -> [UInt8] {
    let word = scid << 4 | vcid << 1 | (controlWord.isEmpty ? 0 : 1)
    let status = 0x1800 | pointer
    let frame = [
      UInt8(word >> 8), UInt8(word & 0xFF), UInt8(master & 0xFF), UInt8(count & 0xFF), UInt8(status >> 8),
      UInt8(status & 0xFF),
    ]
    return checked ? withErrorControl(frame + zone + controlWord) : frame + zone + controlWord
  }

  /// SCID 8, VCID 6; count 24; replay, cycle in use, spare or SCID, cycle; then an M_PDU.
  static func aos(
    scid: Int = 100, vcid: Int = 1, count: Int, pointer: Int = 0x7FE, zone: [UInt8], checked: Bool = true
  ) -> [UInt8] {
    let word = 0x4000 | scid << 6 | vcid
    let frame = [
      UInt8(word >> 8), UInt8(word & 0xFF), UInt8(count >> 16 & 0xFF), UInt8(count >> 8 & 0xFF),
      UInt8(count & 0xFF), 0, UInt8(pointer >> 8), UInt8(pointer & 0xFF),
    ]
    return checked ? withErrorControl(frame + zone) : frame + zone
  }

  /// A Space Packet: version 0, telemetry, unsegmented.
  static func packet(apid: Int, count: Int, data: [UInt8]) -> [UInt8] {
    [
      UInt8(apid >> 8), UInt8(apid & 0xFF), UInt8(0xC0 | count >> 8 & 0x3F), UInt8(count & 0xFF),
      UInt8((data.count - 1) >> 8), UInt8((data.count - 1) & 0xFF),
    ] + data
  }

  /// The frame with its CRC-16: x^16 + x^12 + x^5 + 1, preset to ones, a byte at a time.
  static func withErrorControl(_ frame: [UInt8]) -> [UInt8] {
    var check: UInt16 = 0xFFFF
    for byte in frame { check = check << 8 ^ table[Int(check >> 8) ^ Int(byte)] }
    return frame + [UInt8(check >> 8), UInt8(check & 0xFF)]
  }

  private static let table: [UInt16] = (0..<256).map { byte in
    var check = UInt16(byte) << 8
    for _ in 0..<8 { check = check & 0x8000 == 0 ? check << 1 : check << 1 ^ 0x1021 }
    return check
  }
}
