import Dispatch
import Synchronization

/// Lets many concurrent callers share one commit, and so one fsync: while a commit runs, whatever
/// is submitted waits, and goes into the log together with the next one.
///
/// Nothing is dropped. A caller is suspended until its entry is durable, so no more can wait than
/// there are callers, and a slow disk slows them down. When the store fails, each caller of that
/// group gets its error; later calls try anew.
public final class GroupCommit: Sendable {
  /// The store that entries go to.
  public let store: any LedgerStore
  /// The most submissions in one commit.
  public let groupLimit: Int
  /// The most bytes of bodies and payloads in one commit, where it has more than one submission.
  public let byteLimit: Int

  private let queue = DispatchQueue(label: "leafproof.group-commit")
  private let state = Mutex(State())

  private struct Waiting: Sendable {
    var submission: Submission
    var continuation: CheckedContinuation<Result<AppendOutcome, LedgerError>, Never>

    var byteCount: Int { submission.body.count + (submission.payload?.bytes.count ?? 0) }
  }

  private struct State {
    var waiting: [Waiting] = []
    var isCommitting = false
  }

  /// Commits to `store` in groups of at most `groupLimit` submissions and about `byteLimit` bytes.
  public init(
    store: any LedgerStore, groupLimit: Int = 1_000, byteLimit: Int = 16 << 20
  ) {
    self.store = store
    self.groupLimit = max(1, groupLimit)
    self.byteLimit = byteLimit
  }

  /// Appends `submission`; returns when it is durable.
  public func append(_ submission: Submission) async throws(LedgerError) -> AppendOutcome {
    let result = await withCheckedContinuation { continuation in
      let mustStart = state.withLock { state in
        state.waiting.append(Waiting(submission: submission, continuation: continuation))
        defer { state.isCommitting = true }
        return !state.isCommitting
      }
      // Commits block on the disk, so they run on a thread of their own.
      if mustStart { queue.async { self.commitAll() } }
    }
    return try result.get()
  }

  /// Commits group after group until nobody waits.
  private func commitAll() {
    while let group = takeGroup() {
      do {
        let outcomes = try store.append(group.map(\.submission))
        for (waiting, outcome) in zip(group, outcomes) {
          waiting.continuation.resume(returning: .success(outcome))
        }
      } catch {
        for waiting in group { waiting.continuation.resume(returning: .failure(error)) }
      }
    }
  }

  /// The next group, in the order of arrival; nil, and the end of committing, when nobody waits.
  private func takeGroup() -> [Waiting]? {
    state.withLock { state in
      if state.waiting.isEmpty {
        state.isCommitting = false
        return nil
      }
      var count = 0
      var bytes = 0
      for waiting in state.waiting.prefix(groupLimit) {
        bytes += waiting.byteCount
        if count > 0 && bytes > byteLimit { break }
        count += 1
      }
      let group = Array(state.waiting.prefix(count))
      state.waiting.removeFirst(count)
      return group
    }
  }
}
