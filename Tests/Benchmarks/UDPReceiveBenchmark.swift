import CCSDSLink
import CCSDSWire
import CReference
import DownlinkService
import Ingest
import LinkHealth

/// Receiving datagrams of one AOS frame each: the queue of the socket is filled first, then drained; only that is
/// timed. Alone, and with everything up to the ledger.
enum UDPReceiveBenchmark {
  private static let datagramCount = 4096

  static func contests() throws -> [Contest] {
    let frames = try BenchmarkInput.aosFrames(datagramCount, hasErrorControl: true)
    return [
      Contest(
        name: "udp receive, 1115 bytes", byteCount: frames.count, unit: "datagram", unitCount: datagramCount,
        reference: try bareLoop(frames),
        contenders: [
          try receiver("receiver alone", frames) { try receive(from: $0) },
          try receiver("receiver alone, memory kept", frames, isKept: true) { try receive(from: $0) },
          try receiver("receiver and link pipeline", frames) { try decode(from: $0) },
          try receiver("receiver and link pipeline, memory and state kept", frames, isKept: true) {
            try decode(from: $0)
          },
        ])
    ]
  }

  private static func receive(from receiver: UDPReceiver) throws -> Int {
    var byteCount = 0
    repeat {
      if !receiver.hasRoom { _ = receiver.save([]) }
    } while try receiver.receiveBatch({ bytes, _ in byteCount += bytes.byteCount }) > 0
    return byteCount
  }

  private static func decode(from receiver: UDPReceiver) throws -> Int {
    var pipeline = LinkBench.pipeline(hasErrorControl: true)
    var state: [UInt8] = []
    func take(_ bytes: RawSpan, _ about: DatagramInfo) {
      let time = about.receivedAtNanoseconds.map { ReceptionTime(nanosecondsSince1970: $0) }
      pipeline.receive(bytes, UnitDescription(time: time, originalByteCount: about.originalByteCount))
    }
    repeat {
      if !receiver.hasRoom {
        var archive = StateArchive(savingTo: state)
        state = []
        pipeline.archive(&archive)
        state = archive.bytes
        _ = receiver.save(state)
      }
    } while try receiver.receiveBatch(take) > 0
    return pipeline.sink.ledger.receivedFrameByteCount
  }

  private static func bareLoop(_ frames: [UInt8]) throws -> Contender {
    let sink = try UDPSink(port: 0, largestDatagramByteCount: 2048)
    let fill = try filling(port: sink.port, bufferByteCount: sink.bufferByteCount, frames)
    return Contender(name: "bare C recvmmsg loop", prepare: fill) { sink.drain().byte_count }
  }

  private static func receiver(
    _ name: String, _ frames: [UInt8], isKept: Bool = false, drain: @escaping (UDPReceiver) throws -> Int
  ) throws -> Contender {
    var input = UDPInput(host: "127.0.0.1", port: 0)
    input.maximumDatagramByteCount = 2048
    let memory = isKept ? try ReceiveMemory.make(slotByteCount: input.slotByteCount, isKept: true) : nil
    let receiver = try UDPReceiver.open(input, into: memory)
    let fill = try filling(port: receiver.localPort, bufferByteCount: receiver.receiveBufferByteCount, frames)
    return Contender(name: name, prepare: fill) { UInt64(try drain(receiver)) }
  }

  /// What fills the queue of a socket.
  private static func filling(
    port: UInt16, bufferByteCount: Int, _ frames: [UInt8]
  ) throws -> () throws -> Void {
    // A datagram of this size takes 2304 bytes of the buffer's memory, and a little more on some kernels.
    guard bufferByteCount >= datagramCount * 3072 else {
      throw BenchmarkError.environment("a receive buffer of \(bufferByteCount) bytes does not hold the datagrams")
    }
    let sender = try UDPSender(host: "127.0.0.1", port: port)
    let byteCounts = [Int](repeating: LinkBench.frameByteCount, count: UDPSender.batchCapacity)
    return {
      let batchByteCount = byteCounts.count * LinkBench.frameByteCount
      for start in stride(from: 0, to: frames.count, by: batchByteCount) {
        try sender.sendBatch(
          unsafe frames.span.bytes.extracting(start..<start + batchByteCount), byteCounts: byteCounts)
      }
    }
  }
}
