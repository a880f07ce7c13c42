import CCSDSCoding
import CReference

/// The synchronizer in lock, at whole bytes and beside them, and in search of a marker that is not there.
///
/// The bytes come 64 KiB at a time, as from a file.
enum SynchronizerBenchmark {
  private static let codeblockByteCount = 1275
  private static let unitByteCount = 4 + codeblockByteCount

  static func contests() -> [Contest] {
    [
      locked("sync in lock, at whole bytes", bitOffset: 0), locked("sync in lock, three bits beside", bitOffset: 3),
      search(),
    ]
  }

  private static func locked(_ name: String, bitOffset: Int) -> Contest {
    let unitCount = 4000
    let bytes = units(unitCount, bitOffset: bitOffset)
    let reference = Contender(name: "C loop over the markers") {
      let found = unsafe bytes.withUnsafeBufferPointer { buffer in
        unsafe creference_sync_follow(buffer.baseAddress, buffer.count, unitByteCount, UInt32(bitOffset))
      }
      return found.digest &+ found.unit_count << 32
    }
    return Contest(
      name: name, byteCount: bytes.count, unit: "unit", unitCount: unitCount, reference: reference,
      contenders: [synchronizer(over: bytes)])
  }

  private static func search() -> Contest {
    let bytes = BenchmarkInput.bytes(4 << 20)
    let reference = Contender(name: "C loop over every bit") {
      let found = unsafe bytes.withUnsafeBufferPointer { buffer in
        unsafe creference_sync_search(buffer.baseAddress, buffer.count, unitByteCount)
      }
      return found.digest &+ found.unit_count << 32
    }
    return Contest(
      name: "sync search in random bytes", byteCount: bytes.count, unit: "byte", unitCount: bytes.count,
      reference: reference, contenders: [synchronizer(over: bytes)])
  }

  private static func synchronizer(over bytes: [UInt8]) -> Contender {
    let receiver = SynchronizedReceiver(codeblockByteCount: codeblockByteCount)
    return Contender(name: "synchronizer") { receiver.run(bytes) }
  }

  /// Units of random bytes, and one byte more at the end.
  private static func units(_ count: Int, bitOffset: Int) -> [UInt8] {
    var bytes = BenchmarkInput.bytes(count * unitByteCount + 9)
    for start in stride(from: 0, to: count * unitByteCount, by: unitByteCount) {
      bytes.replaceSubrange(start..<start + 4, with: [0x1A, 0xCF, 0xFC, 0x1D])
    }
    guard bitOffset > 0 else { return bytes }
    var carried: UInt8 = 0
    return bytes.map { byte in
      defer { carried = byte << UInt8(8 - bitOffset) }
      return carried | byte >> UInt8(bitOffset)
    }
  }
}

/// A synchronizer that is made once, and what it hands over to.
private final class SynchronizedReceiver {
  private var synchronizer: FrameSynchronizer
  private var receiver = CountingReceiver()

  init(codeblockByteCount: Int) {
    synchronizer = FrameSynchronizer(
      marker: .standard, codeblockByteCount: codeblockByteCount, tolerance: MarkerTolerance())
  }

  func run(_ bytes: [UInt8]) -> UInt64 {
    receiver = CountingReceiver()
    for start in stride(from: 0, to: bytes.count, by: 65_536) {
      let piece = unsafe bytes.span.bytes.extracting(start..<min(start + 65_536, bytes.count))
      synchronizer.receive(piece, endsUnit: false, into: &receiver)
    }
    synchronizer.finish(into: &receiver)
    return receiver.digest &+ receiver.unitCount << 32
  }
}

/// Counts units, and looks at one byte of each.
private struct CountingReceiver: CodeblockReceiver {
  private(set) var unitCount: UInt64 = 0
  private(set) var digest: UInt64 = 0
  private var last: UInt64 = 0

  mutating func append(_ window: RawSpan, bitOffset: Int, marker: MarkerObservation) {
    last = UInt64(unsafe window.unsafeLoad(fromByteOffset: 0, as: UInt8.self))
    unitCount += 1
    digest += last
  }

  mutating func proveLast() -> CodeblockProof { .none }

  mutating func removeLast() {
    unitCount -= 1
    digest -= last
  }

  mutating func observe(_ event: CodingEvent) {}
}
