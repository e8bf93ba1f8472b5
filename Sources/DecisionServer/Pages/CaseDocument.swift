import DecisionEngine

/// The page of a case.
struct CaseDocument {
  /// What is known of it.
  var sheet: CaseSheet
  /// Who asks.
  var session: Session?
  /// What was tried.
  var result: WhatIf?

  /// The page.
  var markup: Markup {
    let caseID = sheet.record.caseID
    return Layout(title: "Case \(caseID)", session: session).page {
      element(.h1) {
        "Case "
        Part.value(caseID)
      }
      let parts = ExplanationParts(explanation: sheet.explanation)
      parts.answer
      // The picture of the path and the counterfactuals belong here.
      WhatIfSection(sheet: sheet, session: session, result: result).markup
      parts.record
      downloads
    }
  }

  private var downloads: Markup {
    let base = ["v1", "decisions", sheet.record.caseID]
    return element(.section, .labelledBy("downloads-title"), .class("downloads")) {
      element(.h2, .id("downloads-title")) { "Downloads" }
      element(.ul) {
        link("Explanation (JSON)", Path(base + ["explanation"], query: [("download", "1")]))
        link("Receipt: the proof for this entry", Path(base + ["receipt"]))
        link("Ledger entry (JSON)", Path(base + ["entry"]))
      }
    }
  }

  private func link(_ text: String, _ path: Path) -> Markup {
    element(.li) { element(.a, .href(path), .download) { text } }
  }
}

/// An explanation alone, as the API gives it.
struct ExplanationPage {
  /// What is explained.
  var explanation: Explanation

  /// The page.
  var markup: Markup {
    Layout(title: "Case \(explanation.caseID)", session: nil).page {
      element(.h1) {
        "Case "
        Part.value(explanation.caseID)
      }
      ExplanationParts(explanation: explanation).all
    }
  }
}
