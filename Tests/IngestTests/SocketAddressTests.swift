import Ingest
import Testing

@Suite("Socket addresses in words, RFC 5952")
struct SocketAddressTests {
  @Test(
    "the longest run of zeros is left out, once",
    arguments: [
      ("0000000000000000", "0000000000000001", "::1"), ("0000000000000000", "0000000000000000", "::"),
      ("20010db800000000", "0000000000000001", "2001:db8::1"),
      ("20010db800000000", "0001000000000001", "2001:db8::1:0:0:1"),
      ("20010db800010001", "0001000100010001", "2001:db8:1:1:1:1:1:1"),
      ("20010db800000001", "0001000100010001", "2001:db8:0:1:1:1:1:1"),
      ("fe80000000000000", "0000000000000000", "fe80::"),
      ("00000000abcd0000", "0000000000000001", "0:0:abcd::1"),
    ])
  func writesIPv6(high: String, low: String, text: String) throws {
    let address = SocketAddress(
      ipv6High: try #require(UInt64(high, radix: 16)), low: try #require(UInt64(low, radix: 16)), port: 5)
    #expect(address.description == "[\(text)]:5")
  }

  @Test("IPv4 is written in four numbers, wrapped in IPv6 or not")
  func writesIPv4() {
    let plain = SocketAddress(ipv4: 0x7f00_0001, port: 10_017)
    let wrapped = SocketAddress(ipv6High: 0, low: 0xffff_7f00_0001, port: 10_017)
    #expect(plain.description == "127.0.0.1:10017")
    #expect(wrapped == plain)
  }
}
