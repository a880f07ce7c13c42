import CCSDSCoding
import CCSDSLink
import LinkHealth
import Publish

/// Why a unit of a coded link gave no frame.
enum CodeblockRejection: Int, LedgerReason {
  /// A codeword had more errors than can be corrected.
  case uncorrectable
  /// It came by itself and had not the managed length.
  case length

  var name: String {
    switch self {
    case .uncorrectable: "uncorrectable"
    case .length: "length"
    }
  }
}

/// What of synchronization is still to be told.
struct SynchronizationNews {
  /// The stream was found; the first unit, which brings the time, is still to come.
  struct Acquisition {
    let isInverted: Bool
    let bitOffset: Int
  }

  /// Bytes in no unit that have waited this long for a transition to be told with are told by themselves.
  static let patience: Int64 = 1_000_000_000

  var acquisition: Acquisition?
  private(set) var skippedByteCount = 0
  private(set) var firstSkip: Int64 = 0
  private(set) var lastSkip: Int64 = 0

  mutating func noteSkipped(_ byteCount: Int, at now: Int64) {
    if skippedByteCount == 0 { firstSkip = now }
    skippedByteCount += byteCount
    lastSkip = now
  }

  /// Whether skipped bytes have waited long enough.
  func isDue(at now: Int64) -> Bool { skippedByteCount > 0 && now - firstSkip >= Self.patience }

  /// The bytes skipped that were not told of. They are told from then on.
  mutating func takeSkipped() -> Int {
    defer { skippedByteCount = 0 }
    return skippedByteCount
  }

  /// The clock was set back: what waits has waited long enough.
  mutating func goBack() {
    if skippedByteCount > 0 { firstSkip = -Self.patience }
  }
}

extension EventJournal {
  /// Takes what synchronizer and decoder found out.
  func observe(_ event: CodingEvent) {
    switch event {
    case .codeblock(let codeblock):
      advance(to: codeblock.receivedAt)
      tellAcquisition()
      if news.isDue(at: now) { tellSkipped() }
      if !codeblock.isDecoded { note(.uncorrectable) }
    case .codeblockRefused: note(.length)
    case .lock(.acquired(let isInverted, let bitOffset)):
      tellAcquisition()
      news.acquisition = SynchronizationNews.Acquisition(isInverted: isInverted, bitOffset: bitOffset)
    case .lock(.lost):
      tellAcquisition()
      tellLoss()
    case .bytesSkipped(let byteCount):
      news.noteSkipped(byteCount, at: now)
      if news.isDue(at: now), news.acquisition == nil { tellSkipped() }
    }
  }

  /// Tells what waits for more, because there may be no more for long.
  func tellSynchronization(all: Bool) {
    tellAcquisition()
    if all ? news.skippedByteCount > 0 : news.isDue(at: now) { tellSkipped() }
  }

  private func note(_ reason: CodeblockRejection) {
    if codeblockRejections.note(reason, at: now) { tell(reason, &codeblockRejections) }
  }

  private func tellAcquisition() {
    guard let acquisition = news.acquisition else { return }
    news.acquisition = nil
    guard takeSynchronizationLine() else { return }
    let skipped = news.takeSkipped()
    tellOne(
      EventRecord(.frameSync, severity: .notice, time: now, link: link) {
        $0.member("action", "acquired")
        $0.member("bit_offset", acquisition.bitOffset)
        $0.member("inverted", acquisition.isInverted)
        $0.member("skipped_bytes", skipped)
      })
  }

  private func tellLoss() {
    guard takeSynchronizationLine() else { return }
    let skipped = news.takeSkipped()
    tellOne(
      EventRecord(.frameSync, severity: .notice, time: now, link: link) {
        $0.member("action", "lost")
        $0.member("skipped_bytes", skipped)
      })
  }

  private func tellSkipped() {
    let (first, last) = (news.firstSkip, news.lastSkip)
    let record = EventRecord(.frameSync, severity: .notice, time: last, link: link) { $0.member("action", "skipped") }
    submit(record, reason: "skipped_bytes", count: UInt64(news.takeSkipped()), first: first)
  }
}
