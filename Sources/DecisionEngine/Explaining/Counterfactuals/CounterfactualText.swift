extension Explanation.Counterfactuals {
  /// The counterfactuals as lines of plain text. Control characters are escaped, long texts cut.
  ///
  /// - Parameter named: how a value is written with its name.
  func lines(_ locale: ReaderLocale, _ named: (Explanation.ValueNote) -> String) -> [String] {
    var lines: [String] = []
    for item in found {
      let label = item.outcomeLabel.map { " (\(VisibleText.cut($0)))" } ?? ""
      lines.append(
        locale.told(
          .textItem, VisibleText.cut(item.outcome) + label, VisibleText.cut(item.leaf)))
      for change in item.changes {
        lines.append("  " + locale.told(.textChange, named(change.to), value(change.from, locale)))
      }
    }
    return lines + remarks(locale) + [given(locale)].compactMap { $0 }
  }

  private func value(_ note: Explanation.ValueNote, _ locale: ReaderLocale) -> String {
    if note.isWithheld { return locale[.textWithheld] }
    guard let value = note.value else { return locale[.textMissing] }
    let label =
      note.valueLabel.map { $0 == value ? "" : " (\(VisibleText.cut($0)))" } ?? ""
    return VisibleText.cut(locale.value(value, note.type, isExact: true)) + label
  }

  /// What must be said of the outcomes besides the changes.
  private func remarks(_ locale: ReaderLocale) -> [String] {
    targets.compactMap { target in
      target.answer.phrase.map {
        locale.told($0, VisibleText.cut(target.label ?? target.outcome))
      }
    }
  }

  /// What was taken as given and why; nil when nothing was.
  private func given(_ locale: ReaderLocale) -> String? {
    guard !given.isEmpty else { return nil }
    let list = given.map { "\(VisibleText.cut($0.label ?? $0.name)) (\(locale[$0.why.phrase]))" }
    return locale.told(.given, list.joined(separator: ", "))
  }
}
