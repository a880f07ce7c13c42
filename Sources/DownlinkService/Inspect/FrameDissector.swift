import CCSDSCoding
import CCSDSLink
import CCSDSWire

/// Dissects the transfer frames of one physical channel, one after another.
///
/// It never stops at the first problem: what does not fit is said, and the rest is dissected as far as it can be. It
/// remembers of each channel only where its last packet stands, to say how a frame continues it.
struct FrameDissector {
  let parameters: PhysicalChannelParameters
  let showsBytes: Bool
  private var progress = ChannelProgressTable()

  init(parameters: PhysicalChannelParameters, showsBytes: Bool) {
    self.parameters = parameters
    self.showsBytes = showsBytes
  }

  /// - Parameters:
  ///   - name: How later frames refer to it.
  ///   - originalByteCount: What was sent; more than `bytes` when the capture has cut it off.
  mutating func dissect(_ bytes: [UInt8], _ name: FrameName, originalByteCount: Int? = nil) -> Dissection {
    var unit = UnitBytes(bytes)
    var dissection = Dissection()
    dissection.problems = lengthProblems(unit, originalByteCount ?? bytes.count)
    let outline =
      switch parameters.frameType {
      case .tm: tmHeader(unit, &dissection)
      case .aos: aosHeader(&unit, &dissection)
      case .uslp: uslpHeader(unit, &dissection)
      }
    guard let outline else { return dissection }
    let trailerByteCount =
      (outline.hasControlField ? 4 : 0) + (outline.isTruncated ? 0 : parameters.errorControl.byteCount)
    let dataFieldEnd = unit.byteCount - trailerByteCount
    guard dataFieldEnd > outline.dataFieldStart else {
      dissection.problems.append(roomProblem(unit, outline, trailerByteCount))
      return dissection
    }
    let errorControl = outline.isTruncated ? nil : errorControlSection(unit)
    let isSound = outline.isSound && (outline.isTruncated || hasRightLength(unit)) && errorControl?.isIntact != false
    let before = progress.before(outline)
    let dataField = DataFieldDissector(
      unit: unit, range: outline.dataFieldStart..<dataFieldEnd, outline: outline, parameters: parameters,
      showsBytes: showsBytes, name: name
    ).dissect(before)
    dissection.sections += dataField.sections
    if isSound { progress.note(outline, name, dataField.after) }
    if outline.hasControlField { dissection.sections.append(ControlFieldDissector.dissect(unit, at: dataFieldEnd)) }
    if let errorControl { dissection.sections.append(errorControl.section) }
    return dissection
  }

  /// How the count of a frame follows the one before, where it does not follow it in sequence.
  func countRemark(_ key: ChannelKey, _ count: UInt64, bitCount: Int) -> String {
    progress.remark(key, count, bitCount: bitCount)
  }

  // MARK: The frame as a whole

  private func lengthProblems(_ unit: UnitBytes, _ originalByteCount: Int) -> [Dissection.Problem] {
    if unit.byteCount < originalByteCount {
      return [
        Dissection.Problem(
          bitOffset: unit.byteCount * 8, what: "the capture holds only a part of the frame",
          found: Digits.bytes(unit.byteCount), expected: String(originalByteCount),
          hint: "record with an unlimited snapshot length, as in `tcpdump -s 0`")
      ]
    }
    // A truncated frame has the length of its virtual channel, which its header is asked about.
    let isTruncated = parameters.frameType == .uslp && unit.bits(at: 31, count: 1) == 1
    guard !isTruncated, !hasRightLength(unit) else { return [] }
    return [
      Dissection.Problem(
        bitOffset: min(unit.byteCount, parameters.frameByteCount) * 8, what: "the frame length does not match",
        found: Digits.bytes(unit.byteCount), expected: expectedLength, hint: lengthHint(unit))
    ]
  }

  private func hasRightLength(_ unit: UnitBytes) -> Bool {
    guard parameters.hasVariableLength, let shortest = parameters.shortestFrameByteCount else {
      return unit.byteCount == parameters.frameByteCount
    }
    return unit.byteCount >= shortest && unit.byteCount <= parameters.frameByteCount
  }

  private var expectedLength: String {
    guard parameters.hasVariableLength, let shortest = parameters.shortestFrameByteCount else {
      return String(parameters.frameByteCount)
    }
    return "\(shortest) to \(parameters.frameByteCount)"
  }

  private func lengthHint(_ unit: UnitBytes) -> String {
    if unit.byteCount == 0 { return "an empty datagram: a keep-alive of the sender, or a test" }
    if unit.bits(at: 0, count: 32) == Self.syncMarker {
      return "it begins with the sync marker 1acffc1d: let the receiver take markers off"
    }
    let expected = parameters.frameByteCount
    guard !parameters.hasVariableLength else {
      return "set frames min_length and max_length so that it fits, if it is a frame"
    }
    // First the parts: an intact frame stays intact with zeros behind it.
    if unit.byteCount > expected, parameters.errorControl != .none {
      if isIntact(unit.received.prefix(expected)) {
        return "its first \(expected) bytes are an intact frame: the sender puts something behind it"
      }
      if isIntact(unit.received.suffix(expected)) {
        return "its last \(expected) bytes are an intact frame: the sender puts something before it"
      }
    }
    if parameters.errorControl != .none, isIntact(unit.received[...]) {
      return "its error control agrees with its length: set frames length to \(unit.byteCount)"
    }
    return unit.byteCount < expected
      ? "the input ends in the middle of a frame, or frames length is not \(expected)"
      : "set frames length to \(unit.byteCount) if all frames have it; another sender if only some do"
  }

  private func roomProblem(_ unit: UnitBytes, _ outline: FrameOutline, _ trailerByteCount: Int) -> Dissection.Problem {
    Dissection.Problem(
      bitOffset: min(outline.dataFieldStart, unit.byteCount) * 8, what: "the frame has no room for a data field",
      found: Digits.bytes(unit.byteCount), expected: "more than \(outline.dataFieldStart + trailerByteCount)",
      hint: "headers take \(outline.dataFieldStart) bytes, what follows the data \(trailerByteCount): check frames "
        + "length and the optional fields")
  }

  // MARK: Frame error control

  /// Standard: CCSDS 132.0-B-3 §4.1.6.
  private func errorControlSection(_ unit: UnitBytes) -> (section: Dissection.Section, isIntact: Bool)? {
    let start = unit.byteCount - parameters.errorControl.byteCount
    guard parameters.errorControl != .none else {
      guard hasRightLength(unit), Self.endsInCRC16(unit.received[...]) else { return nil }
      var reader = SectionReader(unit, at: unit.byteCount - 2, title: "end of the frame")
      reader.problem(
        "the last two bytes are the right error control of this frame", found: "a CRC-16", expected: "no such field",
        hint: "set coding error_control to crc16")
      return (reader.section, true)
    }
    let bitCount = parameters.errorControl.byteCount * 8
    let computed = errorControl(of: unit.received[..<start])
    var reader = SectionReader(unit, at: start, title: "frame error control at \(start)")
    let isIntact = unit.receivedBits(at: start * 8, count: bitCount) == computed
    reader.field(bitCount, "frame error control field") { _ in isIntact ? "ok" : "BAD" }
    if !isIntact {
      let stored = unit.receivedBits(at: start * 8, count: bitCount) ?? 0
      reader.problem(
        "the frame error control does not match", found: Digits.raw(stored, bitCount: bitCount),
        expected: Digits.raw(computed, bitCount: bitCount),
        hint: "damaged; where every frame is bad: still randomized, or coding error_control should be none")
    }
    return (reader.section, isIntact)
  }

  /// What the error control field behind these bytes should hold.
  private func errorControl(of bytes: ArraySlice<UInt8>) -> UInt64 {
    let frame = Array(bytes)
    return switch parameters.errorControl {
    case .none: 0
    case .crc16: unsafe UInt64(CRC16.checksum(of: frame.span.bytes))
    case .crc32: unsafe UInt64(CRC32.proximity1.checksum(of: frame.span.bytes))
    }
  }

  private func isIntact(_ bytes: ArraySlice<UInt8>) -> Bool {
    guard bytes.count > parameters.errorControl.byteCount else { return false }
    // Behind its own check, either check is zero.
    return errorControl(of: bytes) == 0
  }

  private static func endsInCRC16(_ bytes: ArraySlice<UInt8>) -> Bool {
    guard bytes.count > 2 else { return false }
    let frame = Array(bytes)
    return unsafe CRC16.checksum(of: frame.span.bytes) == 0
  }

  static let syncMarker: UInt64 = 0x1ACF_FC1D
}

/// How a frame is called in what is said of later ones.
struct FrameName: Equatable {
  let text: String

  init(_ text: String) { self.text = text }
  /// By its place among the frames of its input, from 1.
  init(number: Int) { text = "frame \(number)" }
}

/// Which virtual channel: live and played back frames are two, and so are those under sequence control and others.
struct ChannelKey: Hashable {
  let spacecraftID: SpacecraftID
  let virtualChannelID: VirtualChannelID
  var isReplay = false
  var isExpedited = false
}

/// What the headers of a frame say about the rest of it.
struct FrameOutline {
  var key: ChannelKey
  var count: UInt64
  /// 0 where the frame carries no count.
  var countBitCount: Int
  /// USLP: the user of the channel that the data field belongs to.
  var accessPoint: UInt8 = 0
  /// USLP: there is no count, no reporting and no error control.
  var isTruncated = false
  var dataFieldStart: Int
  var hasControlField: Bool
  /// Where packets begin in a TM frame; nil when it is not for packets, or AOS.
  var firstHeaderPointer: FirstHeaderPointer?
  /// TM: the frame says that its data field is a unit of the mission's own.
  var holdsServiceDataUnit = false
  /// Whether a link would have accepted the headers.
  var isSound: Bool
}
