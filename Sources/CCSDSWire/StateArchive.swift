/// State of one run, as bytes for the next one: each type lists its fields once, and the same list saves and restores.
///
///     mutating func archive(_ archive: inout StateArchive) {
///       archive.item(&newest)
///       archive.item(&hasMoved)
///     }
///
/// While restoring, whatever the bytes hold, nothing traps and nothing grows beyond its bound: the archive turns invalid,
/// every later item is left as it is, and whoever began says so and starts anew. No byte order is promised: the bytes
/// never leave the machine.
package struct StateArchive: ~Copyable {
  /// What was saved so far.
  package private(set) var bytes: [UInt8] = []
  /// Whether items are read from bytes, and not written.
  package let isRestoring: Bool
  /// Whether all that was asked for was there.
  package private(set) var isValid = true
  private var position = 0

  /// An archive to save to. `reusing` gives its capacity to the new one.
  package init(savingTo reusing: consuming [UInt8] = []) {
    isRestoring = false
    bytes = reusing
    bytes.removeAll(keepingCapacity: true)
  }

  /// An archive to restore from.
  package init(restoringFrom saved: [UInt8]) {
    isRestoring = true
    bytes = saved
  }

  /// Restoring has met something that cannot be.
  package mutating func invalidate() { isValid = false }
}
