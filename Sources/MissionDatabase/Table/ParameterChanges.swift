/// Some entries of a table, as a value: what leaves the data plane.
package struct ParameterChanges: Sendable {
  /// Nothing has changed.
  package init() {}

  /// In no particular order, each slot at most once.
  package internal(set) var entries: [ParameterEntry] = []
  /// The octets of those that have some, in the order of the entries.
  private(set) var octets: [UInt8] = []

  mutating func append(_ entry: ParameterEntry, _ octets: ArraySlice<UInt8>) {
    entries.append(entry)
    self.octets += octets
  }

  /// Octets of one of the entries.
  package func octets(in range: Range<Int>) -> ArraySlice<UInt8> { octets[range] }

  /// Calls `body` with each entry and its octets.
  package func visit(_ body: (ParameterEntry, ArraySlice<UInt8>) -> Void) {
    var start = 0
    for entry in entries {
      let end = start + Int(entry.octetCount)
      body(entry, octets[start..<end])
      start = end
    }
  }
}
