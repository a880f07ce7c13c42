import CReference
import Glibc

/// Receiving datagrams of 1115 bytes: the queue of the socket is filled first, then drained; only that is timed.
enum UDPReceiveBenchmark {
  private static let datagramByteCount = 1115
  private static let datagramCount = 4096

  static func contests() throws -> [Contest] {
    let sink = try UDPSink(port: 0, largestDatagramByteCount: 2048)
    let sender = try UDPSender(port: sink.port)
    let datagrams = BenchmarkInput.bytes(datagramCount * datagramByteCount)
    // A datagram of this size takes 2304 bytes of the buffer's memory, and a little more on some kernels.
    guard sink.bufferByteCount >= datagramCount * 3072 else {
      throw BenchmarkError.environment("a receive buffer of \(sink.bufferByteCount) bytes does not hold the datagrams")
    }
    let reference = Contender(
      name: "bare C recvmmsg loop", prepare: { try sender.send(datagrams, datagramByteCount: datagramByteCount) },
      run: { sink.drain().datagram_count })
    return [
      Contest(
        name: "udp receive, 1115 bytes", byteCount: datagrams.count, unit: "datagram", unitCount: datagramCount,
        reference: reference, contenders: [])
    ]
  }
}

/// Sends from a socket of its own to a port on the loopback interface.
final class UDPSender {
  private let descriptor: Int32

  init(port: UInt16) throws {
    descriptor = creference_sender_open(port)
    guard descriptor >= 0 else { throw BenchmarkError.environment("no socket to send from: errno \(errno)") }
  }

  deinit { close(descriptor) }

  func send(_ datagrams: [UInt8], datagramByteCount: Int) throws {
    let count = datagrams.count / datagramByteCount
    let sent = unsafe datagrams.withUnsafeBufferPointer { buffer in
      unsafe creference_send(descriptor, buffer.baseAddress, count, datagramByteCount)
    }
    guard sent == count else { throw BenchmarkError.environment("only \(sent) of \(count) datagrams sent") }
  }
}
