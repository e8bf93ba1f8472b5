import Foundation
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
}
