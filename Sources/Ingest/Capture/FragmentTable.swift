/// Puts IP datagrams together from fragments that come in any order.
///
/// Bounded: at most 64 datagrams of at most 64 KiB at a time. The oldest gives way to a new one, and one that has
/// waited for 30 seconds of capture time is given up. Memory is allocated when a place in the table is first used, and
/// kept.
struct FragmentTable {
  /// What the fragments of one datagram have in common.
  struct Key: Equatable {
    var source: InternetHeader.Address
    var destination: InternetHeader.Address
    var identification: UInt32
    var isIPv6: Bool
  }

  /// What became of a fragment.
  enum Outcome: Equatable {
    /// It waits for others.
    case held
    /// The datagram is whole: lend it with `withBytes`, then `release` its slot.
    case complete(slot: Int, nextHeader: UInt8, otherFragmentCount: Int)
    /// It had come before.
    case repeated
    /// The datagram is refused, with these fragments of it held before; `isFirst` when it had not been refused yet.
    case refused(heldFragmentCount: Int, isFirst: Bool)
  }

  private var entries: [Entry] = []
  private var arrivalCount = 0

  /// Adds a fragment.
  ///
  /// - Parameters:
  ///   - bytes: Its payload as captured.
  ///   - byteCount: Its payload as declared. A fragment captured in part makes the datagram useless.
  mutating func add(
    _ fragment: InternetHeader.Fragment, _ bytes: RawSpan, byteCount: Int, key: Key, time: Int64?,
    abandoned: inout Int
  ) -> Outcome {
    abandoned += abandonExpired(now: time)
    let slot = entries.firstIndex { $0.isUsed && $0.key == key } ?? makeRoom(for: key, time: time, &abandoned)
    if entries[slot].isRefused { return .refused(heldFragmentCount: 0, isFirst: false) }
    let outcome = bytes.byteCount < byteCount ? .contradicts : entries[slot].join(fragment, bytes)
    switch outcome {
    case .joined where entries[slot].isComplete:
      return .complete(
        slot: slot, nextHeader: entries[slot].nextHeader, otherFragmentCount: entries[slot].fragmentCount - 1)
    case .joined: return .held
    case .repeated: return .repeated
    case .contradicts:
      // The place is kept, so that fragments still to come do not begin the datagram anew.
      defer { entries[slot].refuse() }
      return .refused(heldFragmentCount: entries[slot].fragmentCount, isFirst: true)
    }
  }

  /// Lends the bytes of a complete datagram, without its IP headers.
  func withBytes<Result>(of slot: Int, _ body: (RawSpan) -> Result) -> Result {
    let bytes = entries[slot].bytes
    return body(unsafe bytes.span.bytes.extracting(first: entries[slot].totalByteCount))
  }

  /// Makes the place of a complete datagram free.
  mutating func release(_ slot: Int) { entries[slot].isUsed = false }

  /// Gives up everything that is held; returns how many fragments that is.
  mutating func abandonAll() -> Int {
    var count = 0
    for slot in entries.indices where entries[slot].isUsed { count += abandon(slot) }
    return count
  }

  private mutating func abandonExpired(now: Int64?) -> Int {
    guard let now else { return 0 }
    var count = 0
    for slot in entries.indices where entries[slot].isUsed {
      guard let began = entries[slot].beganAt else { continue }
      let (age, overflow) = now.subtractingReportingOverflow(began)
      if overflow || age > Self.patienceNanoseconds { count += abandon(slot) }
    }
    return count
  }

  private mutating func abandon(_ slot: Int) -> Int {
    entries[slot].isUsed = false
    return entries[slot].fragmentCount
  }

  private mutating func makeRoom(for key: Key, time: Int64?, _ abandoned: inout Int) -> Int {
    arrivalCount += 1
    if let free = entries.firstIndex(where: { !$0.isUsed }) {
      entries[free].begin(key, time: time, arrival: arrivalCount)
      return free
    }
    if entries.count < Self.capacity {
      entries.append(Entry(key, time: time, arrival: arrivalCount))
      return entries.count - 1
    }
    let oldest = entries.indices.min { entries[$0].arrival < entries[$1].arrival } ?? 0
    abandoned += abandon(oldest)
    entries[oldest].begin(key, time: time, arrival: arrivalCount)
    return oldest
  }

  static let capacity = 64
  static let patienceNanoseconds: Int64 = 30_000_000_000
}

extension FragmentTable {
  /// One datagram in the making.
  private struct Entry {
    enum Outcome { case joined, repeated, contradicts }

    var isUsed = true
    var isRefused = false
    var key: Key
    var beganAt: Int64?
    var arrival: Int
    var nextHeader: UInt8 = 0
    var fragmentCount = 0
    /// Known once the last fragment is there.
    var totalByteCount = Int.max
    var bytes: [UInt8]
    private var receivedByteCount = 0
    private var highestByteCount = 0
    /// A bit for each 8 bytes that are there.
    private var isThere: [UInt64]

    init(_ key: Key, time: Int64?, arrival: Int) {
      self.key = key
      beganAt = time
      self.arrival = arrival
      bytes = [UInt8](repeating: 0, count: Self.capacity)
      isThere = [UInt64](repeating: 0, count: Self.capacity / 8 / 64)
    }

    var isComplete: Bool { receivedByteCount == totalByteCount }

    mutating func begin(_ key: Key, time: Int64?, arrival: Int) {
      self.key = key
      beganAt = time
      self.arrival = arrival
      isUsed = true
      isRefused = false
      fragmentCount = 0
      totalByteCount = .max
      receivedByteCount = 0
      highestByteCount = 0
      for index in isThere.indices { isThere[index] = 0 }
    }

    mutating func refuse() {
      isRefused = true
      fragmentCount = 0
    }

    mutating func join(_ fragment: InternetHeader.Fragment, _ part: RawSpan) -> Outcome {
      let range = fragment.byteOffset..<(fragment.byteOffset + part.byteCount)
      guard !range.isEmpty, range.upperBound < Self.capacity, fragment.isLast || range.count % 8 == 0
      else { return .contradicts }
      let unitIndices = (range.lowerBound / 8)..<((range.upperBound + 7) / 8)
      let thereCount = unitIndices.reduce(0) { $0 + (isThere[$1 / 64] >> UInt64($1 % 64) & 1 == 1 ? 1 : 0) }
      let isEnd = range.upperBound == totalByteCount
      if thereCount > 0 {
        let isSame = thereCount == unitIndices.count && isEnd == fragment.isLast && holds(part, at: range)
        return isSame ? .repeated : .contradicts
      }
      let fits =
        fragment.isLast
        ? totalByteCount == .max && highestByteCount <= range.upperBound : range.upperBound < totalByteCount
      guard fits else { return .contradicts }
      for index in unitIndices { isThere[index / 64] |= 1 << UInt64(index % 64) }
      if fragment.isLast { totalByteCount = range.upperBound }
      if fragment.byteOffset == 0 { nextHeader = fragment.nextHeader }
      highestByteCount = max(highestByteCount, range.upperBound)
      receivedByteCount += range.count
      fragmentCount += 1
      copy(part, to: range)
      return .joined
    }

    private mutating func copy(_ part: RawSpan, to range: Range<Int>) {
      unsafe bytes.withUnsafeMutableBytes { all in
        unsafe part.withUnsafeBytes { unsafe UnsafeMutableRawBufferPointer(rebasing: all[range]).copyMemory(from: $0) }
      }
    }

    private func holds(_ part: RawSpan, at range: Range<Int>) -> Bool {
      part.byteCount == range.count && range.allSatisfy { bytes[$0] == part.byte(at: $0 - range.lowerBound) }
    }

    private static let capacity = 65_536
  }
}
