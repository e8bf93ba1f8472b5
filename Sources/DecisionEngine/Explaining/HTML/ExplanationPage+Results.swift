import RuleProgram

/// What came of the case, or of each candidate.
extension ExplanationPage {
  /// One section for each part of each result.
  var results: [HTML] {
    var parts: [HTML] = []
    if explanation.results.count > 1 { parts.append(candidateTable) }
    for (place, result) in explanation.results.prefix(limits.candidates).enumerated() {
      let id = "r\(place + 1)"
      if let key = result.key {
        parts.append(
          .element(
            .h2, [.id(id)], [locale.fill(.candidate, .value(key, limit: limits.text))]))
      }
      if !result.scores.isEmpty || explanation.arm != nil { parts.append(model(result, id)) }
      for (number, stage) in result.stages.enumerated().prefix(limits.rows) {
        parts.append(self.stage(stage, "\(id)s\(number + 1)", isOnly: result.stages.count == 1))
      }
    }
    let hidden = explanation.results.count - limits.candidates
    if hidden > 0 { parts.append(.element(.p, [], [locale.fill(.more, "\(hidden)")])) }
    return parts
  }

  private var candidateTable: HTML {
    let rows = explanation.results.prefix(limits.rows).map { result in
      [
        HTML.value(result.key ?? "", limit: limits.text),
        .text(result.rank.map { "\($0)" } ?? ""),
        .text(locale.status(result.status)),
        .value(
          result.stages.last.map { $0.outcomeLabel ?? $0.outcome } ?? "", limit: limits.text),
        .value(result.stages.last?.leaf ?? "", limit: limits.text),
      ]
    }
    return section(
      "candidates", .candidates,
      [
        HTML.table(
          [
            locale[.name], locale[.rank], locale[.status], locale[.what],
            locale.isGerman ? "Blatt" : "Leaf",
          ], rows)
      ])
  }

  private func model(_ result: Explanation.CandidateNote, _ id: String) -> HTML {
    var parts: [HTML] = []
    if let arm = explanation.arm {
      parts.append(
        .element(
          .p, [],
          [
            locale.fill(
              .experiment, .value(arm.experiment), .value(arm.arm), .value(arm.unit))
          ]))
    }
    for score in result.scores {
      let into = HTML.element(.code, [], [.value(score.into)])
      let number =
        score.score == Explanation.withheldMark
        ? HTML.element(.em, [], locale[.withheld])
        : .element(.strong, [], [.value(locale.number(score.score))])
      if let model = score.model {
        parts.append(
          .element(
            .p, [], [locale.fill(.score, words.reference(model), number, into)]))
      } else {
        parts.append(.element(.p, [], [locale.fill(.randomScore, number, into)]))
      }
      guard !score.factors.isEmpty else { continue }
      let rows = score.factors.prefix(limits.rows).map { factor in
        [
          HTML.value(factor.code), .value(factor.text ?? "", limit: limits.text),
          .value(factor.contribution.map { locale.number($0) } ?? ""),
        ]
      }
      parts.append(
        HTML.table([locale[.factor], locale[.details], locale[.contribution]], rows))
    }
    return section("\(id)model", .model, parts)
  }

  private func stage(
    _ stage: Explanation.StageNote, _ id: String, isOnly: Bool
  ) -> HTML {
    var parts: [HTML] = [
      .element(
        .p, [],
        [
          locale.fill(.rules, .value(stage.ruleSet.title ?? "", limit: limits.text)),
          .text(" "), words.reference(stage.ruleSet),
        ])
    ]
    parts.append(PictureFrame.figure(stage, explanation.language, limits, id: id))
    if !stage.derived.isEmpty { parts.append(derived(stage)) }
    parts.append(
      .element(
        .ol, [.class("path")], stage.path.prefix(limits.rows).map { step($0) }))
    if stage.path.count > limits.rows {
      parts.append(.element(.p, [], [locale.fill(.more, "\(stage.path.count - limits.rows)")]))
    }
    parts.append(
      .element(
        .p, [],
        [
          .text("→ "), .element(.strong, [], [.value(stage.outcomeLabel ?? stage.outcome)]),
          .text(", "),
          locale.fill(.leaf, .element(.code, [], [.value(stage.leaf, limit: limits.text)])),
        ]))
    if !stage.outputs.isEmpty {
      parts.append(.element(.h3, [], locale[.outputs]))
      parts.append(
        HTML.table(
          [locale[.name], locale[.value]],
          stage.outputs.prefix(limits.rows).map { [words.name($0), words.value($0)] }))
    }
    return section(id, .path, parts)
  }

  private func derived(_ stage: Explanation.StageNote) -> HTML {
    .join([
      .element(.h3, [], locale[.computed]),
      HTML.table(
        [locale[.name], locale[.value], locale[.expression]],
        stage.derived.prefix(limits.rows).map { item in
          let operands = item.operands.prefix(limits.list).map { note in
            HTML.join([words.name(note), .text(": "), words.value(note)])
          }
          return [
            words.name(item.value), words.value(item.value),
            .join([
              expression(item.expression ?? ""),
              operands.isEmpty ? .empty : .element(.br),
              .join(Array(operands), separator: "; "),
            ]),
          ]
        }),
    ])
  }

  private func expression(_ text: String) -> HTML {
    text == Explanation.withheldMark
      ? .element(.em, [], locale[.withheld])
      : .element(.code, [], [.value(text, limit: limits.text)])
  }

  private func step(_ step: Explanation.StepNote) -> HTML {
    var head: [HTML] = []
    if let label = step.label {
      head += [.value(label, limit: limits.text), .text(" – ")]
    }
    if let met = step.met {
      head += [words.name(met), .text(": "), .element(.strong, [], [words.value(met)])]
    } else {
      head.append(.value(step.on, limit: limits.text))
    }
    var parts: [HTML] = [.element(.div, [], head)]
    var taken: [HTML] = [.text("\(locale[.taken]): "), condition(step.taken, step)]
    if let distance = step.distance {
      taken += [.text(" ("), words.margin(distance, step.met), .text(")")]
    }
    parts.append(.element(.div, [.class("taken")], taken))
    for other in step.others.prefix(limits.list) {
      var line: [HTML] = [.text("\(locale[.notTaken]): "), condition(other, step)]
      if let distance = other.distance {
        line += [.text(" ("), words.shortfall(distance, step.met), .text(")")]
      }
      parts.append(.element(.div, [.class("other")], line))
    }
    let hidden = step.others.count - limits.list
    if hidden > 0 {
      parts.append(.element(.div, [.class("other")], [locale.fill(.more, "\(hidden)")]))
    }
    if let justification = step.justification {
      parts.append(
        .element(
          .div, [], [locale.fill(.because, .value(justification, limit: limits.text))]))
    }
    parts.append(.element(.div, [.class("quiet")], [locale.fill(.line, "\(step.line)")]))
    return .element(.li, [], parts)
  }

  private func condition(
    _ branch: Explanation.BranchNote, _ step: Explanation.StepNote
  ) -> HTML {
    if branch.condition == Explanation.withheldMark, branch.kind != "missing" {
      return .element(.em, [], locale[.withheld])
    }
    return words.condition(branch.values, unit: step.met?.unit)
  }
}
