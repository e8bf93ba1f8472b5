import CanonicalJSON
import DecisionEngine
import RuleProgram
import Testing

@Suite("Pages and letters")
struct PageTests {
  private func page(
    _ explanation: Explanation, _ audience: Audience, _ template: LetterTemplate? = nil
  ) -> String {
    String(decoding: explanation.html(for: audience, template: template), as: UTF8.self)
  }

  private func declined() throws -> Explanation {
    let engine = try Samples.engine()
    _ = try engine.answer(Samples.request("C-1"))
    return try engine.explain("C-1")
  }

  @Test("the letter says what, why, what would change it and whom to ask")
  func letter() throws {
    let letter = page(try declined(), .subject)
    for words in [
      "Consumer credit decision</bdi>: <bdi>declined", "Employment could not be verified",
      "employment</bdi>: <bdi>employed</bdi> instead of <bdi>without work", "Who to ask",
    ] { #expect(letter.contains(words), "\(words)") }
    #expect(!letter.contains("GRAY-NO-INCOME") && !letter.contains("{{"))
  }

  @Test("analysts get the path with distances, courts also how to check it")
  func audiences() throws {
    let explanation = try declined()
    let analyst = page(explanation, .analyst)
    for words in [
      "at least <bdi>500</bdi> and less than <bdi>620</bdi>", "<bdi>9</bdi> too low",
      "GRAY-NO-INCOME", "risk@1.0.0", "Verified: entry",
    ] { #expect(analyst.contains(words), "\(words)") }
    #expect(!analyst.contains("xmllint") && page(explanation, .court).contains("xmllint"))
  }

  @Test("German words, numbers and dates")
  func german() throws {
    let engine = try Samples.engine()
    _ = try engine.answer(Samples.request("C-1", score: "620.5", income: "12345.5"))
    let german = page(try engine.explain("C-1", language: "de-AT"), .analyst)
    #expect(german.contains("<html lang=\"de\">") && german.contains("Was entschieden wurde"))
    #expect(german.contains("12.345,5") && german.contains("mindestens"))
    let english = page(try engine.explain("C-1"), .analyst)
    #expect(english.contains("12,345.5") && english.contains("≈ 0.0405"))
  }

  @Test("the text is wholly German for German readers, the rule set's own names and code aside")
  func germanText() throws {
    let engine = try Samples.engine()
    _ = try engine.answer(Samples.request("C-1", score: "611", income: "12345.5"))
    _ = try engine.answer(Array(#"{"case_id":"R","inputs":{"income":-1}}"#.utf8))
    _ = try engine.recordResult("C-1", values: ["paid": true])
    let english = try engine.explain("C-1").text()
    for words in [
      "decided ", "Rule set", "taken: ", "needed ", ", had 611", "9 too low", "line ", "verified: ",
      "re-executed: identical", "12,345.5", "Also recorded", "in force from", "Score 611",
    ] { #expect(english.contains(words), "\(words)") }
    let german = try engine.explain("C-1", language: "de").text()
    for words in [
      "Fall C-1, entschieden", "Regelwerk", "genommen: [500..620)",
      ", 9 von der Grenze 620 entfernt",
      "nötig >= 620, war 611 (9 zu niedrig)", "Zeile ", "geprüft: ", "erneut ausgeführt: dasselbe",
      "12.345,5", "Außerdem zu diesem Fall festgehalten", "in Kraft ab", "Wert 611 für score",
      "Ergebnis (Eintrag",
    ] { #expect(german.contains(words), "\(words)") }
    let own = Set(
      [
        "Case", "decided", "Pipeline", "Rule", "force", "Outcome:", "Leaf:", "Reason", "Score",
        "taken:",
      ]
        + ["needed", "had", "threshold", "line", "Proof", "verified:", "re-executed:"])
    let words = Set(german.split { $0 == " " || $0 == "\n" }.map(String.init))
    #expect(words.isDisjoint(with: own), "\(words.intersection(own))")
    let refused = try engine.explain("R", language: "de")
    #expect(refused.text().contains("income liegt unter dem kleinsten Wert 0"))
    #expect(refused.text().contains("Warum nicht entschieden werden konnte"))
    #expect(page(refused, .subject).contains("income liegt unter dem kleinsten Wert 0"))
    #expect(page(try engine.explain("C-1", language: "de"), .analyst).contains("Ergebnis</bdi>"))
    _ = try engine.erase("C-1")
    let erased = try engine.explain("C-1", language: "de")
    #expect(erased.text().contains("Hinweis: die Eingaben wurden gelöscht"))
    #expect(erased.remarks.allSatisfy { !$0.contains("erased") }, "\(erased.remarks)")
  }

  @Test("the text cuts what is too long for a terminal, and keeps every digit")
  func longText() throws {
    let engine = try Samples.engine()
    _ = try engine.answer(Samples.request("C-1", score: "620.5", income: "12345.5"))
    _ = try engine.recordResult(
      "C-1", values: ["note": .string(String(repeating: "\u{202E}é", count: 9000))])
    let text = try engine.explain("C-1").text()
    #expect(text.utf8.count < 20_000 && text.contains("… (18000)") && !text.contains("\u{202E}"))
    #expect(text.contains("0.0405") && !text.contains("≈"))
  }

  @Test("what is withheld is nowhere, and each place says so")
  func withheld() throws {
    let engine = try Samples.engine()
    _ = try engine.answer(
      Samples.request(
        "C-1", score: "{\"score\":611.25,\"factors\":[{\"code\":\"K\",\"contribution\":-0.777}]}"))
    let whole = try engine.explain("C-1")
    let court = page(whole, .court)
    #expect(court.contains("611.25") && court.contains("0.777") && court.contains("620"))
    let redacted = whole.withholding([.scores, .thresholds])
    for form in [page(redacted, .court), redacted.json.prettyText, redacted.text()] {
      for secret in ["611.25", "0.777", "[500..620)", ">620<", "8.75"] {
        #expect(!form.contains(secret), "\(secret)")
      }
      #expect(form.contains("ithheld"))
    }
    #expect(redacted.withheld == [.thresholds, .scores])
  }

  @Test("hostile values neither run nor break a page, and it stays small")
  func hostile() throws {
    let engine = try Samples.engine()
    let evil = "</bdi><script>alert(1)</script>\" onload='x' & \u{202E}\u{0}\u{7}👩‍👩‍👧 é"
    let caseID = "<script>x</script>\u{202E}"
    let request = JSON.object([
      JSON.Member("case_id", .string(caseID)),
      JSON.Member("inputs", ["income": "2000", "debt": "500", "job": "none"]),
      JSON.Member(
        "scores",
        [
          "risk@1.0.0": [
            "score": "611",
            "factors": .array([["code": "<b>", "text": .string(evil)]]),
          ]
        ]),
    ])
    _ = try engine.answer(request.canonicalBytes)
    _ = try engine.recordResult(
      caseID,
      values: [
        "note": .string(evil),
        "long": .string(String(repeating: "<&\u{0}👩", count: 80_000)),
      ])
    let explanation = try engine.explain(caseID)
    for audience in Audience.allCases {
      let text = page(explanation, audience)
      #expect(text.utf8.count < 300_000)
      #expect(!text.contains("<script") && !text.contains("\u{202E}") && !text.contains("\u{0}"))
      // Each element that is opened is closed.
      for tag in ["bdi", "section", "table", "td", "p", "li"] {
        #expect(
          count(text, "<\(tag)>") + count(text, "<\(tag) ") == count(text, "</\(tag)>"))
      }
    }
    #expect(page(explanation, .analyst).contains("&lt;script&gt;"))
  }

  private func count(_ text: String, _ part: String) -> Int { text.ranges(of: part).count }

  @Test("a page of very many candidates stays below 300 KB")
  func candidates() throws {
    let engine = try Samples.engine()
    let products = (0..<3000).map { "{\"sku\":\"S\($0)\",\"stock\":\($0 % 3)}" }
    let request =
      "{\"case_id\":\"T\",\"inputs\":{\"customer\":\"c\",\"products\":["
      + products.joined(separator: ",") + "]},\"scores\":{\"risk@1.0.0\":1}}"
    _ = try engine.answer(Array(request.utf8), "top")
    let text = page(try engine.explain("T"), .analyst)
    #expect(text.utf8.count < 300_000 && text.contains("more not shown"))
  }

  @Test("a template is plain text; what is wrong with it is said with its line")
  func templates() throws {
    let explanation = try declined()
    let template = try LetterTemplate(
      "% note\n<b>Acme</b>\\\n& Sons {{case}}\n\n# {{decision}}\n{{reasons}}\n- one\n- two\n")
    let letter = page(explanation, .subject, template)
    #expect(letter.contains("&lt;b&gt;Acme&lt;/b&gt;<br> &amp; Sons <bdi>C-1</bdi>"))
    #expect(letter.contains("<ul><li>one</li><li>two</li></ul>") && !letter.contains("note"))
    for (text, line) in [
      ("{{decision}}\n{{reasons}}\n{{nobody}}", 3), ("{{decision}}\nso: {{reasons}}", 2),
      ("{{decision}}", 1), ("a\n{{decision", 2),
    ] {
      let problem = #expect(throws: LetterTemplate.Problem.self) { try LetterTemplate(text) }
      #expect(problem?.line == line)
    }
    for language in ["en", "de"] {
      #expect(throws: Never.self) {
        try LetterTemplate(LetterTemplate.standardText(language))
      }
    }
  }

  @Test("counterfactuals that were found, and that none is possible, have their place")
  func counterfactuals() throws {
    var explanation = try declined()
    explanation.results[0].counterfactuals = .init(
      targets: [.init(outcome: "refer", answer: .none)], found: [])
    let one = "no change of what can be changed would have given the outcome"
    #expect(page(explanation, .subject).contains(one))
    explanation.results[0].counterfactuals?.targets.append(.init(outcome: "approve", answer: .none))
    #expect(page(explanation, .subject).contains("No change of what can be changed"))
    explanation.results[0].counterfactuals?.targets.removeLast()
    let met = try #require(explanation.results[0].stages[0].path[1].met)
    var to = met
    to.value = "employed"
    to.valueLabel = nil
    explanation.results[0].counterfactuals?.targets[0].answer = .smallest
    explanation.results[0].counterfactuals?.found = [
      .init(changes: [.init(from: met, to: to)], outcome: "refer")
    ]
    #expect(page(explanation, .subject).contains("the outcome would have been “<bdi>refer"))
    #expect(!page(explanation, .subject).contains("No change of what can be changed"))
  }
}
