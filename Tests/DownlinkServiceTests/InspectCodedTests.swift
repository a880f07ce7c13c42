import CCSDSCoding
import CCSDSLink
import DownlinkService
import StationConfiguration
import Testing

/// Units of 1279 bytes: a marker of 4, and five codewords whose symbols stand one after the other behind it.
@Suite("Inspection of coded units")
struct InspectCodedTests {
  /// What is said of a unit before its frame is taken apart: the line with its number, and those of its coding.
  private static func heads(_ bytes: [UInt8], _ parameters: LinkParameters) throws -> [String] {
    let folder = try TemporaryFolder()
    let file = try folder.write(bytes, to: "units")
    var lines: [String] = []
    try Inspector(parameters: parameters, options: Inspector.Options()).inspect(path: file) { lines.append($0) }
    return lines.split(separator: "").map { unit in
      let end = unit.firstIndex { $0.contains("primary header") } ?? unit.endIndex
      return unit[..<end].joined(separator: "\n")
    }
  }

  private static func heads(_ change: (inout [UInt8]) -> Void) throws -> [String] {
    let recording = try Recording.coded(isClean: true)
    var bytes = Array(recording.bytes.prefix(8 * 1279))
    change(&bytes)
    return try heads(bytes, recording.link.parameters)
  }

  private static func clean(_ number: Int, at offset: Int) -> String {
    """
    frame \(number), byte \(offset), 1115 bytes
      channel coding
        sync marker without an error
        wrong symbols by codeword: 0, 0, 0, 0, 0
    """
  }

  @Test("clean units have a marker without an error and no wrong symbols")
  func tellsCleanUnits() throws {
    #expect(try Self.heads { _ in } == (0..<8).map { Self.clean($0 + 1, at: $0 * 1279) })
  }

  @Test("wrong bits of a marker and wrong symbols are counted, each symbol in its codeword")
  func tellsCorrections() throws {
    let heads = try Self.heads {
      $0[2 * 1279] ^= 0x05
      for (codeword, count) in [1, 0, 2, 0, 16].enumerated() {
        for symbol in 0..<count { $0[2 * 1279 + 4 + 5 * (symbol * 7) + codeword] ^= 0xFF }
      }
    }
    #expect(
      heads[2] == """
        frame 3, byte 2558, 1115 bytes
          channel coding
            sync marker with 2 wrong bits
            wrong symbols by codeword: 1, 0, 2, 0, 16
        """)
    #expect(heads[3] == Self.clean(4, at: 3 * 1279))
  }

  @Test("a codeblock beyond correction is told as such, with the codeword that was")
  func tellsUncorrectable() throws {
    let heads = try Self.heads { bytes in
      for symbol in 0..<20 { bytes[3 * 1279 + 4 + 5 * (symbol * 7) + 1] ^= UInt8(symbol + 1) }
    }
    #expect(
      heads[3] == """
        codeblock 4, byte 3837, 1275 bytes: 1 problem
          ! at 0.0: the codeblock is beyond correction
            found too many wrong symbols, expected a codeword in each lane
            hint: damage on the way; if it is every codeblock, see `downlinkd check --against`
          channel coding
            sync marker without an error
            wrong symbols by codeword: 0, too many, 0, 0, 0
        """)
    #expect(heads[4] == Self.clean(5, at: 4 * 1279))
  }

  @Test("bytes in no unit are told with the unit behind them, whose place counts them in")
  func tellsSkippedBytes() throws {
    let heads = try Self.heads { $0.insert(contentsOf: [UInt8](repeating: 0xA5, count: 31), at: 3 * 1279) }
    #expect(heads[2] == Self.clean(3, at: 2 * 1279))
    #expect(
      heads[3] == """
        frame 4, byte 3868, 1115 bytes
          channel coding
            31 bytes before it are in no unit
            sync marker without an error
            wrong symbols by codeword: 0, 0, 0, 0, 0
        """)
    #expect(heads.last == Self.clean(8, at: 7 * 1279 + 31))
  }

  @Test("inverted units are told, and dissected upright")
  func tellsInversion() throws {
    let heads = try Self.heads { bytes in for index in 4 * 1279..<bytes.count { bytes[index] ^= 0xFF } }
    #expect(heads[3] == Self.clean(4, at: 3 * 1279))
    for index in 4..<8 {
      #expect(
        heads[index] == """
          frame \(index + 1), byte \(index * 1279), 1115 bytes
            channel coding
              sync marker without an error, all bits inverted
              wrong symbols by codeword: 0, 0, 0, 0, 0
          """)
    }
  }

  @Test("without a marker, units of another length are told with the length that would be right")
  func tellsWrongLength() throws {
    let recording = try Recording.coded(isClean: true)
    guard case .frames(var channel) = recording.link.parameters else { return }
    channel.coding?.syncMarker = nil
    let bytes = recording.bytes[4..<1279] + recording.bytes[(1279 + 4)..<(1279 + 904)]
    #expect(
      try Self.heads(Array(bytes), .frames(channel)) == [
        """
        frame 1, byte 0, 1115 bytes
          channel coding
            wrong symbols by codeword: 0, 0, 0, 0, 0
        """,
        """
        codeblock 2, byte 1275, 900 bytes: 1 problem
          ! at 0.0: the unit has not the length of a codeblock
            found 900 bytes, expected 1275 bytes
            hint: check frames.length and coding.reed_solomon; with a sync marker before it, set input.format: cadus
        """,
      ])
  }
}
