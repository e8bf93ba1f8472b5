import RuleAnalysis
import RuleProgram

/// The difference of two rule sets as parts of a page: the same for `leafproof diff`, in books, and for
/// two releases of a ledger.
package struct DifferenceSections {
  private let report: RuleSetDifference
  /// How many changes are shown.
  private let limit: Int
  /// The heading of a part, and that of one change.
  private let headings: (HTML.Tag, HTML.Tag)

  /// The parts of `report`.
  ///
  /// - Parameter limit: how many changes are shown; of the others their number.
  /// - Parameter isInner: whether they stand below a heading of the second rank.
  package init(_ report: RuleSetDifference, limit: Int, isInner: Bool = false) {
    self.report = report
    self.limit = limit
    headings = isInner ? (.h3, .h4) : (.h2, .h3)
  }

  /// What the difference is called.
  package var title: String { "Difference: \(name(report.old)) and \(name(report.new))" }

  private func name(_ version: RuleSetDifference.Version) -> String { version.name ?? version.path }

  /// The answer.
  package var verdict: HTML {
    let text = report.verdict.text
    return .join([
      .element(
        .p, [.class("verdict")],
        [.element(.strong, [], text.prefix(1).uppercased() + text.dropFirst() + ".")]),
      .element(.p, [], "Version: \(report.step.words)."),
    ])
  }

  /// Where the versions come from.
  package var versions: HTML {
    part(
      "The two versions",
      [
        sides([
          ("source", report.old.path, report.new.path),
          ("leaves", "\(report.old.program.leaves.count)", "\(report.new.program.leaves.count)"),
          (
            "program", "sha256:\(report.old.program.digest)",
            "sha256:\(report.new.program.digest)"
          ),
        ])
      ])
  }

  private func part(_ heading: String, _ content: [HTML]) -> HTML {
    .join([.element(headings.0, [], heading)] + content)
  }

  private func sides(_ rows: [(String, String, String)]) -> HTML {
    .table(
      ["", "old", "new"],
      rows.map { row in
        [.text(row.0)]
          + [row.1, row.2].map {
            row.0 == "program" ? .element(.code, [.class("digest")], $0) : .value($0)
          }
      })
  }

  private func list(_ items: [String]) -> HTML {
    .element(.ul, [], items.map { .element(.li, [], [.value($0, limit: 2000)]) })
  }

  /// What changes in inputs, outcomes and outputs.
  package var interface: HTML {
    guard !report.interface.isEmpty else { return .empty }
    return part("Inputs, outcomes and outputs", [list(report.interface.map(\.words))])
  }

  // MARK: - Changes

  /// What changes, and for which inputs.
  package var changes: HTML {
    guard let difference = report.difference, !difference.changes.isEmpty else { return .empty }
    let shown = difference.changes.prefix(limit)
    var parts = shown.enumerated().map { number, change in
      section(number + 1, change, difference.joint.program)
    }
    let rest = difference.changes.count - shown.count + difference.unlisted
    if rest > 0 {
      parts.append(
        .element(
          .p, [], "And \(rest) more \(rest == 1 ? "change" : "changes"), not shown here."))
    }
    return part("What changes, and where", parts)
  }

  private func section(
    _ number: Int, _ change: Difference.Change, _ joint: Program
  ) -> HTML {
    let before = report.answer(report.old.program, change.oldLeaf)
    let after = report.answer(report.new.program, change.newLeaf)
    var parts: [HTML] = [
      .element(headings.1, [], "\(number). " + head(change, before.outcome, after.outcome)),
      sides([
        (
          "outcome", outcome(report.old.program, change.oldLeaf),
          outcome(report.new.program, change.newLeaf)
        ),
        ("leaf", before.leaf, after.leaf),
        ("reasons", reasons(before.reasons), reasons(after.reasons)),
      ]),
    ]
    let conditions = report.conditions(change.region).map { "\($0.subject) is \($0.condition)" }
    if !conditions.isEmpty {
      parts += [.element(.p, [], "Where all of this holds:"), list(conditions)]
    }
    if let witness = change.witness {
      let row = HTML.element(.code, [], [.value(joint.row(witness), limit: 2000)])
      parts.append(.element(.p, [], [.text("For example: "), row]))
    } else {
      parts.append(.element(.p, [], "No such row was found, and none was ruled out."))
    }
    if change.furtherRegions > 0 {
      let regions = change.furtherRegions == 1 ? "region" : "regions"
      parts.append(
        .element(.p, [], "And \(change.furtherRegions) more \(regions) of this kind."))
    }
    return .element(.section, [], parts)
  }

  private func head(_ change: Difference.Change, _ before: String, _ after: String) -> String {
    let possible = change.witness == nil ? "Possible: " : ""
    if change.aspects.contains(.outcome) { return "\(possible)\(before) becomes \(after)" }
    let others = Difference.Aspect.allCases.filter(change.aspects.contains).map(\.rawValue)
    return "\(possible)\(before) stays; other \(others.joined(separator: ", "))"
  }

  private func outcome(_ program: Program, _ leaf: Int) -> String {
    let outcome = program.outcome(ofLeaf: leaf)
    return outcome.name + (outcome.isAdverse ? " (adverse)" : "")
  }

  private func reasons(_ codes: [String]) -> String {
    codes.isEmpty ? "none" : codes.joined(separator: ", ")
  }

  /// Which leaves are new, gone, or give way to others.
  package var leaves: HTML {
    guard let difference = report.difference else { return .empty }
    let lists = [
      ("added", difference.addedLeaves), ("retired", difference.retiredLeaves),
      ("moved", report.movedLeaves),
    ].filter { !$0.1.isEmpty }
    guard !lists.isEmpty else { return .empty }
    return part(
      "Leaves",
      [
        list(
          lists.map { what, ids in
            let more = ids.count > limit ? " and \(ids.count - limit) more" : ""
            return "\(what): \(ids.prefix(limit).joined(separator: ", "))\(more)"
          })
      ])
  }
}
