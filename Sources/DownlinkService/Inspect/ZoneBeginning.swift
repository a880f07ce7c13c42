import CCSDSWire

/// The bytes of a packet zone in which no packet begins: the end, or the middle, of one that began before.
struct ZoneBeginning {
  private let unit: UnitBytes
  private let range: Range<Int>
  /// Whether a packet begins right behind these bytes.
  private let endsHere: Bool

  init(_ unit: UnitBytes, _ range: Range<Int>, endsHere: Bool) {
    self.unit = unit
    self.range = range
    self.endsHere = endsHere
  }

  /// Says which packet the bytes continue, and whether they fit it.
  ///
  /// - Returns: What the next frame continues, should no packet begin behind these bytes.
  func dissect(_ before: PacketContext, _ reader: inout SectionReader) -> PacketContext {
    switch before {
    case .open(let packet): return goOn(packet, &reader)
    case .betweenPackets where range.isEmpty: return before
    case .betweenPackets:
      reader.problem(
        "\(Digits.bytes(range.count)) belong to no packet", found: endsHere ? "a packet beginning behind them" : "none",
        expected: "a packet beginning at once",
        hint: "the packet before ended with its zone: its length, or the first header pointer, is wrong",
        atBit: range.lowerBound * 8)
      return .unknown("the zone before did not fit")
    case .unknown(let reason):
      if !range.isEmpty {
        reader.note("\(extent) belong to an unknown packet: \(reason)")
      }
      return before
    }
  }

  private var extent: String { "\(Digits.bytes(range.count)) from \(range.lowerBound)" }

  private func goOn(_ before: OpenPacket, _ reader: inout SectionReader) -> PacketContext {
    var packet = before
    packet.append(unit.received[range])
    guard let whole = packet.wholeByteCount else {
      guard endsHere else {
        reader.note("\(extent) continue the header of \(packet.name)")
        return .open(packet)
      }
      return misfit(before, "a whole header", &reader)
    }
    if packet.byteCount == whole {
      reader.note("\(extent) end \(packet.name): \(before.byteCount) + \(range.count) = \(whole) bytes")
      return .betweenPackets
    }
    if packet.byteCount < whole, !endsHere {
      reader.note("\(extent) continue \(packet.name): \(packet.byteCount) of \(whole) bytes so far")
      return .open(packet)
    }
    return misfit(before, Digits.bytes(whole - before.byteCount), &reader)
  }

  private func misfit(_ packet: OpenPacket, _ expected: String, _ reader: inout SectionReader) -> PacketContext {
    reader.problem(
      "the zone does not fit \(packet.name)", found: "\(Digits.bytes(range.count)) to go on with", expected: expected,
      hint: "its length or the first header pointer is damaged, or frames are missing that the count does not show",
      atBit: range.lowerBound * 8)
    return .unknown("the zone before did not fit")
  }
}
