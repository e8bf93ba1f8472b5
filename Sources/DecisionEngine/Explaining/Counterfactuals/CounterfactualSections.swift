extension Explanation.Counterfactuals {
  /// The counterfactuals as a piece of a page.
  ///
  /// - Parameter language: the reader's language, a BCP 47 tag.
  package func html(language: String) -> HTML {
    CounterfactualSections(
      words: PageWords(locale: ReaderLocale(language), limits: PageLimits())
    ).changes(self)
  }
}

/// What would have changed the outcome, on pages and in letters.
struct CounterfactualSections {
  /// How values are worded.
  let words: PageWords
  /// Whether the subject reads it: then outcomes that nothing would have given are named only where
  /// nothing was found.
  var isForSubject = false

  /// The changes that were found, or what is known when there are none.
  func changes(_ note: Explanation.Counterfactuals) -> HTML {
    var parts = note.found.prefix(words.limits.list).map(change)
    parts += statements(note).map { .element(.p, [], [$0]) }
    if let given = given(note) { parts.append(.element(.p, [.class("quiet")], [given])) }
    return .join(parts)
  }

  private func change(_ found: Explanation.Counterfactual) -> HTML {
    .join([
      .element(
        .p, [],
        [
          words.locale.fill(
            .changeWould,
            .value(found.outcomeLabel ?? found.outcome, limit: words.limits.text))
        ]),
      .element(
        .ul, [],
        found.changes.prefix(words.limits.rows).map { change in
          .element(
            .li, [],
            [
              words.name(change.from), .text(": "),
              words.locale.fill(.insteadOf, words.value(change.to), words.value(change.from)),
            ])
        }),
    ])
  }

  private func statements(_ note: Explanation.Counterfactuals) -> [HTML] {
    // One sentence says it when it is so for every outcome.
    if note.targets.count > 1, note.targets.allSatisfy({ $0.answer == .none }) {
      return [.text(words.locale[.noChangeWould])]
    }
    return note.targets.prefix(words.limits.list).compactMap { target in
      if isForSubject, target.answer == .none, !note.found.isEmpty { return nil }
      return target.answer.phrase.map {
        words.locale.fill(
          words: words.locale[$0],
          [.value(target.label ?? target.outcome, limit: words.limits.text)])
      }
    }
  }

  private func given(_ note: Explanation.Counterfactuals) -> HTML? {
    guard !note.given.isEmpty else { return nil }
    let list = note.given.prefix(words.limits.rows).map { given in
      HTML.join([
        .value(given.label ?? given.name, limit: words.limits.text),
        .text(" (\(words.locale[given.why.phrase]))"),
      ])
    }
    return words.locale.fill(
      words: words.locale[.given], [.join(Array(list), separator: ", ")])
  }
}
