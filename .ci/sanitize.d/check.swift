// Shows that the thread sanitizer sees what Dispatch and `Mutex` synchronize, and finds a race that is there. Without
// an argument everything is in order and nothing may be reported; with one there is a race, which has to be.
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

if CommandLine.arguments.count > 1 {
  DispatchQueue.concurrentPerform(iterations: 4) { _ in
    for _ in 0..<300_000 { box.shared += 1 }
  }
}
print(box.serial, box.handedOver)
