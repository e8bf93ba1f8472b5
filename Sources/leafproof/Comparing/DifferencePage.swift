import DecisionEngine
import RuleAnalysis
import RuleProgram

/// The difference of two rule sets as one HTML file that needs nothing else: no script, readable
/// without colour and when printed, everything from outside escaped.
struct DifferencePage {
  /// How many changes are shown unless all are asked for.
  static let limit = 500

  private let report: DifferenceReport
  private let showsAll: Bool

  /// The page of `report`.
  init(_ report: DifferenceReport, showsAll: Bool) {
    self.report = report
    self.showsAll = showsAll
  }

  /// The whole page.
  var text: String {
    let title = "Difference: \(name(report.old)) and \(name(report.new))"
    return """
      <!DOCTYPE html>
      <html lang="en">
      <head>
      <meta charset="utf-8">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src \
      'unsafe-inline'">
      <title>\(Self.escape(title))</title>
      <style>
      \(Self.style)
      </style>
      </head>
      <body>
      <main>
      <h1>\(Self.escape(title))</h1>
      <p class="verdict"><strong>\(Self.escape(verdict))</strong></p>
      <p>Version: \(Self.escape(DifferenceText.words(report.step))).</p>
      \(versions)
      \(interface)
      \(past)
      \(changes)
      \(leaves)
      </main>
      </body>
      </html>

      """
  }

  private var verdict: String {
    let text = report.verdict.text
    return text.prefix(1).uppercased() + text.dropFirst() + "."
  }

  private func name(_ version: DifferenceReport.Version) -> String { version.name ?? version.path }

  // MARK: - Parts

  private var versions: String {
    let rows = [
      ("file", report.old.path, report.new.path),
      ("leaves", "\(report.old.program.leaves.count)", "\(report.new.program.leaves.count)"),
      ("program", "sha256:\(report.old.program.digest)", "sha256:\(report.new.program.digest)"),
    ]
    return "<h2>The two versions</h2>\n" + sides("The two versions", rows)
  }

  private func sides(_ caption: String, _ rows: [(String, String, String)]) -> String {
    let body = rows.map { row in
      "<tr><th scope=\"row\">\(Self.escape(row.0))</th><td>\(Self.escape(row.1))</td>"
        + "<td>\(Self.escape(row.2))</td></tr>"
    }
    return """
      <table class="sides">
      <caption>\(Self.escape(caption))</caption>
      <thead><tr><td></td><th scope="col">old</th><th scope="col">new</th></tr></thead>
      <tbody>
      \(body.joined(separator: "\n"))
      </tbody>
      </table>
      """
  }

  private var interface: String {
    guard !report.interface.isEmpty else { return "" }
    let items = report.interface.map { DifferenceText.describe($0) }
    return "<h2>Inputs, outcomes and outputs</h2>\n" + list(items)
  }

  private func list(_ items: [String]) -> String {
    "<ul>\n" + items.map { "<li>\(Self.escape($0))</li>\n" }.joined() + "</ul>"
  }

  private var changes: String {
    guard let difference = report.difference, !difference.changes.isEmpty else { return "" }
    let shown = showsAll ? difference.changes[...] : difference.changes.prefix(Self.limit)
    var parts = ["<h2>What changes, and where</h2>"]
    for (number, change) in shown.enumerated() {
      parts.append(section(number + 1, change, difference.joint.program))
    }
    let rest = difference.changes.count - shown.count + difference.unlisted
    if rest > 0 {
      parts.append("<p>And \(rest) more \(rest == 1 ? "change" : "changes"), not shown here.</p>")
    }
    return parts.joined(separator: "\n")
  }

  private func section(_ number: Int, _ change: Difference.Change, _ joint: Program) -> String {
    let before = report.answer(report.old.program, change.oldLeaf)
    let after = report.answer(report.new.program, change.newLeaf)
    let isCertain = change.witness != nil
    var head = "\(number). "
    head +=
      change.aspects.contains(.outcome)
      ? "\(isCertain ? "" : "Possible: ")\(before.outcome) becomes \(after.outcome)"
      : "\(isCertain ? "" : "Possible: ")\(before.outcome) stays; other "
        + Difference.Aspect.allCases.filter(change.aspects.contains).map(\.rawValue)
        .joined(separator: ", ")
    let rows = [
      (
        "outcome", outcome(report.old.program, change.oldLeaf),
        outcome(report.new.program, change.newLeaf)
      ),
      ("leaf", before.leaf, after.leaf),
      ("reasons", reasons(before.reasons), reasons(after.reasons)),
    ]
    let conditions = report.conditions(change.region).map { "\($0.subject) is \($0.condition)" }
    var parts = ["<section>", "<h3>\(Self.escape(head))</h3>", sides("Answers", rows)]
    if !conditions.isEmpty { parts += ["<p>Where all of this holds:</p>", list(conditions)] }
    if let witness = change.witness {
      parts.append("<p>For example: <code>\(Self.escape(joint.row(witness)))</code></p>")
    } else {
      parts.append("<p>No such row was found, and none was ruled out.</p>")
    }
    if change.furtherRegions > 0 {
      let regions = Console.count(change.furtherRegions, "more region")
      parts.append("<p>And \(regions) of this kind.</p>")
    }
    return (parts + ["</section>"]).joined(separator: "\n")
  }

  private func outcome(_ program: Program, _ leaf: Int) -> String {
    let outcome = program.outcome(ofLeaf: leaf)
    return outcome.name + (outcome.isAdverse ? " (adverse)" : "")
  }

  private func reasons(_ codes: [String]) -> String {
    codes.isEmpty ? "none" : codes.joined(separator: ", ")
  }

  private var leaves: String {
    guard let difference = report.difference else { return "" }
    let lists = [
      ("added", difference.addedLeaves), ("retired", difference.retiredLeaves),
      ("moved", report.movedLeaves),
    ].filter { !$0.1.isEmpty }
    guard !lists.isEmpty else { return "" }
    let items = lists.map { what, ids in "\(what): \(ids.joined(separator: ", "))" }
    return "<h2>Leaves</h2>\n" + list(items)
  }

  // MARK: - Past decisions

  private var past: String {
    guard let past = report.past else { return "" }
    let rows = past.summary.sortedWays.map { way, traffic in
      let firsts = traffic.firsts.map(\.description).joined(separator: ", ")
      let more = way.isFlip && traffic.count > UInt64(traffic.firsts.count) ? ", ..." : ""
      return "<tr\(way.isFlip ? " class=\"flip\"" : "")><td>\(Self.label(way.old))</td>"
        + "<td>\(Self.label(way.new))</td><td class=\"number\">\(traffic.count)</td>"
        + "<td>\(way.isFlip ? "yes" : "no")</td><td>\(Self.escape(firsts + more))</td></tr>"
    }
    return """
      <h2>Past decisions</h2>
      <p>\(Console.count(past.summary.cases, "case")) decided anew: \
      \(Self.escape(past.headline)).</p>
      <table>
      <caption>Outcomes of past decisions, old and new, the adverse changes first</caption>
      <thead><tr><th scope="col">old</th><th scope="col">new</th><th scope="col">count</th>\
      <th scope="col">changes</th><th scope="col">first cases</th></tr></thead>
      <tbody>
      \(rows.joined(separator: "\n"))
      </tbody>
      </table>
      \(list(past.remarks.filter { !$0.isEmpty }))
      """
  }

  private static func label(_ label: Backtest.Label) -> String {
    escape(label.text + (label.isAdverse ? " (adverse)" : ""))
  }

  // MARK: - Text

  /// `text` for an element's content or a quoted attribute, hidden characters made visible.
  static func escape(_ text: String) -> String {
    var result = ""
    for character in Console.visible(text).unicodeScalars {
      switch character {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      case "'": result += "&#39;"
      default: result.unicodeScalars.append(character)
      }
    }
    return result
  }

  private static let style = """
    :root { color-scheme: light dark; }
    body { font: 1rem/1.5 system-ui, sans-serif; margin: 0; }
    main { max-width: 60rem; margin: 0 auto; padding: 1rem; }
    h1 { font-size: 1.5rem; } h2 { font-size: 1.25rem; } h3 { font-size: 1rem; }
    section { border-top: 1px solid; break-inside: avoid; }
    table { border-collapse: collapse; width: 100%; margin: 0.5rem 0; }
    caption { text-align: left; font-style: italic; }
    th, td { border: 1px solid; padding: 0.25rem 0.5rem; text-align: left; vertical-align: top;
      overflow-wrap: anywhere; }
    .sides td { width: 42%; } .number { text-align: right; } .flip { font-weight: bold; }
    code { overflow-wrap: anywhere; }
    @media print { main { max-width: none; padding: 0; } thead { display: table-header-group; } }
    """
}
