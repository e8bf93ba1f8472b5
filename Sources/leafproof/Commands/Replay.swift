import ArgumentParser
import CanonicalJSON
import DecisionEngine

/// `leafproof replay`.
struct Replay: ParsableCommand {
  /// Name, help, examples.
  static let configuration = CommandConfiguration(
    commandName: "replay",
    abstract: "Decide recorded cases again, and compare.",
    discussion: """
      The recorded requests run through the recorded releases, on this program; whatever differs \
      is told.

        leafproof replay GC-0002
        leafproof replay --all

      Exit codes: 0 everything is identical, or its inputs were erased; 1 something differs or \
      can't be replayed; 4 the ledger can't be used.
      """)

  @Argument(help: "The case.")
  private var caseID: String?

  @Flag(name: .long, help: "Replay every decision and refusal.")
  private var all = false

  @Flag(name: .long, help: "Print JSON; with --all one object for the whole.")
  private var json = false

  @Flag(name: .long, help: "With --all: record in the ledger that and how the replay went.")
  private var record = false

  @OptionGroup private var ledger: LedgerOptions
  @OptionGroup private var signing: SigningKeyOptions

  /// Either a case or all; a key only for recording.
  func validate() throws {
    guard all == (caseID == nil) else { throw ValidationError("name either a case or --all") }
    if record, !all { throw ValidationError("--record belongs to --all") }
    if signing.key != nil, !record { throw ValidationError("--key is needed for --record only") }
  }

  /// Replays.
  func run() throws {
    let session =
      record
      ? try LedgerSession.writing(ledger.path, keyPath: signing.key)
      : try LedgerSession.reading(ledger.path)
    if let caseID {
      try replayOne(caseID, session.engine)
    } else {
      try replayAll(session.engine)
    }
  }

  private func replayOne(_ caseID: String, _ engine: Engine) throws(Failure) {
    let replay = try engineFailures { () throws(EngineError) in try engine.replay(caseID) }
    if json {
      try Console.print(Self.json(replay).prettyText)
    } else {
      try Console.print(Self.text(replay) + "\n")
    }
    if replay.verdict != .identical, replay.verdict != .inputsErased { throw .negative }
  }

  private func replayAll(_ engine: Engine) throws(Failure) {
    var firsts: [DecisionEngine.Replay] = []
    var kinds: Set<String> = [Verdict.identical.code]
    var progress = Progress()
    let summary = try engineFailures { () throws(EngineError) in
      try engine.replayAll { replay in
        if kinds.insert(replay.verdict.code).inserted { firsts.append(replay) }
      } progress: { done, total in
        progress.update("\(done) of \(total) entries")
      }
    }
    progress.clear()
    if record {
      _ = try engineFailures { () throws(EngineError) in try engine.record(summary) }
    }
    try Console.print(json ? Self.json(summary, firsts).prettyText : Self.text(summary, firsts))
    if !summary.isSound { throw .negative }
  }

  // MARK: - Words

  private static func text(_ replay: DecisionEngine.Replay) -> String {
    let remarks = replay.remarks.map { "; \($0)" }.joined()
    let kind = replay.isRefusal ? "refusal" : "decision"
    return Console.visible(
      "\(replay.caseID) (\(kind), entry \(replay.index)): \(replay.verdict)\(remarks)")
  }

  private static func text(
    _ summary: ReplaySummary, _ firsts: [DecisionEngine.Replay]
  ) -> String {
    let counts = summary.counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
    var lines = ["\(Console.count(summary.total, "case")) replayed"]
    lines += counts.map { "  \($0.value) \($0.key)" }
    lines += firsts.map { "first: " + text($0) }
    return lines.joined(separator: "\n") + "\n"
  }

  private static func json(_ replay: DecisionEngine.Replay) -> JSON {
    [
      "case_id": .string(replay.caseID), "index": .integer(replay.index),
      "type": .string(replay.isRefusal ? "refusal" : "decision"),
      "verdict": .string(replay.verdict.code),
      "description": .string(replay.verdict.description),
      "remarks": .array(replay.remarks.map { .string($0) }),
    ]
  }

  private static func json(_ summary: ReplaySummary, _ firsts: [DecisionEngine.Replay]) -> JSON {
    let counts = summary.counts.sorted { $0.key < $1.key }
    return [
      "total": .integer(summary.total), "sound": .bool(summary.isSound),
      "counts": .object(counts.map { JSON.Member($0.key, .integer($0.value)) }),
      "firsts": .array(firsts.map(json)),
    ]
  }
}
