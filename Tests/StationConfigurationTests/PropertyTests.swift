import StationConfiguration
import Testing

@Suite("Whatever the bytes are")
struct PropertyTests {
  /// SplitMix64: the same numbers from the same seed, everywhere.
  private struct SeededGenerator: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
      state &+= 0x9E37_79B9_7F4A_7C15
      var z = state
      z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
      z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
      return z ^ (z >> 31)
    }
  }

  /// Pieces that a YAML reader has to think about.
  private static let pieces = [
    "\t", "- ", ": ", "? ", "{", "}", "[", "]", ",", "&a ", "*a", "!!str ", "<<: ", "'", "\"", "|\n", ">-\n", "#", "\n",
    "\r\n", "---\n", "...\n", "%YAML 1.2\n", "@", "`", "\\", "010", "12:30", "no", "~", "0x", "1e9",
    "99999999999999999999",
    "\u{0}", "\u{FEFF}", "\u{85}", "\u{2028}", "\u{1F6F0}", "      ", "links:\n", "- name: a\n",
    "format: cadus", "sync_marker: 1ACFFC1D", "max_bit_errors: { lock: 9 }", "reed_solomon: { interleave: 5 }",
    "virtual_fill: 15", "randomizer: long131071", "error_control: crc32", "type: uslp", "min_length: 9",
    "max_length: 70000", "truncated_length: 6", "tcp: { listen: \"0.0.0.0:1\" }", "idle_timeout: 0.5",
  ].map { Array($0.utf8) }

  private static func mutated(_ bytes: [UInt8], _ generator: inout SeededGenerator) -> [UInt8] {
    var bytes = bytes
    for _ in 0..<Int.random(in: 1...6, using: &generator) {
      let start = Int.random(in: 0...bytes.count, using: &generator)
      let end = min(bytes.count, start + Int.random(in: 0...40, using: &generator))
      switch Int.random(in: 0..<6, using: &generator) {
      case 0: bytes.removeSubrange(start..<end)
      case 1: bytes.insert(contentsOf: bytes[start..<end], at: start)
      case 2: bytes.insert(UInt8.random(in: 0...255, using: &generator), at: start)
      case 3: bytes.removeSubrange(start..<min(bytes.count, start + 1))
      case 4: bytes = Array(bytes.prefix(max(20, end)))
      default: bytes.insert(contentsOf: pieces.randomElement(using: &generator) ?? [], at: start)
      }
    }
    return bytes
  }

  @Test("reading them ends in a station or in problems with positions, the same twice", arguments: 1...8)
  func neverTraps(seed: UInt64) throws {
    print("seed \(seed)")
    var generator = SeededGenerator(state: seed)
    let examples = try [Array(ExampleTests.text("downlinkd.yaml").utf8), Array(ExampleTests.text("minimal.yaml").utf8)]
    for round in 0..<40 {
      let bytes = Self.mutated(examples[round % 2], &generator)
      let first = outcome(bytes)
      #expect(first == outcome(bytes))
      let lineCount = bytes.filter { $0 == 0x0A || $0 == 0x0D }.count + 1
      #expect(first.allSatisfy { $0.line >= 1 && $0.line <= lineCount && $0.column >= 1 && !$0.message.isEmpty })
      #expect(first.allSatisfy { $0.hint?.isEmpty == false })
      #expect(first.allSatisfy { !$0.rendered.isEmpty })
    }
  }

  @Test("random bytes are read without a trap", arguments: 1...4)
  func takesNoise(seed: UInt64) {
    print("seed \(seed)")
    var generator = SeededGenerator(state: seed)
    for _ in 0..<300 {
      let count = Int.random(in: 0...60, using: &generator)
      var bytes: [UInt8] = []
      while bytes.count < count {
        if Bool.random(using: &generator) {
          bytes += Self.pieces.randomElement(using: &generator) ?? []
        } else {
          bytes.append(UInt8.random(in: 0...255, using: &generator))
        }
      }
      _ = findings(bytes: bytes)
    }
  }

  @Test("every beginning of the example is read without a trap, and its problems end where it ends")
  func takesEveryBeginning() throws {
    let bytes = Array(try ExampleTests.text("minimal.yaml").utf8)
    for count in 0...bytes.count {
      let lineCount = bytes.prefix(count).filter { $0 == 0x0A }.count + 1
      #expect(outcome(Array(bytes.prefix(count))).allSatisfy { $0.line <= lineCount })
    }
  }

  private func outcome(_ bytes: [UInt8]) -> [ConfigurationProblem] {
    do throws(ConfigurationErrors) {
      return try StationConfiguration.parse(bytes: bytes, fileName: "downlinkd.yaml").warnings
    } catch {
      return error.problems
    }
  }
}
