import CCSDSLink
import CCSDSWire
import DownlinkService
import Glibc
import Ingest

/// A capture of UDP datagrams of one AOS frame each, to packets: libpcap reads it in both.
enum CaptureBenchmark {
  private static let frameCount = 16_384

  static func contests() throws -> [Contest] {
    let capture = try TemporaryCapture(frames: BenchmarkInput.aosFrames(frameCount, hasErrorControl: true))
    let walker = try FrameWalker()
    return [
      Contest(
        name: "pcap to packets, crc16", byteCount: frameCount * LinkBench.frameByteCount, unit: "frame",
        unitCount: frameCount,
        reference: Contender(name: "libpcap and C walker") {
          walker.digest(ofCapture: capture.path, hasErrorControl: true)
        },
        contenders: [
          Contender(name: "capture reader and link pipeline") { try digest(ofCapture: capture.path) }
        ])
    ]
  }

  private static func digest(ofCapture path: String) throws -> UInt64 {
    let reader = try CaptureReader(ByteStreamReader.open(path: path))
    var pipeline = LinkBench.pipeline(hasErrorControl: true)
    try reader.forEachDatagram { bytes, about in
      let time = about.receivedAtNanoseconds.map { ReceptionTime(nanosecondsSince1970: $0) }
      pipeline.receive(bytes, UnitDescription(time: time, originalByteCount: about.originalByteCount))
    }
    pipeline.finish()
    return LinkBench.digest(pipeline)
  }
}

/// A capture that is deleted when nobody needs it any more.
private final class TemporaryCapture {
  let path: String

  init(frames: [UInt8]) throws {
    var template = "/tmp/benchmark-XXXXXX".utf8CString
    let descriptor = unsafe template.withUnsafeMutableBufferPointer { buffer in
      unsafe buffer.baseAddress.map { unsafe mkstemp($0) } ?? -1
    }
    guard descriptor >= 0 else { throw BenchmarkError.environment("no temporary file: errno \(errno)") }
    close(descriptor)
    path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    let writer = try CaptureWriter(path: path)
    var time: Int64 = 1_767_225_600_000_000_000
    for start in stride(from: 0, to: frames.count, by: LinkBench.frameByteCount) {
      try writer.write(
        unsafe frames.span.bytes.extracting(start..<start + LinkBench.frameByteCount), timeNanoseconds: time,
        sourcePort: 40_000, destinationPort: 10_000)
      time += 20_000
    }
    try writer.close()
  }

  deinit { unsafe unlink(path) }
}
