package import CCSDSWire

/// Receives the bits of one physical channel and finds the frames in them: synchronization, inversion, derandomizing
/// and Reed–Solomon decoding.
///
/// Frames leave in the order in which they were sent, a few dozen at a time: `flush` delivers what is waiting. What
/// comes out, and in which order, depends on the bits alone.
///
/// Standard: CCSDS 131.0-B-5 §2.2.
package struct ChannelDecoder: ~Copyable {
  /// What was agreed about the channel.
  package let coding: ChannelCoding
  private let batch: CodeblockBatch
  private var synchronizer: FrameSynchronizer?

  package init(_ coding: ChannelCoding) {
    self.coding = coding
    batch = CodeblockBatch(coding)
    if let marker = coding.syncMarker {
      synchronizer = FrameSynchronizer(
        marker: marker, codeblockByteCount: coding.codeblockByteCount, tolerance: coding.markerTolerance)
    }
  }

  /// The bytes of the stream, each in its place; all zero where units come without marker.
  package var streamCounts: StreamCounts {
    switch synchronizer {
    case .some(let synchronizer): synchronizer.counts
    case .none: StreamCounts()
    }
  }

  /// Whether the stream of units is in hand; never, where they come without marker.
  package var isLocked: Bool {
    switch synchronizer {
    case .some(let synchronizer): synchronizer.state == .lock || synchronizer.state == .flywheel
    case .none: false
    }
  }

  /// Takes the next bytes of the stream; on a channel without marker, one unit.
  ///
  /// - Parameters:
  ///   - endsUnit: The sender ended something of its own here, such as a datagram.
  ///   - receivedAt: Nanoseconds since 1970, where the input says.
  package mutating func receive<Sink: CodingSink & ~Copyable>(
    _ bytes: RawSpan, endsUnit: Bool, receivedAt: Int64?, into sink: inout Sink
  ) {
    batch.receivedAt = receivedAt
    guard coding.syncMarker != nil else { return receive(unit: bytes, into: &sink) }
    unsafe withUnsafeMutablePointer(to: &sink) { sink in
      var filling = unsafe BatchFilling(batch, sink)
      synchronizer?.receive(bytes, endsUnit: endsUnit, into: &filling)
    }
  }

  private func receive<Sink: CodingSink & ~Copyable>(unit: RawSpan, into sink: inout Sink) {
    guard unit.byteCount == coding.codeblockByteCount else {
      batch.flush(into: &sink)
      return sink.observe(.codeblockRefused(byteCount: unit.byteCount))
    }
    batch.append(unit, bitOffset: 0, marker: nil, &sink)
  }

  /// Delivers everything that is decided.
  package mutating func flush<Sink: CodingSink & ~Copyable>(into sink: inout Sink) {
    batch.flush(into: &sink)
  }

  /// Ends the stream, or this part of it: what comes next begins anew.
  package mutating func finish<Sink: CodingSink & ~Copyable>(into sink: inout Sink) {
    unsafe withUnsafeMutablePointer(to: &sink) { sink in
      var filling = unsafe BatchFilling(batch, sink)
      synchronizer?.finish(into: &filling)
    }
    batch.flush(into: &sink)
  }
}

extension ChannelDecoder {
  /// Saves it once everything that is decided was delivered, or restores it into one that has received nothing.
  package mutating func archive(_ archive: inout StateArchive) {
    synchronizer?.archive(&archive)
    // What is decided at the end of the stream was received with the last bytes.
    archive.optional(&batch.receivedAt)
  }
}
