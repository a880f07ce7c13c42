import Ingest
import Testing

@Suite("Frames of one length, one behind the other")
struct FrameFileTests {
  @Test("whole frames and then what is left over, from a file and from a pipe, at any buffer size")
  func lendsFramesAndRest() throws {
    let bytes = [UInt8].pattern(100_003)
    let file = try TemporaryFile(bytes)
    for length in [1, 7, 223, 1115, 65_507, 100_003, 200_000] {
      for bufferByteCount in [64, 1000, 262_144] {
        let streams = [
          try ByteStreamReader.open(path: file.path), try pipe(feeding: bytes, bufferByteCount: bufferByteCount),
        ]
        for stream in streams {
          #expect(stream.totalByteCount == (stream === streams[0] ? 100_003 : nil))
          let reader = FrameFileReader(stream, frameByteCount: length)
          var whole: [UInt8] = []
          var lengths: [Int] = []
          while try reader.next({
            whole += [UInt8](copying: $0)
            lengths.append($0.byteCount)
          }) { #expect(stream.consumedByteCount == whole.count) }
          #expect(whole == bytes)
          #expect(lengths.dropLast().allSatisfy { $0 == length })
          #expect(lengths.last == (100_003 % length == 0 ? length : 100_003 % length))
          #expect(try !reader.next { _ in Issue.record("lent after the end") })
        }
        if length == 1 { break }
      }
    }
  }

  @Test("looking at what a stream holds takes nothing away, not even from a pipe")
  func detectsWithoutLoss() throws {
    for bytes in [[], [1], [UInt8].pattern(11), [UInt8].pattern(500)] as [[UInt8]] {
      let stream = try pipe(feeding: bytes)
      #expect(try stream.detectKind() == .other)
      #expect(try stream.detectKind() == .other)
      #expect(stream.consumedByteCount == 0)
      var whole: [UInt8] = []
      while try stream.next(upTo: 100, { whole += [UInt8](copying: $0) }) {}
      #expect(whole == bytes)
    }
    let capture = Capture.pcap([Record(Packet.ethernet(Packet.ipv4(Packet.udp([1, 2, 3]))))])
    let stream = try pipe(feeding: capture)
    #expect(try stream.detectKind() == .capture)
    #expect(try Reading(stream).payloads == [[1, 2, 3]])
    #expect(stream.consumedByteCount == capture.count)
  }

  @Test("files that cannot be read are refused, each with its reason")
  func refusesFiles() throws {
    #expect(throws: IngestError.cannotOpen(path: "/no/such/file", errno: 2)) {
      try ByteStreamReader.open(path: "/no/such/file")
    }
    #expect(throws: IngestError.cannotOpen(path: "/tmp", errno: 21)) { try ByteStreamReader.open(path: "/tmp") }
    let writeOnly = ByteStreamReader(fileDescriptor: -1, path: "closed", closing: false)
    #expect(throws: IngestError.cannotRead(path: "closed", byteOffset: 0, errno: 9)) {
      try writeOnly.next(upTo: 1) { _ in }
    }
    #expect(throws: IngestError.cannotRead(path: "closed", byteOffset: 0, errno: 9)) { try CaptureReader(writeOnly) }
  }
}
