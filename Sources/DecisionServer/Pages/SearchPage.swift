import DecisionEngine
import RuleProgram

/// What a search form says.
struct SearchForm {
  /// What was typed, by field.
  var fields: FormFields
  /// What is looked for.
  var query = CaseQuery()
  /// Where the page begins: below this index.
  var below: UInt64?
  /// What is wrong with the form.
  var error: String?
  /// The outcomes that published rule sets give.
  var outcomes: [String] = []

  /// The names of the form's fields.
  static let names = ["case", "from", "until", "outcome", "leaf", "release", "input", "value"]

  /// Reads a query.
  init(_ fields: FormFields) {
    self.fields = fields
    query.caseIDPrefix = fields.filled("case")
    query.outcome = fields.filled("outcome")
    query.leaf = fields.filled("leaf")
    query.release = fields.filled("release")
    below = fields["below"].flatMap { UInt64($0) }
    query.from = time("from", "the first day", plus: 0)
    query.until = time("until", "the last day", plus: 86_400_000)
    let value = fields["value"]?.trimmed ?? ""
    if let input = fields.filled("input") {
      query.input = CaseQuery.Input(name: input, value: value)
    } else if !value.isEmpty {
      error = "A value needs the name of its input."
    }
  }

  /// A day or a moment; `plus` milliseconds lead from a last day to the moment after it.
  private mutating func time(_ name: String, _ words: String, plus: Int64) -> Instant? {
    guard let text = fields.filled(name) else { return nil }
    guard let time = Instant(text) else {
      error = "For \(words) write a date such as 2026-11-24."
      return nil
    }
    return text.utf8.count == 10 ? Instant(milliseconds: time.milliseconds + plus) : time
  }

  /// Takes in the outcomes of the published rule sets.
  mutating func addOutcomes(of engine: Engine) throws(EngineError) {
    var names: Set<String> = []
    for release in try engine.releases() where release.kind == .ruleset {
      for outcome in try engine.ruleSet(release.reference).program.outcomes {
        names.insert(outcome.name)
      }
    }
    outcomes = names.sorted()
  }

  /// The same search, further back.
  func path(below index: UInt64) -> Path {
    Path([], query: Self.names.map { ($0, fields.filled($0)) } + [("below", "\(index)")])
  }
}

/// The search and what it found.
struct SearchPage {
  /// What is looked for.
  var form: SearchForm
  /// What was found.
  var found: CasePage
  /// Who asks.
  var session: Session?

  /// The page.
  var markup: Markup {
    Layout(title: "Cases", session: session, current: "/").page {
      element(.h1) { "Cases" }
      searchForm
      if let error = form.error {
        element(.p, .class("error"), .role("alert")) { error }
      } else {
        results
      }
    }
  }

  private var searchForm: Markup {
    element(.form, .method("get"), .action("/"), .role("search"), .class("panel")) {
      element(.div, .class("fields")) {
        Part.field("case", "Case ID begins with", value: form.fields["case"])
        Part.field("from", "First day", value: form.fields["from"], type: "date")
        Part.field("until", "Last day", value: form.fields["until"], type: "date")
        Part.choice(
          "outcome", "Outcome",
          options: [("", "any")] + form.outcomes.map { ($0, $0) } + [("refused", "refused")],
          chosen: form.fields["outcome"])
        Part.field("leaf", "Leaf ID", value: form.fields["leaf"])
        Part.field(
          "release", "Rule set, model or pipeline", value: form.fields["release"],
          hint: "ID or ID@VERSION")
        Part.field("input", "Name of an input", value: form.fields["input"])
        Part.field("value", "Value of that input", value: form.fields["value"])
      }
      element(.p, .class("actions")) {
        element(.button, .type("submit")) { "Search" }
        element(.a, .href("/")) { "Clear" }
      }
    }
  }

  private var results: [Markup] {
    var parts: [Markup] = []
    if found.cases.isEmpty {
      parts.append(
        element(.p) {
          found.next == nil ? "No case was found." : "No case was found so far."
        })
    } else {
      parts.append(table)
    }
    parts.append(progress)
    return parts
  }

  private var table: Markup {
    element(.div, .class("wide"), .role("region"), .ariaLabel("Found cases"), .tabIndexZero) {
      element(.table) {
        element(.caption) {
          found.cases.count == 1 ? "1 case" : "\(found.cases.count) cases, the newest first"
        }
        element(.thead) {
          element(.tr) {
            for name in ["Case", "Time", "Outcome", "Leaf", "Pipeline"] {
              element(.th, .scope("col")) { name }
            }
          }
        }
        element(.tbody) {
          for found in found.cases { row(found) }
        }
      }
    }
  }

  private func row(_ found: FoundCase) -> Markup {
    element(.tr) {
      element(.th, .scope("row")) {
        element(.a, .href(Path(["cases", found.caseID]))) { Part.value(found.caseID) }
      }
      element(.td) { Part.time(found.time) }
      element(.td) {
        if found.isRefusal {
          element(.span, .class("outcome refused")) { "refused" }
        } else if let outcome = found.outcome {
          Part.outcome(outcome, isAdverse: found.isAdverse)
        } else {
          "\(found.ranked ?? 0) ranked"
        }
      }
      element(.td) { if let leaf = found.leaf { element(.code) { leaf } } }
      element(.td) { Part.value(found.pipeline) }
    }
  }

  private var progress: Markup {
    element(.p, .class("actions")) {
      if let next = found.next {
        element(.a, .class("button"), .href(form.path(below: next))) {
          found.cases.count < 50 && form.query.caseIDPrefix == nil
            ? "Look further back" : "Older cases"
        }
      }
      element(.small) {
        "Looked at \(found.looked) entries of the ledger"
        if let reach = found.reach, found.next != nil {
          ", back to "
          Part.time(reach)
        }
        "."
      }
    }
  }
}
