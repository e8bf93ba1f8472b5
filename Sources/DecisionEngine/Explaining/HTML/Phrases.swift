/// Our own words on pages and in letters, in the languages that we write.
enum Phrase: String, CaseIterable, Sendable {
  case theCase, decided, refused, what, why, change, ask, adverse, noReasons, leaf
  case path, model, score, randomScore, factor, contribution, rules, computed, value, expression
  case from, outputs, events, versions, kind, title, period, digests, proof, check, withheldTitle
  case missing, withheld, anyValue, anyBut, or, and, atLeast, atMost, above, below, exactly
  case tooHigh, tooLow, onLimit, fromLimit, onThreshold, needed, notTaken, taken, line, because
  case verified, notVerified, replayed, authority, owner, until, candidates, candidate, rank, status
  case noChange, noChangeWould, changeWould, stepsIntro, insteadOf, someOf, problems, policy, wanted
  case askPolicy, askModel, askNobody, evaluation, remarks, entry, more, experiment, engine, erased
  case sourceDigest, programDigest, definitionDigest, name, details, when, inForce, noValues

  /// English, German. `{}` stands for what is filled in.
  fileprivate var texts: (String, String) {
    switch self {
    case .theCase: ("Case", "Fall")
    case .decided: ("decided {}", "entschieden am {}")
    case .refused: ("not decided {}", "nicht entschieden am {}")
    case .what: ("What was decided", "Was entschieden wurde")
    case .why: ("Why", "Warum")
    case .change: ("What would change it", "Was es ändern würde")
    case .ask: ("Who to ask", "Wen man fragen kann")
    case .adverse: ("to the disadvantage of the subject", "zum Nachteil der betroffenen Person")
    case .noReasons:
      ("No reasons: the outcome harms nobody.", "Keine Gründe: Es schadet niemandem.")
    case .leaf: ("leaf {}", "Blatt {}")
    case .path: ("How the rules came to it", "Wie die Regeln dazu kamen")
    case .model: ("What the model contributed", "Was das Modell beitrug")
    case .score: ("{} gave the score {} for {}.", "{} gab den Wert {} für {}.")
    case .randomScore:
      ("The value {} for {} was drawn at random.", "Der Wert {} für {} wurde gelost.")
    case .factor: ("Key factor", "Hauptfaktor")
    case .contribution: ("Contribution", "Beitrag")
    case .rules: ("Rule set {}", "Regelwerk {}")
    case .computed: ("Computed values", "Berechnete Werte")
    case .value: ("Value", "Wert")
    case .expression: ("How", "Wie")
    case .from: ("from {}", "aus {}")
    case .outputs: ("Further results", "Weitere Ergebnisse")
    case .events: ("What was recorded later", "Was später festgehalten wurde")
    case .versions: ("Versions that decided", "Versionen, die entschieden")
    case .kind: ("What", "Was")
    case .title: ("Title", "Titel")
    case .period: ("In force", "In Kraft")
    case .digests: ("Digests (SHA-256)", "Prüfsummen (SHA-256)")
    case .proof: ("Proof", "Beweis")
    case .check: ("How to check this with other tools", "Wie man dies mit anderen Mitteln prüft")
    case .withheldTitle: ("What is withheld here", "Was hier zurückgehalten wird")
    case .missing: ("not given", "keine Angabe")
    case .withheld: ("withheld", "zurückgehalten")
    case .anyValue: ("any value", "jeder Wert")
    case .anyBut: ("any value but {}", "jeder Wert außer {}")
    case .or: ("or", "oder")
    case .and: ("and", "und")
    case .atLeast: ("at least {}", "mindestens {}")
    case .atMost: ("at most {}", "höchstens {}")
    case .above: ("more than {}", "mehr als {}")
    case .below: ("less than {}", "weniger als {}")
    case .exactly: ("exactly {}", "genau {}")
    case .tooHigh: ("{} too high", "{} zu hoch")
    case .tooLow: ("{} too low", "{} zu niedrig")
    case .onLimit:
      ("exactly on the limit, which is excluded", "genau auf der Grenze, die nicht zählt")
    case .fromLimit: ("{} from the limit of {}", "{} von der Grenze {} entfernt")
    case .onThreshold: ("exactly on the limit of {}", "genau auf der Grenze {}")
    case .needed: ("needed: {}", "nötig: {}")
    case .notTaken: ("Not so", "Nicht so")
    case .taken: ("Here", "Hier")
    case .line: ("line {} of the rule set", "Zeile {} des Regelwerks")
    case .because: ("Looked at because: {}", "Betrachtet, weil: {}")
    case .verified:
      (
        "Verified: entry {} is in the signed ledger {} of {} entries.",
        "Geprüft: Eintrag {} steht im signierten Register {} mit {} Einträgen."
      )
    case .notVerified: ("NOT verified: entry {}: {}", "NICHT geprüft: Eintrag {}: {}")
    case .replayed:
      (
        "Executed again from the stored rules and inputs: {}.",
        "Aus gespeicherten Regeln und Eingaben erneut ausgeführt: {}."
      )
    case .authority: ("Rests on", "Beruht auf")
    case .owner: ("Owner", "Verantwortlich")
    case .until: ("{} until {}", "{} bis {}")
    case .candidates: ("Candidates", "Kandidaten")
    case .candidate: ("Candidate {}", "Kandidat {}")
    case .rank: ("Rank", "Rang")
    case .status: ("Status", "Status")
    case .noChange:
      (
        "None of the values that the rules looked at can be changed.",
        "Keiner der Werte, die die Regeln betrachteten, lässt sich ändern."
      )
    case .noChangeWould:
      (
        "No change of what can be changed would have given another outcome.",
        "Keine Änderung dessen, was sich ändern lässt, hätte ein anderes Ergebnis gebracht."
      )
    case .changeWould:
      ("With this change the outcome would have been “{}”:", "So wäre das Ergebnis „{}“ gewesen:")
    case .stepsIntro:
      (
        "At these points the rules would have gone another way. One alone need not change the"
          + " outcome.",
        "An diesen Stellen wären die Regeln anders verlaufen. Eine allein muss das Ergebnis nicht"
          + " ändern."
      )
    case .insteadOf: ("{} instead of {}", "{} statt {}")
    case .someOf: ("and {} more", "und {} weitere")
    case .problems: ("Why it could not be decided", "Warum nicht entschieden werden konnte")
    case .policy:
      (
        "Reasons by the policy “{}”, at most {}, from {}.",
        "Gründe nach der Regel „{}“, höchstens {}, aus {}."
      )
    case .wanted:
      (
        "The policy asks for {}, but no key factors came with the request.",
        "Die Regel verlangt {}, aber mit der Anfrage kamen keine Hauptfaktoren."
      )
    case .askPolicy: ("about the rules", "zu den Regeln")
    case .askModel: ("about the model", "zum Modell")
    case .askNobody: ("No authority is named.", "Es ist keine Stelle genannt.")
    case .evaluation: ("Stage {}", "Stufe {}")
    case .remarks: ("What you must know", "Was Sie wissen müssen")
    case .entry: ("entry {}", "Eintrag {}")
    case .more: ("{} more not shown", "{} weitere nicht gezeigt")
    case .experiment:
      ("Experiment {}: arm {}, assigned by {}.", "Versuch {}: Arm {}, zugeteilt nach {}.")
    case .engine: ("decided by engine {}", "entschieden von Version {}")
    case .erased: ("its data were erased", "die Daten wurden gelöscht")
    case .sourceDigest: ("source", "Quelle")
    case .programDigest: ("program", "Programm")
    case .definitionDigest: ("definition", "Definition")
    case .name: ("Name", "Name")
    case .details: ("Details", "Einzelheiten")
    case .when: ("When", "Wann")
    case .inForce: ("from {}", "ab {}")
    case .noValues: ("The values were erased.", "Die Werte wurden gelöscht.")
    }
  }
}

extension ReaderLocale {
  /// Our own words in the reader's language.
  subscript(_ phrase: Phrase) -> String { isGerman ? phrase.texts.1 : phrase.texts.0 }

  /// The words with pieces of a page filled in.
  func fill(_ phrase: Phrase, _ pieces: HTML...) -> HTML { fill(phrase, pieces) }

  /// See ``fill(_:_:)-(_,HTML...)``.
  func fill(_ phrase: Phrase, _ pieces: [HTML]) -> HTML { fill(words: self[phrase], pieces) }

  /// Words with pieces of a page in the place of each `{}`.
  func fill(words: String, _ pieces: [HTML]) -> HTML {
    var parts: [HTML] = []
    for (place, words) in words.split(separator: "{}", omittingEmptySubsequences: false)
      .enumerated()
    {
      if place > 0, place <= pieces.count { parts.append(pieces[place - 1]) }
      parts.append(.text(String(words)))
    }
    return .join(parts)
  }

  /// The words with texts filled in.
  func fill(_ phrase: Phrase, _ texts: String...) -> HTML {
    fill(phrase, texts.map { HTML.text($0) })
  }

  /// The name of what gives reasons.
  func source(_ name: String) -> String {
    switch (name, isGerman) {
    case ("factors", false): "the model's key factors"
    case ("factors", true): "den Hauptfaktoren des Modells"
    case ("both", false): "the rules and the model's key factors"
    case ("both", true): "den Regeln und den Hauptfaktoren des Modells"
    case (_, false): "the rules"
    case (_, true): "den Regeln"
    }
  }

  /// The kind of a release.
  func kind(_ kind: ReleaseKind) -> String {
    switch (kind, isGerman) {
    case (_, false): kind.words
    case (.model, true): "Modell"
    case (.ruleset, true): "Regelwerk"
    case (.pipeline, true): "Ablauf"
    }
  }
}
