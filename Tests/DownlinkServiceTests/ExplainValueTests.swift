import CCSDSLink
import DownlinkService
import Publish
import StationConfiguration
import Testing

@Suite("Explanations of values and of their limits")
struct ExplainValueTests {
  private func lines(_ number: Int, _ packets: [[UInt8]], _ text: String = SampleMission.xtce()) throws -> [String] {
    let folder = try TemporaryFolder()
    let (link, mission) = try SampleMission.link(in: folder, text)
    return try Explanation.lines(
      .packet(number, applicationProcess: nil), of: link, mission,
      in: try folder.write(packets.flatMap(\.self), to: "packets"))
  }

  /// The columns of the row of a value.
  private func row(_ name: String, _ lines: [String]) -> String? {
    lines.first { $0.hasPrefix("    \(name) ") }?.split(separator: " ").joined(separator: " ")
  }

  private static let low = (1...3).map { SampleMission.packet($0, second: UInt32($0), volts: 2512) }

  @Test("a violated limit is told with its range; before there are enough violations, how many there are")
  func tellsLimits() throws {
    // 25.12 V lies outside of 26 to 34, and two in a row raise it.
    let first = try #require(row("BUSV", try lines(1, Self.low)))
    #expect(first.contains("normal: outside 26 to 34 (warning), 1 of 2 violations"))
    let second = try #require(row("BUSV", try lines(2, Self.low)))
    #expect(second.contains("warning: outside 26 to 34"))
    #expect(!second.contains("violations"))
    let good = try #require(row("BUSV", try lines(1, [SampleMission.packet(1, second: 1, volts: 3000)])))
    #expect(good.contains(" V normal line"))
  }

  @Test("a value has its bits, the line of its parameter, and that of the type whose rule it follows")
  func tellsBits() throws {
    let text = SampleMission.xtce()
    let line = { (needle: String) in
      (text.split(separator: "\n", omittingEmptySubsequences: false).firstIndex { $0.contains(needle) } ?? -2) + 1
    }
    // 2512 is 0x09D0; it lies behind 88 bits.
    let volts = try #require(row("BUSV", try lines(1, Self.low)))
    #expect(volts.hasPrefix("BUSV 11.0+16 0x09d0 unsigned 2512 0.01 x (line \(line("name=\"volts\""))) 25.12 V"))
    #expect(volts.hasSuffix(" line \(line("Parameter name=\"BUSV\""))"))
    // 11 bits of the number 5.
    #expect(row("APID", try lines(1, Self.low))?.hasPrefix("APID 0.5+11 0x005 unsigned 5 5") == true)
    #expect(row("LABEL", try lines(1, Self.low))?.contains(" 0x61626364 ") == true)
  }

  @Test("a number that is none is called so, with its bits")
  func tellsNotANumber() throws {
    let float = SampleMission.xtce()
      .replacing("<StringParameterType name=\"text\">", with: "<FloatParameterType name=\"text\">")
      .replacing(
        "<StringDataEncoding><SizeInBits><Fixed><FixedValue>32</FixedValue></Fixed>", with: "<FloatDataEncoding/>"
      )
      .replacing("</SizeInBits></StringDataEncoding></StringParameterType>", with: "</FloatParameterType>")
    var packet = SampleMission.packet(1, second: 1, volts: 3000)
    // IEEE 754: all ones in the exponent, and a fraction that is not zero.
    packet.replaceSubrange(13..<17, with: [0x7F, 0xC0, 0, 1])
    let row = try #require(row("LABEL", try lines(1, [packet], float)))
    #expect(row.hasPrefix("LABEL 13.0+32 0x7fc00001 IEEE 754 NaN NaN not_finite"))
  }

  @Test("a long value is told whole, and makes no other line longer")
  func tellsLongValues() throws {
    let long = SampleMission.xtce()
      .replacing("<FixedValue>32</FixedValue></Fixed>", with: "<FixedValue>8000</FixedValue></Fixed>")
    var packet = SampleMission.packet(1, second: 1, volts: 3000)
    packet.replaceSubrange(13..<17, with: [UInt8](repeating: UInt8(ascii: "a"), count: 1000))
    // 1016 bytes: 1009 behind the header are counted from 0.
    packet[4] = UInt8((packet.count - 7) >> 8)
    packet[5] = UInt8((packet.count - 7) & 0xFF)
    let lines = try lines(1, [packet], long)
    let whole = String(repeating: "a", count: 1000)
    #expect(lines.contains { $0.contains(" \(whole) ") })
    #expect(lines.allSatisfy { $0.count < 500 || $0.contains(whole) })
  }

  @Test("what does not hold is told with what was seen")
  func tellsWhatWasSeen() throws {
    let lines = try lines(1, [SampleMission.packet(1, second: 1, volts: 1, process: 6)])
    #expect(lines.contains("    container /SAT/HK: APID == 5 does not hold: APID is 6"))
  }
}

@Suite("Lines on a screen")
struct ScreenTextTests {
  @Test("a line is folded between words where a terminal is narrower, and hangs behind its own indentation")
  func folds() {
    var screen = ScreenText()
    #expect(screen.lines(of: String(repeating: "long ", count: 100)).count == 1)
    screen.columnCount = 20
    #expect(screen.lines(of: "  one two three four five six") == ["  one two three four", "      five six"])
    #expect(screen.lines(of: "short") == ["short"])
    #expect(screen.lines(of: String(repeating: "x", count: 25)) == [String(repeating: "x", count: 20), "    xxxxx"])
    #expect(screen.lines(of: "") == [""])
    for line in ["", "a", "    b", String(repeating: " ", count: 50), String(repeating: "ab ", count: 60)] {
      #expect(screen.lines(of: line).allSatisfy { $0.count <= 20 } || line.allSatisfy { $0 == " " })
    }
    #expect(screen.text(of: "a\nb\n") == "a\nb\n")
  }

  @Test("in ASCII our own signs are replaced, and names are left")
  func writesASCII() {
    var screen = ScreenText()
    screen.isASCII = true
    #expect(screen.lines(of: "8 × N − 216 … °C") == ["8 x N - 216 ... °C"])
  }
}
