import RuleProgram

/// The parts of an explanation that letters and pages share.
struct ExplanationSections {
  /// What is explained.
  let explanation: Explanation
  /// How values are worded.
  let words: PageWords
  private var locale: ReaderLocale { words.locale }

  /// The sections of `explanation`.
  init(_ explanation: Explanation, _ limits: PageLimits) {
    self.explanation = explanation
    words = PageWords(locale: ReaderLocale(explanation.language), limits: limits)
  }

  /// The case itself, or the one candidate that is explained; nil when there are several.
  private var result: Explanation.CandidateNote? {
    explanation.results.count == 1 ? explanation.results.first : nil
  }

  /// The outcome in the reader's words.
  var outcome: HTML {
    if explanation.isRefusal { return .text(locale[.problems]) }
    guard let last = result?.stages.last else {
      return .text("\(locale[.candidates]): \(explanation.results.count)")
    }
    return .value(last.outcomeLabel ?? last.outcome, limit: words.limits.text)
  }

  /// Whether the outcome harms its subject.
  var isAdverse: Bool { result?.stages.last?.isAdverse ?? false }

  /// The principal reasons, or the leaf's, or what was wrong with the request.
  var reasons: HTML {
    if explanation.isRefusal { return problems }
    let given = result?.principal?.reasons ?? result?.stages.last?.reasons ?? []
    guard !given.isEmpty else {
      return .element(.p, [], locale[.noReasons])
    }
    return .element(
      .ol, [],
      given.prefix(words.limits.rows).map { reason in
        .element(.li, [], [.value(reason.text ?? reason.code, limit: words.limits.text * 2)])
      })
  }

  private var problems: HTML {
    .element(
      .ul, [],
      explanation.problems.prefix(words.limits.rows).map {
        .element(.li, [], [.value(locale.problem($0), limit: words.limits.text)])
      })
  }

  /// What would have changed the outcome.
  var changes: HTML { changes(isForSubject: false) }

  /// The same, for a letter to the subject or for others.
  func changes(isForSubject: Bool) -> HTML {
    if explanation.withheld.contains(.thresholds) {
      return .element(.p, [], [.element(.em, [], locale[.withheld])])
    }
    let sections = CounterfactualSections(words: words, isForSubject: isForSubject)
    return result?.counterfactuals.map { sections.changes($0) } ?? nearbyChanges
  }

  /// Without a search: where the rules would have gone another way, at values that can be changed.
  private var nearbyChanges: HTML {
    var items: [HTML] = []
    for step in result?.stages.last?.path.reversed() ?? [] where step.isChangeable {
      guard let met = step.met, !met.isWithheld else { continue }
      let others = step.others.filter { $0.kind != "missing" && $0.condition != withheld }
      guard !others.isEmpty, items.count < 4 else { continue }
      let conditions = others.prefix(2).map { words.condition($0.values, unit: met.unit) }
      items.append(
        .element(
          .li, [],
          [
            words.name(met), .text(": "),
            locale.fill(.insteadOf, words.joined(Array(conditions), .or), words.value(met)),
          ]))
    }
    guard !items.isEmpty else { return .element(.p, [], locale[.noChange]) }
    return .join([.element(.p, [], locale[.stepsIntro]), .element(.ul, [], items)])
  }

  private var withheld: String { Explanation.withheldMark }

  /// Who answers for the rules and for the model.
  var contacts: HTML {
    var items: [HTML] = []
    var seen: Set<String> = []
    for result in explanation.results.prefix(words.limits.candidates) {
      for authority in result.stages.flatMap(\.ruleSet.authorities)
      where seen.insert(authority.text).inserted {
        items.append(
          .element(.li, [], [self.authority(authority), .text(" (\(locale[.askPolicy]))")]))
      }
      for model in result.scores.compactMap(\.model) {
        guard let owner = model.owner, seen.insert(owner).inserted else { continue }
        items.append(
          .element(
            .li, [],
            [.value(owner, limit: words.limits.text), .text(" (\(locale[.askModel]))")]))
      }
    }
    return items.isEmpty
      ? .element(.p, [], locale[.askNobody])
      : .element(.ul, [], Array(items.prefix(words.limits.list)))
  }

  /// A policy or law, linked where it can be read.
  func authority(_ authority: Explanation.Authority) -> HTML {
    var text = authority.text
    if let clause = authority.clause {
      text += locale.isGerman ? ", Abschnitt \(clause)" : ", clause \(clause)"
    }
    let value = HTML.value(text, limit: words.limits.text)
    guard let href = authority.href, href.utf8.count <= 2000 else { return value }
    return .element(.a, [.href(href)], [value])
  }
}
