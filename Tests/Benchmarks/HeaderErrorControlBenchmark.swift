import CCSDSCoding

/// The error control of AOS frame headers: the clean ones, which must cost next to nothing, and the damaged.
enum HeaderErrorControlBenchmark {
  static func contests() -> [Contest] {
    [contest("intact", damage: 0), contest("one damaged nibble", damage: 1), contest("two damaged nibbles", damage: 2)]
  }

  private static func contest(_ kind: String, damage nibbleCount: Int) -> Contest {
    typealias Header = AOSFrameHeaderErrorControl.ProtectedHeader
    let bytes = BenchmarkInput.bytes(4 * 1024)
    let headers = (0..<1024).map { index in
      let identifiers = UInt16(bytes[4 * index]) << 8 | UInt16(bytes[4 * index + 1])
      let signaling = bytes[4 * index + 2]
      let sent = Header(identifiers: identifiers, signaling: signaling, parity: 0)
      let parity = AOSFrameHeaderErrorControl.parity(of: sent)
      let damage: UInt16 = [0, 0x0200, 0x0205][nibbleCount]
      return Header(identifiers: identifiers ^ damage, signaling: signaling, parity: parity)
    }
    let contender = Contender(name: "decode") {
      var sum: UInt64 = 0
      for header in headers {
        switch AOSFrameHeaderErrorControl.decode(header) {
        case .intact: break
        case .corrected(let symbolCount, let header): sum &+= UInt64(symbolCount) << 16 | UInt64(header.identifiers)
        case .uncorrectable: sum &+= 1 << 32
        }
      }
      return sum
    }
    return Contest(
      name: "aos header error control, \(kind)", byteCount: headers.count * 5, unit: "header", unitCount: headers.count,
      contenders: [contender])
  }
}
