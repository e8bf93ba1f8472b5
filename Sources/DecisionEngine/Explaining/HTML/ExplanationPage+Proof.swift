import RuleProgram

/// What was recorded later, versions and proof.
extension ExplanationPage {
  /// What was recorded later.
  var events: HTML {
    guard !explanation.events.isEmpty else { return .empty }
    let rows = explanation.events.prefix(limits.rows).map { event in
      var details = event.details.prefix(limits.list).map { detail in
        HTML.join([.value(detail.name), .text(": "), .value(detail.text, limit: limits.text)])
      }
      if event.isErased { details.append(.text(locale[.erased])) }
      return [
        HTML.text(locale.moment(event.time)),
        .join([
          .value(locale.event(event.type)), .text(" ("), locale.fill(.entry, "\(event.index)"),
          .text(")"),
        ]),
        .join(details, separator: "; "),
      ]
    }
    return section(
      "events", .events, [HTML.table([locale[.when], locale[.kind], locale[.details]], rows)])
  }

  /// All releases that took part, each once.
  private var releases: [Explanation.ReleaseNote] {
    var all = [explanation.pipeline]
    for result in explanation.results.prefix(limits.candidates) {
      for release in result.scores.compactMap(\.model) + result.stages.map(\.ruleSet)
      where !all.contains(release) { all.append(release) }
    }
    return Array(all.prefix(limits.rows))
  }

  /// The releases that decided.
  var versions: HTML {
    let rows = releases.map { release in
      var title = [HTML.value(release.title ?? "", limit: limits.text)]
      for authority in release.authorities.prefix(limits.list) {
        title += [
          .element(.br), .text("\(locale[.authority]): "), sections.authority(authority),
        ]
      }
      if let owner = release.owner {
        title += [.element(.br), .text("\(locale[.owner]): "), .value(owner)]
      }
      var digests: [HTML] = []
      let name = release.kind == .ruleset ? Phrase.programDigest : .definitionDigest
      digests = [.text("\(locale[name]) "), .element(.code, [], [.value(release.digest)])]
      if let source = release.sourceDigest {
        digests += [
          .element(.br), .text("\(locale[.sourceDigest]) "),
          .element(.code, [], [.value(source)]),
        ]
      }
      return [
        HTML.join([.text(locale.kind(release.kind)), .text(" "), words.reference(release)]),
        .join(title), period(release), .join(digests),
      ]
    }
    return section(
      "versions", .versions,
      [
        HTML.table(
          [locale[.kind], locale[.title], locale[.period], locale[.digests]], rows),
        .element(.p, [.class("quiet")], [locale.fill(.engine, explanation.engine)]),
      ])
  }

  private func period(_ release: Explanation.ReleaseNote) -> HTML {
    let start = locale.fill(.inForce, release.effectiveFrom.map { locale.moment($0) } ?? "")
    guard let end = release.effectiveUntil else { return start }
    return locale.fill(.until, start, .text(locale.moment(end)))
  }

  /// Whether the ledger proves the entry.
  var proofLine: HTML {
    let proof = explanation.proof
    let index = HTML.text("\(explanation.index)")
    if proof.isVerified {
      return locale.fill(
        .verified, index, .value(proof.origin), .text("\(proof.treeSize ?? 0)"))
    }
    return .element(
      .strong, [],
      [locale.fill(.notVerified, index, .value(proof.failure ?? "", limit: limits.text))])
  }

  /// That, and what the re-execution showed.
  var proof: HTML {
    section(
      "proof", .proof,
      [
        .element(.p, [], [proofLine]), replayLine,
      ])
  }

  /// What the re-execution showed.
  var replayLine: HTML {
    .element(
      .p, [.class("quiet")], [locale.fill(.replayed, locale.verdict(explanation.verdict))])
  }
}
