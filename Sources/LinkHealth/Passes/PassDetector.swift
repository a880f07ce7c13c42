package import CCSDSLink
import CCSDSWire

/// Finds acquisition and loss of signal from the times of good frames, and from what was announced.
///
///     idle --frame--> hearing --silence, or the next announced pass, or a day--> idle
///
/// While an announced pass lasts, silence does not end it. Time comes in with the frames; where nothing comes,
/// `pass(to:)` says how late it is. The end of a pass is the time of its last frame in either case, so that a replay
/// finds the same passes as the live run.
package struct PassDetector: Sendable, Equatable {
  /// Why a pass is over.
  package enum End: String, Sendable, CaseIterable {
    /// Nothing was heard for long enough.
    case silence
    /// The next announced pass has begun.
    case schedule
    /// It has lasted for as long as one report may.
    case duration
    /// There is nothing more to hear.
    case input
  }

  /// The pass that is heard now.
  package struct Current: Sendable, Equatable {
    package fileprivate(set) var start: ReceptionTime?
    package fileprivate(set) var newest: ReceptionTime?
    package fileprivate(set) var frameCount = 0
    /// Which of the announced passes it is.
    package fileprivate(set) var entry: Int?
  }

  /// What a frame shows.
  struct Step: Equatable {
    /// Why the pass before is over, if it is.
    var ends: End?
    /// Whether one has begun.
    var begins = false
  }

  private var settings: PassSettings
  package private(set) var current: Current?
  private var silence = SilenceWatch()
  /// By announced pass: whether it was heard, or reported as silent.
  private var isSettled: [Bool]
  /// The earliest time at which an announced pass that is not settled may begin or end.
  private var nextEdge = Int64.min

  package init(_ settings: PassSettings) {
    self.settings = settings
    isSettled = settings.schedule.map { _ in false }
  }

  /// Takes the time of a good frame.
  mutating func hear(at time: ReceptionTime?, from spacecraft: SpacecraftID) -> Step {
    let endsSilence = silence.endsSilence(at: time, longerThan: patienceSeconds)
    var step = Step()
    if current != nil {
      step.ends = end(at: time, from: spacecraft, endsSilence: endsSilence)
      if step.ends != nil { current = nil }
    }
    if current == nil {
      current = Current(start: time, newest: time)
      step.begins = true
      nextEdge = .min
    }
    current?.frameCount += 1
    guard let time else { return step }
    if let newest = current?.newest { current?.newest = max(newest, time) } else { current?.newest = time }
    if time.nanosecondsSince1970 >= nextEdge { adopt(at: time, from: spacecraft) }
    return step
  }

  /// Takes note of how late it is. Returns whether the pass under way is over.
  mutating func pass(to now: ReceptionTime) -> Bool {
    guard let newest = current?.newest, now.seconds(since: newest) > patienceSeconds, !isAnnounced(until: now) else {
      return false
    }
    current = nil
    nextEdge = .min
    return true
  }

  /// There is nothing more to hear. Returns whether a pass was under way.
  mutating func finish() -> Bool {
    defer { current = nil }
    return current != nil
  }

  /// The announced pass under way.
  package var announced: ScheduledPass? { current?.entry.map { settings.schedule[$0] } }

  /// Silence after which the pass under way is over.
  package var patienceSeconds: Double {
    guard let current, let start = current.start, let newest = current.newest else {
      return settings.lossAfterSeconds ?? settings.quietAfterSeconds
    }
    return settings.lossAfterSeconds(frameCount: current.frameCount, spanSeconds: newest.seconds(since: start))
  }

  private func end(at time: ReceptionTime?, from spacecraft: SpacecraftID, endsSilence: Bool) -> End? {
    guard let time, let current else { return nil }
    if endsSilence, !isAnnounced(until: time) { return .silence }
    if let start = current.start, time.seconds(since: start) > settings.longestSeconds { return .duration }
    guard current.entry != nil, time.nanosecondsSince1970 >= nextEdge, let next = due(at: time, from: spacecraft),
      time >= settings.schedule[next].start
    else { return nil }
    return .schedule
  }

  /// Whether the pass under way was announced to last until then, or until so shortly before that it is no silence yet.
  private func isAnnounced(until time: ReceptionTime) -> Bool {
    announced.map { time.seconds(since: $0.end) <= patienceSeconds } ?? false
  }

  // MARK: What was announced

  /// Makes the pass under way the announced one that it is, if there is one.
  private mutating func adopt(at time: ReceptionTime, from spacecraft: SpacecraftID) {
    if current?.entry == nil, let entry = due(at: time, from: spacecraft) {
      current?.entry = entry
      isSettled[entry] = true
    }
    nextEdge = edge(after: time)
  }

  /// The announced pass that a frame may begin.
  private func due(at time: ReceptionTime, from spacecraft: SpacecraftID) -> Int? {
    settings.schedule.indices.first { index in
      let entry = settings.schedule[index]
      return !isSettled[index] && entry.expects(spacecraft) && time >= leadIn(entry) && time <= entry.end
    }
  }

  /// Announced passes that came to their end and were not heard. They are settled from then on.
  ///
  /// - Parameter isFinal: Whether one that lasts on counts, too.
  mutating func takeSilent(
    until now: ReceptionTime, since earliest: ReceptionTime?, isFinal: Bool = false
  ) -> [ScheduledPass] {
    var silent: [ScheduledPass] = []
    for index in settings.schedule.indices where !isSettled[index] {
      let entry = settings.schedule[index]
      if let earliest, entry.end < earliest {
        isSettled[index] = true
      } else if isFinal ? entry.start <= now : entry.end.advanced(bySeconds: settings.quietAfterSeconds) < now {
        isSettled[index] = true
        silent.append(entry)
      }
    }
    return silent
  }

  /// Announced passes that have not been settled yet, whatever the time.
  mutating func takeAllSilent() -> [ScheduledPass] {
    defer { isSettled = isSettled.map { _ in true } }
    return zip(settings.schedule, isSettled).filter { !$0.1 }.map(\.0)
  }

  /// The announced pass that should be heard now and is not.
  package func missed(at now: ReceptionTime) -> ScheduledPass? {
    settings.schedule.indices.first { index in
      let entry = settings.schedule[index]
      return !isSettled[index] && now.seconds(since: entry.start) > settings.quietAfterSeconds && now <= entry.end
    }.map { settings.schedule[$0] }
  }

  private func leadIn(_ entry: ScheduledPass) -> ReceptionTime {
    entry.start.advanced(bySeconds: -settings.leadSeconds)
  }

  private func edge(after time: ReceptionTime) -> Int64 {
    var edge = Int64.max
    for (index, entry) in settings.schedule.enumerated() where !isSettled[index] && entry.end >= time {
      for begin in [leadIn(entry), entry.start] { edge = min(edge, max(begin, time).nanosecondsSince1970) }
    }
    return edge
  }
}

extension PassDetector {
  /// Saves or restores it. Of what was announced only the pass under way is known again.
  mutating func archive(_ archive: inout StateArchive) {
    archive.optional(&current, blank: Current()) { current, archive in
      archive.optional(&current.start)
      archive.optional(&current.newest)
      archive.count(&current.frameCount)
    }
    silence.archive(&archive)
  }

  /// Goes by other settings. What was announced before and still is stays as it was.
  mutating func adopt(_ settings: PassSettings) {
    let settled = zip(self.settings.schedule, isSettled).filter(\.1).map(\.0)
    let announced = announced
    self.settings = settings
    isSettled = settings.schedule.map { settled.contains($0) }
    current?.entry = announced.flatMap { settings.schedule.firstIndex(of: $0) }
    nextEdge = .min
  }

  /// The pass under way was this one, if it is announced still.
  mutating func resume(_ announced: ScheduledPass?) {
    guard let announced, let index = settings.schedule.firstIndex(of: announced) else { return }
    current?.entry = index
    isSettled[index] = true
  }
}
