import CCSDSCoding
import TestSupport
import Testing

private typealias ErrorControl = AOSFrameHeaderErrorControl
private typealias Header = AOSFrameHeaderErrorControl.ProtectedHeader

@Suite("AOS frame header error control, CCSDS 732.0-B-4 §4.1.2.6")
struct AOSFrameHeaderErrorControlTests {
  /// Identifiers, signaling, parity: an independent encoder and the one of Yamcs 5.12.8 agree on them.
  private static let vectors: [(UInt16, UInt8, UInt16)] = [
    (0x6AEA, 0x43, 0xCE8E), (0x4AE5, 0x4F, 0x2EBE), (0x4000, 0x00, 0x1CC1), (0x7FFF, 0x00, 0x08D2),
    (0x7FFF, 0xFF, 0x46BC), (0x0000, 0x00, 0x0000),
  ]

  @Test("the published headers have the published parity and are intact", arguments: vectors)
  func encodesVectors(identifiers: UInt16, signaling: UInt8, parity: UInt16) {
    let header = Header(identifiers: identifiers, signaling: signaling, parity: parity)
    #expect(ErrorControl.parity(of: header) == parity)
    #expect(ErrorControl.decode(header) == .intact)
  }

  @Test("two damaged nibbles, in the identifiers and the signaling field, are put right")
  func correctsVector() {
    let received = Header(identifiers: 0x6AEA ^ 0x0F00, signaling: 0x43 ^ 0x30, parity: 0xCE8E)
    let sent = Header(identifiers: 0x6AEA, signaling: 0x43, parity: 0xCE8E)
    #expect(ErrorControl.decode(received) == .corrected(symbolCount: 2, header: sent))
  }

  /// Yamcs 5.12.8 makes 65B3 73 of it, at one nibble of difference and with an error in the virtual fill. That is no
  /// codeword: its own parity would be E957, four nibbles more away.
  @Test("three damaged nibbles that point into the virtual fill are refused")
  func refusesErrorsInFill() {
    let received = Header(identifiers: 0x6AEA ^ 0x0F50, signaling: 0x43 ^ 0x30, parity: 0xCE8E)
    #expect(ErrorControl.decode(received) == .uncorrectable)
    #expect(ErrorControl.parity(of: Header(identifiers: 0x65B3, signaling: 0x73, parity: 0xCE8E)) == 0xE957)
  }

  @Test("the protected fields are bytes 0, 1, 5, 6 and 7 of a frame")
  func readsFrame() {
    let frame: [UInt8] = [0x6A, 0xEA, 0x00, 0x01, 0x02, 0x43, 0xCE, 0x8E, 0x07, 0xFF]
    let expected = Header(identifiers: 0x6AEA, signaling: 0x43, parity: 0xCE8E)
    for byteCount in 0..<8 {
      #expect(Header(frame: unsafe frame.span.extracting(0..<byteCount).bytes) == nil, "\(byteCount) bytes")
    }
    for byteCount in 8...frame.count {
      #expect(Header(frame: unsafe frame.span.extracting(0..<byteCount).bytes) == expected, "\(byteCount) bytes")
    }
  }

  @Test("every damage to one nibble is put right", arguments: vectors)
  func correctsSingleNibbles(identifiers: UInt16, signaling: UInt8, parity: UInt16) {
    let sent = Header(identifiers: identifiers, signaling: signaling, parity: parity)
    for place in 0..<10 {
      for value in 1...15 as ClosedRange<UInt64> {
        let received = sent.damaged(by: value << (4 * place))
        #expect(ErrorControl.decode(received) == .corrected(symbolCount: 1, header: sent), "\(received)")
      }
    }
  }

  @Test("every damage to two nibbles is put right", arguments: vectors)
  func correctsPairsOfNibbles(identifiers: UInt16, signaling: UInt8, parity: UInt16) {
    let sent = Header(identifiers: identifiers, signaling: signaling, parity: parity)
    for damage in Self.damageToTwoNibbles {
      let received = sent.damaged(by: damage)
      guard ErrorControl.decode(received) != .corrected(symbolCount: 2, header: sent) else { continue }
      Issue.record("\(received): \(ErrorControl.decode(received))")
    }
  }

  /// The code is linear, so what happens depends on the received parity less the right one: 65,536 cases in all.
  @Test("every parity has its answer: 1 intact, 150 and 10,125 corrected, 55,260 refused", arguments: vectors)
  func answersEveryRemainder(identifiers: UInt16, signaling: UInt8, parity: UInt16) {
    var intactCount = 0
    var correctedCounts: [Int: Int] = [:]
    var refusedCount = 0
    for received in UInt16.min...UInt16.max {
      let header = Header(identifiers: identifiers, signaling: signaling, parity: received)
      switch ErrorControl.decode(header) {
      case .intact:
        intactCount += 1
      case .corrected(let symbolCount, let corrected):
        correctedCounts[symbolCount, default: 0] += 1
        guard header.damagedNibbleCount(from: corrected) != symbolCount || ErrorControl.decode(corrected) != .intact
        else { continue }
        Issue.record("\(header) became \(corrected)")
      case .uncorrectable:
        refusedCount += 1
      }
    }
    #expect(intactCount == 1)
    // 10 places of 15 values each; 45 pairs of places of 15 × 15 values each; no two give the same remainder.
    #expect(correctedCounts == [1: 150, 2: 10_125])
    #expect(refusedCount == 65_536 - 1 - 150 - 10_125)
  }

  @Test("random headers damaged at random are intact, corrected to a codeword nearby, or refused")
  func answersRandomHeaders() {
    var generator = SeededGenerator(seed: 0x0F_EC)
    for _ in 0..<50_000 {
      let header = Header(codeword: generator.next())
      guard case .corrected(let symbolCount, let corrected) = ErrorControl.decode(header) else { continue }
      #expect(ErrorControl.decode(corrected) == .intact)
      #expect(header.damagedNibbleCount(from: corrected) == symbolCount)
    }
  }

  private static let damageToTwoNibbles: [UInt64] = {
    var damage: [UInt64] = []
    for first in 0..<9 {
      for second in first + 1..<10 {
        for values in 0..<225 as Range<UInt64> {
          damage.append((values / 15 + 1) << (4 * first) | (values % 15 + 1) << (4 * second))
        }
      }
    }
    return damage
  }()
}

extension AOSFrameHeaderErrorControl.ProtectedHeader {
  /// The ten nibbles of the code, the last of them lowest.
  fileprivate var codeword: UInt64 { UInt64(identifiers) << 24 | UInt64(signaling) << 16 | UInt64(parity) }

  fileprivate init(codeword: UInt64) {
    self.init(
      identifiers: UInt16(codeword >> 24 & 0xFFFF), signaling: UInt8(codeword >> 16 & 0xFF),
      parity: UInt16(codeword & 0xFFFF))
  }

  fileprivate func damaged(by pattern: UInt64) -> Self { Self(codeword: codeword ^ pattern) }

  fileprivate func damagedNibbleCount(from other: Self) -> Int {
    (0..<10).count { (codeword ^ other.codeword) >> (4 * $0) & 0xF != 0 }
  }
}
