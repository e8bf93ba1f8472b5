import DecisionEngine
import RuleAnalysis
import RuleProgram

/// The difference of two rule sets as one HTML file that needs nothing else: no script, readable
/// without colour and when printed, everything from outside escaped.
struct DifferencePage {
  /// How many changes are shown unless all are asked for.
  static let limit = 500

  private let report: DifferenceReport
  private let sections: DifferenceSections

  /// The page of `report`.
  init(_ report: DifferenceReport, showsAll: Bool) {
    self.report = report
    sections = DifferenceSections(report.rules, limit: showsAll ? .max : Self.limit)
  }

  /// The whole page.
  var bytes: [UInt8] {
    HTML.document(
      title: sections.title,
      body: [
        .element(
          .main, [],
          [
            .element(.h1, [], sections.title), sections.verdict, sections.versions,
            sections.interface, past, sections.changes, sections.leaves,
          ])
      ])
  }

  // MARK: - Past decisions

  private var past: HTML {
    guard let past = report.past else { return .empty }
    let rows = past.summary.sortedWays.map { way, traffic in
      let firsts = traffic.firsts.map(\.description).joined(separator: ", ")
      let more = way.isFlip && traffic.count > UInt64(traffic.firsts.count) ? ", ..." : ""
      return [
        Self.label(way.old), Self.label(way.new), HTML.text("\(traffic.count)"),
        .text(way.isFlip ? "yes" : "no"), .value(firsts + more, limit: 2000),
      ]
    }
    return .join([
      .element(.h2, [], "Past decisions"),
      .element(
        .p, [],
        "\(Console.count(past.summary.cases, "case")) decided anew: \(past.headline)."),
      .element(
        .p, [], "Outcomes of past decisions, old and new, the adverse changes first:"),
      .table(["old", "new", "count", "changes", "first cases"], rows),
      .element(
        .ul, [],
        past.remarks.filter { !$0.isEmpty }.map { .element(.li, [], [.value($0, limit: 2000)]) }),
    ])
  }

  private static func label(_ label: Backtest.Label) -> HTML {
    .value(label.text + (label.isAdverse ? " (adverse)" : ""))
  }
}
