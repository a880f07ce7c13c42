import CCSDSWire

/// Where a packet lies: its first and its last byte, each in a frame, or in a datagram of packets.
struct PacketPlace: Equatable {
  /// A byte of a frame or of a datagram.
  struct Byte: Equatable {
    var unit: UnitPlace
    /// Which frame of its unit, from 1.
    var frameIndex: Int
    /// From 0.
    var offset: Int
  }

  var first: Byte
  var last: Byte

  /// Whether it lies in one frame or datagram.
  var isInOne: Bool { first.unit == last.unit && first.frameIndex == last.frameIndex }

  /// Such as `bytes 71 to 141`; nothing where it lies in several.
  var extent: String? { isInOne ? "bytes \(first.offset) to \(last.offset)" : nil }
}

/// Follows the bytes of packets through the frames of each channel, to tell where a packet lies that is whole.
///
/// What a link says of packets comes in the order of their bytes: all bytes of a zone end in a packet or are discarded,
/// those before them first. A place is told only where the bytes of the packet are found there.
struct PacketTracks {
  /// The users of a channel have packets of their own; there is one user in all frames but those of USLP.
  private struct Key: Hashable {
    var channel: Int
    var accessPoint: UInt8
  }

  private struct Zone {
    var subject: FrameSubject
    /// Where it begins in its frame, and, of all bytes of its track, which is its first.
    var offset: Int
    var start: Int
    var bytes: [UInt8]
    var end: Int { start + bytes.count }
  }

  private struct Track {
    /// Those that hold bytes of which nothing was said yet: as many as a packet is in, at most.
    var zones: [Zone] = []
    /// So many bytes of all have been told of.
    var toldCount = 0
    var byteCount = 0

    mutating func tell(upTo count: Int) {
      toldCount = min(max(toldCount, count), byteCount)
      if let first = zones.firstIndex(where: { $0.end > toldCount }) {
        if first > 0 { zones.removeSubrange(..<first) }
      } else {
        zones.removeAll(keepingCapacity: true)
      }
    }
  }

  private var tracks: [Key: Track] = [:]
  private var current = Key(channel: 0, accessPoint: 0)

  /// A frame or datagram brings bytes of packets.
  ///
  /// - Parameters:
  ///   - bytes: The frame or datagram.
  ///   - end: Where the bytes of packets end in it.
  mutating func receive(
    _ byteCount: Int, endingAt end: Int, of bytes: [UInt8], _ subject: FrameSubject, channel: Int, accessPoint: UInt8
  ) {
    current = Key(channel: channel, accessPoint: accessPoint)
    let offset = end - byteCount
    var track = tracks[current] ?? Track()
    defer { tracks[current] = track }
    guard offset >= 0, end <= bytes.count, track.zones.count < Self.zoneCapacity else {
      track = Track()
      return
    }
    track.zones.append(
      Zone(subject: subject, offset: offset, start: track.byteCount, bytes: Array(bytes[offset..<end])))
    track.byteCount += byteCount
  }

  /// Bytes that had begun a packet are given up because of a loss before the frame at hand.
  mutating func loseBefore(_ subject: FrameSubject, channel: Int) {
    for key in tracks.keys where key.channel == channel {
      guard var track = tracks[key] else { continue }
      let isCurrent = track.zones.last?.subject == subject
      track.tell(upTo: isCurrent ? track.zones.last?.start ?? 0 : track.byteCount)
      tracks[key] = track
    }
  }

  /// The bytes of the frame at hand are passed over, and a packet may go on behind it.
  mutating func passOver() {
    guard var track = tracks[current], let zone = track.zones.popLast() else { return }
    track.byteCount -= zone.bytes.count
    tracks[current] = track
  }

  /// The next bytes end in no packet.
  mutating func discard(_ byteCount: Int) {
    guard var track = tracks[current] else { return }
    track.tell(upTo: track.toldCount + byteCount)
    tracks[current] = track
  }

  /// The next bytes are a packet. Returns where it lies, if its bytes are there.
  mutating func take(_ packet: RawSpan) -> PacketPlace? {
    guard var track = tracks[current], packet.byteCount > 0 else { return nil }
    let start = track.toldCount
    let end = start + packet.byteCount
    let zones = track.zones.prefix { $0.start < end }
    track.tell(upTo: end)
    tracks[current] = track
    guard let first = zones.first, let last = zones.last, last.end >= end else { return nil }
    for zone in zones {
      for index in max(start, zone.start)..<min(end, zone.end)
      where zone.bytes[index - zone.start] != packet.byte(at: index - start) { return nil }
    }
    return PacketPlace(first: Self.byte(start, in: first), last: Self.byte(end - 1, in: last))
  }

  private static func byte(_ index: Int, in zone: Zone) -> PacketPlace.Byte {
    PacketPlace.Byte(
      unit: zone.subject.place, frameIndex: zone.subject.index, offset: zone.offset + index - zone.start)
  }

  /// A packet of 65542 bytes in zones of one byte; beyond it something is wrong.
  private static let zoneCapacity = 65_542
}
