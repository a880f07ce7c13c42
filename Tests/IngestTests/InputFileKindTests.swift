import Ingest
import Testing

@Suite("What a file is, told by its first bytes")
struct InputFileKindTests {
  @Test(
    "pcap in both byte orders and resolutions, and pcapng, are captures",
    arguments: [
      "a1b2c3d4 00020004 00000000", "d4c3b2a1 02000400 00000000", "a1b23c4d 00020004 00000000",
      "4d3cb2a1 02000400 00000000", "0a0d0d0a 1c000000 4d3c2b1a", "0a0d0d0a 0000001c 1a2b3c4d",
      "a1b2c3d4", "d4c3b2a1 02", "0a0d0d0a", "0a0d0d0a 1c000000 4d3c2b",
    ])
  func recognizesCaptures(hex: String) { #expect(kind(hex) == .capture) }

  @Test(
    "gzip, zstd, xz and bzip2 are compressed",
    arguments: [
      "1f8b0800 00000000 0003 cb48", "1f8b0808 5f5e1065 02ff 612e", "28b52ffd 24106100 00000000",
      "fd377a58 5a000004 e6d6b446", "425a6839 31415926 5359 4eec",
    ])
  func recognizesCompression(hex: String) { #expect(kind(hex) == .compressed) }

  @Test(
    "frames and packets are neither, even where they begin like something else",
    arguments: [
      "", "00", "0a", "a1b2c3", "1acffc1d 00000000 00000000",
      // AOS frames of spacecraft 0x34 and 0xd3 whose first bytes happen to be a magic number.
      "4d3cb2a1 00000000 00000000", "34cdb2a1 12340000 00000000",
      // A TM frame of spacecraft 0x1f8 that begins like gzip.
      "1f8b0817 18001234 5678 9abc", "0a0d0d0a 00000000 00000000",
    ])
  func leavesOthers(hex: String) { #expect(kind(hex) == .other) }

  private func kind(_ hex: String) -> InputFileKind {
    let bytes = [UInt8](hex: hex)
    return unsafe InputFileKind(detecting: bytes.span.bytes)
  }
}
