import CanonicalJSON
import DecisionEngine
import RuleProgram

/// The form that tries other inputs, and what that came to.
struct WhatIfSection {
  /// The case.
  var sheet: CaseSheet
  /// Who asks.
  var session: Session?
  /// What was tried.
  var result: WhatIf?

  /// The most bytes of a value that the form holds.
  private static let editLimit = 4000
  /// The most bytes of a request that the form holds.
  private static let requestLimit = 200_000

  /// Whether the form can hold what was requested.
  private var fits: Bool {
    !sheet.hasCandidates || sheet.record.request?.count ?? 0 <= Self.requestLimit
  }

  /// The section.
  var markup: Markup {
    element(.section, .id("what-if"), .labelledBy("what-if-title")) {
      element(.h2, .id("what-if-title")) { "What if?" }
      if !fits {
        element(.p) { "The request is too large to be changed on a page." }
      } else if sheet.canTry {
        element(.p) {
          "Change what you like and see what the same version would have decided. Nothing is"
            + " recorded."
        }
        if let result { panel(result) }
        form
      } else {
        element(.p) { "The request was erased, or what decided it can't be run: nothing to try." }
      }
    }
  }

  // MARK: The form

  private var form: Markup {
    let action = Path(["cases", sheet.record.caseID, "what-if"], anchor: "what-if")
    return element(
      .form, .method("post"), .action(action), .class("panel")
    ) {
      if let session { session.field }
      if sheet.hasCandidates {
        element(.div, .class("field")) {
          element(.label, .label(for: "request")) { "The request, as JSON" }
          element(.textarea, .id("request"), .name("request"), .rows(16)) {
            result?.form["request"] ?? sheet.request?.prettyText ?? ""
          }
        }
      } else {
        element(.div, .class("fields")) {
          for input in sheet.inputs { field(input) }
        }
      }
      element(.p, .class("actions")) {
        element(.button, .type("submit")) { "Try" }
        element(.a, .href(Path(["cases", sheet.record.caseID]))) { "Back to the recorded values" }
      }
    }
  }

  private func field(_ input: PipelineInput) -> Markup {
    let id = WhatIf.fieldName(input)
    let value = result?.form[id] ?? sheet.given(input)
    let unit = input.unit.map { ", \($0)" } ?? ""
    let label = (input.label ?? input.name) + unit
    if let value, value.utf8.count > Self.editLimit {
      return element(.p, .class("field")) {
        element(.strong) { label }
        element(.small) { "too long to be changed here; it stays as recorded" }
      }
    }
    if !input.values.isEmpty || input.type == .boolean {
      let listed =
        input.type == .boolean
        ? [("true", "yes"), ("false", "no")]
        : input.values.map { ($0.value, $0.label ?? $0.value) }
      // What was recorded stays choosable, even when it isn't among the values.
      let extra = value.flatMap { value in
        value.isEmpty || listed.contains { $0.0 == value } ? nil : (value, value)
      }
      return Part.choice(
        id, label, options: [("", "missing")] + listed + (extra.map { [$0] } ?? []), chosen: value)
    }
    return Part.field(id, label, value: value, hint: hint(input))
  }

  private func hint(_ input: PipelineInput) -> String? {
    var parts: [String] = []
    if input.scoreInto != nil { parts.append("score of \(input.name)") }
    switch (input.minimum, input.maximum) {
    case (let low?, let high?): parts.append("from \(low) to \(high)")
    case (let low?, nil): parts.append("at least \(low)")
    case (nil, let high?): parts.append("at most \(high)")
    case (nil, nil): break
    }
    if input.type == .date { parts.append("as 2026-11-24") }
    if input.allowsMissing { parts.append("may be empty") }
    return parts.isEmpty ? nil : parts.joined(separator: "; ")
  }

  // MARK: The result

  private func panel(_ result: WhatIf) -> Markup {
    element(.div, .class("result"), .role("status"), .id("what-if-result")) {
      element(.h3) { headline(result) }
      if !result.changes.isEmpty, !sheet.hasCandidates {
        element(.ul) {
          for change in result.changes {
            element(.li) {
              "\(change.label): "
              shown(change.old)
              " → "
              shown(change.new)
            }
          }
        }
      }
      if result.trial.isRefusal { problems(result.trial) } else { comparison(result.trial) }
      if let counterfactuals = result.counterfactuals {
        element(.h4) { "What would change it from there" }
        element(.div, .class("explanation"), .lang(sheet.explanation.language)) {
          Markup.html(counterfactuals.html(language: sheet.explanation.language))
        }
      }
    }
  }

  private func shown(_ value: String?) -> Markup {
    value.map { Part.value($0) } ?? element(.span, .class("missing")) { "missing" }
  }

  private func headline(_ result: WhatIf) -> String {
    if result.trial.isRefusal { return "It would be refused" }
    if result.changes.isEmpty { return "Nothing was changed" }
    let old = sheet.record.response
    let isSame =
      sheet.hasCandidates
      ? old?["ranked"] == result.trial.response["ranked"]
      : old?["outcome"] == result.trial.response["outcome"]
    if isSame { return "The outcome would be the same" }
    let (was, would) = (old?["outcome"]?.string, result.trial.response["outcome"]?.string)
    guard let was, let would else { return "The outcome would be another" }
    return "It would be \(would) instead of \(was)"
  }

  private func problems(_ trial: Trial) -> Markup {
    element(.ul) {
      for problem in trial.problems {
        element(.li) { problem.description }
      }
    }
  }

  private func comparison(_ trial: Trial) -> Markup {
    let names = sheet.hasCandidates ? ["Ranked"] : ["Outcome", "Leaf", "Reasons", "Outputs"]
    return element(.div, .class("wide")) {
      element(.table) {
        element(.caption) { "Recorded, and with your changes" }
        element(.thead) {
          element(.tr) {
            element(.td)
            for name in names { element(.th, .scope("col")) { name } }
          }
        }
        element(.tbody) {
          row("Recorded", sheet.record.response ?? .null)
          row("With your changes", trial.response)
        }
      }
    }
  }

  private func row(_ name: String, _ response: JSON) -> Markup {
    element(.tr) {
      element(.th, .scope("row")) { name }
      if sheet.hasCandidates {
        element(.td) {
          (response["ranked"]?.array ?? []).compactMap { $0["key"]?.string }
            .joined(separator: ", ")
        }
      } else {
        cells(response)
      }
    }
  }

  @MarkupBuilder private func cells(_ response: JSON) -> [Markup] {
    element(.td) {
      if let outcome = response["outcome"]?.string {
        Part.outcome(outcome, isAdverse: response["adverse"]?.bool ?? false)
      } else {
        "refused"
      }
    }
    element(.td) { element(.code) { response["leaf"]?.string ?? "" } }
    element(.td) {
      (response["reasons"]?.array ?? []).map {
        "\($0["code"]?.string ?? "") \($0["text"]?.string ?? "")"
      }.joined(separator: "; ")
    }
    element(.td) {
      (response["outputs"]?.object ?? []).map {
        "\($0.key) = \($0.value.string ?? $0.value.compactText)"
      }.joined(separator: "; ")
    }
  }
}
