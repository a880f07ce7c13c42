import Ingest
import Testing

/// One record of a capture made by hand.
struct Record {
  var bytes: [UInt8]
  var nanoseconds: UInt64 = 1_700_000_000_123_456_789
  var originalByteCount: Int?

  init(_ bytes: [UInt8], nanoseconds: UInt64 = 1_700_000_000_123_456_789, originalByteCount: Int? = nil) {
    self.bytes = bytes
    self.nanoseconds = nanoseconds
    self.originalByteCount = originalByteCount
  }
}

/// Captures made by hand, byte for byte.
enum Capture {
  /// pcap: a header of 24 bytes, then for each record a header of 16.
  static func pcap(
    _ records: [Record], linkType: Int = 1, bigEndian: Bool = false, isNanoseconds: Bool = true
  ) -> [UInt8] {
    func number(_ value: UInt64, _ count: Int) -> [UInt8] { .number(value, byteCount: count, bigEndian: bigEndian) }
    let magic: UInt64 = isNanoseconds ? 0xa1b2_3c4d : 0xa1b2_c3d4
    var file = number(magic, 4) + number(2, 2) + number(4, 2) + number(0, 8) + number(262_144, 4)
    file += number(UInt64(linkType), 4)
    for record in records {
      let (seconds, fraction) = record.nanoseconds.quotientAndRemainder(dividingBy: 1_000_000_000)
      file += number(seconds, 4) + number(isNanoseconds ? fraction : fraction / 1000, 4)
      file += number(UInt64(record.bytes.count), 4)
      file += number(UInt64(record.originalByteCount ?? record.bytes.count), 4)
      file += record.bytes
    }
    return file
  }

  /// pcapng: a section header, an interface description with a clock of nanoseconds, an enhanced block for each record.
  static func pcapng(_ records: [Record], linkType: Int = 1, bigEndian: Bool = false) -> [UInt8] {
    let build = PcapNG(bigEndian: bigEndian)
    return build.sectionHeader + build.interface(linkType: linkType)
      + records.flatMap { build.enhancedPacket($0) }
  }
}

/// The blocks of a pcapng file.
struct PcapNG {
  var bigEndian = false

  func number(_ value: UInt64, _ count: Int) -> [UInt8] { .number(value, byteCount: count, bigEndian: bigEndian) }

  func block(_ type: UInt64, _ body: [UInt8]) -> [UInt8] {
    let padded = body + [UInt8](repeating: 0, count: (4 - body.count % 4) % 4)
    let length = number(UInt64(padded.count + 12), 4)
    return number(type, 4) + length + padded + length
  }

  var sectionHeader: [UInt8] {
    block(0x0a0d_0d0a, number(0x1a2b_3c4d, 4) + number(1, 2) + number(0, 2) + number(.max, 8))
  }

  /// - Parameter resolution: The value of the option if_tsresol; 9 is nanoseconds.
  func interface(linkType: Int, resolution: UInt8? = 9, snapshotByteCount: Int = 0) -> [UInt8] {
    let option = resolution.map { number(9, 2) + number(1, 2) + [$0, 0, 0, 0] + number(0, 4) } ?? []
    return block(1, number(UInt64(linkType), 2) + number(0, 2) + number(UInt64(snapshotByteCount), 4) + option)
  }

  func enhancedPacket(_ record: Record, interface: Int = 0) -> [UInt8] {
    let lengths =
      number(UInt64(record.bytes.count), 4)
      + number(UInt64(record.originalByteCount ?? record.bytes.count), 4)
    let padding = [UInt8](repeating: 0, count: (4 - record.bytes.count % 4) % 4)
    return block(
      6,
      number(UInt64(interface), 4) + number(record.nanoseconds >> 32, 4) + number(record.nanoseconds & 0xffff_ffff, 4)
        + lengths + record.bytes + padding)
  }

  func simplePacket(_ bytes: [UInt8]) -> [UInt8] { block(3, number(UInt64(bytes.count), 4) + bytes) }
}

/// All that a capture gave.
struct Reading {
  var payloads: [[UInt8]] = []
  var infos: [DatagramInfo] = []
  var counts = CaptureCounts()
  var ports: [PortHistogram.Entry] = []
  var failure: IngestError?

  /// Reads a capture to its end or to the first trouble.
  init(_ file: [UInt8], ports wanted: [UInt16] = []) throws {
    let temporary = try TemporaryFile(file)
    try self.init(ByteStreamReader.open(path: temporary.path), ports: wanted)
  }

  init(_ stream: ByteStreamReader, ports wanted: [UInt16] = []) throws {
    let reader: CaptureReader
    do throws(IngestError) {
      reader = try CaptureReader(stream, destinationPorts: wanted)
    } catch {
      failure = error
      return
    }
    do throws(IngestError) {
      try reader.forEachDatagram { payload, info in
        payloads.append([UInt8](copying: payload))
        infos.append(info)
      }
    } catch {
      failure = error
    }
    counts = reader.counts
    ports = reader.ports.entries
    #expect(counts.isBalanced, "\(counts)")
    #expect(counts.heldFragmentCount == 0)
    #expect(counts.datagramCount == payloads.count)
    #expect(try reader.next { _, _ in Issue.record("lent after the end") } == .end)
  }
}

extension IngestError {
  /// What was wrong, without the name of the file.
  var damage: (byteOffset: Int, reason: String)? {
    if case .damaged(_, let byteOffset, let reason) = self { (byteOffset, reason) } else { nil }
  }
}
