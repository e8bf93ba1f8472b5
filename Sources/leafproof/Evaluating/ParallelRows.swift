import Dispatch
import Synchronization

/// Evaluates a file's rows on several threads and writes the answers in the order of the rows.
///
/// Each thread takes a chunk of rows, evaluates it and hands the answer in; whoever hands in the
/// answer that is next writes it and those behind it that are waiting. Only so many chunks are in
/// the works that memory is bounded.
final class ParallelRows<Source: ChunkSource & ~Copyable>: Sendable {
  private struct Input: ~Copyable, Sendable {
    var source: Source
    var next = 0
    var failure: Failure?
  }

  private let input: Mutex<Input>
  private let output: Mutex<OrderedAnswers>
  private let isStopped = Atomic(false)
  private let size: Int?

  /// Reads from `source`.
  init(_ source: consuming Source, showsAllRefusals: Bool) {
    size = source.size
    input = Mutex(Input(source: source))
    output = Mutex(OrderedAnswers(showsAllRefusals: showsAllRefusals, size: size))
  }

  /// Evaluates all rows on so many threads, each with an evaluator of its own.
  ///
  /// - Parameter header: what is written before all answers.
  /// - Returns: how many rows there were and how many of them were refused.
  func run<Evaluator: ChunkEvaluator>(
    threads: Int, header: [UInt8], evaluator: @Sendable () -> Evaluator
  ) throws(Failure) -> (rows: Int, refused: Int) {
    output.withLock { $0.begin(header) }
    // Threads for a file that has no chunks for them would only cost time.
    let count = min(threads, size.map { $0 / RowChunk.size + 1 } ?? threads)
    let places = DispatchSemaphore(value: 4 * count)
    DispatchQueue.concurrentPerform(iterations: count) { _ in
      var evaluator = evaluator()
      work(&evaluator, places)
    }
    let readFailure = input.withLock { $0.failure }
    return try output.withLock { answers throws(Failure) in try answers.finish(readFailure) }
  }

  private func work(_ evaluator: inout some ChunkEvaluator, _ places: DispatchSemaphore) {
    var chunk = RowChunk()
    while true {
      // The chunk that is next in order has a place already, so this waits for no one who waits.
      places.wait()
      guard let index = take(&chunk) else {
        places.signal()
        return
      }
      let answer = evaluator.evaluate(&chunk)
      let (written, goesOn) = output.withLock { $0.add(answer, index) }
      if !goesOn { isStopped.store(true, ordering: .relaxed) }
      for _ in 0..<written { places.signal() }
    }
  }

  /// Takes the next chunk and gives its number; nil when there are no more.
  private func take(_ chunk: inout RowChunk) -> Int? {
    while !isStopped.load(ordering: .relaxed) {
      let (index, isEnd): (Int?, Bool) = input.withLock { input in
        guard input.failure == nil else { return (nil, true) }
        do throws(Failure) {
          switch try input.source.nextChunk(&chunk) {
          case .notYet: return (nil, false)
          case .end: return (nil, true)
          case .chunk: break
          }
        } catch {
          input.failure = error
          return (nil, true)
        }
        input.next += 1
        return (input.next - 1, false)
      }
      if index != nil || isEnd { return index }
    }
    return nil
  }
}

/// Puts answers in order, writes them, and tells of refused rows.
private struct OrderedAnswers: Sendable {
  private var waiting: [Int: ChunkAnswer] = [:]
  private var next = 0
  /// What is written before the next answer.
  private var header: [UInt8] = []
  private var rows = 0
  private var failure: Failure?
  private var hasWarned = false
  private var refusals: RefusalReport
  private var progress = Progress()
  private let size: Int?

  init(showsAllRefusals: Bool, size: Int?) {
    refusals = RefusalReport(showsAll: showsAllRefusals)
    self.size = size
  }

  /// Takes what is written before all answers: on a pipe at once.
  mutating func begin(_ header: [UInt8]) {
    self.header = header
    if size == nil { writeHeader() }
  }

  private mutating func writeHeader() {
    write(header)
    header = []
  }

  /// Writes `bytes` to standard output.
  private mutating func write(_ bytes: [UInt8]) {
    guard failure == nil, !bytes.isEmpty else { return }
    do throws(Failure) { try Console.write(bytes) } catch { failure = error }
  }

  /// Adds the answer to chunk number `index`, and writes all that can be written.
  ///
  /// - Returns: how many chunks are done with now, and whether there is a use in going on.
  mutating func add(_ answer: ChunkAnswer, _ index: Int) -> (written: Int, goesOn: Bool) {
    waiting[index] = answer
    let first = next
    while let answer = waiting.removeValue(forKey: next) {
      next += 1
      if failure == nil { finish(answer) }
    }
    return (next - first, failure == nil)
  }

  private mutating func finish(_ answer: ChunkAnswer) {
    refusals.tell(answer.refusals)
    if !header.isEmpty { writeHeader() }
    write(answer.output)
    rows += answer.rows
    if let warning = answer.warning, !hasWarned {
      hasWarned = true
      progress.clear()
      Console.note(warning)
    }
    if failure == nil { failure = answer.failure }
    showProgress(answer.consumed)
  }

  private mutating func showProgress(_ consumed: Int) {
    let rows = rows
    if let size, size > 0 {
      progress.update("\(rows) rows, \(min(100, 100 * consumed / size)) %")
    } else {
      progress.update("\(rows) rows")
    }
  }

  /// Says what is left to say; throws what ended the evaluation. What was answered before some
  /// damage stays answered.
  mutating func finish(_ readFailure: Failure?) throws(Failure) -> (rows: Int, refused: Int) {
    progress.clear()
    writeHeader()
    refusals.finish()
    if let failure = failure ?? readFailure { throw failure }
    return (rows, refusals.count)
  }
}
