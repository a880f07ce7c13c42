import CCSDSCoding
import CCSDSLink
import StationConfiguration
import Testing

/// The coding of the only link of a text; nothing where its frames come as they are.
func coding(_ text: String) throws -> ChannelCoding? {
  guard case .frames(let channel) = try link(text).parameters else { return nil }
  return channel.coding
}

@Suite("Sync marker, randomizer and error control of a link, CCSDS 131.0-B-5 §9 and §10")
struct CodingTests {
  @Test("a link is of frames, unless its format or a sync marker says otherwise")
  func derivesFormat() throws {
    #expect(try link(station()).format == .frames)
    #expect(try coding(station()) == nil)
    #expect(try link(station(link: "input: { format: cadus }")).format == .cadus)
    #expect(try coding(station(link: "input: { format: cadus }"))?.syncMarker?.bytes == [0x1A, 0xCF, 0xFC, 0x1D])
    #expect(try link(station(link: "coding: { sync_marker: standard }")).format == .cadus)
    #expect(try link(station(link: "input: { file: a }", "coding: { sync_marker: 1ACFFC1D }")).format == .cadus)
    #expect(try coding(station(link: "coding: { randomizer: none, error_control: crc16 }")) == nil)
  }

  @Test("units without a marker may be randomized")
  func takesCodedUnits() throws {
    for (word, sequence) in [("short255", Randomizer.Sequence.short255), ("long131071", .long131071)] {
      let text = station(link: "input: { format: frames }", "coding: { randomizer: \(word) }")
      let coding = try coding(text)
      #expect(coding?.syncMarker == nil)
      #expect(coding?.randomizer == sequence)
      #expect(coding?.frameByteCount == 1115)
      #expect(coding?.accessDataUnitByteCount == 1115)
      #expect(try link(text).format == .frames)
    }
  }

  @Test(
    "a sync marker is hexadecimal, with quotes or without, or a name",
    arguments: [
      ("1ACFFC1D", [0x1A, 0xCF, 0xFC, 0x1D]), ("0x1ACFFC1D", [0x1A, 0xCF, 0xFC, 0x1D]),
      ("\"1acffc1d\"", [0x1A, 0xCF, 0xFC, 0x1D]), ("'0X1acFFC1D'", [0x1A, 0xCF, 0xFC, 0x1D]),
      ("12345678", [0x12, 0x34, 0x56, 0x78]), ("0123", [0x01, 0x23]), ("1e10", [0x1E, 0x10]), ("FAF3", [0xFA, 0xF3]),
      ("standard", [0x1A, 0xCF, 0xFC, 0x1D]),
      ("turbo_1_2", [0x03, 0x47, 0x76, 0xC7, 0x27, 0x28, 0x95, 0xB0]),
      ("turbo_1_3", [0x25, 0xD5, 0xC0, 0xCE, 0x89, 0x90, 0xF6, 0xC9, 0x46, 0x1B, 0xF7, 0x9C]),
      (
        "turbo_1_4",
        [0x03, 0x47, 0x76, 0xC7, 0x27, 0x28, 0x95, 0xB0, 0xFC, 0xB8, 0x89, 0x38, 0xD8, 0xD7, 0x6A, 0x4F]
      ),
      (
        "turbo_1_6",
        [
          0x25, 0xD5, 0xC0, 0xCE, 0x89, 0x90, 0xF6, 0xC9, 0x46, 0x1B, 0xF7, 0x9C, 0xDA, 0x2A, 0x3F, 0x31, 0x76, 0x6F,
          0x09, 0x36, 0xB9, 0xE4, 0x08, 0x63,
        ]
      ),
    ] as [(String, [UInt8])])
  func readsMarker(word: String, bytes: [UInt8]) throws {
    let text = station(link: "coding: { sync_marker: \(word) }")
    #expect(findings(text, for: .replay) == [])
    #expect(try coding(text)?.syncMarker?.bytes == bytes)
    #expect(try coding(text)?.accessDataUnitByteCount == 1115 + bytes.count)
  }

  @Test("a sync marker has 2 to 32 bytes")
  func boundsMarker() throws {
    let longest = String(repeating: "1ACFFC1D", count: 8)
    #expect(try coding(station(link: "coding: { sync_marker: \(longest) }"))?.syncMarker?.byteCount == 32)
    #expect(
      findings(station(link: "coding: { sync_marker: \(longest)00 }"), for: .replay) == [
        "5:28 a sync marker has 2 to 32 bytes, not 33 | write 4 to 64 hexadecimal digits"
      ])
  }

  private static let hint =
    "write its bytes in hexadecimal, such as 1ACFFC1D, or standard, turbo_1_2, turbo_1_3, turbo_1_4, turbo_1_6"

  @Test(
    "nothing else is a sync marker",
    arguments: [
      ("1A", "a sync marker has 2 to 32 bytes, not 1 | write 4 to 64 hexadecimal digits"),
      ("1ACFFC1", "'1ACFFC1' has an odd number of hexadecimal digits | write two for each byte, such as 1ACFFC1D"),
      ("0x1", "'0x1' has an odd number of hexadecimal digits | write two for each byte, such as 1ACFFC1D"),
      ("0x", "'0x' is not a sync marker | \(hint)"),
      ("1A CF FC 1D", "'1A CF FC 1D' is not a sync marker | \(hint)"),
      (
        "0b0001101011001111",
        "'0b0001101011001111' is ambiguous: binary, or hexadecimal | "
          + "write it in hexadecimal, and 0x before it if it was"
      ),
      ("-1ACFFC1D", "'-1ACFFC1D' is not a sync marker | \(hint)"),
      ("turbo_1_5", "'turbo_1_5' is not a sync marker | did you mean 'turbo_1_2'?"),
      ("Standard", "'Standard' is not a sync marker | did you mean 'standard'?"),
      ("none", "'none' is not a sync marker | leave it out, and write 'format: frames' below 'input'"),
      ("true", "'true' is not a sync marker | \(hint)"),
      ("~", "links[0].coding.sync_marker has no value | \(hint), or leave the key out"),
      ("\"\"", "links[0].coding.sync_marker has no value | \(hint), or leave the key out"),
      ("00000000", "all bits of '00000000' are alike: it is found everywhere in fill | \(hint)"),
      ("FFFF", "all bits of 'FFFF' are alike: it is found everywhere in fill | \(hint)"),
      (
        "[0x1A, 0xCF]",
        "links[0].coding.sync_marker must be hexadecimal digits or a name, not a list | "
          + "write hexadecimal digits or a name"
      ),
    ])
  func refusesMarker(word: String, finding: String) {
    #expect(findings(station(link: "coding: { sync_marker: \(word) }"), for: .replay) == ["5:28 \(finding)"])
  }

  @Test(
    "bit errors are one number, or one for each state",
    arguments: [
      ("0", 0, 0), ("7", 7, 7), ("{ search: 1, lock: 7 }", 1, 7), ("{ search: 2 }", 2, nil), ("{ lock: 3 }", nil, 3),
      ("{ search: 3, lock: 3 }", 3, 3),
    ] as [(String, Int?, Int?)])
  func readsBitErrors(value: String, search: Int?, lock: Int?) throws {
    let text = station(link: "input: { format: cadus }", "coding: { max_bit_errors: \(value) }")
    #expect(findings(text, for: .replay) == [])
    #expect(try coding(text)?.markerTolerance == MarkerTolerance(whileSearching: search, whileLocked: lock))
  }

  @Test(
    "bit errors are fewer than a quarter of the bits of the marker",
    arguments: [("1ACF", 16, 3), ("standard", 32, 7), ("turbo_1_2", 64, 15), ("turbo_1_6", 192, 47)])
  func boundsBitErrors(marker: String, bitCount: Int, largest: Int) {
    let hint = "write at most \(largest), less than a quarter of the \(bitCount) bits of the marker"
    for key in ["", "search: ", "lock: "] {
      let text = { (count: Int) in
        let value = key.isEmpty ? "\(count)" : "{ \(key)\(count) }"
        return station(link: "coding: { max_bit_errors: \(value), sync_marker: \(marker) }")
      }
      #expect(findings(text(largest), for: .replay) == [])
      let path = "links[0].coding.max_bit_errors" + (key.isEmpty ? "" : "." + key.dropLast(2))
      let column = 31 + (key.isEmpty ? 0 : key.count + 2)
      for count in [largest + 1, -1] {
        #expect(
          findings(text(count), for: .replay) == [
            "5:\(column) \(path) is \(count), which is not in 0...\(largest) | \(hint)"
          ])
      }
    }
  }

  @Test(
    "nothing else is a count of bit errors",
    arguments: [
      ("[1]", "5:43 links[0].coding.max_bit_errors must be a whole number, not a list | write a whole number"),
      (
        "{}",
        "5:43 'search' is missing in links[0].coding.max_bit_errors"
          + " | write 'max_bit_errors: { search: 1, lock: 3 }', or one number"
      ),
      (
        "{ locked: 1, search: 1 }",
        "5:45 unknown key 'locked' in links[0].coding.max_bit_errors | write 'lock'"
      ),
      (
        "{ search: 4, lock: 1 }",
        "5:53 warning: more bits may be wrong while searching (4) than where a marker is expected (1)"
          + " | make 'search' the smaller: while searching, chance has many more tries"
      ),
    ])
  func refusesBitErrors(value: String, finding: String) {
    let text = station(link: "coding: { sync_marker: 1ACFFC1D, max_bit_errors: \(value) }")
    let moved = finding.replacing(/^5:([0-9]+)/) { "5:\((Int($0.1) ?? 0) + 11)" }
    #expect(findings(text, for: .replay) == [moved])
  }

  @Test(
    "without a marker in the stream there is no key for one",
    arguments: [
      ("input: { format: frames }", "sync_marker: 1ACFFC1D"), ("input: { format: frames }", "max_bit_errors: 3"),
      ("description: x", "max_bit_errors: 3"),
    ])
  func refusesMarkerOfFrames(input: String, key: String) {
    let name = key.prefix { $0 != ":" }
    #expect(
      findings(station(link: input, "coding: { \(key) }"), for: .replay) == [
        "6:15 '\(name)' does not go with 'format: frames' | write 'format: cadus' below 'input', or leave it out"
      ])
    #expect(findings(station(link: "input: { format: cadus }", "coding: { \(key) }"), for: .replay) == [])
  }

  @Test("a misspelt format is the only problem it makes")
  func reportsFormatOnce() {
    let text = station(link: "input: { format: cadu }", "coding: { max_bit_errors: 3 }")
    #expect(
      findings(text, for: .replay) == [
        "5:22 format must be 'frames' or 'cadus' or 'packets', not 'cadu' | did you mean 'cadus'?"
      ])
  }

  @Test(
    "a randomizer is one of three words",
    arguments: [
      ("short", "write short255"), ("long", "write long131071"),
      ("true", "write short255, the older, or long131071"), ("CCSDS", "write short255, the older, or long131071"),
      ("no", "write none"), ("short256", "did you mean 'short255'?"),
      ("7", "write 'none' or 'short255' or 'long131071'"),
    ])
  func refusesRandomizer(word: String, hint: String) {
    #expect(
      findings(station(link: "coding: { randomizer: \(word) }"), for: .replay) == [
        "5:27 randomizer must be 'none' or 'short255' or 'long131071', not '\(word)' | \(hint)"
      ])
  }

  @Test(
    "error control is one of three words",
    arguments: [
      ("crc", "write crc16"), ("true", "write crc16"), ("no", "write none"), ("crc61", "did you mean 'crc16'?"),
    ]
  )
  func refusesErrorControl(word: String, hint: String) {
    #expect(
      findings(station(link: "coding: { error_control: \(word) }"), for: .replay) == [
        "5:30 error_control must be 'none' or 'crc16' or 'crc32', not '\(word)' | \(hint)"
      ])
  }

  @Test("error control of 32 bits is for USLP, and not without a warning")
  func confinesLongErrorControl() throws {
    for type in ["tm", "aos"] {
      #expect(
        findings(station(link: "coding: { error_control: crc32 }", frames: "type: \(type), length: 99"), for: .replay)
          == [
            "5:30 error_control crc32 does not go with 'type: \(type)' | "
              + "write crc16: only USLP frames have ever had 32 bits"
          ])
    }
    let text = station(link: "coding: { error_control: crc32 }", frames: "type: uslp, length: 99")
    #expect(
      findings(text, for: .replay) == [
        "5:30 warning: USLP frames end in 16 bits of error control since CCSDS 732.1-B-3, not in 32"
          + " | write crc16, unless the spacecraft is known to send 32"
      ])
    guard case .frames(let channel) = try link(text).parameters else { return }
    #expect(channel.errorControl == .crc32)
    #expect(findings(station(link: "coding: { error_control: crc32 }", frames: "length: 99"), for: .replay).count == 1)
  }

  @Test(
    "packets have no coding",
    arguments: [
      ("sync_marker: 1ACFFC1D", "sync_marker"), ("max_bit_errors: 3", "max_bit_errors"),
      ("randomizer: short255", "randomizer"), ("reed_solomon: { interleave: 1 }", "reed_solomon"),
    ])
  func refusesCodingOfPackets(key: String, name: String) {
    let text = """
      station: test
      links:
        - name: a
          input: { format: packets }
          coding: { \(key) }
      """
    #expect(
      findings(text, for: .replay) == [
        "5:15 '\(name)' does not go with 'format: packets' | leave 'coding' out, or write 'format: cadus' below 'input'"
      ])
  }

  @Test("a datagram carries as many CADUs as its 65,507 bytes hold")
  func boundsDatagrams() {
    let coding = "coding: { sync_marker: 1ACFFC1D, reed_solomon: { interleave: 5 } }"
    // 51 × 1279 = 65,229.
    #expect(findings(station(link: "input: { frames_per_datagram: 51 }", coding), for: .replay) == [])
    #expect(
      findings(station(link: "input: { frames_per_datagram: 52 }", coding), for: .replay) == [
        "4:34 52 CADUs of 1279 bytes do not fit into one datagram | "
          + "lower frames_per_datagram: a datagram carries 65507 bytes"
      ])
    #expect(
      findings(
        station(link: "input: { frames_per_datagram: 52 }", "coding: { reed_solomon: { interleave: 5 } }"), for: .replay
      )
        == [
          "4:34 52 codeblocks of 1275 bytes do not fit into one datagram | "
            + "lower frames_per_datagram: a datagram carries 65507 bytes"
        ])
  }
}
