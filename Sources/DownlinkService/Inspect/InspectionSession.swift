import CCSDSCoding
package import CCSDSLink

/// One run through an input, unit by unit: what is remembered from one to the next.
package struct InspectionSession {
  private let parameters: LinkParameters
  private let options: Inspector.Options
  private var frames: FrameDissector?
  /// The units told so far.
  package private(set) var unitCount = 0
  /// Something in a file of packets was none.
  private var hasLostTrack = false

  /// Nothing is known of any channel yet.
  package init(parameters: LinkParameters, options: Inspector.Options) {
    self.parameters = parameters
    self.options = options
    if case .frames(let channel) = parameters {
      frames = FrameDissector(parameters: channel, showsBytes: options.showsBytes)
    }
  }

  /// Whether as many units were told as are wanted.
  package var isDone: Bool { options.unitLimit.map { unitCount >= $0 } ?? false }

  /// Takes what one datagram carries, or a frame or packet of a file, and tells its lines.
  package mutating func take(
    _ bytes: [UInt8], _ about: UnitDescription, at position: UnitPosition, _ line: (String) -> Void
  ) {
    guard case .frames(let channel) = parameters else {
      return tell(.packet, bytes.count, about, position, dissect(packets: bytes, about), line)
    }
    guard !channel.hasVariableLength else { return take(variable: bytes, channel, about, at: position, line) }
    let length = channel.frameByteCount
    let frameCount = bytes.count / length
    guard frameCount > 1, frameCount * length == bytes.count, about.originalByteCount <= bytes.count else {
      let dissection = frames?.dissect(
        bytes, FrameName(number: unitCount + 1), originalByteCount: about.originalByteCount)
      return tell(.frame, bytes.count, about, position, dissection ?? Dissection(), line)
    }
    for index in 0..<frameCount where !isDone {
      let frame = Array(bytes[index * length..<(index + 1) * length])
      var dissection = frames?.dissect(frame, FrameName(number: unitCount + 1)) ?? Dissection()
      if frameCount > options.framesPerDatagram { dissection.problems.append(crowdProblem(frameCount)) }
      tell(.frame, frame.count, about, position, dissection, line)
    }
  }

  /// Takes frames that say their own length. What is no frame is dissected as one, up to the end.
  private mutating func take(
    variable bytes: [UInt8], _ channel: PhysicalChannelParameters, _ about: UnitDescription,
    at position: UnitPosition, _ line: (String) -> Void
  ) {
    var offset = 0
    repeat {
      var end = bytes.count
      if !about.isUnparsable,
        case .frame(let count) = unsafe channel.frameExtent(at: bytes.span.bytes.extracting(offset..<bytes.count)),
        count > 0, count < bytes.count - offset
      {
        end = offset + count
      }
      let missing = end == bytes.count ? max(0, about.originalByteCount - bytes.count) : 0
      let dissection = frames?.dissect(
        Array(bytes[offset..<end]), FrameName(number: unitCount + 1), originalByteCount: end - offset + missing)
      tell(.frame, end - offset, about, position, dissection ?? Dissection(), line)
      offset = end
    } while offset < bytes.count && !isDone
  }

  /// Takes a unit that the decoder has found.
  mutating func take(
    _ unit: CodedInspection.Unit, _ about: UnitDescription, record: Int?, _ line: (String) -> Void
  ) {
    guard !isDone else { return }
    let position = record.map { UnitPosition.record($0) } ?? .byte(unit.byteOffset)
    guard unit.observation.isDecoded else {
      var dissection = Dissection()
      dissection.problems = [.beyondCorrection]
      dissection.sections = [unit.section]
      return tell(.codeblock, unit.bytes.count, about, position, dissection, line)
    }
    var dissection = frames?.dissect(unit.bytes, FrameName(number: unitCount + 1)) ?? Dissection()
    dissection.sections.insert(unit.section, at: 0)
    tell(.frame, unit.bytes.count, about, position, dissection, line)
  }

  /// Takes a unit that has not the length of a codeblock.
  mutating func refuse(
    _ refusal: CodedInspection.Refusal, _ coding: ChannelCoding, _ about: UnitDescription, record: Int?,
    _ line: (String) -> Void
  ) {
    guard !isDone else { return }
    var dissection = Dissection()
    dissection.problems = [.wrongLength(refusal.byteCount, of: coding)]
    let position = record.map { UnitPosition.record($0) } ?? .byte(refusal.byteOffset)
    tell(.codeblock, refusal.byteCount, about, position, dissection, line)
  }

  private mutating func tell(
    _ kind: UnitHeading.Kind, _ byteCount: Int, _ about: UnitDescription, _ position: UnitPosition,
    _ dissection: Dissection, _ line: (String) -> Void
  ) {
    unitCount += 1
    let heading = UnitHeading(
      kind: kind, number: unitCount, position: position, time: about.time?.rfc3339, byteCount: byteCount)
    guard !options.asJSON else { return line(DissectionJSON.line(heading, dissection)) }
    if unitCount > 1 { line("") }
    DissectionText.lines(heading, dissection).forEach(line)
  }

  private func crowdProblem(_ frameCount: Int) -> Dissection.Problem {
    Dissection.Problem(
      bitOffset: 0, what: "the datagram holds more frames than the link takes", found: String(frameCount),
      expected: "at most \(options.framesPerDatagram)", hint: "set input frames_per_datagram to \(frameCount)")
  }

  // MARK: Packets without frames

  private mutating func dissect(packets bytes: [UInt8], _ about: UnitDescription) -> Dissection {
    guard case .packets(let stream) = parameters else { return Dissection() }
    var dissection = Dissection()
    if about.isUnparsable, hasLostTrack {
      var reader = SectionReader(UnitBytes(bytes), at: 0, title: "bytes behind what is no packet: not looked into")
      if options.showsBytes { reader.dump(0..<bytes.count) }
      dissection.sections = [reader.section]
      return dissection
    }
    hasLostTrack = about.isUnparsable
    if bytes.count < about.originalByteCount || bytes.isEmpty {
      dissection.problems.append(
        Dissection.Problem(
          bitOffset: bytes.count * 8, what: bytes.isEmpty ? "the datagram is empty" : "the capture holds only a part",
          found: Digits.bytes(bytes.count), expected: bytes.isEmpty ? "a packet" : String(about.originalByteCount),
          hint: bytes.isEmpty
            ? "a keep-alive of the sender, or a test" : "record with an unlimited snapshot length: `tcpdump -s 0`"))
    }
    let dissector = PacketDissector(
      unit: UnitBytes(bytes), end: bytes.count, maximumPacketByteCount: stream.maximumPacketByteCount,
      spansUnits: false, showsBytes: options.showsBytes)
    var origin =
      about.isUnparsable
      ? "the packet before ends here by its length, which may be damaged; or this is no file of packets"
      : "these are not packets without frames, or they are damaged"
    var start = 0
    while start < bytes.count {
      let (section, outcome) = dissector.dissect(at: start, origin: origin)
      dissection.sections.append(section)
      guard case .whole(let end) = outcome else { break }
      origin = "the packet at \(start) ends here by its length, which may be damaged"
      start = end
    }
    return dissection
  }
}
