import CanonicalJSON
import DecisionEngine
import RuleProgram

/// What became of past decisions with another version, ready to be written.
struct BacktestReport {
  /// How many first cases are kept of each way unless all are asked for.
  static let keep = 5

  /// What came of it.
  let summary: BacktestSummary
  /// What stood in.
  let standIn: StandIn
  /// What the old answers are: `recorded`, or `old` for those of another stand-in.
  let baseline: String
  /// The field that cases are grouped by.
  let group: String?

  /// Runs `plan` over the ledger of `engine`, telling progress.
  static func run(_ plan: BacktestPlan, _ engine: Engine) throws(Failure) -> BacktestReport {
    var progress = Progress()
    let summary = try engineFailures { () throws(EngineError) in
      try engine.backtest(
        plan, progress: { done, total in progress.update("\(done) of \(total) entries") })
    }
    progress.clear()
    return BacktestReport(
      summary: summary, standIn: plan.standIn, baseline: plan.baseline == nil ? "recorded" : "old",
      group: plan.group)
  }

  /// How many go to an adverse outcome.
  var adverseFlips: UInt64 {
    summary.ways.reduce(0) { $0 + ($1.key.rank == 0 ? $1.value.count : 0) }
  }

  /// `rule set ID@VERSION`, and whether it is published.
  var name: String {
    "\(standIn.kind.words) \(Console.visible(standIn.reference.description))"
      + (standIn.isPublished ? "" : " (not published)")
  }

  // MARK: - Text

  /// The text for people.
  var text: String {
    var lines = ["\(Console.count(summary.cases, "case")) decided anew with \(name)"]
    lines.append(headline)
    lines += table
    lines += remarks
    return lines.joined(separator: "\n") + "\n"
  }

  /// How many outcomes change, in a sentence.
  var headline: String {
    guard summary.flips > 0 else { return "no outcome changes" }
    let verb = summary.flips == 1 ? "changes" : "change"
    return
      "\(Console.count(summary.flips, "outcome")) \(verb), \(adverseFlips) of them from another"
      + " to an adverse one"
  }

  /// The flow as a table, one for each group.
  private var table: [String] {
    let ways = summary.sortedWays
    guard !ways.isEmpty else { return [] }
    var rows = [[baseline, "new", "count", "first"]]
    for (way, traffic) in ways {
      let more = traffic.count > UInt64(traffic.firsts.count) && way.isFlip ? ", ..." : ""
      let firsts = traffic.firsts.map { Console.visible($0.description) }
      rows.append([
        Self.text(way.old), Self.text(way.new), "\(traffic.count)",
        firsts.isEmpty ? "" : firsts.joined(separator: ", ") + more,
      ])
    }
    let widths = (0..<3).map { column in rows.map { $0[column].count }.max() ?? 0 }
    var lines = [""]
    var last: String?? = .none
    for (index, row) in rows.enumerated() {
      if index > 0, group != nil {
        let value = ways[index - 1].way.group
        if last != .some(value) { lines.append(groupLine(value)) }
        last = .some(value)
      }
      lines.append(Self.line(row, widths))
    }
    if ways.contains(where: { $0.way.old.isAdverse || $0.way.new.isAdverse }) {
      lines.append("  * adverse")
    }
    return lines
  }

  private func groupLine(_ value: String?) -> String {
    "\(Console.visible(group ?? "")) \(value.map { "= \(Console.visible($0))" } ?? "has no value")"
  }

  private static func line(_ row: [String], _ widths: [Int]) -> String {
    func pad(_ column: Int) -> String {
      String(repeating: " ", count: widths[column] - row[column].count)
    }
    var line = "  \(row[0])\(pad(0))  \(row[1])\(pad(1))  \(pad(2))\(row[2])"
    if !row[3].isEmpty { line += "  \(row[3])" }
    return line
  }

  /// An answer in words; an adverse one has a star.
  static func text(_ label: Backtest.Label) -> String {
    Console.visible(label.text) + (label.isAdverse ? " *" : "")
  }

  /// Verdicts, what is missing, and what else to know.
  var remarks: [String] {
    var lines = [""]
    lines += summary.verdicts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map {
      code, count in
      let first = summary.firsts[code].map { backtest in
        code == "identical"
          ? "" : ", first \(Console.visible(backtest.caseID)): \(describe(backtest.verdict))"
      }
      return "  \(count) \(code)\(first ?? "")"
    }
    lines += summary.problems.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.prefix(20).map {
      "refused now for \(Console.visible($0.key)): \($0.value)"
    }
    if summary.recordedOtherwise > 0 {
      lines.append(
        "of \(summary.recordedOtherwise) the record isn't what the old version gives: another"
          + " version decided them")
    }
    if summary.otherEngines > 0 {
      lines.append("recorded by another engine version: \(summary.otherEngines)")
    }
    return lines
  }

  private func describe(_ verdict: Verdict) -> String { Console.visible(verdict.description) }

  // MARK: - JSON

  /// The same for programs.
  var json: JSON {
    let verdicts = summary.verdicts.sorted { $0.key < $1.key }
    let problems = summary.problems.sorted { $0.key < $1.key }
    return .object(present: [
      (
        "against",
        [
          "kind": .string(standIn.kind.rawValue), "id": .string(standIn.reference.id),
          "version": .string(standIn.reference.version), "published": .bool(standIn.isPublished),
        ]
      ),
      ("baseline", .string(baseline)), ("by", group.map { .string($0) }),
      ("cases", .integer(summary.cases)), ("outcomes_changed", .integer(summary.flips)),
      ("to_adverse", .integer(adverseFlips)),
      ("flows", .array(summary.sortedWays.map(json))),
      ("verdicts", .object(verdicts.map { JSON.Member($0.key, .integer($0.value)) })),
      (
        "firsts",
        .object(
          verdicts.compactMap { code, _ in
            summary.firsts[code].map { JSON.Member(code, .string($0.caseID)) }
          })
      ),
      ("refused_now", .object(problems.map { JSON.Member($0.key, .integer($0.value)) })),
      ("recorded_otherwise", .integer(summary.recordedOtherwise)),
      ("recorded_by_other_engine", .integer(summary.otherEngines)),
    ])
  }

  private func json(_ way: BacktestSummary.Way, _ traffic: BacktestSummary.Traffic) -> JSON {
    let leaves = traffic.leaves.sorted {
      ($1.value, $0.key.old ?? "", $0.key.new ?? "") < (
        $0.value, $1.key.old ?? "", $1.key.new ?? ""
      )
    }
    return .object(present: [
      ("group", group == nil ? nil : way.group.map { .string($0) } ?? .null),
      ("old", Self.json(way.old)), ("new", Self.json(way.new)), ("changed", .bool(way.isFlip)),
      ("count", .integer(traffic.count)),
      (
        "leaves",
        .array(
          leaves.map { pair, count in
            [
              "old": pair.old.map { .string($0) } ?? .null,
              "new": pair.new.map { .string($0) } ?? .null, "count": .integer(count),
            ]
          })
      ),
      (
        "first",
        .array(
          traffic.firsts.map { name in
            .object(present: [
              ("case_id", .string(name.caseID)), ("candidate", name.candidate.map { .string($0) }),
            ])
          })
      ),
    ])
  }

  private static func json(_ label: Backtest.Label) -> JSON {
    switch label {
    case .outcome(let name, let isAdverse):
      ["state": "decided", "outcome": .string(name), "adverse": .bool(isAdverse)]
    case .refused: ["state": "refused"]
    case .unknown: ["state": "not-known"]
    }
  }
}
