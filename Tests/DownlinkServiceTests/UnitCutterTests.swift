import CCSDSLink
import CCSDSWire
import DownlinkService
import Testing

/// Lengths and headers were worked out by hand.
@Suite("Units cut out of a connection")
struct UnitCutterTests {
  /// What a cutter lends, and what it gives up.
  private struct Cut: Equatable {
    var units: [[UInt8]] = []
    var unparsable: [UInt8] = []
    var givenUp: [[UInt8]] = []

    mutating func take(_ bytes: some Sequence<UInt8>, _ cutter: inout UnitCutter) {
      let bytes = Array(bytes)
      unsafe cutter.take(bytes.span.bytes) { unit, piece in
        let copy = unsafe unit.withUnsafeBytes { unsafe [UInt8]($0) }
        switch piece {
        case .unit: units.append(copy)
        case .unparsable: unparsable += copy
        }
      }
    }

    mutating func reset(_ cutter: inout UnitCutter) {
      cutter.reset { rest in givenUp.append(unsafe rest.withUnsafeBytes { unsafe [UInt8]($0) }) }
    }
  }

  /// Space Packets with 1, 7 and 3 bytes of data: 7, 13 and 9 bytes in all.
  private static let packets: [[UInt8]] = [
    [0x08, 0x01, 0xC0, 0x00, 0x00, 0x00, 0xA1],
    [0x08, 0x02, 0xC0, 0x00, 0x00, 0x06, 1, 2, 3, 4, 5, 6, 7],
    [0x08, 0x03, 0xC0, 0x00, 0x00, 0x02, 9, 8, 7],
  ]
  /// USLP frames with the length field, in bytes less one, in the fifth and sixth byte: 10, 17 and 8 bytes in all.
  private static let frames = [frame(10, channel: 1), frame(17, channel: 2), frame(8, channel: 3)]

  private static func frame(_ byteCount: UInt8, channel: UInt8) -> [UInt8] {
    [0xC0, 0x0A, 0xB0, channel << 5, 0x00, byteCount &- 1, 0x00] + (7..<max(7, byteCount))
  }

  private static var variable: PhysicalChannelParameters {
    var parameters = PhysicalChannelParameters(frameType: .uslp, frameByteCount: 64)
    parameters.shortestFrameByteCount = 8
    return parameters
  }

  private static var cases: [(UnitCutter.Measure, [[UInt8]])] {
    [
      (.fixed(byteCount: 5), [[1, 2, 3, 4, 5], [6, 7, 8, 9, 10], [11, 12, 13, 14, 15]]),
      (.packets(maximumByteCount: 13), packets), (.frames(variable), frames),
    ]
  }

  @Test("are the same however reads cut the stream, and bytes of a unit that is not whole wait", arguments: 0..<3)
  func heedsNoRead(index: Int) {
    let (measure, units) = Self.cases[index]
    let bytes = units.flatMap { $0 }
    let rest = units[0].dropLast()
    for first in 0...bytes.count {
      for second in first...bytes.count {
        var cutter = UnitCutter(measure)
        var cut = Cut()
        for piece in [bytes[..<first], bytes[first..<second], bytes[second...]] { cut.take(piece, &cutter) }
        cut.take(rest, &cutter)
        #expect(cut == Cut(units: units), "cut at \(first) and \(second)")
        cut.reset(&cutter)
        #expect(cut.givenUp == [Array(rest)])
      }
    }
    var cutter = UnitCutter(measure)
    var cut = Cut()
    for byte in bytes { cut.take([byte], &cutter) }
    #expect(cut == Cut(units: units))
  }

  @Test("end where no unit begins: the rest is lent as it comes, until the connection is another", arguments: 1..<3)
  func losesTrack(index: Int) {
    let (measure, units) = Self.cases[index]
    // Version 1 is of no packet, and version 3 of no frame.
    let noise = [UInt8](repeating: 0x3F, count: 9)
    let bytes = units[0] + noise + units[1]
    for border in 0...bytes.count {
      var cutter = UnitCutter(measure)
      var cut = Cut()
      cut.take(bytes[..<border], &cutter)
      cut.take(bytes[border...], &cutter)
      #expect(cut == Cut(units: [units[0]], unparsable: noise + units[1]), "cut at \(border)")
      cut.reset(&cutter)
      #expect(cut.givenUp == [])
      cut.take(units[2], &cutter)
      #expect(cut.units == [units[0], units[2]])
    }
  }

  @Test("a packet longer than may be is none, and a frame outside its bounds is none")
  func refusesLengths() {
    var cutter = UnitCutter(.packets(maximumByteCount: 12))
    var cut = Cut()
    cut.take(Self.packets[0] + Self.packets[1], &cutter)
    #expect(cut == Cut(units: [Self.packets[0]], unparsable: Self.packets[1]))
    for count: UInt8 in [7, 65] {
      var cutter = UnitCutter(.frames(Self.variable))
      var cut = Cut()
      let frame = Self.frame(count, channel: 1)
      cut.take(frame, &cutter)
      #expect(cut == Cut(unparsable: frame), "\(count) bytes")
    }
  }

  @Test("what a reset gives up is not joined with what comes next")
  func resets() {
    var cutter = UnitCutter(.fixed(byteCount: 4))
    var cut = Cut()
    cut.take([1, 2, 3], &cutter)
    cut.reset(&cutter)
    cut.reset(&cutter)
    cut.take([4, 5, 6, 7, 8], &cutter)
    #expect(cut == Cut(units: [[4, 5, 6, 7]], givenUp: [[1, 2, 3]]))
  }
}
