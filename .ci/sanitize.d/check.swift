// Shows that the thread sanitizer sees what Dispatch, `Mutex` and counts of references synchronize, and finds a race
// that is there. Without an argument everything is in order and nothing may be reported; with one there is a race,
// which has to be.
import Dispatch
import Synchronization

final class Box: @unchecked Sendable {
  let locked = Mutex<[Int]>([])
  var serial = 0
  var handedOver = 0
  var shared = 0
}

let box = Box()
let queue = DispatchQueue(label: "check")
let group = DispatchGroup()

// Changed on one serial queue only, by sync and async, from the threads of others.
for _ in 0..<2000 {
  DispatchQueue.global().async(group: group) { @Sendable in queue.sync { box.serial += 1 } }
  queue.async(group: group) { @Sendable in box.serial += 1 }
}
group.wait()

// Written before a timer begins, in its handler, and after a semaphore.
box.handedOver = 1
let semaphore = DispatchSemaphore(value: 0)
let timer = DispatchSource.makeTimerSource(queue: queue)
timer.schedule(deadline: .now() + .milliseconds(10))
timer.setEventHandler { @Sendable in
  box.handedOver += 1
  semaphore.signal()
}
timer.activate()
semaphore.wait()
box.handedOver += 1

// Changed by several threads that have to wait for one another.
DispatchQueue.concurrentPerform(iterations: 4) { _ in
  for turn in 0..<20_000 {
    box.locked.withLock { numbers in
      if numbers.count == 50 { numbers = [] }
      numbers.append(turn)
    }
  }
}

// Changed where it stands as soon as nobody reads the copies any more that were handed out.
DispatchQueue.concurrentPerform(iterations: 4) { thread in
  for turn in 0..<20_000 {
    guard thread > 0 else {
      box.locked.withLock { numbers in
        numbers.append(turn)
        if numbers.count > 100 { numbers.removeAll(keepingCapacity: true) }
      }
      continue
    }
    let copy = box.locked.withLock { $0 }
    guard copy.allSatisfy({ $0 < 20_000 }) else { fatalError("a copy has changed") }
  }
}

/// A function of its own, or all turns of a loop become one.
@inline(never) func race() { box.shared += 1 }

if CommandLine.arguments.count > 1 {
  // Both have begun before either counts.
  let begun = [DispatchSemaphore(value: 0), DispatchSemaphore(value: 0)]
  for thread in 0..<2 {
    DispatchQueue(label: "race").async(group: group) { @Sendable in
      begun[thread].signal()
      begun[1 - thread].wait()
      for _ in 0..<1000 { race() }
    }
  }
  group.wait()
}
print(box.serial, box.handedOver)
