import DecisionEngine

/// The page of a case: the explanation's parts, and what else can be done with the case.
struct CaseDocument {
  /// What is known of it.
  var sheet: CaseSheet
  /// Who asks.
  var session: Session?
  /// What was tried.
  var result: WhatIf?
  /// Whether there are PDFs.
  var hasPDF = false

  /// The page.
  var markup: Markup {
    let caseID = sheet.record.caseID
    let parts = sheet.explanation.parts()
    func part(_ html: HTML) -> Markup {
      element(.div, .class("explanation"), .lang(parts.language)) { Markup.html(html) }
    }
    return Layout(title: "Case \(caseID)", session: session).page {
      element(.h1) {
        "Case "
        Part.value(caseID)
      }
      origin
      part(parts.answer)
      WhatIfSection(sheet: sheet, session: session, result: result).markup
      part(parts.path)
      part(parts.record)
      downloads
    }
  }

  /// When it was decided and by which rule sets, each with its page.
  private var origin: Markup {
    let explanation = sheet.explanation
    return element(.p, .class("quiet")) {
      explanation.isRefusal ? "Refused " : "Decided "
      Part.time(explanation.time)
      " by "
      Part.value("\(explanation.pipeline.id)@\(explanation.pipeline.version)")
      for ruleSet in ruleSets {
        ", rules "
        element(
          .a,
          .href(Path(["rulesets", ruleSet.id], query: [("version", ruleSet.version)]))
        ) { Part.value("\(ruleSet.id)@\(ruleSet.version)") }
      }
    }
  }

  /// The rule sets that took part, each once.
  private var ruleSets: [Explanation.ReleaseNote] {
    var found: [Explanation.ReleaseNote] = []
    for ruleSet in sheet.explanation.results.flatMap({ $0.stages.map(\.ruleSet) })
    where !found.contains(ruleSet) { found.append(ruleSet) }
    return found
  }

  private var downloads: Markup {
    let base = ["v1", "decisions", sheet.record.caseID]
    func explanation(_ form: String, _ audience: String?) -> Path {
      Path(
        base + ["explanation"],
        query: [("form", form), ("audience", audience), ("download", "1")])
    }
    return element(.section, .labelledBy("downloads-title"), .class("downloads")) {
      element(.h2, .id("downloads-title")) { "Downloads" }
      element(.ul) {
        link("Letter to the subject (HTML)", explanation("html", "subject"))
        if hasPDF { link("Letter to the subject (PDF)", explanation("pdf", "subject")) }
        link("Explanation for a court (HTML)", explanation("html", "court"))
        if hasPDF { link("Explanation for a court (PDF)", explanation("pdf", "court")) }
        link("Explanation (JSON)", explanation("json", nil))
        link("Receipt: the proof for this entry", Path(base + ["receipt"]))
        link("Ledger entry (JSON)", Path(base + ["entry"]))
        link("Evidence: all of it, with how to check it (ZIP)", Path(base + ["evidence"]))
      }
    }
  }

  private func link(_ text: String, _ path: Path) -> Markup {
    element(.li) { element(.a, .href(path), .download) { text } }
  }
}
