package import CCSDSLink
import CCSDSWire

/// All there is to say about one pass of a link: while it lasts, and when it is over.
package struct PassReport: Sendable, Equatable {
  package var link: String
  /// Tells it from any other: the link, and when it began.
  package var id = ""
  /// What was announced, if it was.
  package var announced: ScheduledPass?
  /// When the first and the last good frame came.
  package var start: ReceptionTime?
  package var end: ReceptionTime?
  /// Why it is over; absent while it lasts.
  package var ending: PassDetector.End?
  /// It goes on from one that had lasted for as long as a report may.
  package var isContinuation = false
  /// Nothing was heard at all.
  package var isSilent = false
  /// From when on somebody listened, where that was later than the announced beginning.
  package var listenedFrom: ReceptionTime?
  /// The daemon was restarted meanwhile: what came in these times is in no count.
  package var interruptions: [PassInterruption] = []
  package var omittedInterruptions = 0
  package var counts = PassCounts()
  /// Datagrams, by what became of them, while the pass lasted.
  package var datagrams = PassDatagrams()
  package var channels: [PassChannel] = []
  package var processes: [PassProcess] = []
  package var gaps = PassGaps()
  package var attribution = LossAttribution()
  package var seconds = PassTimeline(intervalSeconds: 1, capacity: 600)
  package var minutes = PassTimeline(intervalSeconds: 60, capacity: 1500)
  package var controlWords = ControlWordHistory()
  package var clocks: [PassClock] = []
  package var violations = PassViolations()
  /// Frames missing over all channels.
  package var missing = 0

  package init(link: String) { self.link = link }

  /// A report of what was announced and not heard.
  static func silent(_ announced: ScheduledPass, link: String, listenedFrom: ReceptionTime?) -> PassReport {
    var report = PassReport(link: link)
    report.announced = announced
    report.isSilent = true
    if let listenedFrom, listenedFrom > announced.start { report.listenedFrom = listenedFrom }
    report.id = Self.id(link: link, at: announced.start)
    return report
  }

  /// Such as `dss1-20221211T224843Z`.
  static func id(link: String, at time: ReceptionTime?, number: Int = 0) -> String {
    guard let time else { return "\(link)-untimed-\(number)" }
    return link + "-" + time.rfc3339.prefix(19).filter { $0 != "-" && $0 != ":" } + "Z"
  }

  /// Seconds from the first to the last good frame.
  package var durationSeconds: Double? {
    guard let start, let end else { return nil }
    return end.seconds(since: start)
  }

  package var acceptedFrames: Int { counts.delivered + counts.idle }
  package var duplicates: Int { channels.reduce(0) { $0 + $1.duplicates } }
  package var missingAtMost: Int { channels.reduce(0) { $0 + $1.missingAtMost } }
  package var missingPackets: Int { processes.reduce(0) { $0 + $1.missing } }
  package var causes: LossCauses { attribution.causes(missing: missing) }

  /// Of the frames sent, those that came: 0…1.
  package var completeness: Double? { PassChannel.completeness(acceptedFrames - duplicates, missing) }

  /// The minutes with the most frames missing, the worst first.
  package var worstMinutes: [PassInterval] {
    Array(
      minutes.intervals.filter { $0.missing > 0 || $0.undecodable > 0 }
        .sorted { ($0.missing, $0.undecodable, $1.start) > ($1.missing, $1.undecodable, $0.start) }
        .prefix(Self.worstCount))
  }

  private static let worstCount = 5
  /// Interruptions that are listed.
  static let interruptionCapacity = 16
}

/// The time over which a daemon was restarted during a pass.
package struct PassInterruption: Sendable, Equatable {
  /// What is in the report ends here, ...
  package var from: ReceptionTime
  /// ... and goes on here.
  package var to: ReceptionTime
}

/// Datagrams during a pass.
package struct PassDatagrams: Sendable, Equatable {
  package var received = 0
  package var kernelDropped = 0
  package var rateLimited = 0
  /// For any other reason.
  package var rejected = 0

  package init() {}

  init(_ ledger: borrowing LossLedger) {
    received = ledger.datagrams.received
    kernelDropped = ledger.datagrams.kernelDropped
    rateLimited = ledger.datagrams.rejected[.rateLimited]
    rejected = ledger.datagrams.rejected.total - rateLimited
  }

  mutating func add(_ now: PassDatagrams, since earlier: PassDatagrams) {
    received += max(0, now.received - earlier.received)
    kernelDropped += max(0, now.kernelDropped - earlier.kernelDropped)
    rateLimited += max(0, now.rateLimited - earlier.rateLimited)
    rejected += max(0, now.rejected - earlier.rejected)
  }
}

/// What the packets of a channel said of the clock on board.
package struct PassClock: Sendable, Equatable {
  package var key: PassChannelKey
  package var estimate = ClockEstimate()
  /// How often the clock was set during the pass.
  package var steps = 0
  /// How often it had been set when the pass began.
  var stepsBefore = 0
}

/// Parameters that left their limits.
package struct PassViolations: Sendable, Equatable {
  /// One of them.
  package struct Violation: Sendable, Equatable {
    package var parameter: String
    /// Such as `warning` or `critical`.
    package var level: String
    package var value: String
    package var time: ReceptionTime?

    package init(parameter: String, level: String, value: String, time: ReceptionTime?) {
      self.parameter = parameter
      self.level = level
      self.value = value
      self.time = time
    }
  }

  package static let capacity = 128

  package private(set) var list: [Violation] = []
  /// All of them, those in the list and those that there was no room for.
  package private(set) var count = 0

  init() {}

  mutating func note(_ violation: Violation) {
    count += 1
    if list.count < Self.capacity { list.append(violation) }
  }
}

// MARK: - State

extension PassReport {
  private static let channelCapacity = 256
  private static let processCapacity = 8192

  /// Saves or restores all but its name.
  mutating func archive(_ archive: inout StateArchive) {
    archive.text(&id)
    archive.optional(&announced, blank: .blank) { $0.archive(&$1) }
    archive.optional(&start)
    archive.optional(&end)
    archive.item(&isContinuation)
    archive.optional(&listenedFrom)
    let blank = PassInterruption(
      from: ReceptionTime(nanosecondsSince1970: 0), to: ReceptionTime(nanosecondsSince1970: 0))
    archive.array(&interruptions, atMost: Self.interruptionCapacity, blank: blank) {
      $0.from.archive(&$1)
      $0.to.archive(&$1)
    }
    archive.count(&omittedInterruptions)
    counts.archive(&archive)
    datagrams.archive(&archive)
    archive.array(&channels, atMost: Self.channelCapacity, blank: .blank) { $0.archive(&$1) }
    archive.array(&processes, atMost: Self.processCapacity, blank: .blank) { $0.archive(&$1) }
    gaps.archive(&archive)
    attribution.archive(&archive)
    seconds.archive(&archive)
    minutes.archive(&archive)
    controlWords.archive(&archive)
    archive.array(&clocks, atMost: Self.channelCapacity, blank: PassClock(key: .blank)) { $0.archive(&$1) }
    violations.archive(&archive)
    archive.count(&missing)
  }
}

extension PassDatagrams {
  /// Saves or restores it.
  mutating func archive(_ archive: inout StateArchive) {
    archive.count(&received)
    archive.count(&kernelDropped)
    archive.count(&rateLimited)
    archive.count(&rejected)
  }
}

extension PassClock {
  /// Saves or restores it.
  fileprivate mutating func archive(_ archive: inout StateArchive) {
    key.archive(&archive)
    estimate.archive(&archive)
    archive.count(&steps)
    archive.count(&stepsBefore)
  }
}

extension PassViolations {
  /// Saves or restores them.
  fileprivate mutating func archive(_ archive: inout StateArchive) {
    let blank = Violation(parameter: "", level: "", value: "", time: nil)
    archive.array(&list, atMost: Self.capacity, blank: blank) {
      $1.text(&$0.parameter)
      $1.text(&$0.level)
      $1.text(&$0.value)
      $1.optional(&$0.time)
    }
    archive.count(&count)
  }
}
