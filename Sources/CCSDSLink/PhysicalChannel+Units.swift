import CCSDSWire

/// What stands at the front of bytes in which each frame says its own length.
package enum FrameExtent: Sendable, Equatable {
  /// It takes this many bytes to tell.
  case incomplete(need: Int)
  /// A frame of this length.
  case frame(byteCount: Int)
  /// No frame of the channel, and so nothing can be made out behind it.
  case none
}

extension PhysicalChannelParameters {
  /// Whether frames have lengths of their own, which they say themselves.
  package var hasVariableLength: Bool { frameType == .uslp && shortestFrameByteCount != nil }

  /// The bytes that tell any frame's length.
  package static let frameExtentByteCount = 6

  /// How long the frame is that begins with these bytes; for channels of variable length.
  ///
  /// Standard: CCSDS 732.1-B-3 §4.1.2, annex D.
  package func frameExtent(at bytes: RawSpan) -> FrameExtent {
    switch USLPFrameExtent(ofFrameAt: bytes) {
    case .headerIncomplete(let need): .incomplete(need: need)
    case .complete(let byteCount):
      (shortestFrameByteCount ?? frameByteCount)...max(shortestFrameByteCount ?? 0, frameByteCount) ~= byteCount
        ? .frame(byteCount: byteCount) : .none
    case .truncated(let spacecraftID, let virtualChannelID):
      truncatedFrameByteCount(spacecraftID, virtualChannelID).map { .frame(byteCount: $0) } ?? .none
    case .invalid: .none
    }
  }

  /// The managed length of a virtual channel's truncated frames.
  func truncatedFrameByteCount(_ spacecraftID: SpacecraftID, _ virtualChannelID: VirtualChannelID) -> Int? {
    virtualChannels.first {
      $0.virtualChannelID == virtualChannelID && ($0.spacecraftID ?? spacecraftID) == spacecraftID
    }?.truncatedFrameByteCount
  }
}

extension PhysicalChannel {
  /// Takes a unit that holds one frame or, where each says its own length, several.
  ///
  /// Bytes that are no frame of the channel count as one frame up to the end of the unit, and are rejected.
  package mutating func receive<Sink: LinkSink & ~Copyable>(
    framesOf unit: RawSpan, at time: ReceptionTime?, into sink: inout Sink
  ) {
    var offset = 0
    if parameters.hasVariableLength {
      while case .frame(let byteCount) = parameters.frameExtent(at: unit.from(offset)),
        byteCount > 0, byteCount < unit.byteCount - offset
      {
        receive(unit.extracting(offset..<offset + byteCount), at: time, into: &sink)
        offset += byteCount
      }
    }
    receive(unit.from(offset), at: time, into: &sink)
  }
}
