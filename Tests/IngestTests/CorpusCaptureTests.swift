import Glibc
import Ingest
import TestSupport
import Testing

/// Recorded frames and packets in captures that scapy wrote; the numbers are what tshark 4.0.17 extracted.
@Suite("The captures of the corpus, as tshark reads them")
struct CorpusCaptureTests {
  struct Item: Sendable, CustomTestStringConvertible {
    let file: String
    let recordCount: Int
    let port: UInt16
    let datagramCount: Int
    let byteCount: Int
    let firstTime: Int64
    let lastTime: Int64
    let sha256: String

    var testDescription: String { "\(file) port \(port)" }
  }

  static let items = [
    Item(
      file: "aditya_tm_sll_bigendian.pcap", recordCount: 1230, port: 10_221, datagramCount: 1230, byteCount: 271_830,
      firstTime: 1_700_000_000_000_124_000, lastTime: 1_700_000_012_290_123_000,
      sha256: "ef395c6d2939628e56265a627394e1ebae3b2a505393d4c9a3e53eb70733974e"),
    Item(
      file: "emm_aos_frames_udp.pcap", recordCount: 553, port: 10_223, datagramCount: 553, byteCount: 123_319,
      firstTime: 1_700_000_000_000_124_000, lastTime: 1_700_000_005_520_123_000,
      sha256: "72a83798613eb9b666010b7092516a9a5cc0fbe6f7e071c8f52fbe3e3b5aa9a0"),
    Item(
      file: "packets_two_ports_noise_nsec.pcap", recordCount: 638, port: 10_011, datagramCount: 400, byteCount: 142_000,
      firstTime: 1_700_000_000_000_123_501, lastTime: 1_700_000_004_990_123_510,
      sha256: "b40c1e1d95364972eb4827a4cd7ea1712702b073bf75c57e57bf22b083a743c2"),
    Item(
      file: "packets_two_ports_noise_nsec.pcap", recordCount: 638, port: 10_806, datagramCount: 100, byteCount: 188_200,
      firstTime: 1_700_000_000_010_123_491, lastTime: 1_700_000_003_170_123_577,
      sha256: "e2f5c9d5ebbe7e2642f50818a6a0864855f1efc46791638986c1240c0214141c"),
    Item(
      file: "packets_two_ports_noise_nsec.pcap", recordCount: 638, port: 9, datagramCount: 35, byteCount: 175,
      firstTime: 1_700_000_000_040_499_926, lastTime: 1_700_000_004_790_499_926,
      sha256: "5ea0a476daeb5faa103ab8acbd527c7eb3aefe52112177b5aa609188ea51e043"),
    Item(
      file: "packets_two_ports_noise_nsec.pcap", recordCount: 638, port: 53, datagramCount: 33, byteCount: 957,
      firstTime: 1_700_000_000_170_500_040, lastTime: 1_700_000_004_850_499_868,
      sha256: "b386e2470fb2221c0d136a7f868826cbddd6652ee775baf1228d583ccfb6fcf5"),
    Item(
      file: "snpp_cadus_udp6.pcapng", recordCount: 65, port: 11_024, datagramCount: 65, byteCount: 66_560,
      firstTime: 1_700_000_000_000_123_000, lastTime: 1_700_000_000_640_123_000,
      sha256: "25ba1a01d76789b8d590b19a0697e20a02d7e1ee246ebff512c4b2390e3d4f75"),
  ]

  static let folder =
    if let path = unsafe getenv("DOWNLINKD_CORPUS") {
      unsafe String(cString: path)
    } else {
      "../shared/corpus"
    }
  static let isPresent = unsafe access(folder + "/data/pcap", R_OK) == 0

  @Test(
    "datagrams, bytes, times and payloads agree",
    .enabled(if: isPresent, "no corpus: set DOWNLINKD_CORPUS to its folder (default ../shared/corpus)"),
    arguments: items)
  func agrees(item: Item) throws {
    let reading = try Reading(
      ByteStreamReader.open(path: Self.folder + "/data/pcap/" + item.file), ports: [item.port])
    #expect(reading.failure == nil)
    #expect(reading.counts.recordCount == item.recordCount)
    #expect(reading.counts.malformedCount == 0)
    #expect(reading.counts.datagramCount == item.datagramCount)
    #expect(reading.ports.first { $0.port == item.port }?.datagramCount == item.datagramCount)
    #expect(reading.payloads.reduce(0) { $0 + $1.count } == item.byteCount)
    #expect(reading.infos.first?.receivedAtNanoseconds == item.firstTime)
    #expect(reading.infos.last?.receivedAtNanoseconds == item.lastTime)
    #expect(SHA256.hex(reading.payloads.flatMap { $0 }) == item.sha256)
  }

  @Test("the digest is SHA-256: the example of FIPS 180-4 for \"abc\"")
  func digestsExample() {
    #expect(
      SHA256.hex(Array("abc".utf8)) == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
  }
}
