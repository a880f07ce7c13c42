package import Ingest

/// How many datagrams each sender may send in a second: a token bucket for each address.
///
/// A bucket holds the datagrams of one second, at least 64, and is full at first. There are 256 of them; a bucket that
/// has filled up again is as good as a new one, and goes to the next stranger. When all are in use, strangers share one
/// more. Times are those of reception, so that a replay decides as the live link did. Nothing is ever allocated.
package struct SourceRates: Sendable {
  /// How many senders are told apart.
  package static let capacity = 256
  private static let smallestBurst: Int64 = 64
  private static let nanosecondsPerSecond: Int64 = 1_000_000_000

  /// Tokens are counted in billionths, of which one nanosecond brings as many as the rate.
  private struct Bucket {
    var host: Host?
    var level: Int64
    var filledAt: Int64
  }

  /// A sender, whatever its port.
  private struct Host: Equatable {
    let high: UInt64
    let low: UInt64
    let isIPv6: Bool

    init(_ address: SocketAddress) {
      high = address.high
      low = address.low
      isIPv6 = address.isIPv6
    }
  }

  /// The configured rate.
  package let datagramsPerSecond: Int
  private let rate: Int64
  private let full: Int64
  private var buckets: [Bucket] = []
  private var shared: Bucket
  private var latest = 0
  /// Datagrams of strangers that had to share.
  package private(set) var sharedDatagramCount = 0

  /// - Parameter datagramsPerSecond: 1 to 10,000,000.
  package init(datagramsPerSecond: Int) {
    self.datagramsPerSecond = datagramsPerSecond
    rate = Int64(min(max(datagramsPerSecond, 1), 10_000_000))
    full = max(rate, Self.smallestBurst) * Self.nanosecondsPerSecond
    shared = Bucket(host: nil, level: full, filledAt: .min)
    buckets.reserveCapacity(Self.capacity)
  }

  /// How many senders have a bucket of their own.
  package var sourceCount: Int { buckets.count }

  /// Whether a datagram is within the rate of its sender.
  ///
  /// - Parameter nanoseconds: When it was received, since 1970.
  package mutating func admits(_ source: SocketAddress, at nanoseconds: Int64) -> Bool {
    let host = Host(source)
    guard let index = place(for: host, at: nanoseconds) else {
      sharedDatagramCount += 1
      return Self.take(from: &shared, at: nanoseconds, rate, full)
    }
    latest = index
    return Self.take(from: &buckets[index], at: nanoseconds, rate, full)
  }

  /// The bucket of a sender, an unused one, or one that is full again; nothing when all are in use.
  private mutating func place(for host: Host, at now: Int64) -> Int? {
    if latest < buckets.count, buckets[latest].host == host { return latest }
    var refilled: Int?
    for index in buckets.indices {
      if buckets[index].host == host { return index }
      if refilled == nil, Self.level(of: buckets[index], at: now, rate, full) == full { refilled = index }
    }
    let fresh = Bucket(host: host, level: full, filledAt: now)
    if buckets.count < Self.capacity {
      buckets.append(fresh)
      return buckets.count - 1
    }
    if let refilled { buckets[refilled] = fresh }
    return refilled
  }

  private static func take(from bucket: inout Bucket, at now: Int64, _ rate: Int64, _ full: Int64) -> Bool {
    let level = level(of: bucket, at: now, rate, full)
    // A clock that was set back brings nothing, and nothing is waited for.
    bucket.filledAt = now
    let isAdmitted = level >= nanosecondsPerSecond
    bucket.level = isAdmitted ? level - nanosecondsPerSecond : level
    return isAdmitted
  }

  private static func level(of bucket: Bucket, at now: Int64, _ rate: Int64, _ full: Int64) -> Int64 {
    let (elapsed, overflow) = now.subtractingReportingOverflow(bucket.filledAt)
    if overflow { return full }
    // Beyond what fills it from empty, the time does not matter, and the product might not fit.
    guard elapsed < full / rate + 1 else { return full }
    return elapsed > 0 ? min(full, bucket.level + elapsed * rate) : bucket.level
  }
}
