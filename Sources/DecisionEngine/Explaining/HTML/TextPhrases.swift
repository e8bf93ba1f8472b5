/// Our own words in an explanation's text, in the languages that we write.
enum TextPhrase: Sendable {
  case decided, refused, pipeline, ruleSet, experiment, inForce, program, definition, source
  case authority, clause, withheldPart, note, whyNot, events, entry, dataErased
  case proof, isProven, isNotProven, reexecuted
  case candidate, outcome, adverse, leaf, reason, sets, principal, noFactors
  case randomScore, score, keyFactor, notAsRecorded, reached, computed, with
  case taken, notTaken, needed, neededValue, noValue, had, exact, threshold
  case tooHigh, tooLow, excluded, otherwise, missing, isMissing, isWithheld, because, line
  case pathUnknown, inputsErased, otherEngine, replayedAs

  /// English, German. `{}` stands for what is filled in.
  fileprivate var texts: (String, String) {
    switch self {
    case .decided: ("Case {}, decided {}", "Fall {}, entschieden {}")
    case .refused: ("Case {}, refused {}", "Fall {}, nicht entschieden {}")
    case .pipeline: ("Pipeline {}", "Ablauf {}")
    case .ruleSet: ("Rule set {}", "Regelwerk {}")
    case .experiment:
      ("Experiment {}: arm {}, assigned by {}", "Versuch {}: Arm {}, zugeteilt nach {}")
    case .inForce: ("in force from {}", "in Kraft ab {}")
    case .program: ("program sha256:{}", "Programm sha256:{}")
    case .definition: ("definition sha256:{}", "Definition sha256:{}")
    case .source: ("source sha256:{}", "Quelle sha256:{}")
    case .authority: ("by authority of {}", "beruht auf {}")
    case .clause: ("{}, clause {}", "{}, Abschnitt {}")
    case .withheldPart: ("Withheld: {}", "Zurückgehalten: {}")
    case .note: ("Note: {}", "Hinweis: {}")
    case .whyNot: ("Why it could not be decided", "Warum nicht entschieden werden konnte")
    case .events: ("Also recorded about this case", "Außerdem zu diesem Fall festgehalten")
    case .entry: ("{}  {} (entry {})", "{}  {} (Eintrag {})")
    case .dataErased: ("(its data were erased)", "(die Daten wurden gelöscht)")
    case .proof: ("Proof", "Beweis")
    case .isProven:
      (
        "verified: ledger entry {} is in the ledger {} (signed tree of {} entries)",
        "geprüft: Eintrag {} steht im Register {} (signierter Baum mit {} Einträgen)"
      )
    case .isNotProven: ("NOT verified: ledger entry {}: {}", "NICHT geprüft: Eintrag {}: {}")
    case .reexecuted: ("re-executed: {}", "erneut ausgeführt: {}")
    case .candidate: ("Candidate {}: {}", "Kandidat {}: {}")
    case .outcome: ("Outcome: {}", "Ergebnis: {}")
    case .adverse: (", adverse", ", zum Nachteil")
    case .leaf: ("Leaf: {}", "Blatt: {}")
    case .reason: ("Reason {}: {}", "Grund {}: {}")
    case .sets: ("Sets {}", "Setzt {}")
    case .principal:
      (
        "Principal reasons, by the policy {} (at most {}), from {}:",
        "Hauptgründe, nach der Regel {} (höchstens {}), aus {}:"
      )
    case .noFactors:
      (
        "{}, for no key factors came with the request",
        "{}, denn mit der Anfrage kamen keine Hauptfaktoren"
      )
    case .randomScore: ("Score {} into {}, drawn at random", "Wert {} für {}, gelost")
    case .score: ("Score {} into {}, by model {}", "Wert {} für {}, vom Modell {}")
    case .keyFactor: ("key factor {}", "Hauptfaktor {}")
    case .notAsRecorded:
      (
        "NOT as recorded: re-executed, it reaches leaf {}",
        "NICHT wie festgehalten: Erneut ausgeführt, führt es zum Blatt {}"
      )
    case .reached: ("=> leaf {}: {}", "=> Blatt {}: {}")
    case .computed: ("computed: {}", "berechnet: {}")
    case .with: ("{}  with {}", "{}  mit {}")
    case .taken: ("taken: {}", "genommen: {}")
    case .notTaken: ("not {}", "nicht {}")
    case .needed: ("needed {}, ", "nötig {}, ")
    case .neededValue: ("needed no value, ", "nötig kein Wert, ")
    case .noValue: ("but the value is missing", "aber der Wert fehlt")
    case .had: ("had {}", "war {}")
    case .exact: ("exactly on the threshold {}", "genau auf der Grenze {}")
    case .threshold: ("{} from the threshold {}", "{} von der Grenze {} entfernt")
    case .tooHigh: ("{} too high", "{} zu hoch")
    case .tooLow: ("{} too low", "{} zu niedrig")
    case .excluded:
      ("exactly on the limit, which is excluded", "genau auf der Grenze, die nicht zählt")
    case .otherwise: ("otherwise ({})", "sonst ({})")
    case .missing: ("missing", "keine Angabe")
    case .isMissing: ("{} is missing", "{} fehlt")
    case .isWithheld: ("{} is withheld", "{} wird zurückgehalten")
    case .because: ("looked at because: {}", "betrachtet, weil: {}")
    case .line: ("line {} of the rule set", "Zeile {} des Regelwerks")
    case .pathUnknown: ("the path can't be shown: {}", "der Weg lässt sich nicht zeigen: {}")
    case .inputsErased:
      (
        "the inputs were erased, so no values can be shown",
        "die Eingaben wurden gelöscht, darum sind keine Werte zu sehen"
      )
    case .otherEngine:
      ("decided by engine {}, replayed by {}", "entschieden von Version {}, wiederholt von {}")
    case .replayedAs:
      ("re-executed from the record: {}", "aus den Aufzeichnungen erneut ausgeführt: {}")
    }
  }
}

extension ReaderLocale {
  /// Our own words in the reader's language, with texts filled in.
  func say(_ phrase: TextPhrase, _ texts: String...) -> String {
    let words = isGerman ? phrase.texts.1 : phrase.texts.0
    var result = ""
    for (place, part) in words.split(separator: "{}", omittingEmptySubsequences: false)
      .enumerated()
    {
      if place > 0, place <= texts.count { result += texts[place - 1] }
      result += part
    }
    return result
  }

  /// What is wrong with a request. English texts stand in the record; German ones are made of what it
  /// says.
  func problem(_ problem: RequestProblem) -> String {
    guard isGerman else { return problem.description }
    let place = (problem.candidate ?? problem.position.map { "\($0)" }).map { "Kandidat \($0): " }
    let field = problem.field.isEmpty ? "Die Anfrage" : problem.field
    return (place ?? "") + "\(field) " + self.words(problem)
  }

  private func words(_ problem: RequestProblem) -> String {
    let limit = problem.message.split(separator: " ").last.map { number(String($0)) } ?? ""
    return switch problem.code {
    case "missing": "fehlt, wird aber gebraucht"
    case "wrong-type": "hat einen Wert der falschen Art"
    case "below-minimum": "liegt unter dem kleinsten Wert \(limit)"
    case "above-maximum": "liegt über dem größten Wert \(limit)"
    case "undeclared-value": "hat keinen der erlaubten Werte"
    case "offset-required": "braucht eine Zeitzone"
    case "offset-forbidden": "darf keine Zeitzone haben"
    case "too-large": "ist zu groß"
    case "malformed": "ist fehlerhaft"
    case "not-an-object": "ist kein JSON-Objekt"
    case "bad-case-id": "taugt nicht als Fallnummer"
    case "bad-key": "hat keinen brauchbaren Schlüssel"
    case "duplicate-key": "hat den Schlüssel eines früheren Kandidaten"
    default: problem.message
    }
  }

  /// What was recorded: the type of an entry.
  func event(_ type: String) -> String {
    guard isGerman else { return type }
    return switch type {
    case "choice": "Auswahl"
    case "result": "Ergebnis"
    case "erasure": "Löschung"
    case "refusal": "nicht entschieden"
    case "replay": "Wiederholung"
    default: type
    }
  }

  /// What became of a candidate.
  func status(_ status: String?) -> String {
    switch (status, isGerman) {
    case ("ranked", true): "gereiht"
    case ("not_kept", true): "nicht behalten"
    case ("discarded", true): "ausgeschieden"
    case ("not_kept", false): "not kept"
    default: status ?? ""
    }
  }

  /// The rank of a candidate.
  func rank(_ rank: Int) -> String { isGerman ? ", Rang \(rank)" : ", rank \(rank)" }

  /// A verdict in words.
  func verdict(_ verdict: Verdict) -> String {
    guard isGerman else { return "\(verdict)" }
    return switch verdict {
    case .identical: "dasselbe Ergebnis"
    case .sameOutcomeOtherPath: "dasselbe Ergebnis auf anderem Weg"
    case .differs(let parts):
      "Abweichungen bei: " + parts.map { part($0) }.joined(separator: ", ")
    case .refusedThenDecidedNow: "wurde nicht entschieden, würde jetzt entschieden"
    case .decidedThenRefusedNow: "wurde entschieden, würde jetzt nicht entschieden"
    case .inputsErased: "die Eingaben wurden gelöscht"
    case .artefactMissing(let what): "nicht wiederholbar: \(what)"
    case .doesNotFit(let why): "nicht entscheidbar: \(why)"
    }
  }

  private func part(_ part: Verdict.Difference) -> String {
    switch part {
    case .arm: "Arm"
    case .inputs: "Eingaben"
    case .leaf: "Blatt"
    case .outcome: "Ergebnis"
    case .outputs: "weitere Ergebnisse"
    case .ranking: "Rangfolge"
    case .reasons: "Gründe"
    case .problems: "Mängel der Anfrage"
    case .versions: "Versionen"
    }
  }
}
