import Ingest
import Testing

@Suite("The kernel's drop count over 32 bits")
struct DropCounterTests {
  @Test("counts up, ignores what is older, and goes on over the wrap")
  func extendsOverWrap() {
    var counter = DropCounter()
    let steps: [(UInt32, UInt64)] = [
      (0, 0), (5, 5), (5, 5), (3, 5), (0x7fff_ffff, 0x7fff_ffff), (0xffff_fff0, 0xffff_fff0), (2, 0x1_0000_0002),
      (0xffff_fff0, 0x1_0000_0002), (1000, 0x1_0000_03e8),
    ]
    for (count, total) in steps {
      counter.observe(count)
      #expect(counter.total == total)
    }
  }
}
