import ArgumentParser
import DecisionEngine

/// `leafproof decide`.
struct Decide: ParsableCommand {
  /// The most requests that are recorded in one commit.
  private static let batchLimit = 1024
  /// The most bytes of requests that are recorded in one commit.
  private static let batchBytes = 8 << 20

  /// Name, help, examples.
  static let configuration = CommandConfiguration(
    commandName: "decide",
    abstract: "Decide requests by a pipeline, and record each decision.",
    discussion: """
      Each answer is one line of JSON, printed when its entry is durable in the ledger, and not \
      before. Requests that are there at once are recorded together; on a pipe an answer comes as \
      soon as its request. A request that can't be decided is refused; the refusal is recorded \
      and printed, too. The same case ID with the same request gives the recorded answer again.

        leafproof decide instalment-credit --input requests.jsonl
        leafproof decide instalment-credit@1.0.0 --input requests.csv > decisions.jsonl
        echo '{"inputs": {"score": 700}}' | leafproof decide consumer-credit --input -

      In CSV the column case_id names the case, a column MODEL@VERSION holds a score, every other \
      column an input.

      Exit codes: 0 all were answered, also when some were refused; 1 a case ID is taken by \
      another request, or with --strict one was refused; 3 the input, 4 the ledger can't be used.
      """)

  @Argument(help: "The pipeline: ID for the version in force, or ID@VERSION.")
  private var pipeline: String

  @Option(
    name: .long, help: "The requests: a .jsonl, .ndjson, .json or .csv file, or -.",
    completion: .file(extensions: ["jsonl", "ndjson", "json", "csv"]))
  private var input: String

  @Option(name: .long, help: "The form of the requests, where the file's name doesn't tell.")
  private var inputFormat: RowFormat?

  @Flag(name: .long, help: "Exit with 1 when a request was refused.")
  private var strict = false

  @OptionGroup private var ledger: LedgerOptions
  @OptionGroup private var signing: SigningKeyOptions

  /// Decides until the input ends.
  func run() throws {
    let form = try RowFormat.of(
      input, stated: inputFormat, default: .jsonl, in: [.jsonl, .json, .csv])
    let session = try LedgerSession.writing(ledger.path, keyPath: signing.key)
    var tally = Tally()
    do throws(Failure) {
      switch form {
      case .jsonl:
        var source = try RequestLines(input)
        try decide(&source, session.engine, &tally)
      case .json:
        var source = try RequestDocument(input)
        try decide(&source, session.engine, &tally)
      case .csv:
        var source = try RequestRows(input)
        try decide(&source, session.engine, &tally)
      }
    } catch {
      tally.progress.clear()
      if error.status != .brokenPipe { Console.note(tally.summary) }
      throw error
    }
    tally.progress.clear()
    Console.note(tally.summary)
    if tally.failed > 0 || (strict && tally.refused > 0) { throw Failure.negative }
  }

  /// What has been done so far.
  private struct Tally {
    var decided = 0
    var refused = 0
    var earlier = 0
    var failed = 0
    var progress = Progress()

    var summary: String {
      var parts = ["\(decided) decided", "\(refused) refused"]
      if earlier > 0 { parts.append("\(earlier) of them before") }
      if failed > 0 { parts.append("\(failed) not recorded") }
      return parts.joined(separator: ", ") + "\n"
    }
  }

  private func decide(
    _ source: inout some RequestSource & ~Copyable, _ engine: Engine, _ tally: inout Tally
  ) throws(Failure) {
    // An unknown pipeline is told before the first request is waited for.
    _ = try engineFailures { () throws(EngineError) in
      try engine.decide([], pipeline: pipeline)
    }
    var isOpen = true
    while isOpen {
      var batch: [[UInt8]] = []
      var places: [String] = []
      var size = 0
      collecting: while batch.count < Self.batchLimit, size < Self.batchBytes {
        switch try source.next(waits: batch.isEmpty) {
        case .request(let bytes, let place):
          batch.append(bytes)
          places.append(place)
          size += bytes.count
        case .notYet: break collecting
        case .end:
          isOpen = false
          break collecting
        }
      }
      try answer(batch, places, engine, &tally)
    }
  }

  private func answer(
    _ batch: [[UInt8]], _ places: [String], _ engine: Engine, _ tally: inout Tally
  ) throws(Failure) {
    guard !batch.isEmpty else { return }
    let answers = try engineFailures { () throws(EngineError) in
      try engine.decide(batch, pipeline: pipeline)
    }
    var lines: [UInt8] = []
    for (answer, place) in zip(answers, places) {
      switch answer {
      case .success(let answer):
        lines += answer.json
        lines.append(0x0A)
        if answer.isRefusal { tally.refused += 1 } else { tally.decided += 1 }
        if answer.isEarlier { tally.earlier += 1 }
      case .failure(let error):
        tally.failed += 1
        tally.progress.clear()
        Console.note("\(place): error: \(Console.visible(error.description))\n")
      }
    }
    // One write for what one commit made durable: no line waits in a buffer.
    try Console.write(lines)
    tally.progress.update("\(tally.decided + tally.refused) answered")
  }
}
