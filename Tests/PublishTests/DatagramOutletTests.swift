import CLinux
import Glibc
import Publish
import Testing

@Suite("Datagrams that leave without waiting")
struct DatagramOutletTests {
  /// A socket of this process, with its port.
  private final class Receiver {
    let descriptor: Int32
    let port: UInt16

    init() throws {
      var address = clinux_address()
      try #require(unsafe clinux_address_parse("127.0.0.1", 0, &address) == 0)
      descriptor = unsafe clinux_udp_socket(&address, 1)
      try #require(descriptor >= 0)
      try #require(unsafe clinux_bind(descriptor, &address) >= 0)
      port = UInt16(clinux_local_port(descriptor))
    }

    deinit { close(descriptor) }

    /// All that has come.
    func take() -> [[UInt8]] {
      var found: [[UInt8]] = []
      var buffer = [UInt8](repeating: 0, count: 65_536)
      while true {
        let count = unsafe buffer.withUnsafeMutableBytes { unsafe recv(descriptor, $0.baseAddress, $0.count, 0) }
        guard count >= 0 else { return found }
        found.append(Array(buffer[..<count]))
      }
    }
  }

  private func append(_ bytes: [UInt8], to outlet: DatagramOutlet) { outlet.append(unsafe bytes.span.bytes) }

  @Test("what is given to it arrives whole, in order, when it is flushed or 64 are there")
  func sends() throws {
    let receiver = try Receiver()
    let outlet = DatagramOutlet(host: "127.0.0.1", port: receiver.port)
    outlet.open()
    let datagrams = (0..<130).map { [UInt8](repeating: UInt8($0), count: 1 + $0 * 3) }
    for datagram in datagrams.prefix(63) { append(datagram, to: outlet) }
    #expect(receiver.take() == [])
    for datagram in datagrams.dropFirst(63) { append(datagram, to: outlet) }
    #expect(receiver.take() == Array(datagrams.prefix(128)))
    outlet.flush()
    #expect(receiver.take() == Array(datagrams.suffix(2)))
    #expect(outlet.counts.sent == 130)
    // 1 + 4 + 7 + … + 388, 130 numbers.
    #expect(outlet.counts.sentByteCount == 25_285)
    #expect(outlet.counts.dropped == 0)
    #expect(outlet.lastErrno == 0)
  }

  @Test("one that is longer than a datagram can be is counted as such, and the others go")
  func refusesTooLong() throws {
    let receiver = try Receiver()
    let outlet = DatagramOutlet(host: "127.0.0.1", port: receiver.port)
    outlet.open()
    append([UInt8](repeating: 1, count: 65_508), to: outlet)
    append([UInt8](repeating: 2, count: 65_507), to: outlet)
    outlet.flush()
    #expect(outlet.counts.tooLong == 1)
    #expect(outlet.counts.sent == 1)
    #expect(receiver.take().map(\.count) == [65_507])
  }

  @Test("where nobody listens that is told of, and every datagram is in one count")
  func countsRefusals() throws {
    let port: UInt16 = try { try Receiver().port }()
    let outlet = DatagramOutlet(host: "127.0.0.1", port: port)
    outlet.open()
    for number in 0..<200 {
      append([UInt8(number)], to: outlet)
      outlet.flush()
    }
    #expect(outlet.refusalCount > 0)
    #expect(outlet.counts.sent + outlet.counts.dropped == 200)
  }

  @Test("what cannot be opened fails, is counted, and is tried again")
  func countsFailures() {
    // Not routed without the option for broadcasts.
    let outlet = DatagramOutlet(host: "255.255.255.255", port: 9)
    outlet.open()
    append([1], to: outlet)
    outlet.flush()
    #expect(outlet.counts.failed == 1)
    #expect(outlet.counts.dropped == 1)
    #expect(outlet.counts.sent == 0)
    #expect(outlet.lastErrno != 0)
  }
}
