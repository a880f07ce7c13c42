package import CCSDSLink
import CCSDSWire

/// What the fill of a channel's idle frames says about bit errors that nothing else noticed.
package struct FillHealth: Sendable, Equatable {
  /// What the fill is; absent as long as that is open.
  package var kind: FillKind?
  /// Bits that were compared with what they should be.
  package private(set) var bitCount = 0
  /// Those of them that were wrong.
  package private(set) var errorCount = 0

  package init() {}

  package mutating func note(bitCount: Int, errorCount: Int) {
    self.bitCount += bitCount
    self.errorCount += errorCount
  }

  /// Saves or restores it.
  mutating func archive(_ archive: inout StateArchive) {
    archive.optional(&kind, blank: .repeated) { $1.choice(&$0) }
    archive.byteCount(&bitCount)
    archive.byteCount(&errorCount)
  }

  /// Writes the object about the fill, once it is known what it is.
  func write(to json: inout JSONWriter) {
    guard let kind else { return }
    json.object("fill") {
      $0.member("pattern", kind.rawValue)
      $0.member("bits", bitCount)
      $0.member("bit_errors", errorCount)
    }
  }
}
