import CCSDSLink
import CCSDSWire

/// Makes transfer frames by the numbers of the standards, without any code of the core.
enum FrameMaker {
  /// A TM frame of `byteCount` bytes: word 0 is SCID 10, VCID 3, OCF 1; then the counts, and the data field status.
  static func tm(
    scid: Int = 100, vcid: Int = 0, master: Int, count: Int, pointer: Int = 0x7FE, zone: [UInt8] = [],
    sync: Bool = false, secondaryHeader: [UInt8] = [], controlWord: [UInt8] = [], checked: Bool = true
  ) -> [UInt8] {
    let word = scid << 4 | vcid << 1 | (controlWord.isEmpty ? 0 : 1)
    let status = (secondaryHeader.isEmpty ? 0 : 0x8000) | (sync ? 0x4000 : 0x1800) | pointer
    var frame: [UInt8] = [
      UInt8(word >> 8), UInt8(word & 0xFF), UInt8(master & 0xFF), UInt8(count & 0xFF), UInt8(status >> 8),
      UInt8(status & 0xFF),
    ]
    if !secondaryHeader.isEmpty { frame += [UInt8(secondaryHeader.count)] + secondaryHeader }
    frame += zone + controlWord
    return checked ? withErrorControl(frame) : frame
  }

  /// An AOS frame with an M_PDU: SCID 8, VCID 6; count 24; replay, cycle in use, spare or SCID, cycle.
  static func aos(
    scid: Int = 100, vcid: Int = 1, count: Int, replay: Bool = false, cycle: Int? = nil, pointer: Int = 0x7FF,
    zone: [UInt8] = [], checked: Bool = true
  ) -> [UInt8] {
    let word = 0x4000 | (scid & 0xFF) << 6 | vcid
    let signaling = (replay ? 0x80 : 0) | (cycle.map { 0x40 | $0 } ?? 0) | (scid >> 8) << 4
    let frame: [UInt8] =
      [
        UInt8(word >> 8), UInt8(word & 0xFF), UInt8(count >> 16 & 0xFF), UInt8(count >> 8 & 0xFF),
        UInt8(count & 0xFF), UInt8(signaling), UInt8(pointer >> 8), UInt8(pointer & 0xFF),
      ] + zone
    return checked ? withErrorControl(frame) : frame
  }

  /// What a USLP frame is made of, but for its data field.
  struct USLP {
    var scid = 100
    var vcid = 1
    var map = 0
    var isDestination = false
    var isExpedited = false
    var isControl = false
    var count = 0
    /// The length of the count.
    var countByteCount = 3
    var insertZone: [UInt8] = []
    var controlWord: [UInt8] = []
    /// Nothing behind the data field proves it.
    var isChecked = true
  }

  /// A USLP frame: TFVN 4, SCID 16, source or destination 1, VCID 6, MAP 4, end of header 1; length 16; bypass 1,
  /// control 1, spare 2, OCF 1, count length 3; count.
  static func uslp(
    _ parts: USLP = USLP(), rule: Int, protocolID: Int = 0, pointer: Int? = nil, zone: [UInt8]
  ) -> [UInt8] {
    let word =
      0xC << 28 | parts.scid << 12 | (parts.isDestination ? 1 << 11 : 0) | parts.vcid << 5 | parts.map << 1
    var field = [UInt8(rule << 5 | protocolID)]
    if let pointer { field += [UInt8(pointer >> 8), UInt8(pointer & 0xFF)] }
    field += zone
    let byteCount =
      7 + parts.countByteCount + parts.insertZone.count + field.count + parts.controlWord.count
      + (parts.isChecked ? 2 : 0)
    let flags =
      (parts.isExpedited ? 0x80 : 0) | (parts.isControl ? 0x40 : 0) | (parts.controlWord.isEmpty ? 0 : 8)
      | parts.countByteCount
    var frame: [UInt8] = [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: word >> $0) }
    frame += [UInt8((byteCount - 1) >> 8), UInt8((byteCount - 1) & 0xFF), UInt8(flags)]
    for place in (0..<parts.countByteCount).reversed() {
      frame.append(UInt8(truncatingIfNeeded: parts.count >> (8 * place)))
    }
    frame += parts.insertZone + field + parts.controlWord
    return parts.isChecked ? withErrorControl(frame) : frame
  }

  /// A truncated USLP frame: the header up to its end flag, rule 7, and data.
  static func truncatedUSLP(
    scid: Int = 100, vcid: Int = 1, map: Int = 0, protocolID: Int = 5, zone: [UInt8]
  ) -> [UInt8] {
    let word = 0xC << 28 | scid << 12 | vcid << 5 | map << 1 | 1
    return [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: word >> $0) } + [UInt8(0xE0 | protocolID)] + zone
  }

  /// A Space Packet of `dataByteCount` bytes of data: version 0, telemetry, unsegmented.
  static func packet(apid: Int = 1, count: Int, data: [UInt8]) -> [UInt8] {
    [
      UInt8(apid >> 8), UInt8(apid & 0xFF), UInt8(0xC0 | count >> 8 & 0x3F), UInt8(count & 0xFF),
      UInt8((data.count - 1) >> 8), UInt8((data.count - 1) & 0xFF),
    ] + data
  }

  /// An Encapsulation Packet with a header of 1, 2, 4 or 8 bytes.
  static func encapsulation(protocolID: Int, headerByteCount: Int, data: [UInt8] = []) -> [UInt8] {
    let length = headerByteCount + data.count
    let first = UInt8(0xE0 | protocolID << 2 | [1: 0, 2: 1, 4: 2, 8: 3][headerByteCount, default: 0])
    let big = [UInt8(length >> 24), UInt8(length >> 16 & 0xFF), UInt8(length >> 8 & 0xFF), UInt8(length & 0xFF)]
    switch headerByteCount {
    case 1: return [first]
    case 2: return [first, big[3]] + data
    case 4: return [first, 0x53] + big[2...] + data
    default: return [first, 0x53, 0x12, 0x34] + big + data
    }
  }

  /// The frame with its CRC-16, divided bit by bit: x^16 + x^12 + x^5 + 1, preset to ones.
  static func withErrorControl(_ frame: [UInt8]) -> [UInt8] {
    var check: UInt16 = 0xFFFF
    for byte in frame {
      check ^= UInt16(byte) << 8
      for _ in 0..<8 { check = check & 0x8000 == 0 ? check << 1 : check << 1 ^ 0x1021 }
    }
    return frame + [UInt8(check >> 8), UInt8(check & 0xFF)]
  }

  /// Cuts a stream of packets into zones of these sizes. Each has the pointer to its first packet, 7FF where none is.
  static func zones(_ packets: [[UInt8]], sizes: [Int]) -> [(pointer: Int, zone: [UInt8])] {
    let stream = packets.flatMap { $0 }
    var starts: [Int] = []
    var position = 0
    for packet in packets {
      starts.append(position)
      position += packet.count
    }
    var zones: [(Int, [UInt8])] = []
    var offset = 0
    var next = 0
    for size in sizes where offset < stream.count {
      let end = min(stream.count, offset + size)
      while next < starts.count, starts[next] < offset { next += 1 }
      let pointer = next < starts.count && starts[next] < end ? starts[next] - offset : 0x7FF
      zones.append((pointer, Array(stream[offset..<end])))
      offset = end
    }
    return zones
  }
}

/// A sink that keeps what it is told.
struct Recorder: LinkSink, ~Copyable {
  var events: [LinkEvent] = []
  var packets: [[UInt8]] = []
  var frames: [[UInt8]] = []

  mutating func observe(_ event: LinkEvent) { events.append(event) }
  mutating func take(packet: RawSpan, _ observation: PacketObservation) { packets.append(Self.copy(packet)) }
  mutating func take(frame: RawSpan) { frames.append(Self.copy(frame)) }

  static func copy(_ bytes: RawSpan) -> [UInt8] { unsafe bytes.withUnsafeBytes { unsafe [UInt8]($0) } }

  /// What the counter of each accepted frame of a channel said.
  func continuity(ofChannel channel: Int = 0) -> [CountObservation] {
    accepted.filter { $0.virtualChannel == channel }.map(\.continuity)
  }

  var accepted: [FrameObservation] {
    events.compactMap { if case .frameAccepted(let frame) = $0 { frame } else { nil } }
  }

  var rejections: [FrameRejection] {
    events.compactMap { if case .frameRejected(let reason) = $0 { reason } else { nil } }
  }

  var unlistedCount: Int { events.count { $0 == .frameUnlisted } }

  var completed: [PacketObservation] {
    events.compactMap { if case .packetCompleted(let packet) = $0 { packet } else { nil } }
  }

  /// Bytes discarded, by reason.
  var discarded: [ZoneDiscard: Int] {
    var sums: [ZoneDiscard: Int] = [:]
    for case .zoneDiscarded(_, let byteCount, let reason) in events { sums[reason, default: 0] += byteCount }
    return sums
  }

  var abandoned: [ZoneDiscard] {
    events.compactMap { if case .packetAbandoned(_, let reason) = $0 { reason } else { nil } }
  }

  var zoneByteCount: Int {
    events.reduce(0) { if case .zoneReceived(_, let byteCount) = $1 { $0 + byteCount } else { $0 } }
  }

  /// What became of data that are no packets.
  var serviceData: [ServiceDataObservation] {
    events.compactMap { if case .serviceData(_, let observation) = $0 { observation } else { nil } }
  }

  /// The lengths of the service data units that are whole.
  var serviceDataUnits: [Int] {
    serviceData.compactMap { if case .completed(let byteCount) = $0 { byteCount } else { nil } }
  }

  /// Bytes of service data discarded, by reason.
  var discardedServiceData: [ZoneDiscard: Int] {
    var sums: [ZoneDiscard: Int] = [:]
    for case .discarded(let byteCount, let reason) in serviceData { sums[reason, default: 0] += byteCount }
    return sums
  }

  var abandonedServiceData: [ZoneDiscard] {
    serviceData.compactMap { if case .abandoned(let reason) = $0 { reason } else { nil } }
  }

  /// Bytes of service data in no bucket: zero, when every byte is in exactly one.
  func unaccountedServiceDataByteCount(pending: Int) -> Int {
    serviceData.reduce(-pending) { sum, observation in
      switch observation {
      case .received(let byteCount): sum + byteCount
      case .completed(let byteCount), .streamed(let byteCount), .fill(let byteCount), .discarded(let byteCount, _):
        sum - byteCount
      case .abandoned: sum
      }
    }
  }

  /// Bytes of zones in no bucket: zero, when every byte is in exactly one.
  func unaccountedByteCount(pending: Int) -> Int {
    zoneByteCount - completed.reduce(0) { $0 + $1.byteCount } - discarded.values.reduce(0, +) - pending
  }
}

/// A physical channel with a recorder behind it.
struct Bench: ~Copyable {
  var channel: PhysicalChannel
  var recorder = Recorder()

  init(_ parameters: PhysicalChannelParameters) { channel = PhysicalChannel(parameters: parameters) }

  /// TM: frames of spacecraft 100 with CRC, all channels taken at once.
  static func tm(_ byteCount: Int) -> PhysicalChannelParameters {
    var parameters = PhysicalChannelParameters(frameType: .tm, frameByteCount: byteCount)
    parameters.errorControl = .crc16
    parameters.spacecraftIDs = [SpacecraftID(100)]
    return parameters
  }

  /// AOS: frames of spacecraft 100 with CRC, all channels taken at once.
  static func aos(_ byteCount: Int) -> PhysicalChannelParameters {
    var parameters = PhysicalChannelParameters(frameType: .aos, frameByteCount: byteCount)
    parameters.errorControl = .crc16
    parameters.spacecraftIDs = [SpacecraftID(100)]
    return parameters
  }

  /// USLP: frames of spacecraft 100 with CRC, all channels taken at once.
  static func uslp(_ byteCount: Int) -> PhysicalChannelParameters {
    var parameters = PhysicalChannelParameters(frameType: .uslp, frameByteCount: byteCount)
    parameters.errorControl = .crc16
    parameters.spacecraftIDs = [SpacecraftID(100)]
    return parameters
  }

  /// USLP: the same, of any length.
  static func variableUSLP() -> PhysicalChannelParameters {
    var parameters = uslp(65_507)
    parameters.shortestFrameByteCount = 8
    return parameters
  }

  mutating func receive(_ frame: [UInt8], at seconds: Double? = nil) {
    let time = seconds.map { ReceptionTime(nanosecondsSince1970: Int64($0 * 1e9)) }
    channel.receive(unsafe frame.span.bytes, at: time, into: &recorder)
  }

  /// Receives a unit that may hold several frames.
  mutating func receive(framesOf unit: [UInt8]) {
    channel.receive(framesOf: unsafe unit.span.bytes, at: nil, into: &recorder)
  }

  mutating func finish() { channel.finish(into: &recorder) }

  /// Frames received and in no bucket: zero, when each is in exactly one.
  var unaccountedFrameCount: Int {
    let received = recorder.events.count { if case .frameReceived = $0 { true } else { false } }
    return received - recorder.accepted.count - recorder.rejections.count - recorder.unlistedCount
      - channel.heldFrameCount
  }

  var unaccountedByteCount: Int { recorder.unaccountedByteCount(pending: channel.pendingByteCount) }

  var unaccountedServiceDataByteCount: Int {
    recorder.unaccountedServiceDataByteCount(pending: channel.pendingServiceDataByteCount)
  }
}
