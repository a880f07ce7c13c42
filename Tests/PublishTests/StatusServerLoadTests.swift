import FoundationEssentials
import Glibc
import Publish
import Testing

@Suite("Status socket: what crowds and garbage leave behind")
struct StatusServerLoadTests {
  @Test("a thousand clients with garbage leave no descriptor behind")
  func closesDescriptors() async {
    // In a process of its own: the descriptors of other tests come and go.
    await #expect(processExitsWith: .success) {
      let bench = try ServerBench()
      _ = try bench.client().ask("status")
      bench.settle()
      let before = try openDescriptorCount()
      var generator = SplitMix(state: 29)
      for _ in 0..<1000 {
        let client = try TestClient(path: bench.path)
        client.send((0..<Int(generator.next() % 9000)).map { _ in UInt8(truncatingIfNeeded: generator.next()) })
        if generator.next() % 2 == 0 { client.endSending() }
      }
      guard try isReached({ try openDescriptorCount() <= before }) else { exit(2) }
      guard try bench.client().ask("status") == #"{"class":"REPLY","ok":true,"result":{}}"# else { exit(3) }
    }
  }

  @Test("when there are no descriptors left, accepting waits a tick; nobody is sent away", arguments: [1, 2, 3])
  func pausesAccepting(freeCount: Int) async {
    await #expect(processExitsWith: .success) { [freeCount] in
      let bench = try ServerBench { $0.clientCapacityPerUser = 64 }
      let first = try bench.client()
      var limit = rlimit()
      _ = unsafe getrlimit(__rlimit_resource_t(7), &limit)
      let old = limit
      // The first is for the client's end; the server needs two.
      limit.rlim_cur = try rlim_t(fillDescriptors() + freeCount)
      _ = unsafe setrlimit(__rlimit_resource_t(7), &limit)
      let second = try TestClient(path: bench.path)
      guard isReached({ bench.server.counters.acceptPauseCount > 0 }) else { exit(5) }
      guard first.ask("status") == #"{"class":"REPLY","ok":true,"result":{}}"# else { exit(2) }
      limit = old
      _ = unsafe setrlimit(__rlimit_resource_t(7), &limit)
      bench.server.tick()
      guard second.line()?.hasPrefix(#"{"class":"HELLO""#) == true else { exit(3) }
      guard second.ask("status") == #"{"class":"REPLY","ok":true,"result":{}}"# else { exit(4) }
    }
  }
}

/// Whether something comes true while others get their turn.
private func isReached(_ condition: () throws -> Bool) rethrows -> Bool {
  for _ in 0..<100_000 {
    if try condition() { return true }
    sched_yield()
  }
  return false
}

private func openDescriptors() throws -> [Int] {
  try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").compactMap { Int($0) }
}

private func openDescriptorCount() throws -> Int { try openDescriptors().count }

/// Takes every descriptor below the first that is free at the end, and returns that one.
private func fillDescriptors() throws -> Int {
  let highest = try openDescriptors().max() ?? 2
  while true {
    let copy = dup(2)
    guard copy > highest else { continue }
    close(copy)
    return Int(copy)
  }
}
