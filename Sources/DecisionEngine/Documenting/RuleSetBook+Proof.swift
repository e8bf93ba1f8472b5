import RuleAnalysis
import RuleProgram

/// What was proven, found and tested, and what changed.
extension RuleSetBook {
  /// The stated properties with the result of their proofs.
  var properties: HTML {
    guard let properties = content.properties else { return .empty }
    guard !properties.isEmpty else {
      return section("properties", .properties, [paragraph(locale[book: .noProperties])])
    }
    return section(
      "properties", .properties,
      [
        paragraph(locale[book: .propertiesIntro]),
        table(
          [.property, .result, .line],
          properties.map { property in
            [
              promise(property.promise),
              .element(.strong, [], locale[book: property.isProven ? .proven : .open]),
              .text("\(property.line)"),
            ]
          }),
      ])
  }

  private func promise(_ promise: StatedProperty.Promise) -> HTML {
    switch promise {
    case .monotone(let input, let isIncreasing, let outcomes):
      let list = outcomes.prefix(limits.list).map { code($0) }
      return locale.fill(
        book: isIncreasing ? .monotoneUp : .monotoneDown, name(input), .join(list, separator: " < ")
      )
    case .independent(let input, nil): return locale.fill(book: .independent, name(input))
    case .independent(let input, let outcome?):
      return locale.fill(book: .independentOf, code(outcome), name(input))
    case .never(let when, let outcome): return locale.fill(book: .never, code(outcome), code(when))
    case .always(let when, let outcome):
      return locale.fill(book: .alwaysWhen, code(outcome), code(when))
    }
  }

  private func name(_ input: String) -> HTML {
    let term = wording.inputs.first { $0.name == input }
    return value(term?.label(in: language) ?? input)
  }

  /// The warnings of `check`.
  var findings: HTML {
    guard let findings = content.findings else { return .empty }
    guard !findings.isEmpty else {
      return section("findings", .findings, [paragraph(locale[book: .noFindings])])
    }
    return section(
      "findings", .findings,
      [
        table(
          [.finding, .line, .help],
          findings.map { finding in
            [
              .join([value(finding.message), .text(" "), code(finding.id)]),
              .text("\(finding.line)"), value(finding.help ?? ""),
            ]
          })
      ])
  }

  /// What the cases beside the rule set reach.
  var coverage: HTML {
    guard let coverage = content.coverage else {
      return section("coverage", .coverage, [paragraph(locale[book: .noCases])])
    }
    let reached = coverage.leafVisits.count { $0 > 0 }
    var parts = [
      HTML.element(
        .p, [],
        [locale.fill(book: .casesRun, "\(coverage.cases)", "\(coverage.failed)")]),
      .element(
        .p, [],
        [
          locale.fill(
            book: .reached, "\(reached)", "\(coverage.leafVisits.count)",
            "\(coverage.branches.reached)", "\(coverage.branches.count)")
        ]),
    ]
    let missed = coverage.leafVisits.indices.filter { coverage.leafVisits[$0] == 0 }
    if !missed.isEmpty {
      let shown = missed.prefix(100).map { code(program.leaves[$0].id) }
      var text = [HTML.text("\(locale[book: .notReached]): "), .join(shown, separator: ", ")]
      if missed.count > shown.count {
        text += [.text(" ")] + [locale.fill(.someOf, "\(missed.count - shown.count)")]
      }
      parts.append(.element(.p, [], text))
    }
    return section("coverage", .coverage, parts)
  }

  /// What changed since the version before, in the words of `diff`.
  var changes: HTML {
    guard let change = content.change else { return .empty }
    let sections = DifferenceSections(change, limit: Self.changeLimit, isInner: true)
    // `diff` has one language.
    let body = HTML.element(
      .div, [.lang("en")],
      [
        sections.verdict, sections.versions, sections.interface, sections.changes,
        sections.leaves,
      ])
    return section("changes", .changes, [body])
  }
}
