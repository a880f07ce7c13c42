import CReference
import LinkHealth

/// What a datagram costs to receive one by one, and coalesced by the kernel (UDP_GRO) and cut up again.
struct CoalescingBenchmark {
  private static let passCount = 3
  private static let datagramCount: UInt64 = 100_000

  let address: String
  /// The file of the network namespace that is sent from.
  let senderNamespace: String?

  /// All combinations, the best pass of each, a line of JSON each.
  func report() throws -> String {
    var lines: [String] = []
    for byteCount in [1115, 1279] {
      for rate in [0.0, 93_000] {
        for segmentCount in [1, 32] {
          for isCoalescing in [false, true] {
            let best = try measure(byteCount, rate, segmentCount, isCoalescing)
            var writer = JSONWriter()
            writer.object { Self.write(best, (byteCount, rate, segmentCount, isCoalescing), to: &$0) }
            lines.append(writer.text)
          }
        }
      }
    }
    return lines.joined(separator: "\n")
  }

  private func measure(
    _ byteCount: Int, _ rate: Double, _ segmentCount: Int, _ isCoalescing: Bool
  ) throws -> creference_gro_result {
    var best: creference_gro_result?
    for _ in 0..<Self.passCount {
      let result = unsafe address.withCString { address in
        unsafe withOptional(senderNamespace) { namespace in
          var options = unsafe creference_gro_options(
            address: address, sender_namespace: namespace, datagram_byte_count: byteCount,
            datagram_count: Self.datagramCount, datagrams_per_second: rate, segments_per_send: segmentCount,
            is_coalescing: isCoalescing ? 1 : 0)
          return unsafe creference_gro_measure(&options)
        }
      }
      guard result.datagram_count > 0 else { continue }
      if best.map({ result.receiverCost < $0.receiverCost }) ?? true { best = result }
    }
    guard let best else { throw BenchmarkError.environment("nothing was received at \(address)") }
    return best
  }

  private func withOptional<Result>(_ text: String?, _ body: (UnsafePointer<CChar>?) -> Result) -> Result {
    guard let text else { return body(nil) }
    return unsafe text.withCString { unsafe body($0) }
  }

  private static func write(
    _ result: creference_gro_result, _ options: (byteCount: Int, rate: Double, segments: Int, isCoalescing: Bool),
    to json: inout JSONWriter
  ) {
    json.member("bytes", options.byteCount)
    json.member("datagrams_per_second", options.rate)
    json.member("sender", options.segments > 1 ? "UDP_SEGMENT" : "sendmmsg")
    json.member("receiver", options.isCoalescing ? "UDP_GRO" : "recvmmsg")
    json.member("receiver_microseconds", result.receiverCost)
    json.member("process_microseconds", result.process_seconds * 1e6 / Double(result.datagram_count))
    json.member("messages_per_datagram", Double(result.message_count) / Double(result.datagram_count))
    json.member("sent", result.sent_count)
    json.member("received", result.datagram_count)
  }
}

extension creference_gro_result {
  /// Microseconds of the receiving thread for each datagram.
  fileprivate var receiverCost: Double { receiver_seconds * 1e6 / Double(datagram_count) }
}
