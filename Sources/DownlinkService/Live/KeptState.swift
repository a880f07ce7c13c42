import Ingest

/// What kept memory says of the links that hear by one input, as one block of bytes.
///
///     |magic 8|ended in order 8|saved at 8|socket 8|its drop count 8|probe 5 × 8|links 8| then for each link:
///     |since 8|restarts 8|crashes 8|earlier until 8|earlier totals 7 × 8|totals 7 × 8|name length 8|name|
///     |state length 8|state|
///
/// All numbers are little endian.
struct KeptState: Equatable {
  /// One link: what it is to go on with.
  struct Link: Equatable {
    var name: String
    var life: LinkLife
    /// Of the ledger in `pipeline`: what is left when that cannot be restored.
    var totals: LinkTotals
    /// What `LinkPipeline.archive` has saved.
    var pipeline: [UInt8]
  }

  /// Whether the process was stopped, and did not just end.
  var hasEndedInOrder = false
  /// Nanoseconds since 1970, UTC.
  var savedAt: Int64 = 0
  var socket = SocketMark()
  /// The probe that may still be on its way.
  var probe: SelfProbe.Outstanding?
  var links: [Link] = []

  private static let magic: UInt64 = 0x646C_6B65_7074_0002
  private static let largestLinkCount = 1024
  /// In the year 2200: nothing happened later.
  private static let latestTime: UInt64 = 7_258_118_400_000_000_000

  /// Writes all of it over `bytes`.
  func encode(into bytes: inout [UInt8]) {
    bytes.removeAll(keepingCapacity: true)
    func put(_ value: UInt64) { unsafe withUnsafeBytes(of: value.littleEndian) { unsafe bytes.append(contentsOf: $0) } }
    func put(_ value: Int) { put(UInt64(bitPattern: Int64(value))) }
    func put(_ totals: LinkTotals) { for (_, path) in LinkTotals.members { put(totals[keyPath: path]) } }
    put(Self.magic)
    put(hasEndedInOrder ? 1 : 0)
    put(Int(savedAt))
    put(socket.cookie)
    put(UInt64(socket.dropCount))
    for word in probe?.words ?? SelfProbe.Outstanding.noWords { put(word) }
    put(links.count)
    for link in links {
      put(Int(link.life.since))
      put(link.life.restartCount)
      put(link.life.crashCount)
      put(Int(link.life.earlierUntil ?? 0))
      put(link.life.earlier)
      put(link.totals)
      put(link.name.utf8.count)
      bytes.append(contentsOf: link.name.utf8)
      put(link.pipeline.count)
      bytes.append(contentsOf: link.pipeline)
    }
  }

  init() {}

  /// Reads what `encode` wrote; nothing when it is anything else.
  init?(_ bytes: [UInt8]) {
    var reader = Reader(bytes: bytes[...])
    guard reader.word() == Self.magic, let ended = reader.word(), ended <= 1, let savedAt = reader.time(),
      let cookie = reader.word(), let drops = reader.word().flatMap({ UInt32(exactly: $0) }),
      let probe = reader.words(SelfProbe.Outstanding.noWords.count), let count = reader.count(),
      count <= Self.largestLinkCount
    else { return nil }
    hasEndedInOrder = ended == 1
    self.savedAt = savedAt
    socket = SocketMark(cookie: cookie, dropCount: drops)
    self.probe = SelfProbe.Outstanding(words: probe)
    for _ in 0..<count {
      guard let link = reader.link() else { return nil }
      links.append(link)
    }
    guard reader.bytes.isEmpty else { return nil }
  }

  private struct Reader {
    var bytes: ArraySlice<UInt8>

    mutating func word() -> UInt64? {
      guard let taken = take(8) else { return nil }
      return taken.reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }

    mutating func words(_ count: Int) -> [UInt64]? {
      var words: [UInt64] = []
      for _ in 0..<count {
        guard let word = word() else { return nil }
        words.append(word)
      }
      return words
    }

    mutating func time() -> Int64? {
      guard let word = word(), word <= KeptState.latestTime else { return nil }
      return Int64(word)
    }

    mutating func count() -> Int? {
      guard let word = word(), word <= UInt64(LinkTotals.largestCount) else { return nil }
      return Int(word)
    }

    mutating func take(_ count: Int) -> ArraySlice<UInt8>? {
      guard count <= bytes.count else { return nil }
      defer { bytes = bytes.dropFirst(count) }
      return bytes.prefix(count)
    }

    mutating func totals() -> LinkTotals? {
      var totals = LinkTotals()
      for (_, path) in LinkTotals.members {
        guard let count = count() else { return nil }
        totals[keyPath: path] = count
      }
      return totals
    }

    mutating func link() -> Link? {
      guard let since = time(), let restarts = count(), let crashes = count(), let until = time(),
        let earlier = totals(), let totals = totals(), let name = count().flatMap({ take($0) }),
        let pipeline = count().flatMap({ take($0) })
      else { return nil }
      var life = LinkLife(since: since)
      life.restartCount = restarts
      life.crashCount = crashes
      if until > 0 { life.add(earlier, until: until) }
      return Link(
        name: String(decoding: name, as: UTF8.self), life: life, totals: totals, pipeline: Array(pipeline))
    }
  }
}

extension SelfProbe.Outstanding {
  /// What stands where there is no probe.
  static let noWords: [UInt64] = [0, 0, 0, 0, 0]
  private static let isThere: UInt64 = 1 << 17
  private static let isIPv6: UInt64 = 1 << 16

  /// The nonce, the address, and its port with two flags.
  fileprivate var words: [UInt64] {
    [
      UInt64(truncatingIfNeeded: nonce >> 64), UInt64(truncatingIfNeeded: nonce), source.high, source.low,
      Self.isThere | (source.isIPv6 ? Self.isIPv6 : 0) | UInt64(source.port),
    ]
  }

  /// Nothing where there was no probe. Anything else is one, which may come or not.
  fileprivate init?(words: [UInt64]) {
    guard words[4] & Self.isThere != 0 else { return nil }
    let port = UInt16(truncatingIfNeeded: words[4])
    self.init(
      nonce: UInt128(words[0]) << 64 | UInt128(words[1]),
      source: words[4] & Self.isIPv6 != 0
        ? SocketAddress(ipv6High: words[2], low: words[3], port: port)
        : SocketAddress(ipv4: UInt32(truncatingIfNeeded: words[3]), port: port))
  }
}
