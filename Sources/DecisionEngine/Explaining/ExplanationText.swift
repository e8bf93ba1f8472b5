extension Explanation {
  /// The explanation as plain text for a terminal.
  ///
  /// - Parameter colours: whether headings, outcomes and proofs are coloured by ANSI sequences.
  ///   Values never are a source of such sequences: control characters are escaped.
  public func text(colours: Bool = false) -> String {
    var writer = ExplanationWriter(colours: colours)
    writer.write(self)
    return writer.lines.joined(separator: "\n") + "\n"
  }
}

/// Writes an explanation line by line.
private struct ExplanationWriter {
  let colours: Bool
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

  init(colours: Bool) { self.colours = colours }

  private func styled(_ text: String, _ style: Style) -> String {
    colours ? "\u{1B}[\(style.rawValue)m\(text)\u{1B}[0m" : text
  }

  private func safe(_ text: String) -> String { VisibleText.of(text) }

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
      line(styled("Withheld: \(part.words)", .yellow))
    }
    for remark in explanation.remarks { line(styled("Note: \(safe(remark))", .yellow)) }
    if explanation.isRefusal {
      heading("Why it could not be decided")
      for problem in explanation.problems { line(safe(problem.description), 2) }
    }
    for result in explanation.results { write(result) }
    writeEvents(explanation.events)
    writeProof(explanation)
  }

  private mutating func writeHead(_ explanation: Explanation) {
    let kind = explanation.isRefusal ? "refused" : "decided"
    heading("Case \(safe(explanation.caseID)), \(kind) \(explanation.time)")
    write("Pipeline", explanation.pipeline)
    if let arm = explanation.arm {
      line(
        "Experiment \(safe(arm.experiment)): arm \(safe(arm.arm)), assigned by"
          + " \(safe(arm.unit))")
    }
  }

  private mutating func write(_ label: String, _ release: Explanation.ReleaseNote) {
    let title = release.title.map { ", \(safe($0))" } ?? ""
    line("\(label) \(safe(release.id))@\(safe(release.version))\(title)")
    if let start = release.effectiveFrom { line("in force from \(start)", 2) }
    let name = release.kind == .ruleset ? "program" : "definition"
    line(styled("\(name) sha256:\(release.digest)", .dim), 2)
    if let source = release.sourceDigest { line(styled("source sha256:\(source)", .dim), 2) }
    for authority in release.authorities {
      let clause = authority.clause.map { ", clause \(safe($0))" } ?? ""
      let href = authority.href.map { " <\(safe($0))>" } ?? ""
      line("by authority of \(safe(authority.text))\(clause)\(href)", 2)
    }
  }

  private mutating func writeEvents(_ events: [CaseEvent]) {
    guard !events.isEmpty else { return }
    heading("Also recorded about this case")
    for event in events {
      var text = "\(event.time)  \(safe(event.type)) (entry \(event.index))"
      let details = event.details.map { "\(safe($0.name)): \(safe($0.text))" }
      if !details.isEmpty { text += "  " + details.joined(separator: ", ") }
      if event.isErased { text += "  (its data were erased)" }
      line(text, 2)
    }
  }

  private mutating func writeProof(_ explanation: Explanation) {
    heading("Proof")
    let proof = explanation.proof
    let entry = "ledger entry \(explanation.index)"
    if proof.isVerified, let size = proof.treeSize {
      line(
        styled(
          "verified: \(entry) is in the ledger \(safe(proof.origin)) (signed tree of \(size)"
            + " entries)", .green), 2)
    } else {
      line(styled("NOT verified: \(entry): \(safe(proof.failure ?? ""))", .red), 2)
    }
    line("re-executed: \(explanation.verdict)", 2)
  }

  // MARK: One candidate, or the case

  private mutating func write(_ result: Explanation.CandidateNote) {
    if let key = result.key {
      let rank = result.rank.map { ", rank \($0)" } ?? ""
      let status = result.status == "not_kept" ? "not kept" : result.status ?? ""
      heading("Candidate \(safe(key)): \(status)\(rank)")
    } else if let last = result.stages.last {
      heading("Outcome: \(outcome(last))")
    }
    if let last = result.stages.last { writeOutcome(last, isNamed: result.key == nil) }
    if let principal = result.principal { write(principal) }
    for score in result.scores { write(score) }
    for (place, stage) in result.stages.enumerated() {
      write(stage, isLast: place == result.stages.count - 1)
    }
  }

  private func outcome(_ stage: Explanation.StageNote) -> String {
    let label = stage.outcomeLabel.map { " (\(safe($0)))" } ?? ""
    return styled(safe(stage.outcome), stage.isAdverse ? .red : .green)
      + label + (stage.isAdverse ? ", adverse" : "")
  }

  private mutating func writeOutcome(_ stage: Explanation.StageNote, isNamed: Bool) {
    if !isNamed { line("Outcome: \(outcome(stage))", 2) }
    line("Leaf: \(safe(stage.leaf))", 2)
    for reason in stage.reasons {
      line("Reason \(safe(reason.code)): \(safe(reason.text ?? ""))", 2)
    }
    for output in stage.outputs { line("Sets \(named(output))", 2) }
  }

  /// The reasons by the pipeline's policy, where they aren't just the leaf's own.
  private mutating func write(_ principal: Explanation.PrincipalNote) {
    guard principal.policy != "rules" || principal.maximum != 4 else { return }
    var basis =
      switch principal.basis {
      case "factors": "the model's key factors"
      case "both": "the rules and the model's key factors"
      default: "the rules"
      }
    if principal.wanted != nil { basis += ", for no key factors came with the request" }
    line(
      "Principal reasons, by the policy \(safe(principal.policy)) (at most"
        + " \(principal.maximum)), from \(basis):", 2)
    for reason in principal.reasons {
      line("\(safe(reason.code)): \(safe(reason.text ?? ""))", 4)
    }
  }

  private mutating func write(_ score: Explanation.ScoreNote) {
    guard let model = score.model else {
      return line("Score \(score.score) into \(safe(score.into)), drawn at random", 2)
    }
    let title = model.title.map { ", \(safe($0))" } ?? ""
    line(
      "Score \(safe(score.score)) into \(safe(score.into)), by model"
        + " \(safe(model.id))@\(safe(model.version))\(title)", 2)
    for factor in score.factors {
      let text = factor.text.map { ": \(safe($0))" } ?? ""
      let contribution = factor.contribution.map { " (\(safe($0)))" } ?? ""
      line("key factor \(safe(factor.code))\(text)\(contribution)", 4)
    }
  }

  private mutating func write(_ stage: Explanation.StageNote, isLast: Bool) {
    lines.append("")
    let name = "\(stage.ruleSet.id)@\(stage.ruleSet.version)"
    if described.insert(name).inserted {
      write("Rule set", stage.ruleSet)
    } else {
      line("Rule set \(safe(name))")
    }
    if let leaf = stage.reexecutedLeaf, !leaf.utf8.elementsEqual(stage.leaf.utf8) {
      let text = "NOT as recorded: re-executed, it reaches leaf \(safe(leaf))"
      line(styled(text, .red), 2)
    }
    for item in stage.derived { write(item) }
    for (place, step) in stage.path.enumerated() { write(step, place + 1) }
    line("=> leaf \(safe(stage.leaf)): \(outcome(stage))", 2)
    guard !isLast else { return }
    for output in stage.outputs { line("   sets \(named(output))", 2) }
  }

  private mutating func write(_ item: Explanation.DerivedNote) {
    var text = named(item.value)
    if let expression = item.expression { text += "  = \(safe(expression))" }
    if !item.operands.isEmpty {
      text += "  with " + item.operands.map(named).joined(separator: ", ")
    }
    line("computed: \(text)", 2)
  }

  private mutating func write(_ step: Explanation.StepNote, _ number: Int) {
    var text = "\(number). "
    if let met = step.met { text += named(met) } else { text += safe(step.on) }
    if let label = step.label ?? step.id { text += "  [\(safe(label))]" }
    line(text, 2)
    line("taken: \(branch(step.taken))\(step.margin.map { ", \(safe($0))" } ?? "")", 5)
    for other in step.others {
      let gap = other.gap.map { ": \(safe($0))" } ?? ""
      line(styled("not \(branch(other))\(gap)", .dim), 5)
    }
    if let justification = step.justification {
      line("looked at because: \(safe(justification))", 5)
    }
    line(styled("line \(step.line) of the rule set", .dim), 5)
  }

  private func branch(_ branch: Explanation.BranchNote) -> String {
    switch branch.kind {
    case "otherwise": "otherwise (\(safe(branch.condition)))"
    case "missing": "missing"
    default: safe(branch.tests.isEmpty ? branch.condition : branch.tests)
    }
  }

  /// `label (name) = value unit (value's label)`.
  private func named(_ note: Explanation.ValueNote) -> String {
    var text = note.label.map { "\(safe($0)) (\(safe(note.name)))" } ?? safe(note.name)
    guard let value = note.value else {
      return text + (note.isWithheld ? " is withheld" : " is missing")
    }
    text += " = \(safe(value))"
    if let unit = note.unit { text += " \(safe(unit))" }
    if let label = note.valueLabel { text += " (\(safe(label)))" }
    return text
  }
}
