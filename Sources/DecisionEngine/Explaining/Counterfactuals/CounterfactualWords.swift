/// What is said of counterfactuals besides the changes themselves, in the languages that we write.
enum CounterfactualPhrase: CaseIterable {
  case noneOf, undecidedOf, maybeSmaller, given
  case protected, score, random, assignment, immutable, unlike
  case textHeading, textItem, textChange, textWithheld, textMissing

  /// English, German. `{}` stands for what is filled in.
  var texts: (String, String) {
    switch self {
    case .noneOf:
      (
        "It is proven that no change of what can be changed would have given the outcome “{}”.",
        "Keine Änderung dessen, was sich ändern lässt, hätte das Ergebnis „{}“ gebracht; das ist"
          + " bewiesen."
      )
    case .undecidedOf:
      (
        "Whether a change would have given the outcome “{}” is undecided: the search reached its"
          + " limit.",
        "Ob eine Änderung das Ergebnis „{}“ gebracht hätte, ist offen: Die Suche kam an ihre Grenze."
      )
    case .maybeSmaller:
      (
        "Smaller changes may exist for the outcome “{}”: the search reached its limit.",
        "Für das Ergebnis „{}“ kann es kleinere Änderungen geben: Die Suche kam an ihre Grenze."
      )
    case .given: ("Taken as given: {}.", "Als gegeben genommen: {}.")
    case .protected: ("protected", "geschützt")
    case .score: ("from a model", "von einem Modell")
    case .random: ("drawn at random", "gelost")
    case .assignment: ("assigns the experiment's arm", "bestimmt den Arm des Versuchs")
    case .immutable: ("can't be changed", "nicht änderbar")
    case .unlike: ("read as different types", "als verschiedene Typen gelesen")
    case .textHeading: ("What would have changed it:", "Was es geändert hätte:")
    case .textItem: ("{}, by leaf {}, with", "{}, durch Blatt {}, mit")
    case .textChange: ("{} instead of {}", "{} statt {}")
    case .textWithheld: ("a withheld value", "eines zurückgehaltenen Werts")
    case .textMissing: ("none", "keiner Angabe")
    }
  }
}

extension Explanation.Given.Why {
  /// The reason in words.
  var phrase: CounterfactualPhrase {
    switch self {
    case .protected: .protected
    case .score: .score
    case .random: .random
    case .assignment: .assignment
    case .immutable: .immutable
    case .unlike: .unlike
    }
  }
}

extension Explanation.Target.Answer {
  /// What must be said besides the changes; nil when they say it all.
  var phrase: CounterfactualPhrase? {
    switch self {
    case .smallest: nil
    case .found: .maybeSmaller
    case .none: .noneOf
    case .undecided: .undecidedOf
    }
  }
}

extension ReaderLocale {
  /// The words in the reader's language.
  subscript(_ phrase: CounterfactualPhrase) -> String {
    isGerman ? phrase.texts.1 : phrase.texts.0
  }

  /// The words with texts in the place of each `{}`.
  func told(_ phrase: CounterfactualPhrase, _ texts: String...) -> String {
    var result = ""
    for (place, part) in self[phrase].split(separator: "{}", omittingEmptySubsequences: false)
      .enumerated()
    {
      if place > 0, place <= texts.count { result += texts[place - 1] }
      result += part
    }
    return result
  }
}
