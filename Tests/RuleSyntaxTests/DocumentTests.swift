import RuleSyntax
import Testing

@Suite struct DocumentTests {
  private func ruleSet(_ text: String) throws -> RuleSetSyntax {
    let parsed = parseDocument(SourceText(path: "t.xml", text: text))
    #expect(parsed.diagnostics.isEmpty)
    guard case .ruleSet(let rules) = parsed.document else {
      throw Unexpected()
    }
    return rules
  }

  private struct Unexpected: Error {}

  @Test func everyAttributeHasItsSpan() throws {
    let text = """
      \u{FEFF}<?xml version="1.0"?>
      <r:ruleset xmlns:r="urn:leafproof:ruleset:1" xmlns:n="urn:note" id="a" version="1.0.0-rc.1" xml:lang="de" n:x="1">
        <n:note>ignored <b/> text</n:note>
        <r:title>  Two
          words </r:title>
        <r:inputs><r:input name="net  income" type="number" missing="allowed"><r:value><![CDATA[a<b]]></r:value></r:input>
        <r:derived name="d" type="number"> net income <!-- twice --> * 2 </r:derived></r:inputs>
        <r:outcomes><r:outcome name="ok" adverse="false"/></r:outcomes>
        <r:tree><r:leaf id="L" outcome="ok" reasons=" R1,R2 R3 "><r:set output="o">1 &lt; 2</r:set></r:leaf></r:tree>
      </r:ruleset>
      """
    let source = SourceText(path: "t.xml", text: text)
    let rules = try ruleSet(text)
    #expect(rules.title?.value == "Two words")
    #expect(rules.inputs[0].name.value == "net income")
    #expect(source.text(of: rules.inputs[0].name.span) == "net  income")
    #expect(rules.inputs[0].allowsMissing && !rules.inputs[0].isProtected)
    #expect(rules.inputs[0].values[0].text.value == "a<b")
    #expect(rules.derived[0].expression.text == "net income  * 2")
    guard case .leaf(let leaf) = rules.tree else { throw Unexpected() }
    #expect(leaf.reasons.map(\.value) == ["R1", "R2", "R3"])
    #expect(leaf.reasons.map { source.text(of: $0.span) } == ["R1", "R2", "R3"])
    #expect(leaf.sets[0].expression.text == "1 < 2")
    #expect(source.text(of: leaf.sets[0].expression.sourceSpan(2, 3)) == "&lt;")
    #expect(source.text(of: leaf.sets[0].expression.sourceSpan(4, 5)) == "2")
    #expect(source.location(of: rules.span.lower) == (2, 1))
  }

  @Test func attributeWhiteSpaceAndReferences() throws {
    let text =
      "<ruleset xmlns='urn:leafproof:ruleset:1' id='a' version='1.0.0'><inputs>"
      + "<input name='x' type='number'/></inputs><outcomes><outcome name='ok'/></outcomes><tree>"
      + "<split on='x\r\n+\t&#x31;&#48;'><case is='-'><leaf id='L' outcome='ok'/></case></split>"
      + "</tree></ruleset>"
    guard case .split(let split) = try ruleSet(text).tree else { throw Unexpected() }
    #expect(split.on.text == "x + 10")
    let source = SourceText(path: "t.xml", text: text)
    #expect(source.text(of: split.on.sourceSpan(4, 6)) == "&#x31;&#48;")
  }

  @Test func pipelineAndModel() throws {
    let pipeline = parseDocument(
      SourceText(
        path: "p.xml",
        text: """
          <pipeline xmlns="urn:leafproof:pipeline:1" id="top" version="1.0.0">
            <title>Top</title><candidates in="products" key="sku"/>
            <experiment id="e" unit="customer_id">
              <arm id="a" share="90.5"><score model="m@1.0.0" into="score"/></arm>
              <arm id="b" share="9.5"><random into="score"/></arm>
            </experiment>
            <rules ruleset="s@1.0.0" discard="discard, hide"/>
            <rank by="score" order="descending" keep="3"/>
          </pipeline>
          """))
    #expect(pipeline.diagnostics.isEmpty)
    guard case .pipeline(let syntax) = pipeline.document else { throw Unexpected() }
    #expect(syntax.stages.count == 3)
    guard case .rules(let rules) = syntax.stages[1], case .rank(let rank) = syntax.stages[2] else {
      throw Unexpected()
    }
    #expect(rules.discard.map(\.value) == ["discard", "hide"])
    #expect(rank.descending && rank.keep?.value == 3)
    let digest = "sha256:" + String(repeating: "0a", count: 32)
    let model = parseDocument(
      SourceText(
        path: "m.xml",
        text: """
          <model xmlns="urn:leafproof:model:1" id="m" version="2.1.0"><title>M</title>
          <owner>Risk</owner><artifact href="m.pmml" digest="\(digest)"/>
          <code href="git" commit="\(String(repeating: "f", count: 40))"/><data href="d"/></model>
          """))
    #expect(model.diagnostics.isEmpty)
    guard case .model(let read) = model.document else { throw Unexpected() }
    #expect(read.artifact?.pin?.value == digest)
  }

  @Test func versions() {
    for version in ["1.0.0", "0.10.3", "1.0.0-rc.1", "1.0.0-0.x-y"] {
      #expect(findingIDs(version: version).isEmpty, "\(version)")
    }
    for version in ["1.0", "1.0.0.0", "01.0.0", "1.0.0-", "1.0.0-01", "v1.0.0", "1.0.0+b", "1..0"] {
      #expect(findingIDs(version: version) == [.invalidValue], "\(version)")
    }
  }

  private func findingIDs(version: String) -> [DiagnosticID] {
    let text =
      "<model xmlns='urn:leafproof:model:1' id='m' version='\(version)'/>"
    return parseDocument(SourceText(path: "m", text: text)).diagnostics.map(\.id)
  }

  @Test func problemsAreCapped() {
    let text =
      "<model xmlns='urn:leafproof:model:1' id='m' version='1.0.0'>"
      + String(repeating: "<x/>", count: 5000) + "</model>"
    let diagnostics = parseDocument(SourceText(path: "m", text: text)).diagnostics
    #expect(diagnostics.count == 201)
    #expect(diagnostics.last?.id == .tooManyProblems)
  }

  @Test func aFloodOfWarningsHidesNoErrorAndIsNone() {
    let place = SourceSpan(0, 0)
    let warnings = Array(
      repeating: Diagnostic(.unusedInput, "unused", at: place), count: Diagnostic.limit + 1)
    let errors = [Diagnostic(.gap, "a gap", at: SourceSpan(9, 9))]
    let both = Diagnostic.limited(warnings + errors)
    #expect(both.count == Diagnostic.limit + 1)
    #expect(both.contains { $0.id == .gap } && both.last?.severity == .error)
    let harmless = Diagnostic.limited(Diagnostic.limited(warnings) + warnings)
    #expect(harmless.count == Diagnostic.limit + 1)
    #expect(harmless.allSatisfy { $0.severity == .warning })
  }

  @Test func aLongQuotationIsClipped() {
    let text = "`" + String(repeating: "x", count: 1_000_000) + "` is no type"
    let message = Diagnostic(.invalidValue, text, at: SourceSpan(0, 0)).message
    #expect(message.utf8.count < 1000)
    #expect(message.hasPrefix("`xxx") && message.hasSuffix("xxx` is no type"))
  }

  @Test func textsHaveTheirLanguage() throws {
    let rules = try ruleSet(
      """
      <ruleset xmlns="urn:leafproof:ruleset:1" id="a" version="1.0.0" xml:lang="de-AT">
        <title xml:lang="en">Credit</title><title>Kredit</title>
        <inputs>
          <input name="a" type="string"><label>Arbeit</label><label xml:lang="en-GB">job</label>
            <value label="ja">yes<label xml:lang="en">yes, please</label></value>
          </input>
          <derived name="d" type="number"><label xml:lang="fr">un</label> 1 + 1 </derived>
        </inputs>
        <outcomes><outcome name="o"><label xml:lang="de">gut</label></outcome></outcomes>
        <reasons><reason code="R" xml:lang="en">Why</reason><reason code="R">Warum</reason></reasons>
        <tree><leaf id="A" outcome="o"/></tree>
      </ruleset>
      """)
    func pairs(_ texts: [TranslationSyntax]) -> [String] {
      texts.map { $0.language.value + ": " + $0.text.value }
    }
    #expect(rules.language == "de-at")
    #expect(rules.title?.value == "Kredit" && pairs(rules.titles) == ["en: Credit"])
    #expect(rules.inputs[0].label?.value == "Arbeit")
    #expect(pairs(rules.inputs[0].labels) == ["en-gb: job"])
    #expect(rules.inputs[0].values[0].text.value == "yes")
    #expect(rules.inputs[0].values[0].label?.value == "ja")
    #expect(pairs(rules.inputs[0].values[0].labels) == ["en: yes, please"])
    #expect(rules.derived[0].expression.text == "1 + 1")
    #expect(rules.derived[0].label == nil && pairs(rules.derived[0].labels) == ["fr: un"])
    // `de` is another language than `de-AT`.
    #expect(rules.outcomes[0].label == nil && pairs(rules.outcomes[0].labels) == ["de: gut"])
    #expect(rules.reasons.map(\.text.value) == ["Warum"])
    #expect(pairs(rules.reasons[0].texts) == ["en: Why"])
  }

  @Test func inputsSayHowTheyChange() throws {
    let rules = try ruleSet(
      """
      <ruleset xmlns="urn:leafproof:ruleset:1" id="a" version="1.0.0">
        <inputs>
          <input name="a" type="number" direction="decrease-only" step="0.5" cost="3"/>
          <input name="b" type="number" mutable="false"/><input name="c" type="number"/>
          <input name="d" type="string" mutable="true"/>
        </inputs>
        <outcomes><outcome name="o"/></outcomes><tree><leaf id="A" outcome="o"/></tree>
      </ruleset>
      """)
    let changes = rules.inputs.map(\.change)
    #expect(changes[0]?.isMutable == true && changes[0]?.direction?.value == "decrease-only")
    #expect(changes[0]?.step?.value == "0.5" && changes[0]?.cost?.value == "3")
    #expect(changes[1]?.isMutable == false && changes[2] == nil && changes[3]?.isMutable == true)
  }
}
