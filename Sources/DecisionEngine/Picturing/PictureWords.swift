import RuleProgram

/// What pictures say, in the reader's language.
struct PictureWords {
  /// How values and conditions are worded.
  let words: PageWords
  private var locale: ReaderLocale { words.locale }

  /// The words for readers of `language`, shortened to `limits`.
  init(_ language: String, _ limits: PageLimits) {
    words = PageWords(locale: ReaderLocale(language), limits: limits)
  }

  private func choose(_ english: String, _ german: String) -> String {
    locale.isGerman ? german : english
  }

  /// The values that lead to a branch.
  func condition(_ branch: Explanation.BranchNote, unit: String?) -> String {
    if branch.condition == Explanation.withheldMark, branch.kind != "missing" {
      return locale[.withheld]
    }
    return words.condition(branch.values, unit: unit).words
  }

  /// An outcome, and whether it harms.
  func outcome(_ outcome: String, isAdverse: Bool) -> String {
    let name = HTML.value(outcome, limit: words.limits.text).words
    return isAdverse ? "\(name) (\(choose("adverse", "nachteilig")))" : name
  }

  /// A leaf by its ID.
  func leaf(_ id: String) -> String {
    locale.fill(.leaf, .value(id, limit: words.limits.text)).words
  }

  /// How many leaves.
  func leaves(_ count: Int) -> String {
    count == 1
      ? choose("1 leaf", "1 Blatt")
      : "\(locale.number("\(count)")) "
        + choose("leaves", "Blätter")
  }

  /// How many leaves give each outcome: `decline 2, approve 1`.
  func outcomes(_ counts: [Explanation.OutcomeCount]) -> String {
    let shown = counts.prefix(words.limits.list).map {
      "\(HTML.value($0.outcome, limit: words.limits.text).words) \(locale.number("\($0.leaves)"))"
    }
    return shown.joined(separator: ", ") + (counts.count > shown.count ? ", …" : "")
  }

  /// Stands for several branches.
  func moreBranches(_ count: Int) -> String {
    count == 1
      ? choose("1 more branch", "1 weiterer Zweig")
      : choose("\(count) more branches", "\(count) weitere Zweige")
  }

  /// Stands for the first conditions of a long path.
  func skipped(_ count: Int) -> String {
    choose("\(count) conditions before, not drawn", "\(count) Bedingungen davor, nicht gezeichnet")
  }

  /// What a path's picture shows.
  var pathTitle: String { choose("The path through the rules", "Der Weg durch die Regeln") }

  /// What a rule set's picture shows.
  var treeTitle: String { choose("The tree of the rules", "Der Baum der Regeln") }

  /// How to read a path's picture.
  var pathLegend: String {
    choose(
      "Heavy lines with a tick: the way that was taken. Dashed: not opened, with the leaves behind it.",
      "Starke Linien mit Haken: der genommene Weg. Gestrichelt: nicht geöffnet, mit den Blättern"
        + " dahinter.")
  }

  /// How to read a tree's picture in which something is folded.
  var foldLegend: String {
    choose(
      "Dashed: not opened, with the leaves behind it.",
      "Gestrichelt: nicht geöffnet, mit den Blättern dahinter.")
  }
}
