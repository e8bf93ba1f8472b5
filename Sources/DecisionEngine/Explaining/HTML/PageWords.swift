import RuleProgram

/// How a page words values, conditions and distances.
struct PageWords {
  /// The reader's form of numbers, dates and words.
  let locale: ReaderLocale
  /// How much is shown.
  let limits: PageLimits

  /// A value with its unit, or what stands for it.
  func value(_ note: Explanation.ValueNote, named isNamed: Bool = false) -> HTML {
    if note.isWithheld { return .element(.em, [], locale[.withheld]) }
    guard let text = note.value else { return .element(.em, [], locale[.missing]) }
    let shown = note.valueLabel ?? self.text(text, note.type)
    return .join(
      [.value(shown, limit: limits.text)] + (note.unit.map { [unit($0)] } ?? []))
  }

  private func text(_ text: String, _ type: ValueType?) -> String {
    // What is longer than any number or date is no such thing.
    text.utf8.count > 80 ? text : locale.value(text, type)
  }

  private func unit(_ unit: String) -> HTML {
    .join([.text("\u{A0}"), .value(locale.unit(unit), limit: limits.text)])
  }

  /// A name as people read it.
  func name(_ note: Explanation.ValueNote) -> HTML {
    .value(note.label ?? note.name, limit: limits.text)
  }

  /// A set of values: `at least 300 and less than 550`.
  func condition(_ values: Explanation.Values, unit: String?) -> HTML {
    var parts: [HTML] = values.ranges.prefix(limits.list).map { range($0, values.type, unit) }
    if values.isAllBut {
      let list = values.listed.prefix(limits.list).map { value($0) }
      parts.append(
        list.isEmpty
          ? .text(locale[.anyValue]) : locale.fill(.anyBut, joined(list, .and)))
    } else {
      parts += values.listed.prefix(limits.list).map { value($0) }
    }
    let hidden = max(values.ranges.count, values.listed.count) - limits.list
    if hidden > 0 { parts.append(locale.fill(.someOf, "\(hidden)")) }
    if values.includesMissing { parts.append(.text(locale[.missing])) }
    return parts.isEmpty ? .text(locale[.anyValue]) : joined(parts, .or)
  }

  /// `a, b or c`.
  func joined(_ parts: [HTML], _ word: Phrase) -> HTML {
    guard parts.count > 1, let last = parts.last else { return parts.first ?? .empty }
    return .join([
      .join(Array(parts.dropLast()), separator: ", "), .text(" \(locale[word]) "), last,
    ])
  }

  private func range(
    _ range: Explanation.Range, _ type: ValueType, _ unit: String?
  ) -> HTML {
    func shown(_ end: Explanation.Range.End) -> HTML {
      value(
        Explanation.ValueNote(
          name: "", label: nil, value: end.value, valueLabel: nil, unit: unit, type: type))
    }
    if let low = range.low, let high = range.high, low.value == high.value {
      return locale.fill(.exactly, shown(low))
    }
    var parts: [HTML] = []
    if let low = range.low {
      parts.append(locale.fill(low.isIncluded ? .atLeast : .above, shown(low)))
    }
    if let high = range.high {
      parts.append(locale.fill(high.isIncluded ? .atMost : .below, shown(high)))
    }
    return parts.isEmpty ? .text(locale[.anyValue]) : joined(parts, .and)
  }

  /// How far a value is from what another branch needed.
  func shortfall(_ distance: Explanation.Distance, _ note: Explanation.ValueNote?) -> HTML {
    if distance.side == .on { return .text(locale[.onLimit]) }
    return locale.fill(distance.side == .below ? .tooLow : .tooHigh, amount(distance, note))
  }

  /// How far a value is from the nearest limit.
  func margin(_ distance: Explanation.Distance, _ note: Explanation.ValueNote?) -> HTML {
    let limit = value(
      Explanation.ValueNote(
        name: "", label: nil, value: distance.limit, valueLabel: nil, unit: note?.unit,
        type: note?.type))
    return distance.side == .on
      ? locale.fill(.onThreshold, limit) : locale.fill(.fromLimit, amount(distance, note), limit)
  }

  /// The size of a distance: a number in the value's unit, or a length of time.
  private func amount(
    _ distance: Explanation.Distance, _ note: Explanation.ValueNote?
  ) -> HTML {
    let isDuration = distance.amount.hasPrefix("P") || distance.amount.hasPrefix("-P")
    return .join(
      [.value(isDuration ? locale.duration(distance.amount) : locale.number(distance.amount))]
        + (note?.unit.map { [unit($0)] } ?? []))
  }

  /// `ID@VERSION`.
  func reference(_ release: Explanation.ReleaseNote) -> HTML {
    .element(.code, [], [.value("\(release.id)@\(release.version)", limit: limits.text)])
  }
}

/// How much a page shows, so that it stays small whatever the rules and values are.
struct PageLimits {
  /// Unicode scalars of one text.
  var text = 300
  /// Values of one list, branches of one split.
  var list = 12
  /// Candidates whose path is shown.
  var candidates = 10
  /// Rows of a table, steps of a path.
  var rows = 60

  /// The most bytes of a page.
  static let size = 300_000

  /// About half as much.
  var halved: PageLimits {
    PageLimits(
      text: max(20, text / 2), list: max(1, list / 2), candidates: max(1, candidates / 2),
      rows: max(3, rows / 2))
  }
}
