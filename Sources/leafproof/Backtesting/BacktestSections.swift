import DecisionEngine

/// What became of past decisions with another version, as parts of a page.
struct BacktestSections {
  /// The most groups that are drawn; all are in the tables.
  private static let pictureLimit = 30

  private let report: BacktestReport

  /// The sections of `report`.
  init(_ report: BacktestReport) { self.report = report }

  /// A page of its own.
  var page: [UInt8] {
    let title = "Decided anew with \(report.name)"
    return HTML.document(
      title: title, body: [.element(.main, [], [.element(.h1, [], title), all])])
  }

  /// All parts.
  var all: HTML {
    let groups = report.summary.groupValues.enumerated().map { place, group in
      HTML.join([
        report.group == nil ? .empty : heading(group),
        place < Self.pictureLimit
          ? report.summary.picture(ofGroup: group, id: "flow-\(place)") : .empty,
        table(of: group),
      ])
    }
    let intro = HTML.element(
      .p, [], "\(Console.count(report.summary.cases, "case")) decided anew: \(report.headline).")
    let remarks = HTML.element(
      .ul, [],
      report.remarks.filter { !$0.isEmpty }.map { line in
        .element(.li, [], [.value(String(line.drop { $0 == " " }), limit: 2000)])
      })
    return .join([intro] + groups + [remarks])
  }

  private func heading(_ group: String?) -> HTML {
    let name = HTML.value(report.group ?? "")
    let value = group.map { HTML.join([.text(" = "), .value($0)]) } ?? .text(" has no value")
    return .element(.h3, [], [name, value])
  }

  private func table(of group: String?) -> HTML {
    let ways = report.summary.sortedWays.filter { $0.way.group == group }
    let rows = ways.map { way, traffic in
      let firsts = traffic.firsts.map(\.description).joined(separator: ", ")
      let more = way.isFlip && traffic.count > UInt64(traffic.firsts.count) ? ", ..." : ""
      return [
        Self.label(way.old), Self.label(way.new), HTML.text("\(traffic.count)"),
        .text(way.isFlip ? "yes" : "no"), .value(firsts + more, limit: 2000),
      ]
    }
    return HTML.table(
      [report.baseline, "new", "count", "changes", "first cases"], rows)
  }

  private static func label(_ label: Backtest.Label) -> HTML {
    .value(label.text + (label.isAdverse ? " (adverse)" : ""))
  }
}
