import CCSDSCoding
import CCSDSLink
import CCSDSWire

/// How well bits become frames on a coded link: what the ledger's levels do not say.
///
/// It holds no clock. It goes by the reception times of the units; where the input has none, all of it is one minute.
package struct CodingHealth: Sendable, Equatable {
  /// By corrected symbols, 0…16: the codewords that had so many.
  package private(set) var symbolErrorHistogram = Array(repeating: 0, count: 17)
  package private(set) var corrections = CorrectionHistory()
  package private(set) var markers = MarkerCounts()
  package private(set) var lock = LockHistory()
  /// Bytes of the stream that belong to no unit.
  package private(set) var skippedByteCount = 0

  package init() {}
}

extension CodingHealth {
  /// Counts a unit that went through the decoder, whose codewords are `codewords`.
  mutating func note(_ codeblock: CodeblockObservation, _ codewords: CodewordCounts) {
    let corrections = codeblock.corrections
    if corrections.isClean {
      symbolErrorHistogram[0] += corrections.count
    } else {
      for codeword in 0..<corrections.count {
        if let count = corrections[codeword] { symbolErrorHistogram[min(count, 16)] += 1 }
      }
    }
    self.corrections.note(codeblock, codewords)
    if let marker = codeblock.marker { markers.note(marker) }
    lock.note(codeblock)
  }

  /// Counts what became of the stream.
  mutating func note(_ transition: LockTransition) { lock.note(transition) }

  /// Counts bytes that belong to no unit.
  mutating func noteSkipped(_ byteCount: Int) {
    skippedByteCount += byteCount
    lock.noteSkipped(byteCount)
  }
}

extension CodingHealth {
  /// Saves or restores it.
  mutating func archive(_ archive: inout StateArchive) {
    archive.each(of: &symbolErrorHistogram) { $1.count(&$0) }
    corrections.archive(&archive)
    markers.archive(&archive)
    lock.archive(&archive)
    archive.byteCount(&skippedByteCount)
  }
}

/// What the sync markers were like, where units have one.
package struct MarkerCounts: Sendable, Equatable {
  /// The last place of the histogram stands for this many wrong bits and more.
  package static let histogramLimit = 4

  /// The units with a place for a marker.
  package private(set) var checked = 0
  /// Not recognized in their place; the unit was cut where one had to be.
  package private(set) var missed = 0
  /// Wrong bits in those that were recognized.
  package private(set) var bitErrors = 0
  /// By wrong bits, 0…4 and more: the markers recognized.
  package private(set) var errorHistogram = Array(repeating: 0, count: histogramLimit + 1)
  /// How often a marker came later or earlier than it had to.
  package private(set) var lateSlips = 0
  package private(set) var earlySlips = 0
  /// By how many bits, all slips together: negative where more bits were lost than came twice.
  package private(set) var slipBits = 0
  /// How often the polarity of the bits changed.
  package private(set) var inversions = 0
  /// Whether the newest unit came with all bits inverted.
  package private(set) var isInverted = false

  package var slips: Int { lateSlips + earlySlips }

  /// Those that were recognized.
  package var recognized: Int { checked - missed }

  /// Counts one.
  mutating func note(_ marker: MarkerObservation) {
    checked += 1
    if let errorCount = marker.errorCount {
      bitErrors += errorCount
      errorHistogram[max(0, min(errorCount, Self.histogramLimit))] += 1
    } else {
      missed += 1
    }
    if marker.slipBitCount > 0 { lateSlips += 1 }
    if marker.slipBitCount < 0 { earlySlips += 1 }
    slipBits += marker.slipBitCount
    if marker.changesPolarity { inversions += 1 }
    isInverted = marker.isInverted
  }
}

extension MarkerCounts {
  /// Saves or restores it.
  mutating func archive(_ archive: inout StateArchive) {
    archive.count(&checked)
    archive.count(&missed)
    archive.count(&bitErrors)
    archive.each(of: &errorHistogram) { $1.count(&$0) }
    archive.count(&lateSlips)
    archive.count(&earlySlips)
    archive.balance(&slipBits)
    archive.count(&inversions)
    archive.item(&isInverted)
  }
}
