import CCSDSWire
import TestSupport
import Testing

@Suite("CCSDS Calendar Segmented Time Code, CCSDS 301.0-B-4 §3.4")
struct CalendarSegmentedTimeCodeTests {
  private static func read(_ bytes: String) throws(TimeCodeError) -> DecodedTime {
    try TimeCode.selfIdentified(agencyEpoch: nil).read(hex(bytes))
  }

  @Test("twelve digits of a fraction are read, and those below the nanosecond cut off")
  func readsFractions() throws {
    let decoded = try Self.read("56 2024 1101 000001 684519123999")
    #expect(text(decoded.instant) == "2024-11-01T00:00:01.684519123Z")
    #expect(!decoded.isExact)
    #expect(try Self.read("56 2024 1101 000001 684519123000").isExact)
    // November 1 of a leap year is day 306.
    #expect(try Self.read("58 2024 0306 000001").instant == Self.read("50 2024 1101 000001").instant)
    #expect(try text(Self.read("50 2016 1231 235960").instant) == "2016-12-31T23:59:60.000000000Z")
    #expect(try text(Self.read("58 2016 0366 235960").instant) == "2016-12-31T23:59:60.000000000Z")
  }

  @Test(
    "fields that make no sense are refused, each with its byte and what it may be",
    arguments: [
      ("50 202a 1101 000001", .year, 2, 10, 0...9), ("50 a024 1101 000001", .year, 1, 10, 0...9),
      ("50 0000 1101 000001", .year, 1, 0, 1...9999), ("50 2024 1301 000001", .month, 3, 13, 1...12),
      ("50 2024 0001 000001", .month, 3, 0, 1...12), ("50 2024 f101 000001", .month, 3, 15, 0...9),
      ("50 2024 0230 000001", .dayOfMonth, 4, 30, 1...29), ("50 2023 0229 000001", .dayOfMonth, 4, 29, 1...28),
      ("58 2023 0366 000001", .dayOfYear, 3, 366, 1...365), ("58 2024 0000 000001", .dayOfYear, 3, 0, 1...366),
      ("58 2024 1306 000001", .dayOfYear, 3, 1306, 1...366), ("50 2024 1101 240001", .hour, 5, 24, 0...23),
      ("50 2024 1101 006001", .minute, 6, 60, 0...59), ("50 2024 1101 000060", .second, 7, 60, 0...59),
      ("50 2016 1231 235961", .second, 7, 61, 0...60), ("50 2024 1231 235960", .second, 7, 60, 0...59),
      ("51 2024 1101 000001 0b", .subsecond, 8, 11, 0...9),
    ] as [(String, TimeCodeField, Int, Int64, ClosedRange<Int64>)])
  func refuses(bytes: String, field: TimeCodeField, offset: Int, found: Int64, expected: ClosedRange<Int64>) {
    #expect(throws: TimeCodeError(field, at: offset, found: found, expected: .within(expected))) {
      try Self.read(bytes)
    }
  }
}

@Suite("CCSDS ASCII Calendar Segmented Time Code, CCSDS 301.0-B-4 §3.5")
struct ASCIITimeCodeTests {
  private static func read(_ text: String, completedBy reference: UTCTime? = nil) throws(TimeCodeError) -> DecodedTime {
    let bytes = Array(text.utf8)
    return try ASCIITimeCode.read(unsafe bytes.span.bytes, completedBy: reference, .builtIn)
  }

  @Test(
    "whole times and those cut off on the right",
    arguments: [
      // The examples of the standard.
      ("1988-01-18T17:20:43.123456Z", "1988-01-18T17:20:43.123456000Z"),
      ("1988-018T17:20:43.123456Z", "1988-01-18T17:20:43.123456000Z"),
      ("2016-12-31T23:59:60.999999999", "2016-12-31T23:59:60.999999999Z"),
      ("2016-366T23:59:60", "2016-12-31T23:59:60.000000000Z"), ("2024-02-29T23:59Z", "2024-02-29T23:59:00.000000000Z"),
      ("2024-060T23", "2024-02-29T23:00:00.000000000Z"), ("2024-02-29", "2024-02-29T00:00:00.000000000Z"),
      ("2024-060Z", "2024-02-29T00:00:00.000000000Z"), ("2024-02", "2024-02-01T00:00:00.000000000Z"),
      ("2024", "2024-01-01T00:00:00.000000000Z"), ("9999-12-31T23:59:59.9", "9999-12-31T23:59:59.900000000Z"),
      ("0001-01-01T00:00:00", "0001-01-01T00:00:00.000000000Z"),
    ])
  func readsTimes(given: String, expected: String) throws {
    #expect(try text(Self.read(given).instant) == expected)
  }

  @Test(
    "what is left out on the left comes from elsewhere, and what on the right is the lowest",
    arguments: [
      ("-03-04T05:06:07", "2016-03-04T05:06:07.000000000Z"), ("-064", "2016-03-04T00:00:00.000000000Z"),
      ("--04", "2016-12-04T00:00:00.000000000Z"), ("-03", "2016-03-01T00:00:00.000000000Z"),
      ("05:06:07.5Z", "2016-12-31T05:06:07.500000000Z"), ("05", "2016-12-31T05:00:00.000000000Z"),
      (":06:07", "2016-12-31T13:06:07.000000000Z"), (":06", "2016-12-31T13:06:00.000000000Z"),
      ("::07.25", "2016-12-31T13:14:07.250000000Z"), ("23:59:60", "2016-12-31T23:59:60.000000000Z"),
    ])
  func completesTimes(given: String, expected: String) throws {
    let reference = try utc(2016, 12, 31, 13, 14, 15, 16)
    #expect(try text(Self.read(given, completedBy: reference).instant) == expected)
    #expect(throws: TimeCodeError.self) { try Self.read(given) }
  }

  @Test("digits below the nanosecond are cut off, and it is told unless they are zeros")
  func cutsDigits() throws {
    let decoded = try Self.read("2024-11-01T00:00:01.684519123999999999999999999999")
    #expect(text(decoded.instant) == "2024-11-01T00:00:01.684519123Z")
    #expect(!decoded.isExact)
    #expect(try Self.read("2024-11-01T00:00:01.684519123000000").isExact)
    #expect(try Self.read("2024-11-01T00:00:01." + String(repeating: "0", count: 10_000)).isExact)
  }

  @Test(
    "anything else is refused at the character that is wrong",
    arguments: [
      ("", 0, .digit), ("24-11-01", 2, .end), ("2024-11-01 00:00:00", 10, .end), ("2024-11-01t00", 10, .end),
      ("2024-11-01T", 11, .digit), ("2024-11T00:00:00", 7, .end), ("2024T00:00", 4, .end),
      ("2024-11-01T:00:00", 11, .digit), ("2024-1-01", 6, .digit), ("2024-1-1", 6, .digit),
      ("2024-11-1", 9, .digit), ("2024--01", 5, .digit), ("2024-11-01T00:00:0", 18, .digit),
      ("2024-11-01T00::00", 14, .digit), ("2024-11-01T00:00:00.", 20, .digit), ("2024-11-01T00:00:00.Z", 20, .digit),
      ("2024-11-01T00:00:00ZZ", 20, .end), ("2024-11-01T00:00:00+00", 19, .end), ("2024-11-01T00.5", 13, .end),
      ("２０２４", 0, .digit), ("2024-11-01T00:00:00\0", 19, .end),
    ] as [(String, Int, TimeCodeError.Expectation)])
  func refuses(text: String, offset: Int, expected: TimeCodeError.Expectation) {
    let error = #expect(throws: TimeCodeError.self) { try Self.read(text) }
    #expect(error?.byteOffset == offset)
    #expect(error?.expected == expected)
  }

  @Test(
    "fields out of range are refused with what they may be",
    arguments: [
      ("2024-13-01T00:00:00", .month, 5, 1...12), ("2023-02-29", .dayOfMonth, 8, 1...28),
      ("2023-366", .dayOfYear, 5, 1...365), ("2024-11-01T24:00:00", .hour, 11, 0...23),
      ("2024-11-01T23:60:00", .minute, 14, 0...59), ("2024-11-01T23:59:60", .second, 17, 0...59),
      ("2016-12-31T23:59:61", .second, 17, 0...60), ("2016-12-31T22:59:60", .second, 17, 0...59),
      ("0000-01-01", .year, 0, 1...9999),
    ] as [(String, TimeCodeField, Int, ClosedRange<Int64>)])
  func refusesFields(text: String, field: TimeCodeField, offset: Int, expected: ClosedRange<Int64>) {
    let error = #expect(throws: TimeCodeError.self) { try Self.read(text) }
    #expect(error?.field == field)
    #expect(error?.byteOffset == offset)
    #expect(error?.expected == .within(expected))
  }

  @Test("no text makes it trap: any bytes, and any one byte of a right text replaced")
  func survivesNoise() throws {
    var generator = SeededGenerator(seed: 35)
    let alphabet = Array("0123456789-:.TZ ".utf8)
    for _ in 0..<20_000 {
      let bytes = (0..<Int(generator.next() % 30)).map { _ in alphabet[Int(generator.next() % 16)] }
      _ = try? ASCIITimeCode.read(unsafe bytes.span.bytes, completedBy: utc(2016, 12, 31), .builtIn)
    }
    let right = Array("2016-12-31T23:59:60.5Z".utf8)
    for place in right.indices {
      for byte in UInt8.min...UInt8.max {
        var bytes = right
        bytes[place] = byte
        _ = try? ASCIITimeCode.read(unsafe bytes.span.bytes, .builtIn)
      }
    }
  }
}
