import CCSDSCoding
package import CCSDSWire

/// Receives the frames of one physical channel: checks each, finds its virtual channel, follows the counters and puts
/// the packets together.
///
/// Everything it finds goes to a `LinkSink` as it is found. It holds no clock: time arrives with the bytes. It
/// allocates when it meets a channel for the first time, and when it holds a frame back, never for a frame as such.
///
/// Standard: CCSDS 132.0-B-3 §4.3, CCSDS 732.0-B-4 §4.3, CCSDS 732.1-B-3 §4.3.
package struct PhysicalChannel: ~Copyable {
  /// What was agreed about the link.
  package let parameters: PhysicalChannelParameters
  let aosLayout: AOSFrameLayout
  let uslpLayout: USLPFrameLayout
  /// Looks into the packets; absent where nothing is agreed about them.
  let inspector: PacketInspector?
  var masterChannels: [MasterChannel] = []
  var virtualChannels: [VirtualChannel] = []
  var channelIndices: [VirtualChannelKey: Int] = [:]
  /// The channel of the last frame: most frames follow one of their own channel.
  var recentChannel: VirtualChannel?
  var recentKey: VirtualChannelKey?
  var applicationProcessCount = 0
  /// USLP: over all virtual channels.
  var accessPointCount = 0
  /// The frames of those that there was no room for.
  var accessPointRefusalCount = 0
  var quarantine: Quarantine
  var silence = SilenceWatch()
  /// Counts the stretches between silences.
  var pass = 0
  /// What was mended in the frame at hand.
  var repair = FrameRepair()
  /// What rejected frames look like, for whoever has to find out why.
  package internal(set) var evidence = RejectionEvidence()

  package init(parameters: PhysicalChannelParameters, leapSeconds: LeapSecondTable = .builtIn) {
    self.parameters = parameters
    inspector = PacketInspector(parameters.packets, leapSeconds)
    aosLayout = AOSFrameLayout(
      hasHeaderErrorControl: parameters.hasHeaderErrorControl,
      insertZoneByteCount: parameters.insertZoneByteCount,
      hasOperationalControlField: parameters.hasOperationalControlField,
      errorControlByteCount: parameters.errorControl.byteCount,
      spacecraftIDBitCount: parameters.spacecraftIDBitCount)
    uslpLayout = USLPFrameLayout(
      insertZoneByteCount: parameters.hasVariableLength ? 0 : parameters.insertZoneByteCount,
      errorControlByteCount: parameters.errorControl.byteCount)
    quarantine = Quarantine(capacity: parameters.limits.quarantinedFrameCount)
  }

  /// The bytes of packets that have begun and are not whole yet, over all channels.
  package var pendingByteCount: Int {
    virtualChannels.reduce(0) { sum, channel in
      channel.accessPoints.reduce(sum + channel.assembler.pendingByteCount) { $0 + $1.packets.pendingByteCount }
    }
  }

  /// The bytes of service data units that have begun and are not whole yet, over all channels.
  package var pendingServiceDataByteCount: Int {
    virtualChannels.reduce(0) { sum, channel in
      channel.accessPoints.reduce(sum) { $0 + $1.serviceData.pendingByteCount }
    }
  }

  /// The frames received and held back, neither accepted nor rejected yet.
  package var heldFrameCount: Int {
    virtualChannels.reduce(quarantine.count) { $0 + ($1.held == nil ? 0 : 1) }
  }

  /// Frames lost by the count of a master channel, at least and at most.
  package func masterChannelMissing(_ index: Int) -> (atLeast: Int, atMost: Int) {
    (masterChannels[index].missingCount, masterChannels[index].missingCountAtMost)
  }

  /// Takes the bytes of one frame.
  ///
  /// - Parameter repair: What the decoder had to mend in it.
  package mutating func receive<Sink: LinkSink & ~Copyable>(
    _ frame: RawSpan, at time: ReceptionTime?, _ repair: FrameRepair = FrameRepair(), into sink: inout Sink
  ) {
    self.repair = repair
    sink.observe(.frameReceived(byteCount: frame.byteCount, time))
    do throws(FrameRejection) {
      let header = try check(frame)
      self.repair.isHeaderMended = header.isMended
      // Rejected frames end no silence: a receiver without lock may send noise all night.
      noteTime(time)
      if parameters.errorControl == .none, !header.access.isTruncated {
        evidence.noteUnprotected(frame, parameters.frameType)
      }
      route(frame, header, time, &sink)
    } catch {
      evidence.note(error, frame, parameters)
      refuse(frame, error, time, &sink)
    }
  }

  /// Tells the sink that a frame goes no further, and lends it.
  func refuse<Sink: LinkSink & ~Copyable>(
    _ frame: RawSpan, _ reason: FrameRejection, _ time: ReceptionTime?, _ sink: inout Sink
  ) {
    sink.observe(.frameRejected(reason))
    sink.take(refused: frame, .rejected(reason), at: time)
  }

  /// Ends the reception: what is still held back has nothing more to hope for.
  package mutating func finish<Sink: LinkSink & ~Copyable>(into sink: inout Sink) {
    for _ in 0..<quarantine.empty() { sink.observe(.frameRejected(.quarantined)) }
    for channel in virtualChannels where channel.held != nil {
      channel.held = nil
      sink.observe(.frameRejected(.quarantined))
    }
  }

  // MARK: Checks

  /// What an acceptable frame says about itself.
  func check(_ frame: RawSpan) throws(FrameRejection) -> FrameHeader {
    let header =
      switch parameters.frameType {
      case .tm: try checkTM(frame)
      case .aos: try checkAOS(frame)
      case .uslp: try checkUSLP(frame)
      }
    guard parameters.spacecraftIDs.isEmpty || parameters.spacecraftIDs.contains(header.key.spacecraftID) else {
      throw .spacecraft
    }
    return header
  }

  private func checkTM(_ bytes: RawSpan) throws(FrameRejection) -> FrameHeader {
    guard bytes.byteCount == parameters.frameByteCount else { throw .length }
    guard bytes.byte(at: 0) >> 6 == 0b00 else { throw .version }
    try checkErrorControl(bytes)
    do throws(WireError) {
      return FrameHeader(
        try TMTransferFrame(validating: bytes, errorControlByteCount: parameters.errorControl.byteCount))
    } catch {
      throw Self.rejection(of: error)
    }
  }

  private func checkAOS(_ bytes: RawSpan) throws(FrameRejection) -> FrameHeader {
    guard bytes.byteCount == parameters.frameByteCount else { throw .length }
    let corrected = try correctedFields(of: bytes)
    var header: FrameHeader
    do throws(WireError) {
      header = FrameHeader(try AOSTransferFrame(validating: bytes, layout: aosLayout, corrected: corrected))
      header.isMended = corrected != nil
    } catch {
      throw Self.rejection(of: error)
    }
    try checkErrorControl(bytes)
    return header
  }

  /// Standard: CCSDS 732.1-B-3 §4.1: a frame of one channel may be truncated, and then nothing proves it undamaged.
  private func checkUSLP(_ bytes: RawSpan) throws(FrameRejection) -> FrameHeader {
    let extent = USLPFrameExtent(ofFrameAt: bytes)
    if case .invalid(.forbidden) = extent { throw .version }
    var truncatedByteCount: Int?
    if case .truncated(let spacecraftID, let virtualChannelID) = extent {
      truncatedByteCount = parameters.truncatedFrameByteCount(spacecraftID, virtualChannelID)
    } else {
      // Where frames say their own length it is that which cut this one out; elsewhere damage shows in the check first.
      let hasRightLength =
        parameters.hasVariableLength
        ? parameters.frameExtent(at: bytes) == .frame(byteCount: bytes.byteCount)
        : bytes.byteCount == parameters.frameByteCount
      guard hasRightLength, bytes.byteCount > parameters.errorControl.byteCount else { throw .length }
      try checkErrorControl(bytes)
    }
    do throws(WireError) {
      return FrameHeader(
        try USLPTransferFrame(
          validating: bytes, layout: uslpLayout, truncatedFrameByteCount: truncatedByteCount))
    } catch {
      throw Self.rejection(of: error)
    }
  }

  /// What the header should have said, where its error control field says that it is damaged.
  private func correctedFields(of bytes: RawSpan) throws(FrameRejection) -> AOSProtectedFields? {
    guard parameters.hasHeaderErrorControl else { return nil }
    guard let received = AOSFrameHeaderErrorControl.ProtectedHeader(frame: bytes) else { throw .length }
    switch AOSFrameHeaderErrorControl.decode(received) {
    case .intact: return nil
    case .corrected(_, let header):
      return AOSProtectedFields(identifiers: header.identifiers, signaling: header.signaling)
    case .uncorrectable: throw .headerErrorControl
    }
  }

  private func checkErrorControl(_ bytes: RawSpan) throws(FrameRejection) {
    switch parameters.errorControl {
    case .none: break
    case .crc16: guard ErrorControlKernel.isIntact(frame: bytes) else { throw .errorControl }
    case .crc32: guard CRC32.proximity1.checksum(of: bytes) == 0 else { throw .errorControl }
    }
  }

  private static func rejection(of error: WireError) -> FrameRejection {
    if case .forbidden(.transferFrameVersionNumber, _) = error { return .version }
    return .length
  }

  private mutating func noteTime(_ time: ReceptionTime?) {
    if silence.endsSilence(at: time, longerThan: parameters.limits.quietAfterSeconds) { pass += 1 }
  }
}
