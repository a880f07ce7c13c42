package import CCSDSWire

/// What one run of a link leaves to the next, so that the ledger goes on as if there had been no end.
///
/// A pipeline that is restored from the state of another and then given the same units ends with the same ledger, to the
/// last byte: counters, continuity, packets begun, frames held back, lock of a stream.
extension LinkPipeline {
  /// Lists the state. Only a pipeline of equal parameters can be restored from it.
  package mutating func archive(_ archive: inout StateArchive) { archive.invalidate() }

  /// Goes on where another left off.
  ///
  /// - Returns: Whether the bytes were the state of such a link; if not, this pipeline is to be thrown away.
  package mutating func restore(from saved: [UInt8]) -> Bool {
    var reader = StateArchive(restoringFrom: saved)
    archive(&reader)
    return reader.isValid
  }
}
