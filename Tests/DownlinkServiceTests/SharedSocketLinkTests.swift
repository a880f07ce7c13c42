import CCSDSLink
import DownlinkService
import Ingest
import LinkHealth
import Publish
import Testing

@Suite("Links on one UDP socket", .timeLimit(.minutes(10)))
struct SharedSocketLinkTests {
  private func link(_ name: String, _ host: String, _ spacecraft: Int, more: String = "") -> String {
    LiveStation.link(name, host, spacecraft: spacecraft, more: more)
  }

  @Test("each datagram goes to exactly one ledger, by its spacecraft; nobody's go to the first")
  func tellsSpacecraftApart() throws {
    let host = OwnAddress.next()
    let station = try LiveStation([link("a", host, 1), link("b", host, 513), link("c", host, 1023)])
    let counts = [1: 7, 513: 11, 1023: 13, 600: 5]
    for (spacecraft, count) in counts { try Spacecraft(UInt16(spacecraft), to: host).send(count) }
    let first = station.status(of: "a") { $0.snapshot.ledger.datagrams.received == 12 }
    #expect(first.snapshot.ledger.frames.rejected[.spacecraft] == 5)
    #expect(first.snapshot.ledger.frames.received == 12)
    #expect(first.sharedWith == ["b", "c"])
    for (name, count) in [("b", 11), ("c", 13)] {
      let status = station.status(of: name) { $0.snapshot.ledger.datagrams.received == count }
      #expect(status.snapshot.ledger.frames.rejected.total == 0)
      #expect(status.snapshot.missingFrameCount == 0)
      #expect(status.listen == "\(host):10017")
    }
    #expect(station.answer(.status).contains(#""shared_with":["a","b"]"#))
    #expect(station.stop() == 0)
    #expect(station.daemon.board.isBalanced)
  }

  @Test("a reload that adds or removes one of them loses nothing of the others, the first included")
  func losesNothing() throws {
    let host = OwnAddress.next()
    let station = try LiveStation([link("a", host, 1), link("b", host, 2)])
    let (first, second) = (try Spacecraft(1, to: host), try Spacecraft(2, to: host))
    for round in 1...20 {
      try first.send(10)
      try second.send(10)
      let others = round % 2 == 1 ? [link("c", host, 3), link("b", host, 2)] : [link("b", host, 2)]
      try station.write([link("a", host, 1)] + others)
      _ = try station.reload().get()
    }
    let sent = first.sentCount
    station.status(of: "a") { $0.snapshot.ledger.datagrams.received == sent }
    // The first goes, and another one reads the socket.
    try station.write([link("b", host, 2)])
    for _ in 0..<5 { try second.send(10) }
    _ = try station.reload().get()
    try second.send(10)
    let all = second.sentCount
    let last = station.status(of: "b") { $0.snapshot.ledger.datagrams.received == all }
    #expect(last.snapshot.missingFrameCount == 0)
    #expect(last.sharedWith == [])
    #expect(station.stop() == 0)
  }

  /// Frames of one kind without any packets, 64 bytes each, made by hand.
  enum Kind: CaseIterable {
    case aos, extendedAOS, uslp, variableUSLP, randomizedTM, randomizedAOS

    /// What stands behind the input of a link for one spacecraft.
    func options(_ spacecraft: Int) -> String {
      let frames =
        switch self {
        case .aos, .randomizedAOS: "type: aos, length: 64"
        case .extendedAOS: "type: aos, length: 64, spacecraft_id_bits: 10"
        case .uslp: "type: uslp, length: 64"
        case .variableUSLP: "type: uslp, min_length: 32, max_length: 64"
        case .randomizedTM: "type: tm, length: 64"
        }
      let coding = isRandomized ? ", coding: { randomizer: short255 }" : ""
      return "frames: { \(frames), spacecraft_id: \(spacecraft) }\(coding)"
    }

    private var isRandomized: Bool { self == .randomizedTM || self == .randomizedAOS }

    /// Spacecraft of which no two could be told apart by less than all bits of their identifiers.
    var spacecraft: [Int] {
      switch self {
      case .aos, .randomizedAOS: [1, 128, 255]
      case .extendedAOS: [1, 257, 1023]
      case .uslp, .variableUSLP: [1, 257, 65_535]
      case .randomizedTM: [1, 513, 1023]
      }
    }

    /// - AOS, CCSDS 732.0-B-4 §4.1.2: version 2 = 01, spacecraft 8, channel 6, count 24, replay 1, cycle use 1,
    ///   spacecraft (its highest bits) 2, cycle 4; then the first header pointer 0x7FE: only idle data.
    /// - USLP, CCSDS 732.1-B-3 §4.1.2: version 4 = 1100, spacecraft 16, source 1, channel 6, access point 4, end 1 = 0,
    ///   length - 1 in 16, then flags with a count of 1 byte; construction rule 0, packets, of which none begins here.
    func frame(_ spacecraft: Int, count: UInt8) -> [UInt8] {
      let id = UInt32(spacecraft)
      let head: [UInt8]
      switch self {
      case .aos, .extendedAOS, .randomizedAOS:
        head = [0x40 | UInt8(id >> 2 & 0x3F), UInt8(id << 6 & 0xC0), 0, 0, count, UInt8(id >> 8 & 3) << 4, 0x07, 0xFE]
      case .uslp, .variableUSLP:
        let word = 0xC << 28 | id << 12
        head =
          (0..<4).map { UInt8(truncatingIfNeeded: word >> (24 - 8 * $0)) } + [0, 63, 0x01, count, 0x00, 0xFF, 0xFF]
      case .randomizedTM: head = [UInt8(id >> 4), UInt8(id << 4 & 0xF0), count, count, 0x1F, 0xFE]
      }
      return sent(head + [UInt8](repeating: 0x55, count: 64 - head.count))
    }

    /// What comes of 64 bytes on their way.
    func sent(_ bytes: [UInt8]) -> [UInt8] { isRandomized ? zip(bytes, Self.sequence).map { $0 ^ $1 } : bytes }

    /// Standard: CCSDS 131.0-B-5 §10.4.1, h(x) = x^8 + x^7 + x^5 + x^3 + 1 from all ones; begins 1111 1111 0100 1000.
    private static let sequence: [UInt8] = {
      var bits = [UInt8](repeating: 1, count: 8)
      while bits.count < 64 * 8 {
        let n = bits.count - 8
        bits.append(bits[n] ^ bits[n + 3] ^ bits[n + 5] ^ bits[n + 7])
      }
      return (0..<64).map { byte in bits[8 * byte..<8 * byte + 8].reduce(0) { $0 << 1 | $1 } }
    }()
  }

  @Test("spacecraft are told apart in frames of every kind, randomized ones too", arguments: Kind.allCases)
  func tellsKindsApart(kind: Kind) throws {
    let host = OwnAddress.next()
    let station = try LiveStation(
      kind.spacecraft.enumerated().map { index, id in
        "{ name: l\(index), input: { udp: \"\(host):10017\" }, \(kind.options(id)) }"
      })
    let sender = try UDPSender(host: host, port: 10017)
    for (index, id) in kind.spacecraft.enumerated() {
      for count in 0..<UInt8(5 + index) { try unsafe sender.send(kind.frame(id, count: count).span.bytes) }
    }
    for index in kind.spacecraft.indices {
      let ledger = station.status(of: "l\(index)") { $0.snapshot.ledger.datagrams.received == 5 + index }.snapshot
        .ledger
      #expect(ledger.frames.received == 5 + index)
      #expect(ledger.frames.rejected.total == 0)
    }
    // Too short to name anybody, and of another version: the first rejects them.
    let version3 = kind.sent([UInt8](repeating: 0x80, count: 64))
    for bytes in [[0xC0, 0, 0], version3] { try unsafe sender.send(bytes.span.bytes) }
    let first = station.status(of: "l0") { $0.snapshot.ledger.datagrams.received == 7 }.snapshot.ledger
    // Of coded frames a unit of another length is refused before there is a frame.
    #expect(first.frames.rejected.total + first.codeblocks.refused == 2)
    #expect(station.stop() == 0)
  }

  @Test("a disabled one counts nothing, and the others go on, whichever it is", arguments: ["a", "b"])
  func disablesOne(name: String) throws {
    let host = OwnAddress.next()
    let station = try LiveStation([link("a", host, 1), link("b", host, 2)])
    let crafts = ["a": try Spacecraft(1, to: host), "b": try Spacecraft(2, to: host)]
    let other = name == "a" ? "b" : "a"
    _ = try station.ask(.link, ["action": "disable", "name": name]).get()
    try crafts[name]?.send(6)
    try crafts[other]?.send(4)
    station.status(of: other) { $0.snapshot.ledger.datagrams.received == 4 }
    let disabled = station.status(of: name) { $0.ignoredDatagramCount == 6 }
    #expect(disabled.snapshot.ledger.datagrams.received == 0)
    #expect(disabled.state == .disabled)
    _ = try station.ask(.link, ["action": "enable", "name": name]).get()
    try crafts[name]?.send(3)
    station.status(of: name) { $0.snapshot.ledger.datagrams.received == 3 }
    #expect(station.stop() == 0)
  }
}
