/// One unit on its way: what was coded, what is sent, and what a receiver will take for it.
struct DamagedUnit: Sendable {
  private let encoder: UnitEncoder
  /// Bits before this one would tell something other than damage if they were wrong.
  private let firstVulnerableBit: Int
  /// Marker and codeblock as they were coded.
  private(set) var coded: [UInt8] = []
  /// The same as a receiver sees them that finds the marker and undoes the inversion.
  private(set) var seen: [UInt8] = []
  /// Whether `seen` may differ from `coded`.
  private var isTouched = false

  init(encoder: UnitEncoder, link: LinkPlan) {
    self.encoder = encoder
    let headerByteCount = encoder.plan.reedSolomon == nil ? FrameLayout(link: link).dataField.lowerBound : 0
    firstVulnerableBit = 8 * (encoder.plan.syncMarker.count + headerByteCount)
  }

  var bitCount: Int { 8 * encoder.unitByteCount }
  private var markerBitCount: Int { 8 * encoder.plan.syncMarker.count }

  /// Starts over with a frame.
  mutating func begin(_ frame: [UInt8]) {
    encoder.encode(frame, into: &coded)
    seen.removeAll(keepingCapacity: true)
    seen.append(contentsOf: coded)
    isTouched = false
  }

  /// The bits of the unit whose marker is so near the end of the code that damage from there on may be corrected.
  var firstForgivingBit: Int {
    let guarded = encoder.plan.reedSolomon.map { ($0.errors + 8) * $0.interleave } ?? 8
    return max(1, bitCount - 8 * guarded)
  }

  /// A place in the codeblock that may be damaged.
  func place(_ random: inout SeededRandom) -> Int { random.within(firstVulnerableBit...bitCount - 1) }

  /// A place where an inversion may begin or end: a code of full length takes a unit that is inverted almost from its
  /// start for another, since the complement of a codeword is one.
  func inversionPlace(_ random: inout SeededRandom) -> Int {
    let guarded = encoder.plan.reedSolomon.map { ($0.errors + 1) * $0.interleave } ?? 0
    let first = firstVulnerableBit + 8 * guarded
    return random.within(min(first, bitCount - 1)...bitCount - 1)
  }

  /// Makes so many bits of the marker wrong.
  mutating func damageMarker(wrongBitCount: Int, _ random: inout SeededRandom) {
    var places = Array(0..<markerBitCount)
    for _ in 0..<min(wrongBitCount, places.count) {
      flip(places.remove(at: random.below(places.count)))
    }
  }

  /// Makes so many symbols of one codeword wrong, or, without a code, bytes of the data field.
  mutating func damageSymbols(_ count: Int, codeword: Int, _ random: inout SeededRandom) {
    isTouched = true
    let interleave = encoder.plan.reedSolomon?.interleave ?? 1
    let start = encoder.plan.reedSolomon == nil ? firstVulnerableBit / 8 : encoder.plan.syncMarker.count
    let symbolCount = (seen.count - start) / interleave
    var wrongCount = 0
    while wrongCount < min(count, symbolCount) {
      let offset = start + random.below(symbolCount) * interleave + codeword
      guard seen[offset] == coded[offset] else { continue }
      seen[offset] ^= UInt8(random.within(1...255))
      wrongCount += 1
    }
  }

  /// Turns random bits of a range, the first and the last among them.
  mutating func addNoise(_ range: Range<Int>, _ random: inout SeededRandom) {
    for bit in range where bit == range.lowerBound || bit == range.upperBound - 1 || random.chance(0.5) { flip(bit) }
  }

  /// Turns all bits from one on.
  mutating func invert(from bit: Int) {
    isTouched = true
    for offset in (bit + 7) / 8..<seen.count { seen[offset] = ~seen[offset] }
    if bit % 8 != 0 { seen[bit / 8] ^= 0xFF >> UInt8(bit % 8) }
  }

  /// Puts what is on the wire in the place of what was seen: the first bits of what was sent.
  mutating func see(_ sent: BitStream, followedBy next: [UInt8]) {
    isTouched = true
    var sent = sent
    sent.append(next)
    sent.pad()
    seen.replaceSubrange(0..<seen.count, with: sent.bytes.prefix(seen.count))
  }

  private mutating func flip(_ bit: Int) {
    isTouched = true
    seen[bit / 8] ^= 0x80 >> UInt8(bit % 8)
  }

  /// How many symbols of each codeword are wrong; nothing without a code.
  func count(into codewords: inout CodewordTruth) -> Bool {
    guard let code = encoder.plan.reedSolomon else { return true }
    let start = encoder.plan.syncMarker.count
    var isDecoded = true
    for codeword in 0..<code.interleave {
      var wrongSymbols = 0
      if isTouched {
        for offset in stride(from: start + codeword, to: seen.count, by: code.interleave)
        where seen[offset] != coded[offset] { wrongSymbols += 1 }
      }
      codewords.count(wrongSymbols: wrongSymbols, errors: code.errors)
      if wrongSymbols > code.errors { isDecoded = false }
    }
    return isDecoded
  }

  /// What becomes of a frame without a code around it.
  func condition(of record: FrameRecord) -> FrameRecord.Condition {
    let start = encoder.plan.syncMarker.count
    guard encoder.plan.reedSolomon == nil, isTouched, seen[start...] != coded[start...] else {
      return record.condition
    }
    return (seen[start] ^ coded[start]) & 0xC0 == 0 ? .damaged : .wrongVersion
  }
}
