import CReference
import Glibc
import LinkHealth

/// Owns the bare sink in C: a socket on the loopback interface, 64 slots and a loop of recvmmsg.
@safe final class UDPSink {
  private let sink: OpaquePointer

  /// - Parameter port: Where to listen; 0 for any free one.
  init(port: UInt16, largestDatagramByteCount: Int) throws {
    guard let sink = unsafe creference_sink_open(port, largestDatagramByteCount) else {
      throw BenchmarkError.environment("no socket on port \(port): errno \(errno)")
    }
    unsafe self.sink = sink
  }

  deinit { unsafe creference_sink_close(sink) }

  var port: UInt16 { unsafe creference_sink_port(sink) }

  /// In bytes of kernel memory.
  var bufferByteCount: Int { unsafe creference_sink_buffer(sink) }

  var dropCount: Int { Int(unsafe creference_sink_drops(sink)) }

  func drain() -> creference_reception { unsafe creference_sink_drain(sink) }

  /// Receives until nothing has come for a while after the first datagram, and says what it took.
  ///
  /// - Parameter pollMicroseconds: How long to sleep between two looks; 0 waits in the kernel for each datagram.
  func reportUntilIdle(seconds: Double, pollMicroseconds: UInt32 = 0) -> String {
    let start = processSeconds()
    var stop: Int32 = 0
    let reception =
      pollMicroseconds == 0
      ? unsafe creference_sink_run(sink, seconds, &stop)
      : unsafe creference_sink_poll(sink, seconds, pollMicroseconds)
    let used = processSeconds() - start
    var writer = JSONWriter()
    writer.object {
      $0.member("datagrams", reception.datagram_count)
      $0.member("bytes", reception.byte_count)
      $0.member("kernel_dropped", dropCount)
      $0.member("cpu_seconds", used)
      $0.member("cpu_microseconds_per_datagram", used * 1e6 / Double(max(1, reception.datagram_count)))
    }
    return writer.text
  }
}
