/// The last values of a link as whoever asks for them sees them: built up from the changes of its table.
package struct LastValues: Sendable {
  /// By slot.
  package private(set) var entries: [ParameterEntry]
  private var octets: [UInt32: [UInt8]] = [:]

  package init(slotCount: Int) { entries = (0..<slotCount).map { ParameterEntry(slot: $0) } }

  /// Takes what has changed. Slots that there are not are passed over.
  package mutating func apply(_ changes: ParameterChanges) {
    changes.visit { entry, octets in
      guard entries.indices.contains(Int(entry.sample.slot)) else { return }
      entries[Int(entry.sample.slot)] = entry
      if entry.octetCount > 0 || self.octets[entry.sample.slot] != nil {
        self.octets[entry.sample.slot] = Array(octets)
      }
    }
  }

  /// The octets kept of a text.
  package func octets(of slot: Int) -> [UInt8] { octets[UInt32(slot)] ?? [] }
}
