import StationConfiguration
import Testing

@Suite("Addresses and blocks of them")
struct AddressTests {
  @Test(
    "are read and written in their usual form",
    arguments: [
      ("127.0.0.1", "127.0.0.1"), ("0.0.0.0", "0.0.0.0"), ("255.255.255.255", "255.255.255.255"), ("::", "::"),
      ("::1", "::1"), ("fe80::1:2", "fe80::1:2"), ("2001:DB8:0:0:1:0:0:1", "2001:db8::1:0:0:1"),
      ("1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7:8"), ("1::", "1::"), ("::ffff:10.0.0.1", "10.0.0.1"),
      ("1:0:2:3:4:5:6:7", "1:0:2:3:4:5:6:7"), ("64:ff9b::192.0.2.33", "64:ff9b::c000:221"),
    ])
  func readsAddress(text: String, written: String) throws {
    let address = try #require(IPAddress(text))
    #expect(address.description == written)
    #expect(IPAddress(bytes: address.bytes) == address)
    #expect(address.bytes.count == (address.isIPv6 ? 16 : 4))
  }

  @Test(
    "are nothing else",
    arguments: [
      "", "localhost", "1.2.3", "1.2.3.4.5", "256.1.1.1", "01.2.3.4", "1.2.3.-4", "1.2.3.4 ", ":", ":::", "1:2",
      "1::2::3",
      "12345::", "1:2:3:4:5:6:7:8:9", "::1.2.3", "1.2.3.4::", "g::", "1:2:3:4:5:6:7::8", "fe80::1%eth0", "+1.2.3.4",
      "::+1",
    ])
  func refusesAddress(text: String) {
    #expect(IPAddress(text) == nil)
  }

  @Test("know what they stand for")
  func classifies() throws {
    for text in ["127.0.0.1", "127.255.0.3", "::1", "::ffff:127.0.0.1"] {
      #expect(try #require(IPAddress(text)).isLoopback)
    }
    for text in ["128.0.0.1", "0.0.0.0", "::2", "::"] { #expect(try #require(IPAddress(text)).isLoopback == false) }
    for text in ["224.0.0.1", "239.255.255.255", "ff02::1"] { #expect(try #require(IPAddress(text)).isMulticast) }
    for text in ["223.255.255.255", "240.0.0.0", "fe80::1"] {
      #expect(try #require(IPAddress(text)).isMulticast == false)
    }
    for text in ["0.0.0.0", "::"] { #expect(try #require(IPAddress(text)).isUnspecified) }
  }

  @Test(
    "a block holds what begins with its bits, and nothing of the other family",
    arguments: [
      ("10.0.0.0/8", ["10.0.0.0", "10.255.255.255", "::ffff:10.1.1.1"], ["9.255.255.255", "11.0.0.0", "::", "a00::"]),
      ("192.0.2.7", ["192.0.2.7"], ["192.0.2.6", "192.0.2.8"]),
      ("192.0.2.128/25", ["192.0.2.128", "192.0.2.255"], ["192.0.2.127", "192.0.3.0"]),
      ("0.0.0.0/0", ["0.0.0.0", "255.255.255.255"], ["::", "ffff::"]),
      ("::/0", ["::", "ffff::"], ["0.0.0.0"]),
      ("fd00::/8", ["fd00::", "fdff:ffff::1"], ["fc00::", "fe00::"]),
      ("2001:db8::1/128", ["2001:db8::1"], ["2001:db8::2"]),
    ] as [(String, [String], [String])])
  func contains(block: String, inside: [String], outside: [String]) throws {
    let block = try AddressBlock(block)
    for text in inside { #expect(block.contains(try #require(IPAddress(text)))) }
    for text in outside { #expect(block.contains(try #require(IPAddress(text))) == false) }
  }

  @Test(
    "a block is an address and the count of bits that matter",
    arguments: [
      "", "/", "10.0.0.0/", "/8", "10.0.0.0/33", "10.0.0.0/08", "10.0.0.0/-1", "10.0.0.0/8/8", "::/129", "10/8", "a",
    ])
  func refusesBlock(text: String) {
    #expect(throws: AddressBlockError.malformed) { try AddressBlock(text) }
  }

  @Test(
    "a block has no bits behind its prefix",
    arguments: [("10.1.2.3/8", "10.0.0.0/8"), ("fd00::1/64", "fd00::/64"), ("1.2.3.4/0", "0.0.0.0/0")])
  func refusesHostBits(text: String, network: String) {
    #expect(throws: AddressBlockError.hostBits(network: network)) { try AddressBlock(text) }
  }
}
