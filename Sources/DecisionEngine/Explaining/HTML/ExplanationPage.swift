import RuleProgram

/// Who an explanation is for.
public enum Audience: String, Sendable, CaseIterable {
  /// The person whose case it is: a letter.
  case subject
  /// Whoever works with the rules: everything.
  case analyst
  /// Whoever must not have to trust: everything, with how to check it.
  case court
}

extension Explanation {
  /// The explanation as one self-contained page, below 300 KB, without scripts: a letter for the
  /// subject, else everything.
  ///
  /// - Parameter template: the letter's text; by default ``LetterTemplate/standard(_:)``. The other
  ///   audiences' pages need none.
  public func html(for audience: Audience, template: LetterTemplate? = nil) -> [UInt8] {
    var limits = PageLimits()
    while true {
      let page =
        audience == .subject
        ? (template ?? .standard(language)).page(self, limits)
        : ExplanationPage(self, limits, isForCourt: audience == .court).bytes
      if page.count < PageLimits.size || limits.rows <= 3 { return page }
      limits = limits.halved
    }
  }
}

/// The page for analysts and courts.
struct ExplanationPage {
  /// What is explained.
  let explanation: Explanation
  /// Its parts.
  let sections: ExplanationSections
  /// How values are worded.
  let words: PageWords
  /// How much is shown.
  let limits: PageLimits
  /// Whether it says how to check everything.
  let isForCourt: Bool
  /// The reader's form.
  var locale: ReaderLocale { words.locale }

  /// The page about `explanation`.
  init(_ explanation: Explanation, _ limits: PageLimits, isForCourt: Bool) {
    self.explanation = explanation
    self.limits = limits
    self.isForCourt = isForCourt
    sections = ExplanationSections(explanation, limits)
    words = sections.words
  }

  /// The document.
  var bytes: [UInt8] {
    HTML.document(
      language: locale.language, head: Self.head("\(locale[.theCase]) \(explanation.caseID)"),
      body: [
        .element(
          .main, [],
          [header, notes, summary] + results
            + [events, versions, proof, isForCourt ? check : .empty])
      ])
  }

  /// What every page's head holds.
  static func head(_ title: String) -> [HTML] {
    [
      .element(.meta, [.utf8]),
      .element(
        .meta, [.named("viewport"), .content("width=device-width, initial-scale=1")]),
      .element(.title, [], title.count > 100 ? String(title.prefix(100)) + "…" : title),
      PageStyle.sheet,
    ]
  }

  /// A section and its heading.
  func section(_ id: String, _ title: HTML, _ content: [HTML]) -> HTML {
    .element(
      .section, [.labelledBy(id)], [.element(.h2, [.id(id)], [title])] + content)
  }

  /// A section and its heading in our own words.
  func section(_ id: String, _ title: Phrase, _ content: [HTML]) -> HTML {
    section(id, .text(locale[title]), content)
  }

  // MARK: The head

  private var header: HTML {
    let time = HTML.element(
      .time, [.dateTime(explanation.time)], locale.moment(explanation.time))
    return .element(
      .header, [],
      [
        .element(
          .h1, [],
          [
            .text("\(locale[.theCase]) "), .value(explanation.caseID, limit: limits.text),
            .text(": "), sections.outcome,
          ]),
        .element(
          .p, [.class("quiet")],
          [
            .value(explanation.pipeline.title ?? "", limit: limits.text), .text(" "),
            words.reference(explanation.pipeline), .text(", "),
            locale.fill(explanation.isRefusal ? .refused : .decided, time),
          ]),
      ])
  }

  /// What the reader must know before all else.
  var notes: HTML {
    var parts: [HTML] = []
    if !explanation.withheld.isEmpty {
      parts.append(
        .element(
          .p, [],
          [
            .element(.strong, [], locale[.withheldTitle]), .text(": "),
            .text(explanation.withheld.map { locale.withheld($0) }.joined(separator: "; ")),
          ]))
    }
    for remark in explanation.remarks.prefix(limits.list) {
      parts.append(.element(.p, [], [.value(remark, limit: limits.text)]))
    }
    if !explanation.proof.isVerified { parts.append(.element(.p, [], [proofLine])) }
    return parts.isEmpty ? .empty : .element(.div, [.class("remark")], parts)
  }

  // MARK: What, why, what else, who

  /// Cards with what, why, what would change it, and whom to ask.
  var summary: HTML {
    let kind: StaticString = sections.isAdverse ? "outcome adverse" : "outcome"
    var what: [HTML] = [.element(.p, [.class(kind)], [sections.outcome])]
    if sections.isAdverse { what.append(.element(.p, [], locale[.adverse])) }
    if explanation.results.count == 1, let last = explanation.results[0].stages.last {
      what.append(
        .element(
          .p, [.class("quiet")],
          [locale.fill(.leaf, .element(.code, [], [.value(last.leaf, limit: limits.text)]))]))
    }
    if explanation.proof.isVerified {
      what += [.element(.p, [.class("quiet")], [proofLine]), replayLine]
    }
    var parts = [
      section("what", .what, what),
      section("why", .why, [sections.reasons] + policy),
    ]
    if !explanation.isRefusal, explanation.results.count == 1 {
      parts.append(section("change", .change, [sections.changes]))
    }
    parts.append(section("ask", .ask, [sections.contacts]))
    return .element(.div, [.class("cards")], parts)
  }

  private var policy: [HTML] {
    guard explanation.results.count == 1, let note = explanation.results[0].principal else {
      return []
    }
    var parts = [
      locale.fill(.policy, note.policy, "\(note.maximum)", locale.source(note.basis))
    ]
    if let wanted = note.wanted { parts.append(locale.fill(.wanted, locale.source(wanted))) }
    return parts.map { .element(.p, [.class("quiet")], [$0]) }
  }
}

extension ReaderLocale {
  /// What is withheld, in words.
  func withheld(_ part: Redaction) -> String {
    switch (part, isGerman) {
    case (_, false): part.words
    case (.thresholds, true): "die Schwellen der Regeln"
    case (.scores, true): "die Werte des Modells und die Beiträge seiner Faktoren"
    }
  }
}
