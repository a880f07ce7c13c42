import CCSDSCoding
import CCSDSLink
import CCSDSWire
import Ingest
import LinkHealth

/// The units of one file of a replay, whatever it is: a capture, frames or packets.
struct ReplayInput {
  private enum Reader {
    case capture(CaptureReader)
    case frames(FrameFileReader)
    case variableFrames(VariableFrameFileReader)
    case packets(PacketFileReader)
    /// Channel access data units, and whatever stands between them.
    case stream
  }

  let stream: ByteStreamReader
  private var reader: Reader
  private(set) var unitCount = 0

  /// Opens a file and looks at what it is.
  ///
  /// - Parameters:
  ///   - path: `-` is standard input.
  ///   - ports: Of a capture, the datagrams to take; empty takes all.
  init(path: String, parameters: LinkParameters, ports: [UInt16]) throws(IngestError) {
    stream = try ByteStreamReader.open(path: path)
    switch (try stream.detectKind(), parameters) {
    case (.capture, _), (.compressed, _):
      reader = .capture(try CaptureReader(stream, destinationPorts: ports))
    case (.other, .frames(let channel)) where channel.coding?.syncMarker != nil: reader = .stream
    case (.other, .frames(let channel)) where channel.hasVariableLength:
      reader = .variableFrames(Self.variableFrames(stream, channel))
    case (.other, .frames(let channel)):
      let byteCount = channel.coding?.codeblockByteCount ?? channel.frameByteCount
      reader = .frames(FrameFileReader(stream, frameByteCount: byteCount))
    case (.other, .packets(let stream)):
      reader = .packets(PacketFileReader(self.stream, maximumPacketByteCount: stream.maximumPacketByteCount))
    }
  }

  /// A reader that goes by what frames say of their length.
  private static func variableFrames(
    _ stream: ByteStreamReader, _ channel: PhysicalChannelParameters
  ) -> VariableFrameFileReader {
    VariableFrameFileReader(
      stream, longestFrameByteCount: channel.frameByteCount,
      headerByteCount: PhysicalChannelParameters.frameExtentByteCount
    ) {
      switch channel.frameExtent(at: $0) {
      case .incomplete: .cutOff
      case .frame(let byteCount): .frame(byteCount: byteCount)
      case .none: .notAFrame
      }
    }
  }

  /// Whether its units have times.
  var hasClock: Bool {
    if case .capture = reader { true } else { false }
  }

  /// Whether it comes in pieces that are no units.
  var isStream: Bool {
    if case .stream = reader { true } else { false }
  }

  /// Which record of a capture was read last, counted from 1; nil when the file is no capture.
  var recordNumber: Int? {
    guard case .capture(let capture) = reader else { return nil }
    return capture.counts.recordCount
  }

  /// Lends the next unit.
  ///
  /// - Returns: False at the end.
  mutating func next(_ body: (RawSpan, UnitDescription) -> Void) throws(IngestError) -> Bool {
    switch reader {
    case .capture(let capture):
      let step = try capture.next { bytes, info in
        unitCount += 1
        body(
          bytes,
          UnitDescription(
            time: info.receivedAtNanoseconds.map { ReceptionTime(nanosecondsSince1970: $0) },
            originalByteCount: info.originalByteCount))
      }
      return step != .end
    case .frames(let frames):
      return try frames.next { bytes in
        unitCount += 1
        body(bytes, UnitDescription(originalByteCount: bytes.byteCount))
      }
    case .stream:
      return try stream.next(upTo: Self.pieceByteCount) { bytes in
        unitCount += 1
        var about = UnitDescription(originalByteCount: bytes.byteCount)
        about.isPieceOfStream = true
        body(bytes, about)
      }
    case .variableFrames(var frames):
      let hasMore = try frames.next { bytes, isFrame in
        unitCount += 1
        var about = UnitDescription(originalByteCount: bytes.byteCount)
        about.isUnparsable = !isFrame
        body(bytes, about)
      }
      reader = .variableFrames(frames)
      return hasMore
    case .packets(var packets):
      let hasMore = try packets.next { bytes, unit in
        unitCount += 1
        var about = UnitDescription(originalByteCount: bytes.byteCount)
        about.isUnparsable = unit == .unparsable
        body(bytes, about)
      }
      reader = .packets(packets)
      return hasMore
    }
  }

  /// Little enough to go in one datagram, where it has to.
  private static let pieceByteCount = 61_440

  /// The ports that a capture has datagrams for.
  var ports: [(port: UInt16, datagrams: Int)] {
    guard case .capture(let capture) = reader else { return [] }
    return capture.ports.entries.map { (port: $0.port, datagrams: $0.datagramCount) }
  }

  /// What the file was, for the report.
  func description(named name: String) -> String {
    var json = JSONWriter()
    json.object {
      $0.member("name", name)
      switch reader {
      case .frames, .variableFrames: $0.member("kind", "frames")
      case .packets: $0.member("kind", "packets")
      case .stream: $0.member("kind", "cadus")
      case .capture(let capture):
        $0.member("kind", "capture")
        $0.member("records", capture.counts.recordCount)
        $0.member("datagrams", capture.counts.datagramCount)
        $0.object("ignored") {
          $0.member("other_port", capture.counts.otherPortCount)
          $0.member("not_ip", capture.counts.notInternetCount)
          $0.member("not_udp", capture.counts.notUDPCount)
          $0.member("malformed", capture.counts.malformedCount)
        }
        $0.object("fragments") {
          $0.member("joined", capture.counts.joinedFragmentCount)
          $0.member("repeated", capture.counts.repeatedFragmentCount)
          $0.member("abandoned", capture.counts.abandonedFragmentCount)
        }
        if capture.counts.refusedDatagramCount > 0 {
          $0.member("refused_datagrams", capture.counts.refusedDatagramCount)
        }
      }
      // How many pieces a stream comes in is up to whoever writes it.
      if !isStream { $0.member("units", unitCount) }
      $0.member("bytes", stream.consumedByteCount)
    }
    return json.text
  }
}
