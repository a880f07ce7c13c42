import Publish
import Testing

@Suite("Rolling log: when it is degraded, and when it has recovered")
struct LogHealthTests {
  private func at(_ seconds: Double) -> Int64 { 1_000_000_000_000 + Int64(seconds * 1e9) }

  @Test("only the first failure is told; a recovery is tried after 1, 2, 4 … 60 seconds of failing")
  func doublesDelay() {
    var health = LogHealth()
    var now = 0.0
    let isTold = health.fail(synchronizing: true, at: at(now))
    #expect(isTold)
    for delay in [1.0, 2, 4, 8, 16, 32, 60, 60, 60] {
      #expect(!health.isProbeDue(at: at(now + delay) - 1))
      #expect(health.isProbeDue(at: at(now + delay)))
      now += delay
      let isToldAgain = health.fail(synchronizing: true, at: at(now))
      #expect(!isToldAgain)
    }
  }

  @Test("failures between two attempts do not put the next one off")
  func keepsAppointment() {
    var health = LogHealth()
    _ = health.fail(at: at(0))
    for second in 1..<10 { _ = health.fail(at: at(Double(second) / 10)) }
    #expect(health.isProbeDue(at: at(1)))
  }

  @Test("what was lost is told with the recovery, once")
  func tellsLoss() {
    var health = LogHealth()
    health.drop(3)
    _ = health.fail(at: at(0))
    health.drop(2)
    health.drop(5)
    let lost = health.recover(at: at(1))
    #expect(lost == 7)
    #expect(!health.isDegraded)
    _ = health.fail(at: at(2))
    let lostAgain = health.recover(at: at(4))
    #expect(lostAgain == 0)
  }

  @Test("a disk that fails again within a minute waits twice as long; after a quiet minute it begins anew")
  func remembersFailures() {
    var health = LogHealth()
    _ = health.fail(at: at(0))
    _ = health.recover(at: at(1))
    let isTold = health.fail(at: at(60))
    #expect(isTold)
    #expect(!health.isProbeDue(at: at(61.9)))
    #expect(health.isProbeDue(at: at(62)))
    _ = health.recover(at: at(62))
    let isToldAgain = health.fail(at: at(122))
    #expect(isToldAgain)
    #expect(health.isProbeDue(at: at(123)))
  }

  @Test("nothing was written since a failure until something is")
  func noticesWriting() {
    var health = LogHealth()
    _ = health.fail(at: at(0))
    #expect(!health.hasWritten)
    health.noteWritten()
    #expect(health.hasWritten)
    _ = health.fail(at: at(0.5))
    #expect(!health.hasWritten)
  }

  @Test("a disk that has refused is not believed before the log has recovered, whatever fails in between")
  func remembersRefusal() {
    var health = LogHealth()
    _ = health.fail(synchronizing: true, at: at(0))
    _ = health.fail(at: at(0.5))
    #expect(health.cannotSynchronize)
    _ = health.recover(at: at(2))
    #expect(!health.cannotSynchronize)
    _ = health.fail(at: at(3))
    #expect(!health.cannotSynchronize)
  }
}
