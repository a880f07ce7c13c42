package import CCSDSLink
import CCSDSWire
import Ingest

/// Dissects the frames or packets of a file, a capture or standard input for a person, with offsets.
///
/// What it says of a unit depends on the bytes and on those before it alone. No bytes make it stop or trap.
package struct Inspector {
  /// What to show, and how.
  package struct Options: Sendable {
    /// Stop after so many units; nil goes to the end.
    package var unitLimit: Int?
    /// Show data fields and packets as they stand, the first 256 bytes of each.
    package var showsBytes = false
    /// Of a capture, the datagrams to take by their destination; empty takes all.
    package var ports: [UInt16] = []
    /// One JSON object to a line, one line to a unit.
    package var asJSON = false
    /// Whole frames that the link takes from one datagram.
    package var framesPerDatagram = 1

    /// Everything, for a person.
    package init() {}
  }

  private let parameters: LinkParameters
  private let options: Options

  /// - Parameter parameters: Those of the link that the units are from.
  package init(parameters: LinkParameters, options: Options) {
    self.parameters = parameters
    self.options = options
  }

  /// Dissects one input.
  ///
  /// - Parameters:
  ///   - path: `-` is standard input.
  ///   - line: Called with each line, without its end.
  /// - Throws: When the input cannot be opened, or read further; everything before that has been told.
  package func inspect(path: String, line: (String) -> Void) throws(ServiceError) {
    do throws(IngestError) {
      var input = try ReplayInput(path: path, parameters: parameters, ports: options.ports)
      var session = InspectionSession(parameters: parameters, options: options)
      while !session.isDone {
        let offset = input.stream.consumedByteCount
        var unit: (bytes: [UInt8], about: UnitDescription)?
        let hasMore = try input.next { unit = (unsafe $0.withUnsafeBytes { unsafe [UInt8]($0) }, $1) }
        if let unit {
          let position = input.recordNumber.map { UnitHeading.Position.record($0) } ?? .byte(offset)
          session.take(unit.bytes, unit.about, at: position, line)
        }
        guard hasMore else { break }
      }
      if session.unitCount == 0, !options.asJSON, options.unitLimit != 0 { line(nothingFound(input)) }
    } catch {
      throw .ingest(error)
    }
  }

  private func nothingFound(_ input: ReplayInput) -> String {
    guard input.hasClock else { return "the input is empty" }
    guard !input.ports.isEmpty else { return "the capture has no UDP datagram" }
    let found = input.ports.map { "\(Digits.plural($0.datagrams, "datagram")) to port \($0.port)" }
    return "the capture has no datagram to the wanted port; it has \(found.joined(separator: ", "))"
  }
}

/// One run through an input: what is remembered from unit to unit.
struct InspectionSession {
  private let parameters: LinkParameters
  private let options: Inspector.Options
  private var frames: FrameDissector?
  private(set) var unitCount = 0
  /// Something in a file of packets was none.
  private var hasLostTrack = false

  init(parameters: LinkParameters, options: Inspector.Options) {
    self.parameters = parameters
    self.options = options
    if case .frames(let channel) = parameters {
      frames = FrameDissector(parameters: channel, showsBytes: options.showsBytes)
    }
  }

  var isDone: Bool { options.unitLimit.map { unitCount >= $0 } ?? false }

  /// Takes what one datagram carries, or a frame or packet of a file.
  mutating func take(
    _ bytes: [UInt8], _ about: UnitDescription, at position: UnitHeading.Position, _ line: (String) -> Void
  ) {
    guard case .frames(let channel) = parameters else {
      return tell(.packet, bytes, about, position, dissect(packets: bytes, about), line)
    }
    let length = channel.frameByteCount
    let frameCount = bytes.count / length
    guard frameCount > 1, frameCount * length == bytes.count, about.originalByteCount <= bytes.count else {
      let dissection = frames?.dissect(bytes, number: unitCount + 1, originalByteCount: about.originalByteCount)
      return tell(.frame, bytes, about, position, dissection ?? Dissection(), line)
    }
    for index in 0..<frameCount where !isDone {
      let frame = Array(bytes[index * length..<(index + 1) * length])
      var dissection = frames?.dissect(frame, number: unitCount + 1) ?? Dissection()
      if frameCount > options.framesPerDatagram { dissection.troubles.append(crowdTrouble(frameCount)) }
      tell(.frame, frame, about, position, dissection, line)
    }
  }

  private mutating func tell(
    _ kind: UnitHeading.Kind, _ bytes: [UInt8], _ about: UnitDescription, _ position: UnitHeading.Position,
    _ dissection: Dissection, _ line: (String) -> Void
  ) {
    unitCount += 1
    let heading = UnitHeading(
      kind: kind, number: unitCount, position: position, time: about.time?.rfc3339, byteCount: bytes.count)
    guard !options.asJSON else { return line(DissectionJSON.line(heading, dissection)) }
    if unitCount > 1 { line("") }
    DissectionText.lines(heading, dissection).forEach(line)
  }

  private func crowdTrouble(_ frameCount: Int) -> Dissection.Trouble {
    Dissection.Trouble(
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
      dissection.troubles.append(
        Dissection.Trouble(
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
