import RuleProgram

extension Explanation {
  /// The explanation as plain text for a terminal, in the reader's language; what the rules compare
  /// stands as in the rule set.
  ///
  /// - Parameter colours: whether headings, outcomes and proofs are coloured by ANSI sequences.
  ///   Values never are a source of such sequences: control characters are escaped.
  public func text(colours: Bool = false) -> String {
    var writer = ExplanationWriter(colours: colours, locale: ReaderLocale(language))
    writer.write(self)
    return writer.lines.joined(separator: "\n") + "\n"
  }
}

/// Writes an explanation line by line.
private struct ExplanationWriter {
  let colours: Bool
  let locale: ReaderLocale
  var lines: [String] = []
  /// Rule sets whose versions and digests were written: once is enough.
  private var described: Set<String> = []

  private enum Style: String {
    case bold = "1"
    case dim = "2"
    case red = "31"
    case green = "32"
    case yellow = "33"
  }

  init(colours: Bool, locale: ReaderLocale) {
    self.colours = colours
    self.locale = locale
  }

  private func styled(_ text: String, _ style: Style) -> String {
    colours ? "\u{1B}[\(style.rawValue)m\(text)\u{1B}[0m" : text
  }

  /// A text of somebody's, harmless and not too long: the other forms have all of it.
  private func safe(_ text: String) -> String { VisibleText.cut(text) }

  private mutating func line(_ text: String, _ indent: Int = 0) {
    lines.append(String(repeating: " ", count: indent) + text)
  }

  private mutating func heading(_ text: String) {
    if !lines.isEmpty { lines.append("") }
    lines.append(styled(text, .bold))
  }

  // MARK: The whole

  mutating func write(_ explanation: Explanation) {
    writeHead(explanation)
    for part in explanation.withheld {
      line(styled(locale.say(.withheldPart, locale.withheld(part)), .yellow))
    }
    for remark in explanation.remarks {
      line(styled(locale.say(.note, safe(remark)), .yellow))
    }
    if explanation.isRefusal {
      heading(locale.say(.whyNot))
      for problem in explanation.problems { line(safe(locale.problem(problem)), 2) }
    }
    for result in explanation.results { write(result) }
    writeEvents(explanation.events)
    writeProof(explanation)
  }

  private mutating func writeHead(_ explanation: Explanation) {
    let kind = explanation.isRefusal ? TextPhrase.refused : .decided
    heading(locale.say(kind, safe(explanation.caseID), explanation.time))
    write(.pipeline, explanation.pipeline)
    if let arm = explanation.arm {
      line(locale.say(.experiment, safe(arm.experiment), safe(arm.arm), safe(arm.unit)))
    }
  }

  private mutating func write(_ phrase: TextPhrase, _ release: Explanation.ReleaseNote) {
    let title = release.title.map { ", \(safe($0))" } ?? ""
    line(locale.say(phrase, "\(safe(release.id))@\(safe(release.version))\(title)"))
    if let start = release.effectiveFrom { line(locale.say(.inForce, start), 2) }
    let digest = release.kind == .ruleset ? TextPhrase.program : .definition
    line(styled(locale.say(digest, release.digest), .dim), 2)
    if let source = release.sourceDigest { line(styled(locale.say(.source, source), .dim), 2) }
    for authority in release.authorities {
      var text = safe(authority.text)
      if let clause = authority.clause { text = locale.say(.clause, text, safe(clause)) }
      if let href = authority.href { text += " <\(safe(href))>" }
      line(locale.say(.authority, text), 2)
    }
  }

  private mutating func writeEvents(_ events: [CaseEvent]) {
    guard !events.isEmpty else { return }
    heading(locale.say(.events))
    for event in events {
      var text = locale.say(.entry, event.time, safe(locale.event(event.type)), "\(event.index)")
      let details = event.details.map { "\(safe($0.name)): \(safe($0.text))" }
      if !details.isEmpty { text += "  " + details.joined(separator: ", ") }
      if event.isErased { text += "  " + locale.say(.dataErased) }
      line(text, 2)
    }
  }

  private mutating func writeProof(_ explanation: Explanation) {
    heading(locale.say(.proof))
    let proof = explanation.proof
    let index = "\(explanation.index)"
    if proof.isVerified, let size = proof.treeSize {
      line(styled(locale.say(.isProven, index, safe(proof.origin), "\(size)"), .green), 2)
    } else {
      line(styled(locale.say(.isNotProven, index, safe(proof.failure ?? "")), .red), 2)
    }
    line(locale.say(.reexecuted, locale.verdict(explanation.verdict)), 2)
  }

  // MARK: One candidate, or the case

  private mutating func write(_ result: Explanation.CandidateNote) {
    if let key = result.key {
      let status = locale.status(result.status) + (result.rank.map { locale.rank($0) } ?? "")
      heading(locale.say(.candidate, safe(key), status))
    } else if let last = result.stages.last {
      heading(locale.say(.outcome, outcome(last)))
    }
    if let last = result.stages.last { writeOutcome(last, isNamed: result.key == nil) }
    if let principal = result.principal { write(principal) }
    if let note = result.counterfactuals {
      line(locale[.textHeading], 2)
      for text in note.lines(locale, named) { line(text, 4) }
    }
    for score in result.scores { write(score) }
    for (place, stage) in result.stages.enumerated() {
      write(stage, isLast: place == result.stages.count - 1)
    }
  }

  private func outcome(_ stage: Explanation.StageNote) -> String {
    let label = stage.outcomeLabel.map { " (\(safe($0)))" } ?? ""
    return styled(safe(stage.outcome), stage.isAdverse ? .red : .green)
      + label + (stage.isAdverse ? locale.say(.adverse) : "")
  }

  private mutating func writeOutcome(_ stage: Explanation.StageNote, isNamed: Bool) {
    if !isNamed { line(locale.say(.outcome, outcome(stage)), 2) }
    line(locale.say(.leaf, safe(stage.leaf)), 2)
    for reason in stage.reasons {
      line(locale.say(.reason, safe(reason.code), safe(reason.text ?? "")), 2)
    }
    for output in stage.outputs { line(locale.say(.sets, named(output)), 2) }
  }

  /// The reasons by the pipeline's policy, where they aren't just the leaf's own.
  private mutating func write(_ principal: Explanation.PrincipalNote) {
    guard principal.policy != "rules" || principal.maximum != 4 else { return }
    var basis = locale.source(principal.basis)
    if principal.wanted != nil { basis = locale.say(.noFactors, basis) }
    line(locale.say(.principal, safe(principal.policy), "\(principal.maximum)", basis), 2)
    for reason in principal.reasons {
      line("\(safe(reason.code)): \(safe(reason.text ?? ""))", 4)
    }
  }

  private mutating func write(_ score: Explanation.ScoreNote) {
    let number = safe(locale.number(score.score, isExact: true))
    guard let model = score.model else {
      return line(locale.say(.randomScore, number, safe(score.into)), 2)
    }
    let title = model.title.map { ", \(safe($0))" } ?? ""
    line(
      locale.say(
        .score, number, safe(score.into), "\(safe(model.id))@\(safe(model.version))\(title)"), 2)
    for factor in score.factors {
      let text = factor.text.map { ": \(safe($0))" } ?? ""
      let contribution = factor.contribution.map {
        " (\(safe(locale.number($0, isExact: true))))"
      }
      line(locale.say(.keyFactor, safe(factor.code) + text + (contribution ?? "")), 4)
    }
  }
}

// MARK: - Stages

extension ExplanationWriter {
  fileprivate mutating func write(_ stage: Explanation.StageNote, isLast: Bool) {
    lines.append("")
    let name = "\(stage.ruleSet.id)@\(stage.ruleSet.version)"
    if described.insert(name).inserted {
      write(.ruleSet, stage.ruleSet)
    } else {
      line(locale.say(.ruleSet, safe(name)))
    }
    if let leaf = stage.reexecutedLeaf, !leaf.utf8.elementsEqual(stage.leaf.utf8) {
      line(styled(locale.say(.notAsRecorded, safe(leaf)), .red), 2)
    }
    for item in stage.derived { write(item) }
    for (place, step) in stage.path.enumerated() { write(step, place + 1) }
    line(locale.say(.reached, safe(stage.leaf), outcome(stage)), 2)
    guard !isLast else { return }
    for output in stage.outputs { line("   " + locale.say(.sets, named(output)), 2) }
  }

  private mutating func write(_ item: Explanation.DerivedNote) {
    var text = named(item.value)
    if let expression = item.expression { text += "  = \(safe(expression))" }
    if !item.operands.isEmpty {
      text = locale.say(.with, text, item.operands.map(named).joined(separator: ", "))
    }
    line(locale.say(.computed, text), 2)
  }

  private mutating func write(_ step: Explanation.StepNote, _ number: Int) {
    var text = "\(number). "
    if let met = step.met { text += named(met) } else { text += safe(step.on) }
    if let label = step.label ?? step.id { text += "  [\(safe(label))]" }
    line(text, 2)
    let margin = step.distance.map { ", " + self.margin($0, step.met?.type) }
    line(locale.say(.taken, branch(step.taken) + (margin ?? "")), 5)
    for other in step.others {
      let gap = other.gap == nil ? "" : ": " + self.gap(other, step.met)
      line(styled(locale.say(.notTaken, branch(other) + gap), .dim), 5)
    }
    if let justification = step.justification {
      line(locale.say(.because, safe(justification)), 5)
    }
    line(styled(locale.say(.line, "\(step.line)"), .dim), 5)
  }

  private func branch(_ branch: Explanation.BranchNote) -> String {
    switch branch.kind {
    case "otherwise": locale.say(.otherwise, safe(branch.condition))
    case "missing": locale.say(.missing)
    default: safe(branch.tests.isEmpty ? branch.condition : branch.tests)
    }
  }

  /// `9 from the threshold 620`.
  private func margin(_ distance: Explanation.Distance, _ type: ValueType?) -> String {
    let limit = safe(locale.value(distance.limit, type, isExact: true))
    return distance.side == .on
      ? locale.say(.exact, limit) : locale.say(.threshold, amount(distance), limit)
  }

  /// `needed >= 620, had 611 (9 too low)`: conditions and values as the rule set has them.
  private func gap(_ branch: Explanation.BranchNote, _ met: Explanation.ValueNote?) -> String {
    let needed =
      branch.kind == "missing"
      ? locale.say(.neededValue) : locale.say(.needed, safe(branch.condition))
    guard let text = met?.value else { return needed + locale.say(.noValue) }
    let value = met?.type.flatMap { Value(parsing: text, as: $0)?.feelLiteral } ?? text
    let had = needed + locale.say(.had, safe(value))
    guard let distance = branch.distance else { return had }
    return switch distance.side {
    case .on: "\(had) (\(locale.say(.excluded)))"
    case .below: "\(had) (\(locale.say(.tooLow, amount(distance))))"
    case .above: "\(had) (\(locale.say(.tooHigh, amount(distance))))"
    }
  }

  private func amount(_ distance: Explanation.Distance) -> String {
    let isDuration = distance.amount.hasPrefix("P") || distance.amount.hasPrefix("-P")
    return safe(
      isDuration
        ? locale.duration(distance.amount) : locale.number(distance.amount, isExact: true))
  }

  /// `label (name) = value unit (value's label)`.
  fileprivate func named(_ note: Explanation.ValueNote) -> String {
    let name = note.label.map { "\(safe($0)) (\(safe(note.name)))" } ?? safe(note.name)
    guard let value = note.value else {
      return locale.say(note.isWithheld ? .isWithheld : .isMissing, name)
    }
    // What is longer than any number or date is no such thing.
    let shown = value.utf8.count > 80 ? value : locale.value(value, note.type, isExact: true)
    var text = "\(name) = \(safe(shown))"
    if let unit = note.unit { text += " \(safe(locale.unit(unit)))" }
    if let label = note.valueLabel, label != value { text += " (\(safe(label)))" }
    return text
  }
}
