import CCSDSCoding
import CCSDSLink
import CCSDSWire

/// The physical channel of a link and the sink that it reports to: what the frames that the decoder finds go through.
struct FrameStage: CodingSink, ~Copyable {
  var channel: PhysicalChannel?
  var sink: PipelineSink

  mutating func take(frame: RawSpan, receivedAt: Int64?) {
    channel?.receive(frame, at: receivedAt.map { ReceptionTime(nanosecondsSince1970: $0) }, into: &sink)
  }

  mutating func take(uncorrectable codeblock: RawSpan) { sink.taps?.take(uncorrectable: codeblock) }

  mutating func observe(_ event: CodingEvent) { sink.observe(.coding(event)) }
}
