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
        leafproof replay --all --since 2027-01-01 --where OUTCOME=decline

      With --against another version of a rule set or pipeline takes the place of the one that had \
      decided, published or not, and the answer is what it would have decided: a table of outcomes, \
      from the recorded one to the new one.

        leafproof replay --against ruleset-1.1.0.xml
        leafproof replay --against credit@1.1.0 --by channel --json
        leafproof replay --against ruleset-1.1.0.xml --format html > flows.html

      Exit codes: 0 everything is identical, or its inputs were erased (with --against: no outcome \
      changes); 1 something differs or can't be replayed; 3 a file can't be read; 4 the ledger \
      can't be used.
      """)

  @Argument(help: "The case.")
  private var caseID: String?

  @Flag(name: .long, help: "Replay every decision and refusal.")
  private var all = false

  @Option(
    name: .long,
    help: ArgumentHelp(
      "What would this version have decided: ID@VERSION, or a rule set's or pipeline's file.",
      valueName: "version"))
  private var against: String?

  @Option(
    name: .customLong("by"),
    help: ArgumentHelp(
      "With --against: a table for each value of this input, or of this value of a result.",
      valueName: "field"))
  private var group: String?

  @Flag(name: .long, help: "The same as --format json.")
  private var json = false

  @Option(
    name: .long,
    help: "The form of the answer; html, a page with pictures of the flows, is for --against.")
  private var format: Form?

  /// A form of the answer.
  enum Form: String, ExpressibleByArgument, CaseIterable {
    case text, json, html
  }

  private var form: Form { format ?? (json ? .json : .text) }

  @Flag(name: .long, help: "Record in the ledger that and how the replay of all went.")
  private var record = false

  @OptionGroup private var cases: CaseOptions
  @OptionGroup private var ledger: LedgerOptions
  @OptionGroup private var signing: SigningKeyOptions

  /// A case, all, or another version; a key only for recording.
  func validate() throws {
    guard [caseID != nil, all || against != nil].count(where: { $0 }) == 1 else {
      throw ValidationError("name either a case, or --all, or --against VERSION")
    }
    if caseID != nil, !cases.isEmpty {
      throw ValidationError("--since, --until, --pipeline and --where belong to --all or --against")
    }
    if record, caseID != nil { throw ValidationError("--record belongs to --all or --against") }
    if group != nil, against == nil { throw ValidationError("--by belongs to --against") }
    if json, format != nil, format != .json {
      throw ValidationError("--json and --format name two forms")
    }
    if form == .html, against == nil { throw ValidationError("--format html belongs to --against") }
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
    } else if let against {
      try backtest(against, session.engine)
    } else {
      try replayAll(session.engine)
    }
  }

  private func backtest(_ name: String, _ engine: Engine) throws(Failure) {
    let plan = BacktestPlan(
      try StandIn.named(name, in: engine), selection: cases.selection, group: group,
      keep: BacktestReport.keep, cores: SystemCalls.coreCount)
    let report = try BacktestReport.run(plan, engine)
    if record {
      _ = try engineFailures { () throws(EngineError) in
        try engine.record(report.summary, of: plan)
      }
    }
    switch form {
    case .text: try Console.print(report.text)
    case .json: try Console.print(report.json.prettyText)
    case .html: try Console.write(BacktestSections(report).page)
    }
    let summary = report.summary
    let unable = [Verdict.artefactMissing("").code, Verdict.doesNotFit("").code]
    if summary.flips > 0 || unable.contains(where: { summary.verdicts[$0] != nil }) {
      throw .negative
    }
  }

  private func replayOne(_ caseID: String, _ engine: Engine) throws(Failure) {
    let replay = try engineFailures { () throws(EngineError) in try engine.replay(caseID) }
    if form == .json {
      try Console.print(Self.json(replay).prettyText)
    } else {
      try Console.print(Self.text(replay) + "\n")
    }
    if replay.verdict != .identical, replay.verdict != .inputsErased { throw .negative }
  }

  private func replayAll(_ engine: Engine) throws(Failure) {
    var progress = Progress()
    let summary = try engineFailures { () throws(EngineError) in
      try engine.replayAll(
        cases.selection, cores: SystemCalls.coreCount,
        progress: { done, total in progress.update("\(done) of \(total) entries") })
    }
    progress.clear()
    if record {
      _ = try engineFailures { () throws(EngineError) in
        try engine.record(summary, selecting: cases.selection)
      }
    }
    try Console.print(form == .json ? Self.json(summary).prettyText : Self.text(summary))
    if !summary.isSound { throw .negative }
  }

  // MARK: - Words

  private static func text(_ replay: DecisionEngine.Replay) -> String {
    let remarks = replay.remarks.map { "; \($0)" }.joined()
    let kind = replay.isRefusal ? "refusal" : "decision"
    return Console.visible(
      "\(replay.caseID) (\(kind), entry \(replay.index)): \(replay.verdict)\(remarks)")
  }

  private static func firsts(_ summary: ReplaySummary) -> [DecisionEngine.Replay] {
    summary.firsts.filter { $0.key != Verdict.identical.code }.map(\.value)
      .sorted { $0.index < $1.index }
  }

  private static func text(_ summary: ReplaySummary) -> String {
    let counts = summary.counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
    var lines = ["\(Console.count(summary.total, "case")) replayed"]
    lines += counts.map { "  \($0.value) \($0.key)" }
    lines += firsts(summary).map { "first: " + text($0) }
    if let first = summary.firstOfOtherEngine {
      lines.append("recorded by another engine version: \(summary.otherEngines)")
      lines.append("first: " + text(first))
    }
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

  private static func json(_ summary: ReplaySummary) -> JSON {
    let counts = summary.counts.sorted { $0.key < $1.key }
    return [
      "total": .integer(summary.total), "sound": .bool(summary.isSound),
      "counts": .object(counts.map { JSON.Member($0.key, .integer($0.value)) }),
      "firsts": .array(firsts(summary).map(json)),
      "recorded_by_other_engine": .integer(summary.otherEngines),
    ]
  }
}
