import CCSDSLink
import DownlinkService
import LinkHealth
import Publish
import Testing

@Suite("Event journal: a clock that is set back")
struct EventJournalTests {
  private static let second: Int64 = 1_000_000_000

  @Test("events have the new time, and rejections are told on")
  func followsTheClockBack() {
    var records: [EventRecord] = []
    let journal = EventJournal(link: "dss1") { records.append($0) }
    let ledger = LossLedger(quietAfterSeconds: 60)
    let late: Int64 = 5000 * Self.second
    journal.tick(at: late)
    journal.observe(.frameRejected(.length), ledger)
    #expect(records.map(\.time) == [late])
    let early: Int64 = 1400 * Self.second
    journal.tick(at: early)
    for offset in 0..<20 {
      journal.observe(.frameRejected(.length), ledger)
      journal.tick(at: early + Int64(offset) * Self.second)
    }
    #expect(records.count > 1)
    #expect(records.dropFirst().allSatisfy { $0.time >= early && $0.time < early + 20 * Self.second })
  }
}
