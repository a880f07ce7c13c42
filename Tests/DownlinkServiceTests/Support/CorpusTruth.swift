/// One item of the corpus: its files, and what independent programs found in them.
struct CorpusItem<Truth: Decodable>: Decodable {
  struct File: Decodable {
    let file: String
  }

  let files: [File]
  let truth: Truth
}

/// What is known of a recording of frames.
///
/// A repeated count is a step of 0 and counts as a gap of one less than the counter's range; see `duplicates`.
struct FrameTruth: Decodable {
  struct Configuration: Decodable {
    let kind: String
    let frameLength: Int
    let fecf: Bool
    let insertZone: Int
    let ocf: Bool?
    let acceptScid: UInt16?
  }

  struct Channel: Decodable {
    let scid: UInt16
    let vcid: UInt8
    let frames: Int
    let vcfcFirst: UInt64
    let vcfcLast: UInt64
    let gapEvents: Int
    let missing: Int
    let duplicates: Int
    let deltaHist: [String: Int]
    let idleFrames: Int
    let replayFrames: Int
  }

  struct Packets: Decodable {
    let stats: [String: Int]
    let partialAtEof: Bool
    let apids: [String: ApplicationTruth]
    let packetsSha256: String
    let packetsBytes: Int
  }

  struct Master: Decodable {
    let frames: Int
  }

  let framesTotal: Int
  let trailingBytes: Int
  let config: Configuration
  let counts: [String: Int]
  let vcs: [String: Channel]
  let packets: [String: Packets]
  let masterChannels: [String: Master]?
}

/// What is known of the packets of one application process.
struct ApplicationTruth: Decodable {
  let count: Int
  let bytes: Int
  let seqFirst: UInt16
  let seqLast: UInt16
  let seqGapEvents: Int
  let seqMissing: Int
  let seqRepeats: Int
}

/// What is known of a file of packets. The members are named after the files.
struct PacketFileTruth: Decodable {
  let packets: Int
  let trailingBytes: Int
  let apids: [String: ApplicationTruth]
  let packetsSha256: String
}

/// An item of packet files has a member for each of them, and some others.
struct PacketTruth: Decodable {
  let files: [String: PacketFileTruth]

  init(from decoder: any Decoder) throws {
    let members = try decoder.singleValueContainer().decode([String: Member].self)
    files = members.compactMapValues(\.file)
  }

  private struct Member: Decodable {
    let file: PacketFileTruth?

    init(from decoder: any Decoder) throws { file = try? PacketFileTruth(from: decoder) }
  }
}

/// What is known of a capture.
struct CaptureTruth: Decodable {
  struct Port: Decodable {
    let datagrams: Int
    let bytes: Int
    let firstTime: String
    let lastTime: String
    let payloadConcatSha256: String
  }

  let captureRecords: Int
  let udpByDstPort: [String: Port]
}

/// What is known of the recording with header error control.
struct HeaderErrorControlTruth: Decodable {
  /// The index of a frame and those of its damaged nibbles.
  struct Damage: Decodable {
    let frame: Int
    let nibbles: [Int]

    init(from decoder: any Decoder) throws {
      var container = try decoder.unkeyedContainer()
      frame = try container.decode(Int.self)
      nibbles = try container.decode([Int].self)
    }
  }

  let frames: Int
  let frameLength: Int
  let injected: [Damage]
  /// Identifiers and signaling field as a peer decodes them, in hexadecimal, or FAIL.
  let perFramePeer: [String]
}
