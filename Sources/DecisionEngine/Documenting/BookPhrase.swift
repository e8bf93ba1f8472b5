/// Our own words in books, in the languages that we write.
enum BookPhrase: String, CaseIterable, Sendable {
  case contents, tree, leaves, inputs, results, properties, findings, coverage, changes, digests
  case ruleSet, authority, inForce, published, size, source, program, checkDigest
  case name, type, accepted, mayBeMissing, remarks, computed, expression, yes, no, protected
  case fromModel, onlyRises, onlyFalls, fixed, anyValue, harms, outputs, reasons, code, text
  case foldedTree, outline, noOutline, leaf, outcome, conditions, cases, leavesIntro, always
  case computedValue, computedFrom, noProperties, propertiesIntro, property, result, line, proven
  case open, monotoneUp, monotoneDown, independent, independentOf, never, alwaysWhen
  case noFindings, finding, help, noCases, casesRun, reached, notReached

  /// English, German. `{}` stands for what is filled in.
  var texts: (String, String) {
    switch self {
    case .contents: ("Contents", "Inhalt")
    case .tree: ("The tree", "Der Baum")
    case .leaves: ("Leaves", "Blätter")
    case .inputs: ("Inputs", "Eingaben")
    case .results: ("Outcomes and reasons", "Ergebnisse und Gründe")
    case .properties: ("Properties proven", "Bewiesene Eigenschaften")
    case .findings: ("Findings", "Befunde")
    case .coverage: ("Tests", "Tests")
    case .changes: ("Changes since the version before", "Änderungen seit der vorigen Version")
    case .digests: ("Digests", "Prüfsummen")
    case .ruleSet: ("Rule set", "Regelwerk")
    case .authority: ("Rests on", "Beruht auf")
    case .inForce: ("In force from", "In Kraft ab")
    case .published: ("Published", "Veröffentlicht")
    case .size: ("Size", "Umfang")
    case .source: ("Source, Canonical XML", "Quelle, Canonical XML")
    case .program: ("Program", "Programm")
    case .checkDigest: ("The source's digest by other tools:", "Die Prüfsumme der Quelle, anders:")
    case .name: ("Name", "Name")
    case .type: ("Type and unit", "Art und Einheit")
    case .accepted: ("Accepted", "Zulässig")
    case .mayBeMissing: ("May be missing", "Darf fehlen")
    case .remarks: ("Remarks", "Bemerkungen")
    case .computed: ("Computed values", "Berechnete Werte")
    case .expression: ("Computed as (FEEL)", "Berechnet als (FEEL)")
    case .yes: ("yes", "ja")
    case .no: ("no", "nein")
    case .protected:
      ("protected: must not influence an outcome", "geschützt: darf kein Ergebnis beeinflussen")
    case .fromModel: ("from a model", "von einem Modell")
    case .onlyRises: ("can only rise", "kann nur steigen")
    case .onlyFalls: ("can only fall", "kann nur sinken")
    case .fixed: ("can't be changed", "nicht änderbar")
    case .anyValue: ("any value", "jeder Wert")
    case .harms: ("Harms its subject", "Zum Nachteil")
    case .outputs: ("Further results", "Weitere Ergebnisse")
    case .reasons: ("Reasons", "Gründe")
    case .code: ("Code", "Schlüssel")
    case .text: ("Text", "Text")
    case .foldedTree:
      (
        "The picture is kept to one page: what is dashed is not opened. Each leaf stands in the table"
          + " below with all of its conditions.",
        "Das Bild ist auf eine Seite begrenzt: Gestricheltes ist nicht geöffnet. Jedes Blatt steht mit"
          + " allen Bedingungen in der Tabelle unten."
      )
    case .outline: ("The whole tree as an outline", "Der ganze Baum als Gliederung")
    case .noOutline:
      (
        "The tree has {} leaves; an outline is written up to {}.",
        "Der Baum hat {} Blätter; eine Gliederung steht hier bis {}."
      )
    case .leaf: ("Leaf", "Blatt")
    case .outcome: ("Outcome", "Ergebnis")
    case .conditions: ("Reached when all of this holds", "Erreicht, wenn all dies gilt")
    case .cases: ("Test cases", "Testfälle")
    case .leavesIntro:
      (
        "Each leaf is reached in exactly one way. No two leaves fit one case, and none is left out.",
        "Jedes Blatt wird auf genau einem Weg erreicht. Nie passen zwei Blätter, nie passt keines."
      )
    case .always: ("always", "immer")
    case .computedValue: ("computed", "berechnet")
    case .computedFrom: ("computed from {}", "berechnet aus {}")
    case .noProperties: ("The rule set states no properties.", "Das Regelwerk sagt keine zu.")
    case .propertiesIntro:
      (
        "Proven means: for every possible row, by geometry and not by examples.",
        "Bewiesen heißt: für jede mögliche Eingabe, durch Geometrie und nicht durch Beispiele."
      )
    case .property: ("Property", "Eigenschaft")
    case .result: ("Result", "Ergebnis")
    case .line: ("Line", "Zeile")
    case .proven: ("proven", "bewiesen")
    case .open: ("neither proven nor broken", "weder bewiesen noch widerlegt")
    case .monotoneUp:
      (
        "When only {} rises, the outcome never gets worse ({}).",
        "Steigt nur {}, wird das Ergebnis nie schlechter ({})."
      )
    case .monotoneDown:
      (
        "When only {} falls, the outcome never gets worse ({}).",
        "Sinkt nur {}, wird das Ergebnis nie schlechter ({})."
      )
    case .independent:
      ("The outcome doesn't depend on {}.", "Das Ergebnis hängt nicht ab von: {}.")
    case .independentOf:
      ("Whether it is {} doesn't depend on {}.", "Ob es {} ist, hängt nicht ab von: {}.")
    case .never: ("Never {} when {}.", "Nie {}, wenn {}.")
    case .alwaysWhen: ("Always {} when {}.", "Immer {}, wenn {}.")
    case .noFindings:
      ("The check finds neither errors nor warnings.", "Keine Fehler, keine Warnungen.")
    case .finding: ("Warning", "Warnung")
    case .help: ("Mend", "Abhilfe")
    case .noCases: ("No test cases were at hand.", "Es lagen keine Testfälle vor.")
    case .casesRun: ("{} test cases were run; {} failed.", "{} Testfälle liefen, {} scheiterten.")
    case .reached:
      (
        "They reach {} of {} leaves and take {} of {} branches.",
        "Sie erreichen {} von {} Blättern und nehmen {} von {} Zweigen."
      )
    case .notReached: ("Not reached", "Nicht erreicht")
    }
  }
}

extension ReaderLocale {
  /// Our own words in the reader's language.
  subscript(book phrase: BookPhrase) -> String { isGerman ? phrase.texts.1 : phrase.texts.0 }

  /// The words with pieces of a page filled in.
  func fill(book phrase: BookPhrase, _ pieces: HTML...) -> HTML {
    filled(self[book: phrase], pieces)
  }

  /// The words with texts filled in.
  func fill(book phrase: BookPhrase, _ texts: String...) -> HTML {
    filled(self[book: phrase], texts.map { HTML.text($0) })
  }

  private func filled(_ words: String, _ pieces: [HTML]) -> HTML {
    var parts: [HTML] = []
    for (place, text) in words.split(separator: "{}", omittingEmptySubsequences: false).enumerated()
    {
      if place > 0, place <= pieces.count { parts.append(pieces[place - 1]) }
      parts.append(.text(String(text)))
    }
    return .join(parts)
  }
}
