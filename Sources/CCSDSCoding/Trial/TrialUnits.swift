import CCSDSWire

/// Units of one length taken out of a sample: some, in runs that follow one another, from all over it.
struct TrialUnits {
  /// The most that are looked at.
  private static let capacity = 64
  /// The most that are decoded.
  private static let decodedCapacity = 8

  /// One after the other, upright and without marker.
  let bytes: [UInt8]
  let byteCount: Int
  let count: Int
  /// Whether a unit came right behind the one before it.
  let followsPrevious: [Bool]
  private let sample: InputSample
  private let places: [MarkerOccurrence]
  private let markerByteCount: Int

  /// Takes the units that stand behind markers `distance` bytes apart.
  init(_ sample: InputSample, behind occurrences: [MarkerOccurrence], markerByteCount: Int, distance: Int) {
    let whole = occurrences.filter { $0.bitOffset + 8 * distance <= sample.bitCount }
    // A marker that has the next in its place begins a unit for certain.
    let starts = Set(occurrences.map(\.bitOffset))
    let certain = whole.filter { starts.contains($0.bitOffset + 8 * distance) }
    self.init(
      sample, certain.isEmpty ? whole : certain, leavingOut: markerByteCount, byteCount: distance - markerByteCount)
  }

  /// Takes units without marker that lie one behind the other from the first byte on.
  init(_ sample: InputSample, byteCount: Int) {
    let starts = stride(from: 0, through: sample.bytes.count - byteCount, by: byteCount)
    self.init(
      sample, starts.map { MarkerOccurrence(bitOffset: 8 * $0, isInverted: false) }, leavingOut: 0,
      byteCount: byteCount)
  }

  /// Takes units without marker from the beginning of datagrams.
  init(_ sample: InputSample, at starts: [Int], byteCount: Int) {
    self.init(
      sample, starts.map { MarkerOccurrence(bitOffset: 8 * $0, isInverted: false) }, leavingOut: 0,
      byteCount: byteCount)
  }

  private init(
    _ sample: InputSample, _ places: [MarkerOccurrence], leavingOut markerByteCount: Int, byteCount: Int,
    capacity: Int = capacity
  ) {
    let chosen = Self.runs(among: places.count, capacity).map { places[$0] }
    self.sample = sample
    self.places = places
    self.markerByteCount = markerByteCount
    self.byteCount = byteCount
    count = chosen.count
    bytes = chosen.flatMap {
      sample.bytes(fromBit: $0.bitOffset + 8 * markerByteCount, count: byteCount, isInverted: $0.isInverted)
    }
    followsPrevious =
      [false]
      + zip(chosen, chosen.dropFirst()).map { $1.bitOffset - $0.bitOffset == 8 * (markerByteCount + byteCount) }
  }

  /// Few enough to be decoded again and again.
  var fewer: TrialUnits {
    TrialUnits(
      sample, places, leavingOut: markerByteCount, byteCount: byteCount, capacity: Self.decodedCapacity)
  }

  private static func runs(among count: Int, _ capacity: Int) -> [Int] {
    guard count > capacity else { return Array(0..<count) }
    let runCount = 4
    let length = capacity / runCount
    return (0..<runCount).flatMap { run in
      let first = run * (count - length) / (runCount - 1)
      return first..<first + length
    }
  }

  /// The units with a sequence added, and perhaps inverted.
  func bytes(adding sequence: [UInt8], isInverted: Bool) -> [UInt8] {
    let inversion: UInt8 = isInverted ? 0xFF : 0
    var sum = bytes
    for unit in 0..<count {
      for index in 0..<byteCount { sum[unit * byteCount + index] ^= sequence[index] ^ inversion }
    }
    return sum
  }
}
