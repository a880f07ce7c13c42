import CCSDSCoding
import CCSDSLink
import CCSDSWire
import DownlinkService
import LinkHealth

/// Input that mostly does not decode, and what is found out about it. A channel can be read in the way that a trial
/// says, and whatever there is to tell can be told.
///
/// The other targets leave trials out: one takes longer than all else that they do.
///
/// Input: a byte of choices, a byte of frame length whose highest bit says that frames come without coding, then
/// pieces: each after a byte that says what it is, and two bytes of length.
@Sendable func examineUndecoded(_ bytes: RawSpan) {
  var input = FuzzInput(bytes)
  let choices = StreamChoices(rawValue: input.byte())
  let length = input.byte()
  var parameters = choices.parameters(frameByteCount: 8 + Int(length & 0x7F))
  if length & 0x80 != 0 { parameters.coding = nil }
  var link = LinkPipeline(name: "fuzz", parameters: .frames(parameters))
  while !input.isAtEnd {
    let step = input.byte()
    let piece = input.piece()
    if step & 1 == 0 {
      link.receive(piece, UnitDescription(originalByteCount: piece.byteCount))
    } else {
      link.receive(stream: piece, at: nil)
    }
    link.flush()
    if step & 2 != 0 { link.examineUndecoded() }
  }
  link.finish()
  check(link)
  let snapshot = link.snapshot()
  var json = JSONWriter()
  json.object { snapshot.write(to: &$0, problems: snapshot.problems()) }
  guard let reading = snapshot.trial?.reading else { return }
  precondition(1...reading.triedUnitCount ~= reading.decodedUnitCount, "more than there is decodes, or nothing")
  precondition(reading.intactFrameCount <= reading.decodedUnitCount, "a frame is intact that did not decode")
  _ = ChannelDecoder(reading.coding)
}
