import CCSDSWire

/// All frames of one spacecraft, and the count over them that TM frames carry.
struct MasterChannel {
  private(set) var spacecraftID: SpacecraftID
  /// The silence-free stretch that its counter belongs to.
  var pass: Int
  /// How many of its virtual channels were seen.
  var virtualChannelCount = 0
  /// TM only; set by the first frame.
  private(set) var counter: FrameCounter?
  /// Frames that this count says are lost, at least and at most, over all passes.
  private(set) var missingCount = 0
  private(set) var missingCountAtMost = 0
  /// The same, but late frames take nothing back: what a channel may have lost since it was last seen.
  private(set) var noticedCount = 0
  private(set) var noticedCountAtMost = 0
  /// How often the count began anew: losses on either side of that cannot be compared.
  private var epoch = 0
  /// How often a frame was taken: tells whether any came since.
  private(set) var takenCount = 0
  private var rate = FrameRate()
  private var newestTime: ReceptionTime?

  init(spacecraftID: SpacecraftID, pass: Int) {
    self.spacecraftID = spacecraftID
    self.pass = pass
  }

  /// What has been noticed by now, to compare with later.
  var mark: MasterChannelMark {
    MasterChannelMark(noticedCount: noticedCount, noticedCountAtMost: noticedCountAtMost, epoch: epoch)
  }

  /// The frames lost since a mark, at least and at most; nothing where the count began anew since.
  func noticed(since mark: MasterChannelMark) -> ClosedRange<Int>? {
    guard mark.epoch == epoch else { return nil }
    let least = noticedCount - mark.noticedCount
    return least...max(least, noticedCountAtMost - mark.noticedCountAtMost)
  }

  /// Whether the count moves, and so says anything.
  var isCounting: Bool { counter?.hasMoved ?? false }

  /// Begins anew: the frames of a silence are not lost.
  mutating func restart(at count: UInt8, time: ReceptionTime?, pass: Int) {
    self.pass = pass
    epoch += 1
    takenCount += 1
    newestTime = time
    rate.restart()
    if counter == nil {
      counter = FrameCounter(bitCount: 8, first: UInt64(count))
    } else {
      counter?.restart(at: UInt64(count))
    }
  }

  /// Takes the count of a frame that is held back, where it is the next one: the frame is there, whatever it holds.
  mutating func takeIfNext(_ count: UInt8, time: ReceptionTime?) -> Bool {
    guard counter?.next == UInt64(count) else { return false }
    counter?.advance(to: UInt64(count), missing: 0)
    takenCount += 1
    rate.advance(frameCount: 1, isCertain: true, time: time)
    newestTime = time
    return true
  }

  /// Takes the count of a frame that was held back while others of the spacecraft came.
  mutating func takeLate(_ count: UInt8) -> CountObservation? {
    guard case .behind(let behind) = counter?.step(to: UInt64(count), allowsReordering: true) else { return nil }
    return fill(behind: behind)
  }

  /// Takes the count of a frame that is not older than the newest one.
  ///
  /// - Parameter mayBeLate: Its virtual channel shows no long loss, so that a missing count a little behind the newest
  ///   one is that of a late frame rather than of 250 lost ones.
  mutating func advance(to count: UInt8, time: ReceptionTime?, mayBeLate: Bool) -> CountObservation {
    guard var counter else { return .first }
    defer { self.counter = counter }
    if mayBeLate, case .behind(let behind) = counter.step(to: UInt64(count), allowsReordering: true),
      counter.isMissing(behind: behind)
    {
      return fill(behind: behind, &counter)
    }
    guard case .ahead(let missing) = counter.step(to: UInt64(count), allowsReordering: false) else {
      return counter.hasMoved ? .discontinuity : .frozen
    }
    counter.advance(to: UInt64(count), missing: missing)
    takenCount += 1
    let lost = resolve(missing: missing, time: time)
    rate.advance(frameCount: lost.lowerBound + 1, isCertain: lost.count == 1, time: time)
    newestTime = time
    missingCount += lost.lowerBound
    missingCountAtMost += lost.upperBound
    noticedCount += lost.lowerBound
    noticedCountAtMost += lost.upperBound
    if lost.upperBound == 0 { return .inSequence }
    return .gap(missing: lost.lowerBound, atMost: lost.upperBound)
  }

  /// Takes the count of a frame that its virtual channel knows to be late.
  mutating func fill(behind: Int) -> CountObservation {
    guard var counter else { return .first }
    defer { self.counter = counter }
    return fill(behind: behind, &counter)
  }

  /// Corrects the losses upward: a virtual channel alone has lost more than this count showed.
  mutating func raiseMissing(by count: Int) {
    missingCount += count
    missingCountAtMost = max(missingCountAtMost, missingCount)
    noticedCount += count
    noticedCountAtMost = max(noticedCountAtMost, noticedCount)
  }

  private mutating func fill(behind: Int, _ counter: inout FrameCounter) -> CountObservation {
    let observation = counter.fill(behind: behind)
    if observation == .late(fillsGap: true) {
      missingCount -= 1
      missingCountAtMost -= 1
    }
    return observation
  }

  /// The losses that eight bits, and the time since the last frame, allow for.
  private func resolve(missing: Int, time: ReceptionTime?) -> ClosedRange<Int> {
    guard let time, let newestTime, let sent = rate.frameCount(in: time.seconds(since: newestTime)) else {
      return missing...missing
    }
    let modulus = 256
    // A transmitter that paused is in sequence after it; a loss is so once in 256 times. Only the range is honest then.
    let lowest = missing == 0 ? 0 : max(0, (sent.lowerBound - 1 - missing + modulus - 1) / modulus)
    let highest = max(0, (sent.upperBound - 1 - missing) / modulus)
    guard lowest <= highest else { return missing...missing }
    return missing + lowest * modulus...missing + highest * modulus
  }
}

extension MasterChannel {
  /// Saves or restores it.
  mutating func archive(_ archive: inout StateArchive) {
    spacecraftID.archive(&archive)
    archive.balance(&pass)
    archive.count(&virtualChannelCount)
    archive.optional(&counter, blank: FrameCounter(bitCount: 8, first: 0)) { $0.archive(&$1) }
    archive.require(counter?.bitCount ?? 8 == 8)
    archive.balance(&missingCount)
    archive.balance(&missingCountAtMost)
    archive.balance(&noticedCount)
    archive.balance(&noticedCountAtMost)
    archive.count(&epoch)
    archive.count(&takenCount)
    rate.archive(&archive)
    archive.optional(&newestTime)
  }
}

/// What a master channel had lost when a frame of one of its channels came.
struct MasterChannelMark {
  var noticedCount = 0
  var noticedCountAtMost = 0
  var epoch = 0

  /// The mark of a frame that came `behind` places late: at most as many losses noticed already come after it.
  func earlier(by behind: Int) -> MasterChannelMark {
    MasterChannelMark(
      noticedCount: noticedCount - behind, noticedCountAtMost: noticedCountAtMost - behind, epoch: epoch)
  }
}

extension MasterChannelMark {
  /// Saves or restores it.
  mutating func archive(_ archive: inout StateArchive) {
    archive.balance(&noticedCount)
    archive.balance(&noticedCountAtMost)
    archive.count(&epoch)
  }
}

/// How many frames a spacecraft sends in a while, learnt from stretches in which none can have been overlooked.
///
/// A physical channel never pauses: it fills with idle frames. So two stretches that agree are a rate.
struct FrameRate {
  private static let stretchFrameCount = 64
  private static let tolerance = 0.1
  private static let slackFrameCount = 16.0

  private var stretchStart: ReceptionTime?
  private var stretchFrameCount = 0
  private var previous = 0.0
  private var framesPerSecond: Double?

  /// Counts frames of which the last was received at `time`.
  mutating func advance(frameCount: Int, isCertain: Bool, time: ReceptionTime?) {
    guard let time, isCertain, frameCount <= Self.stretchFrameCount, let stretchStart else {
      self.stretchStart = time
      stretchFrameCount = 0
      return
    }
    stretchFrameCount += frameCount
    guard stretchFrameCount >= Self.stretchFrameCount else { return }
    let seconds = time.seconds(since: stretchStart)
    let current = seconds > 0 ? Double(stretchFrameCount) / seconds : 0
    framesPerSecond = abs(current - previous) <= Self.tolerance * current && current > 0 ? current : nil
    previous = current
    self.stretchStart = time
    stretchFrameCount = 0
  }

  mutating func restart() { self = FrameRate() }

  /// The frames sent in `seconds`, at least and at most; nothing while the rate is not known.
  func frameCount(in seconds: Double) -> ClosedRange<Int>? {
    guard let framesPerSecond, seconds > 0 else { return nil }
    let expected = framesPerSecond * seconds
    guard expected < 1e9 else { return nil }
    let slack = expected * Self.tolerance + Self.slackFrameCount
    return Int(max(1, expected - slack))...Int(expected + slack)
  }
}

extension FrameRate {
  /// Saves or restores it.
  mutating func archive(_ archive: inout StateArchive) {
    archive.optional(&stretchStart)
    archive.item(&stretchFrameCount, in: 0...Self.stretchFrameCount)
    archive.item(&previous)
    archive.optional(&framesPerSecond, blank: 0) { $1.item(&$0) }
  }
}
