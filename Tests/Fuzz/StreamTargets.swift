import CCSDSCoding
import CCSDSLink
import CCSDSWire
import DownlinkService
import LinkHealth

/// A stream of coded units, in pieces, from the first bit to the ledger, which balances after each piece; and the same
/// stream in one piece, which gives the same.
///
/// Input: a byte of choices, a byte of frame length, then pieces, each after two bytes of length.
@Sendable func receiveStream(_ bytes: RawSpan) {
  var input = FuzzInput(bytes)
  let parameters = StreamChoices(rawValue: input.byte()).parameters(frameByteCount: 8 + Int(input.byte() & 0x7F))
  var link = LinkPipeline(name: "fuzz", parameters: .frames(parameters))
  var whole: [UInt8] = []
  while !input.isAtEnd {
    let piece = input.piece()
    unsafe piece.withUnsafeBytes { unsafe whole.append(contentsOf: $0) }
    link.receive(stream: piece, at: nil)
    link.flush()
    check(link)
  }
  link.finish(examinesUndecoded: false)
  check(link)
  var other = LinkPipeline(name: "fuzz", parameters: .frames(parameters))
  unsafe other.receive(stream: whole.span.bytes, at: nil)
  other.finish(examinesUndecoded: false)
  let (inPieces, atOnce) = (text(link.snapshot()), text(other.snapshot()))
  precondition(inPieces == atOnce, "pieces make a difference:\n\(inPieces)\n\(atOnce)")
}

/// The report without its hints, which depend on what had come in when somebody looked.
private func text(_ snapshot: LinkSnapshot) -> String {
  blackHole(snapshot.problems())
  var json = JSONWriter()
  json.object { snapshot.write(to: &$0, problems: []) }
  return json.text
}

/// The coding of a link, one bit each.
struct StreamChoices: OptionSet {
  let rawValue: UInt8

  static let aos = StreamChoices(rawValue: 1)
  static let errorControl = StreamChoices(rawValue: 2)
  static let short = StreamChoices(rawValue: 4)
  static let long = StreamChoices(rawValue: 8)
  static let reedSolomon = StreamChoices(rawValue: 16)
  static let eightErrors = StreamChoices(rawValue: 32)
  static let conventional = StreamChoices(rawValue: 64)
  static let longMarker = StreamChoices(rawValue: 128)

  func parameters(frameByteCount: Int) -> PhysicalChannelParameters {
    var coding = ChannelCoding(frameByteCount: frameByteCount)
    coding.syncMarker = contains(.longMarker) ? .turboHalf : .standard
    coding.randomizer = contains(.short) ? .short255 : contains(.long) ? .long131071 : .none
    if contains(.reedSolomon) {
      var reedSolomon = ReedSolomonParameters()
      reedSolomon.capability = contains(.eightErrors) ? .eight : .sixteen
      reedSolomon.basis = contains(.conventional) ? .conventional : .dual
      reedSolomon.virtualFillSymbolCount = reedSolomon.largestFrameByteCount - frameByteCount
      coding.reedSolomon = reedSolomon
    }
    var parameters = PhysicalChannelParameters(
      frameType: contains(.aos) ? .aos : .tm, frameByteCount: frameByteCount)
    parameters.coding = coding
    parameters.errorControl = contains(.errorControl) ? .crc16 : .none
    parameters.limits.virtualChannelCount = 3
    parameters.limits.applicationProcessCount = 4
    return parameters
  }
}
