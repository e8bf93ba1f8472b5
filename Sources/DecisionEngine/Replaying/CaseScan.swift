import Dispatch
import Ledger
import Synchronization

/// What one core does with cases, and keeps from case to case.
protocol CaseWorker: SendableMetatype {
  /// What comes of a case.
  associatedtype Output: Sendable

  /// What comes of the decision or refusal `entry` of `page`; nil for nothing. Its payload is nil
  /// when it was erased.
  mutating func process(
    _ entry: EntryPage.Item, of page: EntryPage
  ) throws(EngineError) -> Output?
}

extension StoredEntry {
  /// An entry of a page.
  init(_ entry: EntryPage.Item, of page: EntryPage) throws(EngineError) {
    try self.init(index: entry.index, body: Array(page.bytes[entry.body]))
  }

  /// Its payload, as it lies beside `entry`; nil when it was erased.
  func payload(
    _ entry: EntryPage.Item, of page: EntryPage
  ) throws(EngineError) -> StoredPayload? {
    try payload(entry.payload.map { Array(page.bytes[$0]) })
  }
}

/// Goes over the cases of a ledger on several cores in constant memory, and gives what came of them
/// in the ledger's order.
struct CaseScan {
  /// The ledger.
  let store: any LedgerStore
  /// The entries to go over.
  let range: Range<UInt64>
  /// How many cores work at once, at least one.
  let workers: Int

  /// The entries that one core takes at a time; few enough to stay in its cache.
  private static let pageSize: UInt64 = 128
  /// The bytes that one core reads at a time; a single larger case is read whole.
  private static let bytesInHand = 4 << 20
  /// The pages for each core, between two moments at which results are given.
  private static let pagesInHand = 16

  /// Processes every decision and refusal.
  ///
  /// - Parameter worker: makes what each core needs.
  /// - Parameter visit: takes what came of a case, in the ledger's order.
  /// - Parameter progress: called now and then with the number of entries done and of all.
  func run<Worker: CaseWorker>(
    worker: @Sendable () -> Worker, visit: (Worker.Output) -> Void,
    progress: (UInt64, UInt64) -> Void
  ) throws(EngineError) {
    var next = range.lowerBound
    while next < range.upperBound {
      progress(next - range.lowerBound, UInt64(range.count))
      var pages: [Range<UInt64>] = []
      while next < range.upperBound, pages.count < max(1, workers) * Self.pagesInHand {
        let end = min(next + Self.pageSize, range.upperBound)
        pages.append(next..<end)
        next = end
      }
      let tray = Tray<Worker.Output>(pages)
      DispatchQueue.concurrentPerform(iterations: min(max(1, workers), pages.count)) { _ in
        var own = worker()
        while let (number, page) = tray.take() { tray.put(number, self.page(page, &own)) }
      }
      for result in tray.results { for output in try result.get() { visit(output) } }
    }
    progress(UInt64(range.count), UInt64(range.count))
  }

  private func page<Worker: CaseWorker>(
    _ page: Range<UInt64>, _ worker: inout Worker
  ) -> Result<[Worker.Output], EngineError> {
    var outputs: [Worker.Output] = []
    var next = page.lowerBound
    do throws(EngineError) {
      while next < page.upperBound {
        let found = try ledger { () throws(LedgerError) in
          try store.page(in: next..<page.upperBound, byteLimit: Self.bytesInHand)
        }
        for item in found.items {
          guard item.index == next else { break }
          next += 1
          guard item.kind == "decision" || item.kind == "refusal" else { continue }
          if let output = try worker.process(item, of: found) { outputs.append(output) }
        }
        guard let last = found.items.last, last.index + 1 == next else {
          throw .damaged(index: next, reason: "it is missing")
        }
      }
    } catch {
      return .failure(error)
    }
    return .success(outputs)
  }
}

/// Pages to take and results put down, for several threads.
private final class Tray<Output: Sendable>: Sendable {
  private let pages: [Range<UInt64>]
  private let state: Mutex<(next: Int, results: [Result<[Output], EngineError>?])>

  init(_ pages: [Range<UInt64>]) {
    self.pages = pages
    state = Mutex((0, Array(repeating: nil, count: pages.count)))
  }

  /// A page that nobody has taken, and its number; nil when there is none.
  func take() -> (number: Int, page: Range<UInt64>)? {
    state.withLock { state in
      guard state.next < pages.count else { return nil }
      state.next += 1
      return (state.next - 1, pages[state.next - 1])
    }
  }

  func put(_ number: Int, _ result: Result<[Output], EngineError>) {
    state.withLock { $0.results[number] = result }
  }

  /// The results in the order of the pages.
  var results: [Result<[Output], EngineError>] { state.withLock { $0.results.compactMap(\.self) } }
}
