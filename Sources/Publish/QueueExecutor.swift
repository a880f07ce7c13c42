package import Dispatch

/// Lets an actor live on one serial Dispatch queue, so that handlers on that queue enter it without a hop.
package final class QueueExecutor: SerialExecutor {
  /// The serial queue that everything runs on.
  package let queue: DispatchQueue

  /// - Parameter queue: A serial queue.
  package init(queue: DispatchQueue) { self.queue = queue }

  /// Runs a job on the queue, soon.
  package func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    let executor = unsafe asUnownedSerialExecutor()
    queue.async { unsafe job.runSynchronously(on: executor) }
  }

  /// What the actor gives as its executor.
  package func asUnownedSerialExecutor() -> UnownedSerialExecutor { unsafe UnownedSerialExecutor(ordinary: self) }

  /// Traps when the caller is not on the queue: what makes `assumeIsolated` true.
  package func checkIsolated() { dispatchPrecondition(condition: .onQueue(queue)) }
}
