import CCSDSCoding
import CCSDSLink
import CCSDSWire

/// The physical channel of a link and the sink that it reports to: what the frames that the decoder finds go through.
struct FrameStage: CodingSink, ~Copyable {
  var channel: PhysicalChannel?
  var sink: PipelineSink
  /// How many symbols of a codeword the code can correct.
  var correctionCapacity = 0
  private var corrections = CodewordCorrections(count: 0)
  /// When the codeblock at hand was received.
  private var receivedAt: Int64?

  init(sink: consuming PipelineSink) { self.sink = sink }

  mutating func take(frame: RawSpan, receivedAt: Int64?) {
    let repair = repair
    sink.taps?.take(decoded: frame)
    let time = receivedAt.map { ReceptionTime(nanosecondsSince1970: $0) }
    channel?.receive(frame, at: time, repair, into: &sink)
    sink.noteDiscards(of: frame, time)
  }

  mutating func take(uncorrectable codeblock: RawSpan) {
    sink.taps?.take(uncorrectable: codeblock)
    sink.rejected?.note(.uncorrectable, codeblock, receivedAt: receivedAt, corrections: corrections)
  }

  mutating func observe(_ event: CodingEvent) {
    if case .codeblock(let codeblock) = event {
      (corrections, receivedAt) = (codeblock.corrections, codeblock.receivedAt)
    }
    sink.observe(.coding(event))
  }

  private var repair: FrameRepair {
    guard !corrections.isClean else {
      return FrameRepair(correctedSymbolCount: 0, worstCodewordCount: 0, capacity: correctionCapacity)
    }
    return FrameRepair(
      correctedSymbolCount: corrections.correctedSymbolCount, worstCodewordCount: corrections.worstCount,
      capacity: correctionCapacity)
  }
}
