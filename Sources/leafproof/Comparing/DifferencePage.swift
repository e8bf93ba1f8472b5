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

  private var past: HTML {
    guard let past = report.past else { return .empty }
    return .join([.element(.h2, [], "Past decisions"), BacktestSections(past).all])
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
}
