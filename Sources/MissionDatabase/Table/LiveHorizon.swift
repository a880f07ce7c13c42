/// Tells packets that are sent as they are made from those that were stored on board and come later: by the newest time
/// that each application process has told of.
///
/// A packet that is older is stored. Two doubts are decided for the live side, since an alarm too many is better than
/// one too few: a clock on board may be set back, and then no newer packet comes any more; and one damaged packet may
/// tell of a time that has not come yet.
package struct LiveHorizon: Sendable {
  /// What counts as what; nanoseconds.
  package struct Settings: Hashable, Sendable {
    /// A packet may be so much older than the newest and still be live.
    package var tolerance: Int64 = 1_000_000_000
    /// When nothing as new as the newest has come for so long, the clock on board was set back.
    package var patience: Int64 = 120_000_000_000
    /// A time that is ahead by more than this, and more than has passed since, is believed when another packet agrees.
    package var largestStep: Int64 = 3_600_000_000_000

    /// What links have unless they say otherwise.
    package init() {}
  }

  /// What is known of one application process.
  private struct Source: BitwiseCopyable, Sendable {
    var newest: Int64?
    var newestReception: Int64?
    /// A time far ahead that another packet has to agree with.
    var candidate: Int64?
  }

  private let settings: Settings
  /// The identifiers of the spacecraft, in the order of their blocks of `sources`.
  private var spacecraft: [UInt32] = []
  /// A block of `applicationProcessCount` for each spacecraft.
  private var sources: [Source] = []

  package init(_ settings: Settings = Settings()) { self.settings = settings }

  /// Whether a packet is stored. Packets of more spacecraft than there is room for are live unless they are marked.
  package mutating func isStored(_ stamp: PacketStamp) -> Bool {
    if stamp.isMarkedStored { return true }
    guard let time = stamp.onBoardTime, let index = index(of: stamp.source) else { return false }
    return Self.isStored(time, stamp.receptionTime, &sources[index], settings)
  }

  private static func isStored(
    _ time: Int64, _ reception: Int64?, _ source: inout Source, _ settings: Settings
  ) -> Bool {
    guard let newest = source.newest else {
      source = Source(newest: time, newestReception: reception)
      return false
    }
    let elapsed = elapsed(from: source.newestReception, to: reception)
    let step = difference(time, newest)
    if step < -settings.tolerance {
      guard elapsed > settings.patience else { return true }
      source = Source(newest: time, newestReception: reception)
      return false
    }
    let (limit, overflow) = settings.largestStep.addingReportingOverflow(elapsed)
    if !overflow, step > limit {
      let agrees = source.candidate.map { abs(difference(time, $0)) <= settings.largestStep } ?? false
      guard agrees else {
        source.candidate = time
        return false
      }
    }
    source = Source(newest: max(newest, time), newestReception: reception ?? source.newestReception)
    return false
  }

  /// Nothing when it is not known, or the clock of the station was set back.
  private static func elapsed(from start: Int64?, to now: Int64?) -> Int64 {
    guard let start, let now else { return 0 }
    return max(0, difference(now, start))
  }

  /// Times are of packets: any two of them may come.
  private static func difference(_ later: Int64, _ earlier: Int64) -> Int64 {
    let (difference, overflow) = later.subtractingReportingOverflow(earlier)
    guard overflow else { return max(difference, -.max) }
    return later > earlier ? .max : -.max
  }

  private mutating func index(of source: UInt32) -> Int? {
    let applicationProcess = Int(source) % Self.applicationProcessCount
    let identifier = source / UInt32(Self.applicationProcessCount)
    if let block = spacecraft.firstIndex(of: identifier) {
      return block * Self.applicationProcessCount + applicationProcess
    }
    guard spacecraft.count < Self.spacecraftCapacity else { return nil }
    spacecraft.append(identifier)
    sources.append(contentsOf: repeatElement(Source(), count: Self.applicationProcessCount))
    return (spacecraft.count - 1) * Self.applicationProcessCount + applicationProcess
  }

  private static let applicationProcessCount = 2048
  private static let spacecraftCapacity = 8
}
