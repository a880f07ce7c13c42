/// What a faultless receiver finds between the bits and the frames, told by the sender.
package struct CodingTruth: Equatable, Sendable {
  /// One hit, and where.
  package struct Hit: Equatable, Sendable {
    /// The index of the unit among those sent, lost ones included.
    package let unit: Int
    package let kind: StreamHit.Kind
  }

  /// Bytes of the stream: received = framed + skipped. Nothing for units that come without marker.
  package var streamBytes = StreamByteTruth()
  package var codewords = CodewordTruth()
  /// Units that the spacecraft sent.
  package var unitsSent = 0
  /// Of these, the ones that are cut out of what arrives.
  package var unitsReceived = 0
  /// Of these, those with a codeword beyond correction.
  package var unitsUncorrectable = 0
  /// Wrong bits of markers that are still recognized.
  package var markerErrorBits = 0
  /// Markers that are not recognized, and the unit is.
  package var markersMissed = 0
  /// Times that a marker came a few bits early or late.
  package var slips = 0
  /// Times that the polarity changed.
  package var polarityChanges = 0
  /// Whether the account is exact; otherwise it is what would be if each hit were alone.
  package var isExact = true
  /// Units so far from every hit that they are received for certain.
  package var unitsCertain = 0
  /// What was hit, in order; the first ten thousand.
  package var hits: [Hit] = []

  package init() {}

  /// Whether all the sums are right.
  package var isBalanced: Bool {
    streamBytes.received == streamBytes.framed + streamBytes.skipped
      && codewords.received == codewords.clean + codewords.corrected + codewords.uncorrectable
      && unitsUncorrectable <= unitsReceived && unitsReceived <= unitsSent
  }
}

/// Bytes of a bit stream. A byte that a unit shares with what is beside it goes with the one it ends in.
package struct StreamByteTruth: Equatable, Sendable {
  package var received = 0
  /// In units, markers included.
  package var framed = 0
  /// In no unit.
  package var skipped = 0

  package init() {}
}

/// Reed–Solomon codewords: received = clean + corrected + uncorrectable.
package struct CodewordTruth: Equatable, Sendable {
  package var received = 0
  package var clean = 0
  package var corrected = 0
  package var correctedSymbols = 0
  package var uncorrectable = 0

  package init() {}

  /// Counts a codeword with so many wrong symbols.
  mutating func count(wrongSymbols: Int, errors: Int) {
    received += 1
    switch wrongSymbols {
    case 0: clean += 1
    case ...errors:
      corrected += 1
      correctedSymbols += wrongSymbols
    default: uncorrectable += 1
    }
  }
}
