/// How a court checks an explanation with tools that are not ours.
extension ExplanationPage {
  /// The section.
  var check: HTML {
    let steps = locale.isGerman ? Self.stepsInGerman : Self.steps
    return section(
      "check", .check,
      [
        .element(
          .ol, [],
          steps.map { step in
            .element(
              .li, [],
              [.text(step.0)]
                + (step.1.isEmpty
                  ? [] : [.element(.br), .element(.code, [], step.1)]))
          })
      ])
  }

  private static let steps = [
    (
      "The source of a rule set: the SHA-256 of its Canonical XML form is the source digest above.",
      "xmllint --c14n RULESET.xml | sha256sum"
    ),
    (
      "The entry and its proof: the holder of the ledger gives a receipt (c2sp.org/tlog-proof) and"
        + " the entry's bytes.",
      "leafproof receipt CASE --output CASE.tlog-proof --entry-output CASE.json"
    ),
    (
      "The entry: the SHA-256 of one zero byte and the entry's bytes is the leaf hash of the"
        + " receipt (RFC 6962).", "(printf '\\0'; cat CASE.json) | sha256sum"
    ),
    (
      "The path from there to the root, and the checkpoint's Ed25519 signature, are checked by any"
        + " tool for C2SP signed notes, with a key that you had from the holder by another way.", ""
    ),
    (
      "The inputs: SHA-256 of the payload's salt and the canonical JSON (RFC 8785) of its inputs is"
        + " the entry's inputs_commitment.", ""
    ),
  ]

  private static let stepsInGerman = [
    (
      "Die Quelle eines Regelwerks: Der SHA-256 ihrer Canonical-XML-Form ist die Prüfsumme oben.",
      "xmllint --c14n RULESET.xml | sha256sum"
    ),
    (
      "Der Eintrag und sein Beweis: Wer das Register führt, gibt einen Beleg (c2sp.org/tlog-proof)"
        + " und die Bytes des Eintrags heraus.",
      "leafproof receipt CASE --output CASE.tlog-proof --entry-output CASE.json"
    ),
    (
      "Der Eintrag: Der SHA-256 aus einem Nullbyte und den Bytes des Eintrags ist das Blatt im Baum"
        + " des Belegs (RFC 6962).", "(printf '\\0'; cat CASE.json) | sha256sum"
    ),
    (
      "Den Weg von dort zur Wurzel und die Ed25519-Signatur prüft jedes Werkzeug für signierte"
        + " C2SP-Notizen, mit einem Schlüssel, den Sie auf anderem Weg erhalten haben.", ""
    ),
    (
      "Die Eingaben: Der SHA-256 aus dem Salz der Nutzdaten und dem kanonischen JSON (RFC 8785) der"
        + " Eingaben ist inputs_commitment des Eintrags.", ""
    ),
  ]
}
