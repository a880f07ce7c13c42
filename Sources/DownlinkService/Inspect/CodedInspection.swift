import CCSDSCoding
import CCSDSLink
import CCSDSWire

/// Finds the units of a coded input, and says of each what it took to get the frame out of it.
struct CodedInspection: ~Copyable {
  /// One unit of the input.
  struct Unit {
    /// The frame; the whole codeblock where it is beyond correction.
    let bytes: [UInt8]
    let observation: CodeblockObservation
    /// Bytes before it that are in no unit.
    let skippedByteCount: Int
    /// Where it begins in the stream.
    let byteOffset: Int
  }

  /// A unit that has not the length of a codeblock.
  struct Refusal {
    let byteOffset: Int
    let byteCount: Int
  }

  private struct Found: CodingSink, ~Copyable {
    let unitByteCount: Int
    var units: [Unit] = []
    var refusals: [Refusal] = []
    private var observation: CodeblockObservation?
    private var skippedByteCount = 0
    private var byteOffset = 0

    init(unitByteCount: Int) { self.unitByteCount = unitByteCount }

    mutating func take(frame: RawSpan, receivedAt: Int64?) { add(frame) }

    mutating func take(uncorrectable codeblock: RawSpan) { add(codeblock) }

    mutating func observe(_ event: CodingEvent) {
      switch event {
      case .codeblock(let observation): self.observation = observation
      case .codeblockRefused(let byteCount):
        refusals.append(Refusal(byteOffset: byteOffset, byteCount: byteCount))
        byteOffset += byteCount
      case .bytesSkipped(let byteCount): skippedByteCount += byteCount
      case .lock: break
      }
    }

    private mutating func add(_ bytes: RawSpan) {
      guard let observation else { return }
      byteOffset += skippedByteCount
      units.append(
        Unit(
          bytes: unsafe bytes.withUnsafeBytes { unsafe [UInt8]($0) }, observation: observation,
          skippedByteCount: skippedByteCount, byteOffset: byteOffset))
      byteOffset += unitByteCount
      skippedByteCount = 0
    }
  }

  private var decoder: ChannelDecoder
  private var found: Found

  init(_ coding: ChannelCoding) {
    decoder = ChannelDecoder(coding)
    found = Found(unitByteCount: coding.accessDataUnitByteCount)
  }

  /// Takes the next bytes of a stream, or a datagram, and tells the units that are complete with them, and those that
  /// have the wrong length.
  mutating func take(_ bytes: [UInt8], _ about: UnitDescription) -> (units: [Unit], refusals: [Refusal]) {
    unsafe decoder.receive(
      bytes.span.bytes, endsUnit: !about.isPieceOfStream, receivedAt: about.time?.nanosecondsSince1970, into: &found)
    decoder.flush(into: &found)
    return takeFound()
  }

  /// Tells the last ones.
  mutating func finish() -> [Unit] {
    decoder.finish(into: &found)
    return takeFound().units
  }

  private mutating func takeFound() -> (units: [Unit], refusals: [Refusal]) {
    defer {
      found.units = []
      found.refusals = []
    }
    return (found.units, found.refusals)
  }
}

extension CodedInspection.Unit {
  /// What the decoder says about it.
  var section: Dissection.Section {
    var notes: [String] = []
    if skippedByteCount > 0 { notes.append("\(Digits.plural(skippedByteCount, "byte")) before it are in no unit") }
    if let marker = observation.marker { notes.append(text(marker)) }
    let corrections = observation.corrections
    if corrections.count > 0 {
      let counts = (0..<corrections.count).map { corrections[$0].map { "\($0)" } ?? "too many" }
      notes.append("wrong symbols by codeword: " + counts.joined(separator: ", "))
    }
    return Dissection.Section(byteOffset: 0, title: "channel coding", items: notes.map { .note($0) })
  }

  private func text(_ marker: MarkerObservation) -> String {
    var text =
      switch marker.errorCount {
      case nil: "sync marker not recognized, cut where it had to be"
      case 0: "sync marker without an error"
      case let count?: "sync marker with \(Digits.plural(count, "wrong bit"))"
      }
    if marker.isInverted { text += ", all bits inverted" }
    if marker.slipBitCount != 0 {
      let direction = marker.slipBitCount > 0 ? "late" : "early"
      text += ", \(Digits.plural(abs(marker.slipBitCount), "bit")) \(direction)"
    }
    return text
  }
}

extension Dissection.Problem {
  /// A codeblock with too many wrong symbols.
  static let beyondCorrection = Dissection.Problem(
    bitOffset: 0, what: "the codeblock is beyond correction", found: "too many wrong symbols",
    expected: "a codeword in each lane",
    hint: "damage on the way; if it is every codeblock, see `downlinkd check --against`")

  /// A unit that is no codeblock.
  static func wrongLength(_ byteCount: Int, of coding: ChannelCoding) -> Self {
    Self(
      bitOffset: 0, what: "the unit has not the length of a codeblock", found: Digits.bytes(byteCount),
      expected: Digits.bytes(coding.codeblockByteCount),
      hint: "check frames.length and coding.reed_solomon; with a sync marker before it, set input.format: cadus")
  }
}
