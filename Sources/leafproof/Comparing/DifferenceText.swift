import DecisionEngine
import RuleAnalysis
import RuleProgram

/// The difference of two rule sets as text.
struct DifferenceText {
  /// How many changes are shown unless all are asked for.
  static let limit = 20

  private let report: DifferenceReport
  private let showsAll: Bool

  /// The text of `report`.
  init(_ report: DifferenceReport, showsAll: Bool) {
    self.report = report
    self.showsAll = showsAll
  }

  /// The whole text.
  var text: String {
    var lines = [
      "old  \(Self.describe(report.old))", "new  \(Self.describe(report.new))", "",
    ]
    lines += report.interface.map { $0.words }
    if !report.interface.isEmpty { lines.append("") }
    appendChanges(&lines)
    appendLeaves(&lines)
    lines.append(report.verdict.text)
    lines.append("version: \(report.step.words)")
    if let past = report.past { lines += ["", "past decisions", String(past.text.dropLast())] }
    return lines.joined(separator: "\n") + "\n"
  }

  private static func describe(_ version: DifferenceReport.Version) -> String {
    let name = version.name ?? "compiled rule set"
    return "\(Console.visible(version.path)) (\(Console.visible(name)), "
      + "\(Console.count(version.program.leaves.count, "leaf", "leaves")))"
  }

  private func appendChanges(_ lines: inout [String]) {
    guard let difference = report.difference else { return }
    let shown = showsAll ? difference.changes[...] : difference.changes.prefix(Self.limit)
    for change in shown {
      lines += describe(change, difference.joint.program)
      lines.append("")
    }
    let rest = difference.changes.count - shown.count
    if rest > 0 { lines += ["and \(rest) more changes: see all with --all", ""] }
    if difference.unlisted > 0 {
      lines += ["and \(difference.unlisted) more pairs of leaves, which were not listed", ""]
    }
  }

  private func describe(_ change: Difference.Change, _ joint: Program) -> [String] {
    let before = report.rules.answer(report.old.program, change.oldLeaf)
    let after = report.rules.answer(report.new.program, change.newLeaf)
    let certainty = change.witness == nil ? "possible: " : ""
    var head = "\(certainty)\(before.outcome) -> \(after.outcome)"
    if before.outcome == after.outcome {
      let what = Difference.Aspect.allCases.filter(change.aspects.contains).map(\.rawValue)
      head = "\(certainty)\(before.outcome), other \(what.joined(separator: ", "))"
    }
    var lines = [Console.visible("\(head)  (\(before.leaf) -> \(after.leaf))")]
    lines += report.rules.conditions(change.region).map {
      "  where \(Console.visible($0.subject)) is \(Console.visible($0.condition))"
    }
    if change.aspects.contains(.reasons) {
      lines.append(
        "  reasons \(Self.list(before.reasons)) -> \(Self.list(after.reasons))")
    }
    if let witness = change.witness {
      lines.append("  for example \(Console.visible(joint.row(witness)))")
    } else {
      lines.append("  no such row was found, and none was ruled out")
    }
    if change.furtherRegions > 0 {
      lines.append("  and \(Console.count(change.furtherRegions, "more region")) of this kind")
    }
    return lines
  }

  private static func list(_ names: [String]) -> String {
    names.isEmpty ? "none" : Console.visible(names.joined(separator: ", "))
  }

  private func appendLeaves(_ lines: inout [String]) {
    guard let difference = report.difference else { return }
    let lists = [
      ("leaves added", difference.addedLeaves), ("leaves retired", difference.retiredLeaves),
      ("leaves moved", report.movedLeaves),
    ]
    for (what, ids) in lists where !ids.isEmpty {
      let shown = showsAll ? ids[...] : ids.prefix(Self.limit)
      let more = ids.count > shown.count ? " and \(ids.count - shown.count) more" : ""
      lines.append("\(what): \(Console.visible(shown.joined(separator: ", ")))\(more)")
    }
    if lists.contains(where: { !$0.1.isEmpty }) { lines.append("") }
  }
}
