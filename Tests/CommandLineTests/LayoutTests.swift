import Foundation
import RuleSyntax
import SeededRandom
import Testing

/// `leafproof format` gives one layout, whatever the layout before.
@Suite("layout") struct LayoutTests {
  @Test("100 random layouts of the shipped documents all become the same text")
  func randomLayouts() throws {
    let seed: UInt64 = 11_25
    var generator = SeededGenerator(seed: seed)
    let folder = try Folder()
    let files = ["rulesets", "examples"].flatMap { name in
      TestData.files(in: TestData.root.appendingPathComponent(name)) { $0.hasSuffix(".xml") }
    }
    let texts = try files.map { try folder.succeed("format", "--stdout", $0).output }
    // Each once, then the shorter ones again and again: the longest takes as long as fifty others.
    let short = texts.indices.filter { texts[$0].utf8.count < 10_000 }
    let order = Array(texts.indices) + (texts.count..<100).map { short[$0 % short.count] }
    var names: [String] = []
    for (round, index) in order.enumerated() {
      let layout = RandomLayout(texts[index]).text(using: &generator)
      #expect(layout != texts[index])
      names.append("\(round).xml")
      try folder.write("\(round).xml", layout)
      if round < texts.count, layout.contains("<ruleset") {
        let digest = try folder.succeed("compile", files[round]).lines.last
        #expect(try folder.succeed("compile", "\(round).xml").lines.last == digest)
      }
    }
    let run = try folder.start(["format"] + names).finish()
    #expect(run.status == 0, "seed \(seed): \(run.errors)")
    for (round, name) in names.enumerated() {
      let isSame = try folder.text(name) == texts[order[round]]
      #expect(isSame, "seed \(seed), round \(round), \(files[order[round]])")
    }
    try #expect(folder.start(["format", "--check"] + names).finish().status == 0)
  }

  private static let special = """
    \u{FEFF}<?xml version="1.0"?><?xml-model href='ruleset.xsd'?>\r
    <ruleset xmlns="urn:leafproof:ruleset:1" xmlns:x="urn:notes" version="1.0.0" id="loan">\r\r
    <title><![CDATA[Loan  & more]]></title><!-- behind -->
    <inputs><input unit='"EUR"' type="number" label="the monthly net income of the applicant \
    and of everybody who signs\twith her" name="income" x:by='  me  '/><x:note  a = '1'>as
      it   is</x:note>
    <derived name="half" type="number"><![CDATA[income
       < 5]]><!-- why --></derived></inputs>
    <outcomes><outcome name="approve"/></outcomes>\r<tree><?keep  this?><leaf id="A"
    outcome='approve' ></leaf></tree></ruleset>
    """

  @Test("CDATA, instructions, comments, foreign markup, long tags, all kinds of line ends")
  func specialMarkup() throws {
    let folder = try Folder()
    try folder.write(
      "rules.xml",
      Self.special.replacingOccurrences(
        of: "type=\"number\"><![CDATA", with: "type=\"boolean\"><![CDATA"))
    let before = try folder.succeed("compile", "rules.xml").lines.last
    try folder.succeed("format", "rules.xml")
    let once = try folder.text("rules.xml")
    try TestData.expectGolden(once, "formatted-special.xml")
    #expect(try folder.succeed("compile", "rules.xml").lines.last == before)
    try folder.succeed("format", "--check", "rules.xml")
    #expect(!once.utf8.contains(0x0D) && !once.hasPrefix("\u{FEFF}"))
    #expect(once.split(separator: "\n").allSatisfy { $0.count <= 130 })
  }

  /// What a document says, without the places where it says so.
  private static func meaning(_ text: String) throws -> String {
    let parsed = parseDocument(SourceText(path: "rules.xml", text: text))
    #expect(parsed.diagnostics.isEmpty)
    var meaning = ""
    dump(try #require(parsed.document), to: &meaning)
    let place = #/(?m)^.*(?:lower|upper|span|piece|offset|elements?\b).*\n|^ *- \d+\n/#
    return meaning.replacing(place, with: "")
  }

  @Test("labels in languages: one layout, and the same texts")
  func languages() throws {
    let seed: UInt64 = 26
    var generator = SeededGenerator(seed: seed)
    let folder = try Folder()
    let source = try String(
      contentsOfFile: TestData.project("Tests/RuleSyntaxTests/Golden/good/languages.xml"),
      encoding: .utf8)
    try folder.write("rules.xml", source)
    try folder.succeed("format", "rules.xml")
    let once = try folder.text("rules.xml")
    try TestData.expectGolden(once, "formatted-languages.xml")
    let meaning = try Self.meaning(source)
    #expect(meaning.contains("without work") && meaning.contains("income * 12"))
    #expect(try Self.meaning(once) == meaning)
    let names = try (0..<20).map { round in
      try folder.write("\(round).xml", RandomLayout(once).text(using: &generator))
      return "\(round).xml"
    }
    try #expect(folder.start(["format"] + names).finish().status == 0)
    for name in names { #expect(try folder.text(name) == once, "seed \(seed): \(name)") }
  }

  @Test("a text that labels part stays as it is")
  func partedText() throws {
    let folder = try Folder()
    let value = "<value>two <label xml:lang=\"de\">zwei  Worte</label> words</value>"
    let text = """
      <ruleset xmlns="urn:leafproof:ruleset:1" id="R" version="1.0.0"><inputs><input name="a"
      type="string">\(value)</input></inputs><outcomes><outcome name="b"/></outcomes>
      <tree><leaf id="A" outcome="b"/></tree></ruleset>
      """
    try folder.write("rules.xml", text)
    try folder.succeed("format", "rules.xml")
    let once = try folder.text("rules.xml")
    #expect(once.contains("\n      \(value)\n"), "\(once)")
    #expect(try Self.meaning(once) == Self.meaning(text))
  }
}
