import CCSDSWire

/// All frames of one spacecraft, and the count over them that TM frames carry.
struct MasterChannel {
  let spacecraftID: SpacecraftID
  /// The silence-free stretch that its counter belongs to.
  var pass: Int
  /// How many of its virtual channels were seen.
  var virtualChannelCount = 0
  /// TM only; set by the first frame.
  private(set) var counter: FrameCounter?
  /// How many frames were counted, of all passes.
  private(set) var frameCount = 0
  /// How many frames the spacecraft has sent up to the newest one, by this count; where it begins means nothing.
  private(set) var position = 0
  /// The same of the frame counted last, which may have been late.
  private(set) var lastPosition = 0
  /// Frames that this count says are lost, at least and at most, over all passes.
  private(set) var missingCount = 0
  private(set) var missingCountAtMost = 0
  /// The same when they were noticed, whatever came late: what a channel's own losses are measured against.
  private(set) var gapFrameCount = 0
  private(set) var gapFrameCountAtMost = 0
  private var rate = FrameRate()
  private var newestTime: ReceptionTime?

  init(spacecraftID: SpacecraftID, pass: Int) {
    self.spacecraftID = spacecraftID
    self.pass = pass
  }

  /// Whether the count moves, and so says anything.
  var isCounting: Bool { counter?.hasMoved ?? false }

  /// Begins anew: the frames of a silence are not lost.
  mutating func restart(at count: UInt8, time: ReceptionTime?, pass: Int) {
    self.pass = pass
    frameCount += 1
    newestTime = time
    rate.restart()
    if counter == nil {
      counter = FrameCounter(bitCount: 8, first: UInt32(count))
    } else {
      counter?.restart(at: UInt32(count))
    }
  }

  /// Takes the count of a frame that is not older than the newest one.
  ///
  /// - Parameter earliest: Where the frame can be at the earliest, by the count of its virtual channel. A missing count
  ///   a little behind the newest one, and not before that, is of a late frame rather than of 250 lost ones.
  mutating func advance(to count: UInt8, time: ReceptionTime?, notBefore earliest: Int) -> CountObservation {
    guard var counter else { return .first }
    defer { self.counter = counter }
    frameCount += 1
    if case .behind(let behind) = counter.step(to: UInt32(count), allowsReordering: true),
      counter.isMissing(behind: behind), position - behind >= earliest
    {
      return fill(behind: behind, &counter)
    }
    guard case .ahead(let missing) = counter.step(to: UInt32(count), allowsReordering: false) else {
      return counter.hasMoved ? .discontinuity : .frozen
    }
    counter.advance(to: UInt32(count), missing: missing)
    let lost = resolve(missing: missing, time: time)
    rate.advance(frameCount: lost.lowerBound + 1, isCertain: lost.count == 1, time: time)
    newestTime = time
    position += lost.lowerBound + 1
    lastPosition = position
    missingCount += lost.lowerBound
    missingCountAtMost += lost.upperBound
    gapFrameCount += lost.lowerBound
    gapFrameCountAtMost += lost.upperBound
    if lost.upperBound == 0 { return .inSequence }
    return .gap(missing: lost.lowerBound, atMost: lost.upperBound)
  }

  /// Takes the count of a frame that its virtual channel knows to be late.
  mutating func fill(behind: Int) -> CountObservation {
    guard var counter else { return .first }
    defer { self.counter = counter }
    return fill(behind: behind, &counter)
  }

  /// Takes the count of a frame that was held back while others of the spacecraft were counted: it had been taken for
  /// missing.
  mutating func fill(count: UInt8) -> CountObservation {
    guard var counter else { return .first }
    defer { self.counter = counter }
    frameCount += 1
    if case .behind(let behind) = counter.step(to: UInt32(count), allowsReordering: true),
      counter.isMissing(behind: behind)
    {
      return fill(behind: behind, &counter)
    }
    guard missingCount > 0 else { return .late(fillsGap: false) }
    missingCount -= 1
    missingCountAtMost -= 1
    return .late(fillsGap: true)
  }

  /// Corrects the losses upward: a virtual channel alone has lost more than this count showed.
  mutating func raiseMissing(by count: Int) {
    missingCount += count
    position += count
    lastPosition = position
    missingCountAtMost = max(missingCountAtMost, missingCount)
    gapFrameCount += count
    gapFrameCountAtMost = max(gapFrameCountAtMost, gapFrameCount)
  }

  private mutating func fill(behind: Int, _ counter: inout FrameCounter) -> CountObservation {
    let observation = counter.fill(behind: behind)
    lastPosition = position - behind
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
    let lowest = max(0, (sent.lowerBound - 1 - missing + modulus - 1) / modulus)
    let highest = max(0, (sent.upperBound - 1 - missing) / modulus)
    guard lowest <= highest else { return missing...missing }
    return missing + lowest * modulus...missing + highest * modulus
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
