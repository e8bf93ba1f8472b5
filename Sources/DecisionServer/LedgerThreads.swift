import Dispatch

/// Threads for work that waits for the disk, so that the threads which serve the network never do.
/// A task that prefers this executor runs on them, but for where it awaits.
final class LedgerThreads: TaskExecutor {
  private let queue = DispatchQueue(label: "leafproof.server", attributes: .concurrent)

  /// Runs a job on one of the threads.
  func enqueue(_ job: consuming ExecutorJob) {
    // Unowned references are safe here: the queue runs each job once, and the service that owns this
    // executor outlives its tasks.
    let job = UnownedJob(job)
    let executor = unsafe asUnownedTaskExecutor()
    queue.async { unsafe job.runSynchronously(on: executor) }
  }
}
