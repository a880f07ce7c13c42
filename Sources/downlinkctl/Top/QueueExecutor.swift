import Dispatch

/// Lets an actor live on one serial Dispatch queue.
final class QueueExecutor: SerialExecutor {
  private let queue = DispatchQueue(label: "downlinkctl.station")

  func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    let executor = unsafe asUnownedSerialExecutor()
    queue.async { unsafe job.runSynchronously(on: executor) }
  }
}
