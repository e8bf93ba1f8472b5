import Foundation
import Testing

@Suite("compile and format") struct CompileTests {
  private static let hasXMLLint = Program.tool("xmllint") != nil

  @Test(
    "the source digest is what xmllint --c14n gives",
    .enabled(if: hasXMLLint, "xmllint (Debian: libxml2-utils) is not installed"))
  func sourceDigest() throws {
    let folder = try Folder()
    try folder.write(
      "odd.xml",
      Samples.ruleSet(Samples.tree).replacingOccurrences(of: "\n", with: "\r\n")
        .replacingOccurrences(of: "<title>Loan", with: "<!-- c --><title ><![CDATA[<Loän>]]>&#x4c;")
    )
    let files =
      ["odd.xml"]
      + TestData.files(in: TestData.root.appendingPathComponent("rulesets")) {
        $0.hasSuffix(".xml")
      }
    for file in files {
      let ours = try folder.succeed("compile", file).lines
      let theirs = try folder.shell("xmllint --c14n '\(file)' | sha256sum").output
      #expect(ours.first == "source  sha256:\(theirs.prefix(64))", "\(file)")
    }
  }

  @Test("the program digest is that of the written bytes, and --json says the same")
  func programDigest() throws {
    let folder = try Folder()
    try folder.write("rules.xml", Samples.ruleSet(Samples.tree))
    let run = try folder.succeed("compile", "rules.xml", "--output", "rules.lpp")
    let sum = try folder.shell("sha256sum < rules.lpp").output.prefix(64)
    #expect(sum.count == 64)
    #expect(run.lines.last == "program sha256:\(sum)")
    let json = try JSONObject(line: folder.succeed("compile", "--json", "rules.xml").output)
    #expect(json["program_digest"] == "sha256:\(sum)")
    #expect(json["source_digest"].map { "source  \($0)" } == run.lines.first)
    #expect(json["id"] == "loan" && json["version"] == "1.0.0" && json.integer("leaves") == 2)
  }

  @Test("sources that mean the same have one program digest")
  func equalMeaning() throws {
    let folder = try Folder()
    let source = Samples.ruleSet(Samples.tree)
    let low =
      "      <case is=\"&lt; 620\"><leaf id=\"LOW\" outcome=\"decline\" reasons=\"R1\"/></case>\n"
    #expect(source.contains(low))
    let swapped = source.replacingOccurrences(of: low, with: "")
      .replacingOccurrences(of: "    </split>\n", with: low + "    </split>\n")
    #expect(swapped != source)
    let variants = [
      source, swapped,
      source.replacingOccurrences(
        of: "<split id=\"income\" on", with: "<!-- x --><split id=\"other\"\n on"),
      source.replacingOccurrences(
        of: "id=\"LOW\" outcome=\"decline\"", with: "outcome = 'decline' id='LOW'"),
      source.replacingOccurrences(of: "620", with: "620.00"),
      source.replacingOccurrences(of: "income * 2", with: "( income*2 )"),
    ]
    #expect(Set(variants).count == variants.count)
    var digests: Set<String> = []
    for (number, variant) in variants.enumerated() {
      try folder.write("\(number).xml", variant)
      digests.insert(try folder.succeed("compile", "\(number).xml").lines.last ?? "")
    }
    #expect(digests.count == 1)
    try folder.write("other.xml", source.replacingOccurrences(of: "620", with: "621"))
    #expect(try !digests.contains(folder.succeed("compile", "other.xml").lines.last ?? ""))
  }

  @Test("the disassembly is readable")
  func disassembly() throws {
    let folder = try Folder()
    let ruleSet = TestData.project("rulesets/consumer-credit/ruleset.xml")
    let run = try folder.succeed("compile", "--disassemble", ruleSet)
    try TestData.expectGolden(run.output, "consumer-credit.txt")
  }

  @Test("what has no program, or can't be written, is an error and leaves nothing behind")
  func failures() throws {
    let folder = try Folder()
    try folder.write("pipeline.xml", Samples.pipeline())
    let pipeline = try folder.leafproof("compile", "pipeline.xml", "-o", "out.lpp")
    #expect(pipeline.status == 3 && pipeline.errors.contains("pipeline"))
    try folder.write("bad.xml", Samples.ruleSet(""))
    try folder.write("kept.lpp", "kept")
    #expect(try folder.leafproof("compile", "bad.xml", "-o", "kept.lpp").status == 1)
    #expect(try folder.text("kept.lpp") == "kept")
    try folder.write("rules.xml", Samples.ruleSet(Samples.tree))
    #expect(try folder.leafproof("compile", "rules.xml", "-o", "none/out.lpp").status == 5)
  }
}

@Suite("format") struct FormatTests {
  private static let untidy = """
    <?xml version='1.0'?>
    <!-- before -->
    <ruleset   version="1.0.0" xmlns="urn:leafproof:ruleset:1"
       id="loan"><title>Loan
    &amp; more</title>
    <inputs><input type="number" name="income"/></inputs><!-- within -->
    <outcomes><outcome name="approve"/></outcomes><tree>
          <leaf outcome='approve'    id="ALL"/>


    </tree></ruleset>
    <!-- after -->
    """

  @Test("lays out once and for all, keeps comments and digest")
  func idempotent() throws {
    let folder = try Folder()
    try folder.write("rules.xml", Self.untidy)
    let before = try folder.succeed("compile", "rules.xml").lines.last
    #expect(try folder.leafproof("format", "--check", "rules.xml").status == 1)
    #expect(try folder.text("rules.xml") == Self.untidy, "--check changes nothing")
    try folder.succeed("format", "rules.xml")
    let once = try folder.text("rules.xml")
    #expect(once != Self.untidy)
    for comment in ["<!-- before -->", "<!-- within -->", "<!-- after -->"] {
      #expect(once.contains(comment))
    }
    try TestData.expectGolden(once, "formatted.xml")
    #expect(try folder.succeed("compile", "rules.xml").lines.last == before)
    try folder.succeed("format", "--check", "rules.xml")
    try folder.succeed("format", "rules.xml")
    #expect(try folder.text("rules.xml") == once)
    let piped = try folder.succeed("format", "-", input: Self.untidy)
    #expect(piped.output == once)
  }

  @Test("keeps the digest of every shipped rule set")
  func shipped() throws {
    let folder = try Folder()
    let files = ["rulesets", "examples"].flatMap { name in
      TestData.files(in: TestData.root.appendingPathComponent(name)) {
        $0.hasSuffix("/ruleset.xml")
      }
    }
    for file in files {
      let before = try folder.succeed("compile", file).lines.last
      try folder.write("copy.xml", try folder.succeed("format", "--stdout", file).output)
      #expect(try folder.succeed("compile", "copy.xml").lines.last == before, "\(file)")
      try folder.succeed("format", "--check", "copy.xml")
    }
  }

  @Test("leaves a file alone that isn't well-formed, and formats the others")
  func broken() throws {
    let folder = try Folder()
    try folder.write("bad.xml", "<ruleset")
    try folder.write("rules.xml", Self.untidy)
    let run = try folder.leafproof("format", "bad.xml", "rules.xml")
    #expect(run.status == 1 && run.errors.contains("bad.xml:1:"))
    #expect(try folder.text("bad.xml") == "<ruleset")
    #expect(try folder.text("rules.xml") != Self.untidy)
  }
}
