import CCSDSCoding
package import CCSDSLink
package import CCSDSWire
package import LinkHealth
import MissionDatabase

/// One link from its units to its ledger: what runs to completion for every datagram, live and in a replay.
///
/// It knows neither where the units come from nor what time it is.
package struct LinkPipeline: ~Copyable {
  package let name: String
  package let parameters: LinkParameters
  private let framesPerDatagram: Int
  /// By which times on board are read. It is no parameter: when it changes, the state of a link stays what it was.
  private let leapSeconds: LeapSecondTable
  /// The length of what a datagram carries, a frame or the codeblock around it; absent for a link of packets. Kept
  /// here, because every unit asks.
  private let unitByteCount: Int?
  let isCoded: Bool
  /// Whether units have to be looked for: then a datagram is a piece of a stream.
  private let isStream: Bool
  /// Whether each frame says its own length, so that a unit may hold any number of them.
  private let hasVariableLength: Bool
  /// The longest datagram that is looked into: longer than any right one, so that a wrong length can be told.
  package let acceptedDatagramByteCount: Int
  /// What finds the frames in coded units or in a stream of them; absent where frames come as they are.
  var decoder: ChannelDecoder?
  var stage: FrameStage
  /// What is looked at while nothing decodes; absent for packets, and for frames of varying length.
  private var undecoded: UndecodedInput?
  var acceptedFrameCount = 0
  /// What the packets of a link without frames go through.
  var packets: PacketStream?
  var cutter: UnitCutter
  var latency = LatencyHistogram()
  /// The frames or packets of a stream whose latency has been noted.
  private var timedUnitCount = 0
  /// When the units of the batch under way were received.
  private var receivedTimes: [Int64] = []
  /// What tells the parameters from others, in whatever process; absent until the state is asked for.
  var parametersDigest: UInt64?

  package init(
    name: String, parameters: LinkParameters, framesPerDatagram: Int = 1, taps: (any LinkTaps)? = nil,
    mission: LoadedMission? = nil, leapSeconds: LeapSecondTable = .builtIn, passes: PassRecorder? = nil,
    rejected: RejectedUnits? = nil
  ) {
    self.name = name
    self.leapSeconds = leapSeconds
    self.parameters = parameters
    self.framesPerDatagram = framesPerDatagram
    let ledger = LossLedger(quietAfterSeconds: parameters.limits.quietAfterSeconds)
    stage = FrameStage(sink: PipelineSink(ledger: ledger, taps: taps, passes: passes, rejected: rejected))
    stage.sink.adopt(mission, parameters.packetParameters)
    switch parameters {
    case .frames(let parameters):
      let coding = parameters.codingInUse
      decoder = coding.map { ChannelDecoder($0) }
      undecoded = parameters.trialExpectation.map { UndecodedInput($0) }
      isCoded = coding != nil
      isStream = coding?.syncMarker != nil
      hasVariableLength = parameters.hasVariableLength
      let unitByteCount = coding?.codeblockByteCount ?? parameters.frameByteCount
      self.unitByteCount = unitByteCount
      acceptedDatagramByteCount =
        coding?.syncMarker == nil
        ? min(65_507, max(2 * unitByteCount * framesPerDatagram, Self.smallestSlotByteCount)) : 65_507
      cutter = UnitCutter(
        parameters.hasVariableLength ? .frames(parameters) : .fixed(byteCount: unitByteCount))
      stage.channel = PhysicalChannel(parameters: parameters, leapSeconds: leapSeconds)
      stage.correctionCapacity = coding?.reedSolomon?.capability.rawValue ?? 0
    case .packets(let parameters):
      packets = PacketStream(parameters: parameters, leapSeconds: leapSeconds)
      unitByteCount = nil
      isCoded = false
      isStream = false
      hasVariableLength = false
      acceptedDatagramByteCount = PacketStreamParameters.largestPacketByteCount
      cutter = UnitCutter(.packets(maximumByteCount: parameters.maximumPacketByteCount))
    }
  }

  /// The ledger, and whoever listens beside it.
  package var sink: PipelineSink {
    _read { yield stage.sink }
    _modify { yield &stage.sink }
  }

  /// Takes one unit: what a datagram carries, or a frame or packet of a file.
  package mutating func receive(_ unit: RawSpan, _ about: UnitDescription) {
    sink.ledger.datagrams.received += 1
    sink.ledger.datagrams.byteCount += about.originalByteCount
    if about.rejection == nil, unit.byteCount == about.originalByteCount { noteUndecoded(unit, endsUnit: true) }
    if let rejection = rejection(of: unit, about) {
      sink.ledger.datagrams.rejected[rejection] += 1
      sink.taps?.rejected(rejection, about.time)
      sink.note(.datagram(rejection), unit, of: about.originalByteCount, about.time)
      return
    }
    sink.ledger.datagrams.accepted += 1
    if isStream {
      decode(unit, endsUnit: true, about.time)
    } else if hasVariableLength, !about.isUnparsable {
      stage.channel?.receive(framesOf: unit, at: about.time, into: &stage.sink)
      stage.sink.noteDiscards(of: unit, about.time)
    } else if let unitByteCount {
      receive(framesOf: unit, unitByteCount, about.time)
    } else {
      receive(packetsOf: unit, about)
    }
  }

  private mutating func receive(packetsOf unit: RawSpan, _ about: UnitDescription) {
    sink.taps?.received(at: about.time)
    if about.isUnparsable {
      packets?.discard(unit, into: &stage.sink)
    } else {
      packets?.receive(unit, at: about.time, into: &stage.sink)
    }
    stage.sink.noteDiscards(of: unit, about.time)
  }

  /// Takes the next bytes of a stream: of a connection or a file.
  package mutating func receive(stream bytes: RawSpan, at time: ReceptionTime?) {
    guard !isStream else {
      noteUndecoded(bytes, endsUnit: false)
      return decode(bytes, endsUnit: false, time)
    }
    withCutter { cutter, pipeline in
      cutter.take(bytes) { unit, piece in
        var about = UnitDescription(time: time, originalByteCount: unit.byteCount)
        about.isUnparsable = piece == .unparsable
        pipeline.receive(unit, about)
      }
    }
  }

  /// The stream broke: what is incomplete is given up, and what comes next begins anew.
  package mutating func breakStream() {
    let wasLocked =
      switch decoder {
      case .some(let decoder): decoder.isLocked
      case .none: false
      }
    endStream()
    if wasLocked { stage.observe(.lock(.lost)) }
  }

  private mutating func endStream() {
    decoder?.finish(into: &stage)
    withCutter { cutter, pipeline in
      cutter.reset { rest in
        pipeline.receive(rest, UnitDescription(originalByteCount: rest.byteCount, rejection: .truncated))
      }
    }
  }

  /// Lets the cutter feed the pipeline that it is part of.
  private mutating func withCutter(_ body: (inout UnitCutter, inout LinkPipeline) -> Void) {
    var cutter = UnitCutter(.fixed(byteCount: 1))
    swap(&cutter, &self.cutter)
    body(&cutter, &self)
    swap(&cutter, &self.cutter)
  }

  /// Delivers what is decoded together: call it after each batch of datagrams, and each read of a stream.
  package mutating func flush() { decoder?.flush(into: &stage) }

  private mutating func decode(_ bytes: RawSpan, endsUnit: Bool, _ time: ReceptionTime?) {
    // What is decoded together may have come from several senders.
    stage.sink.rejected?.source = nil
    defer { stage.sink.noteDiscards(of: bytes, time, isCoding: true) }
    decoder?.receive(bytes, endsUnit: endsUnit, receivedAt: time?.nanosecondsSince1970, into: &stage)
  }

  /// Keeps what comes in, as long as no frame does.
  private mutating func noteUndecoded(_ bytes: RawSpan, endsUnit: Bool) {
    noteAccepted()
    undecoded?.note(bytes, endsUnit: endsUnit)
  }

  private mutating func noteAccepted() {
    let count = stage.sink.ledger.frames.accepted
    guard count != acceptedFrameCount else { return }
    undecoded?.noteDecoded(unitCount: count - acceptedFrameCount)
    acceptedFrameCount = count
  }

  /// Finds out what would decode, where nothing does: work of some milliseconds, for whoever asks about once a second.
  package mutating func examineUndecoded(isFinal: Bool = false) {
    noteAccepted()
    undecoded?.conclude(isFinal: isFinal)
  }

  private func rejection(of unit: RawSpan, _ about: UnitDescription) -> DatagramRejection? {
    if let rejection = about.rejection { return rejection }
    if about.originalByteCount == 0 { return .empty }
    if about.originalByteCount > acceptedDatagramByteCount, !about.isUnparsable { return .oversize }
    return unit.byteCount < about.originalByteCount ? .truncated : nil
  }

  private mutating func receive(framesOf datagram: RawSpan, _ length: Int, _ time: ReceptionTime?) {
    let frameCount = datagram.byteCount / length
    guard framesPerDatagram > 1, !hasVariableLength, frameCount * length == datagram.byteCount,
      frameCount <= framesPerDatagram
    else {
      return receive(frame: datagram, time)
    }
    for index in 0..<frameCount {
      receive(frame: datagram.extracting(index * length..<(index + 1) * length), time)
    }
  }

  private mutating func receive(frame: RawSpan, _ time: ReceptionTime?) {
    guard !isCoded else { return decode(frame, endsUnit: true, time) }
    stage.channel?.receive(frame, at: time, into: &stage.sink)
    stage.sink.noteDiscards(of: frame, time)
  }

  /// Notes when a unit of the batch under way was received.
  package mutating func noteReceived(at nanosecondsSince1970: Int64?) {
    if let nanosecondsSince1970 { receivedTimes.append(nanosecondsSince1970) }
  }

  /// Notes that the units of the batch are decoded by now.
  package mutating func noteDecoded(at nanosecondsSince1970: Int64) {
    for received in receivedTimes {
      // The times of an earlier process, as they were found, may be anything.
      let (duration, overflow) = nanosecondsSince1970.subtractingReportingOverflow(received)
      latency.record(nanoseconds: overflow ? 0 : duration)
    }
    receivedTimes.removeAll(keepingCapacity: true)
  }

  /// Notes that what was read of a stream since `readAt` is decoded by now: each frame or packet that it completed took
  /// so long.
  package mutating func noteStreamDecoded(readAt: Int64, at nanosecondsSince1970: Int64) {
    let count = streamUnitCount
    latency.record(nanoseconds: nanosecondsSince1970 - readAt, count: count - timedUnitCount)
    timedUnitCount = count
  }

  private var streamUnitCount: Int {
    let ledger = stage.sink.ledger
    return stage.channel == nil ? ledger.packets.completed : ledger.frames.received
  }

  /// The latency of what is counted up to now was noted by whoever counted it.
  mutating func skipTimedUnits() { timedUnitCount = streamUnitCount }

  /// Ends the reception: what is incomplete, and frames still held back, are given up.
  ///
  /// - Parameter examinesUndecoded: Whether to find out what would have decoded, too.
  package mutating func finish(examinesUndecoded: Bool = true) {
    endStream()
    stage.channel?.finish(into: &stage.sink)
    if examinesUndecoded { examineUndecoded(isFinal: true) }
  }

  /// All that is known of the link now.
  package func snapshot() -> LinkSnapshot {
    var ledger = stage.sink.ledger
    switch decoder {
    case .some(let decoder): ledger.streamBytes = StreamByteCounts(decoder.streamCounts)
    case .none: break
    }
    switch stage.channel {
    case .some(let channel):
      return LinkSnapshot(
        name: name, ledger: ledger, heldFrameCount: channel.heldFrameCount,
        pendingByteCount: channel.pendingByteCount,
        masterChannelMissing: ledger.masterChannels.indices.map { channel.masterChannelMissing($0) },
        latency: latency, evidence: channel.evidence, parameters: parameters,
        pendingServiceDataByteCount: channel.pendingServiceDataByteCount,
        trial: undecoded?.findings, usage: channel.usage, leapSeconds: leapSeconds)
    case .none:
      return LinkSnapshot(
        name: name, ledger: ledger, heldFrameCount: 0, pendingByteCount: 0, masterChannelMissing: [],
        latency: latency, evidence: RejectionEvidence(), parameters: parameters, leapSeconds: leapSeconds)
    }
  }
}

extension LinkPipeline {
  /// Datagrams of this length are always received whole.
  private static let smallestSlotByteCount = 2048
}

/// What is known of a unit besides its bytes.
package struct UnitDescription: Sendable, Equatable {
  package var time: ReceptionTime?
  /// How long the unit was when it was sent; more than its bytes when it was cut off since.
  package var originalByteCount: Int
  /// Why its edge already knows it to be unusable.
  package var rejection: DatagramRejection?
  /// It lies behind something that is no packet, in a file of packets, or no frame where frames say their own length.
  package var isUnparsable = false
  /// It is no unit, but the next bytes of a stream.
  package var isPieceOfStream = false

  package init(time: ReceptionTime? = nil, originalByteCount: Int, rejection: DatagramRejection? = nil) {
    self.time = time
    self.originalByteCount = originalByteCount
    self.rejection = rejection
  }
}

extension PhysicalChannelParameters {
  /// The coding of the channel, with all that the decoder has to know of its frames.
  fileprivate var codingInUse: ChannelCoding? {
    var coding = coding
    coding?.hasFrameErrorControl = errorControl == .crc16
    return coding
  }
}
