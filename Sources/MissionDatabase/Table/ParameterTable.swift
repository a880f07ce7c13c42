import CCSDSWire

/// The last value of everything that packets hold: an entry for each slot, and room for the texts and octets among
/// them.
///
/// It has its memory from the beginning, and takes no more for a packet. Of a text the first octets are kept.
package struct ParameterTable: Sendable {
  /// How much of texts is kept.
  package struct Bounds: Sendable {
    /// Octets of one value.
    package var octetCountOfValue = 256
    /// Octets of all of them together; where that is not enough, each has fewer.
    package var octetCount = 4 << 20

    /// The bounds of a link.
    package init() {}
  }

  /// By slot.
  package private(set) var entries: [ParameterEntry]
  /// The octets of all texts, one place after the other.
  private var octets: [UInt8]
  /// Where the octets of a slot are; empty where it has none.
  private let places: [Range<Int>]
  /// What the octets of a text mean, for the slots that are texts.
  private let characterSets: [Int: StringEncoding.CharacterSet]
  /// The slots that have changed since the last time that it was asked, each once.
  private var changed: [UInt32] = []

  package init(_ slots: [ParameterSlot], of database: MissionDatabase, bounds: Bounds = Bounds()) {
    let capacities = slots.map { Self.octetCapacity($0, database, bounds) }
    let total = capacities.reduce(0, +)
    let scale = total > bounds.octetCount ? Double(bounds.octetCount) / Double(total) : 1
    var end = 0
    var places: [Range<Int>] = []
    for capacity in capacities {
      let start = end
      end += Int(Double(capacity) * scale)
      places.append(start..<end)
    }
    self.places = places
    characterSets = Dictionary(
      uniqueKeysWithValues: slots.indices.compactMap { slot in
        guard case .string(let encoding) = database.types[slots[slot].type.value].encoding else { return nil }
        return (slot, encoding.characters)
      })
    octets = [UInt8](repeating: 0, count: end)
    entries = slots.indices.map { ParameterEntry(slot: $0) }
    changed.reserveCapacity(slots.count)
  }

  /// The octets kept of a text.
  package func octets(of slot: Int) -> ArraySlice<UInt8> {
    octets[places[slot].prefix(Int(entries[slot].octetCount))]
  }

  /// Whether less is kept of a text than it has.
  func isCut(_ entry: ParameterEntry) -> Bool { Int(entry.octetCount) * 8 < Int(entry.sample.bitCount) }

  func characters(of slot: Int) -> StringEncoding.CharacterSet { characterSets[slot] ?? .utf8 }

  /// Takes the values of a packet.
  package mutating func update(_ samples: Span<ParameterSample>, of packet: RawSpan, _ stamp: PacketStamp) {
    Self.update(&entries, &octets, &changed, places, samples, packet, stamp)
  }

  private static func update(
    _ entries: inout [ParameterEntry], _ octets: inout [UInt8], _ changed: inout [UInt32], _ places: [Range<Int>],
    _ samples: Span<ParameterSample>, _ packet: RawSpan, _ stamp: PacketStamp
  ) {
    var entries = entries.mutableSpan
    for index in samples.indices {
      let sample = samples[index]
      let slot = Int(sample.slot)
      var entry = entries[slot]
      entry.sample = sample
      entry.count &+= 1
      entry.stamp = stamp
      if !places[slot].isEmpty { entry.octetCount = copy(sample, packet, places[slot], &octets) }
      if !entry.isChanged {
        entry.isChanged = true
        changed.append(sample.slot)
      }
      entries[slot] = entry
    }
  }

  /// Notes the rule that is in force for a value that has come.
  mutating func setTests(_ tests: AlarmTestRange, of slot: Int) { entries[slot].tests = tests }

  /// Notes the alarm that is raised.
  mutating func setLevel(_ level: AlarmLevel, of slot: Int) {
    entries[slot].level = level
    guard !entries[slot].isChanged else { return }
    entries[slot].isChanged = true
    changed.append(UInt32(slot))
  }

  /// What has changed since the last time that it was asked.
  package mutating func takeChanges() -> ParameterChanges {
    var changes = ParameterChanges()
    changes.entries.reserveCapacity(changed.count)
    for slot in changed {
      entries[Int(slot)].isChanged = false
      changes.append(entries[Int(slot)], octets(of: Int(slot)))
    }
    changed.removeAll(keepingCapacity: true)
    return changes
  }

  // MARK: Texts

  /// How many octets are kept of a value.
  private static func octetCapacity(_ slot: ParameterSlot, _ database: MissionDatabase, _ bounds: Bounds) -> Int {
    switch database.types[slot.type.value].encoding {
    case .string(let encoding): min(bounds.octetCountOfValue, max(0, encoding.maximumBitCount + 7) / 8)
    case .binary(.fixed(let bitCount)): min(bounds.octetCountOfValue, max(0, bitCount + 7) / 8)
    case .binary(.dynamic), .binary(.lookup): bounds.octetCountOfValue
    case .integer, .float, nil: 0
    }
  }

  /// Copies the first octets of a text, from whatever bit it begins at; the last one is filled up with zeros.
  private static func copy(
    _ sample: ParameterSample, _ packet: RawSpan, _ place: Range<Int>, _ octets: inout [UInt8]
  ) -> UInt32 {
    guard sample.hasOctets else { return 0 }
    let available = max(0, packet.byteCount * 8 - Int(sample.bitOffset))
    let bitCount = min(Int(sample.bitCount), available)
    let count = min(place.count, (bitCount + 7) / 8)
    for index in 0..<count {
      let octet = packet.paddedOctet(atBit: Int(sample.bitOffset) + index * 8)
      let rest = bitCount - index * 8
      octets[place.lowerBound + index] = rest >= 8 ? octet : octet & ~(0xFF >> UInt8(rest))
    }
    return UInt32(count)
  }
}

extension ParameterSample {
  /// Whether it is a text or octets, at least before it is calibrated.
  var hasOctets: Bool {
    switch (rawForm, engineeringForm) {
    case (.text, _), (.octets, _), (_, .text), (_, .octets): true
    default: false
    }
  }
}
