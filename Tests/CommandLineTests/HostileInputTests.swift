import Foundation
import Testing

/// Files made to break a reader get a diagnostic with a place, and exit code 1.
@Suite("hostile and broken files") struct HostileInputTests {
  /// A place, an error and its ID, in one line.
  private func errors(in run: Run, of name: String) -> [Substring] {
    run.errors.split(separator: "\n").filter {
      $0.hasPrefix("\(name):") && $0.contains(": error: ") && $0.hasSuffix("]")
    }
  }

  private func expectError(
    _ id: String, _ content: Data, sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let folder = try Folder()
    try folder.write("file.xml", content)
    let clock = ContinuousClock()
    let start = clock.now
    let run = try folder.leafproof("check", "file.xml")
    #expect(run.status == 1, sourceLocation: sourceLocation)
    #expect(
      errors(in: run, of: "file.xml").contains { $0.hasSuffix("[\(id)]") },
      "\(run.errors.prefix(500))", sourceLocation: sourceLocation)
    #expect(run.errors.utf8.count < 10_000, "a flood of text", sourceLocation: sourceLocation)
    // The promise is a second in a release build on a machine of its own.
    #expect(clock.now - start < .seconds(10), sourceLocation: sourceLocation)
    // What can't be read can't be used either, and nothing is left behind.
    let compile = try folder.leafproof("compile", "file.xml", "-o", "out.lpp")
    #expect(compile.status == 1, sourceLocation: sourceLocation)
    #expect(!folder.has("out.lpp"), sourceLocation: sourceLocation)
  }

  @Test("a file cut off anywhere")
  func truncated() throws {
    let folder = try Folder()
    let whole = Data(Samples.ruleSet(Samples.tree).utf8)
    let ends = Array(stride(from: 0, to: whole.count - 2, by: 37))
    for end in ends { try folder.write("cut-\(end).xml", whole.prefix(end)) }
    let run = try folder.start(["check"] + ends.map { "cut-\($0).xml" }).finish()
    #expect(run.status == 1)
    for end in ends {
      #expect(!errors(in: run, of: "cut-\(end).xml").isEmpty, "cut after \(end) bytes")
    }
  }

  @Test("bytes that aren't UTF-8")
  func invalidUTF8() throws {
    var content = Data(Samples.ruleSet(Samples.tree).utf8)
    let place = try #require(content.range(of: Data("Loan".utf8)))
    content.replaceSubrange(place, with: [0x4C, 0xC3, 0x28])
    try expectError("not-utf8", content)
    try expectError("not-utf8", Data([0xFF, 0xFE, 0x3C, 0x00]))
  }

  @Test("10,000 elements inside each other")
  func deep() throws {
    let begin = String(repeating: "<split on=\"income\"><case is=\"1\">", count: 5_000)
    let end = String(repeating: "</case></split>", count: 5_000)
    try expectError("xml-too-deep", Data(Samples.ruleSet(begin + end).utf8))
    try expectError(
      "xml-too-deep", Data(Samples.ruleSet(String(repeating: "<a>", count: 10_000)).utf8))
  }

  @Test("10,000 parentheses in an expression")
  func deepExpression() throws {
    let deep =
      String(repeating: "(", count: 10_000) + "income" + String(repeating: ")", count: 10_000)
    let tree = Samples.tree.replacingOccurrences(of: "on=\"income\"", with: "on=\"\(deep)\"")
    try expectError("feel-too-complex", Data(Samples.ruleSet(tree).utf8))
  }

  @Test("control characters in a file never reach the terminal")
  func terminalEscapes() throws {
    let folder = try Folder()
    try folder.write(
      "file.xml", Samples.ruleSet("<split on=\"\u{9B}31m\u{202E}\u{7F}\"></split>"))
    let run = try folder.leafproof("check", "file.xml")
    #expect(run.status == 1)
    #expect(
      !run.errors.unicodeScalars.contains { scalar in
        scalar.properties.generalCategory == .format
          || scalar.properties.generalCategory == .control && scalar != "\n"
      })
  }

  @Test(
    "entity bombs, quadratic blow-up, external entities",
    .enabled(if: TestData.has("xml-attacks"), "the XML attacks are not in ../shared/data"))
  func attacks() throws {
    let folder = try Folder()
    let files = TestData.files(in: TestData.shared.appendingPathComponent("xml-attacks")) {
      $0.hasSuffix(".xml") || $0.hasSuffix(".xsl")
    }
    #expect(files.count >= 10)
    let clock = ContinuousClock()
    let start = clock.now
    let run = try folder.start(["check"] + files).finish()
    #expect(run.status == 1)
    for file in files { #expect(!errors(in: run, of: file).isEmpty, "\(file)") }
    #expect(clock.now - start < .seconds(10))
    // Nothing of what an external entity names is read.
    #expect(!run.errors.contains("root:"))
  }

  @Test(
    "each file of the W3C's suite that isn't well-formed",
    .enabled(if: TestData.has("xmlconf"), "the W3C's XML suite is not in ../shared/data"))
  func notWellFormed() throws {
    let folder = try Folder()
    let suite = TestData.shared.appendingPathComponent("xmlconf")
    let files = TestData.files(in: suite) { $0.contains("not-wf/") && $0.hasSuffix(".xml") }
    #expect(files.count > 200)
    let run = try folder.start(["check"] + files).finish()
    #expect(run.status == 1)
    var places: Set<Substring> = []
    for line in run.errors.split(separator: "\n") where line.contains(": error: ") {
      places.insert(line.prefix { $0 != ":" })
    }
    for file in files { #expect(places.contains(Substring(file)), "\(file)") }
  }
}
