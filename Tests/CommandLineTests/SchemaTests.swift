import Foundation
import SeededRandom
import Testing

/// The schemas for editors say what `check` says of a document's shape.
@Suite("schema", .enabled(if: Program.tool("xmllint") != nil, "`xmllint` is not installed"))
struct SchemaTests {
  /// Findings beyond the shape of a document: a schema may accept what has only these.
  ///
  /// `duplicate-name`, `duplicate-leaf-id` and `unknown-outcome` are here although the schema finds
  /// most of them: it doesn't look into lists. So is `invalid-value`, for words of FEEL as names,
  /// values that don't fit their type, `min` and `max`; the forms of IDs, versions, digests, shares
  /// and enumerations are in the schema, as `wrongForms` shows.
  private static let beyondShape: Set = [
    // Expressions
    "feel-syntax", "feel-unsupported", "feel-too-complex", "unknown-name", "type-mismatch",
    // References and declarations
    "duplicate-name", "duplicate-leaf-id", "unknown-outcome", "unknown-output", "unknown-reason",
    "cyclic-derived", "invalid-value", "unpinned-reference", "shares-not-whole",
    // Proofs
    "overlapping-cases", "gap", "unreachable", "missing-not-handled", "adverse-without-reason",
    "protected-input", "broken-property", "too-large",
    // What the reader refuses of XML: its limits, namespaces that are no absolute URI
    "xml-syntax",
    "xml-too-deep", "xml-too-many-attributes", "file-too-large", "not-utf8", "xml-doctype",
  ]

  /// Messages about shapes for which XML Schema 1.0 has no words: an element or attribute that depends
  /// on the value of another attribute, and `xml:lang`, whose declaration isn't in the schema's file.
  private static let beyondWords = [
    "stands twice in the language", "the policy `component` needs `<when>`",
    "`<when>` belongs to the policy", "`<when>` needs the attribute `score`",
    "`<when>` needs `from` or `below`", "`<when>` needs `outcomes`, `leaves` or `score`",
  ]

  /// What both say of a document; nil where nobody can say which schema it should meet.
  private struct Verdict {
    let name: String
    let isValid: Bool
    /// The IDs of the errors that `check` finds.
    let errors: Set<String>
    /// Those of them that a schema can find.
    let errorsOfShape: Set<String>

    /// Whether they agree as far as a schema can.
    var agrees: Bool {
      isValid ? errorsOfShape.isEmpty : !errors.isEmpty
    }
  }

  /// Asks `xmllint` and `check` about documents, each kind of document in one run.
  private static func verdicts(on texts: [String], in folder: Folder) throws -> [Verdict] {
    var names: [String] = []
    var valid: Set<String> = []
    for kind in ["ruleset", "pipeline", "model"] {
      try folder.write("\(kind).xsd", try folder.succeed("schema", kind).output)
      var files: [String] = []
      for (index, text) in texts.enumerated() where Self.kind(of: text) == kind {
        files.append("\(kind)-\(index).xml")
        try folder.write("\(kind)-\(index).xml", text)
      }
      guard !files.isEmpty else { continue }
      names += files
      let tool = try #require(Program.tool("xmllint"))
      let run = try folder.start(tool, ["--noout", "--schema", "\(kind).xsd"] + files).finish()
      valid.formUnion(
        run.errors.split(separator: "\n").filter { $0.hasSuffix(".xml validates") }
          .map { String($0.dropLast(" validates".count)) })
    }
    let check = try folder.start(["check", "--format", "json"] + names).finish()
    return try JSONObject(line: check.output).objects("files").map { file in
      let name = try #require(file["path"])
      let errors = file.objects("diagnostics").filter { $0["severity"] == "error" }
      let ofShape = errors.filter { error in
        !beyondShape.contains(error["id"] ?? "")
          && !beyondWords.contains { (error["message"] ?? "").contains($0) }
      }
      return Verdict(
        name: name, isValid: valid.contains(name), errors: Set(errors.compactMap { $0["id"] }),
        errorsOfShape: Set(ofShape.compactMap { $0["id"] }))
    }
  }

  private static func kind(of text: String) -> String? {
    ["ruleset", "pipeline", "model"].first {
      text.contains("xmlns=\"urn:leafproof:\($0):1\"") && text.contains("<\($0) ")
    }
  }

  private static func texts(_ folders: String...) -> [String] {
    folders.flatMap { name in
      TestData.files(in: TestData.root.appendingPathComponent(name)) { $0.hasSuffix(".xml") }
    }.compactMap { try? String(contentsOfFile: $0, encoding: .utf8) }
  }

  @Test("accepts every shipped document, as `check` does")
  func shipped() throws {
    let folder = try Folder()
    let texts = Self.texts("rulesets", "examples", "Tests/RuleSyntaxTests/Golden/good")
    let verdicts = try Self.verdicts(on: texts, in: folder)
    #expect(verdicts.count == texts.count && texts.count >= 11)
    for verdict in verdicts { #expect(verdict.isValid && verdict.errors.isEmpty, "\(verdict)") }
  }

  @Test("agrees with `check` on bad documents")
  func goldenFiles() throws {
    let folder = try Folder()
    let texts = Self.texts("Tests/RuleSyntaxTests/Golden/bad", "Tests/RuleCompilerTests/Golden/bad")
    let verdicts = try Self.verdicts(on: texts, in: folder)
    #expect(verdicts.count > 15)
    for verdict in verdicts { #expect(verdict.agrees, "\(verdict)") }
    #expect(verdicts.count { !$0.isValid } >= 5, "\(verdicts.filter { !$0.isValid })")
  }

  @Test("agrees with `check` on shipped documents with one change of shape")
  func mutations() throws {
    let seed: UInt64 = 20_261_125
    let folder = try Folder()
    var generator = SeededGenerator(seed: seed)
    let texts = Self.texts("rulesets", "examples", "Tests/RuleSyntaxTests/Golden/good").flatMap {
      text in
      let document = TaggedText(text)
      return (0..<15).compactMap { _ in document.mutated(using: &generator) }
        .filter { Self.kind(of: $0) != nil }
    }
    #expect(texts.count > 120)
    let verdicts = try Self.verdicts(on: texts, in: folder)
    #expect(verdicts.count == texts.count)
    for verdict in verdicts where !verdict.agrees {
      Issue.record("seed \(seed): \(verdict): \(try folder.text(verdict.name))")
    }
    #expect(verdicts.count { $0.isValid } > 20, "some changes are harmless")
    #expect(verdicts.count { !$0.isValid } > 80, "most are not")
  }

  /// A change to a sample by which its form becomes wrong.
  static let wrongForms = [
    ("<ruleset id='R' version='1.0'>", "version"), ("<ruleset id='1' version='1.0.0'>", "ID"),
    ("<ruleset id='R' version='01.0.0'>", "leading zero"),
    ("<ruleset id='R' version='1.0.0-01'>", "leading zero of a pre-release"),
    ("<ruleset id='' version='1.0.0'>", "empty"),
    ("<input name='a' type='integer'>", "type"),
    ("<input name='a' type='number' missing='x'>", "x"),
    ("<input name='a' type='number' protected='1'>", "boolean"), ("<outcome name='b c'>", "space"),
    ("<outcome name='b' adverse='yes'>", "boolean"), ("<leaf id='A B' outcome='b'>", "leaf ID"),
    ("<input name='a' type='number' mutable='no'>", "boolean"),
    ("<input name='a' type='number' direction='increasing'>", "direction"),
    ("<input name='a' type='number' step='0.0'>", "zero"),
    ("<input name='a' type='number' cost='-1'>", "below zero"),
  ]

  @Test("refuses a wrong form, as `check` does", arguments: wrongForms)
  func form(_ tag: String, _ what: String) throws {
    let folder = try Folder()
    let name = try #require(tag.dropFirst().split(separator: " ").first)
    let sample = Self.sample("")
    let start = try #require(sample.range(of: "<\(name) "))
    let end = try #require(sample.range(of: ">", range: start.upperBound..<sample.endIndex))
    var attributes = String(tag.dropLast())
    if name == "ruleset" { attributes += " xmlns=\"urn:leafproof:ruleset:1\"" }
    let slash = sample[sample.index(before: end.lowerBound)] == "/" ? "/" : ""
    let text = sample.replacingCharacters(
      in: start.lowerBound..<end.upperBound, with: attributes + slash + ">")
    let verdict = try #require(try Self.verdicts(on: [sample, text], in: folder).last)
    #expect(!verdict.isValid && verdict.errors.contains("invalid-value"), "\(what): \(verdict)")
  }

  private static func sample(_ more: String) -> String {
    """
    <ruleset id="R" version="1.0.0-rc.1+x" xmlns="urn:leafproof:ruleset:1">\(more)
      <tree><leaf id="A" outcome="b"/></tree><outcomes><outcome name="b"/></outcomes>
      <inputs><input name="a" type="number"/></inputs>
    </ruleset>
    """.replacingOccurrences(of: "+x", with: "")
  }

  @Test("is as lenient as `check`: any order, other namespaces, several authorities")
  func lenient() throws {
    let folder = try Folder()
    let texts = [
      Self.sample(""),
      Self.sample("<authority>A</authority><reasons/><x:note xmlns:x='urn:x'><y/></x:note>"),
      Self.sample("<authority>A</authority><title xml:lang='en'>T</title><authority>B</authority>"),
      Self.sample("<note xmlns=''/><outputs/><properties/>"),
      """
      <model xmlns="urn:leafproof:model:1" id="M" version="1.0.0"><data href="d"/><owner>O</owner>
      <x xmlns="urn:x"/><title>T</title></model>
      """,
    ]
    for verdict in try Self.verdicts(on: texts, in: folder) {
      #expect(verdict.isValid && verdict.errors.isEmpty, "\(verdict)")
    }
  }

  /// The one place where the schema is stricter: a text with markup of other namespaces in it has
  /// no simple type, and an empty text couldn't be refused.
  @Test("refuses elements in a text, which `check` passes over")
  func stricter() throws {
    let folder = try Folder()
    let text = Self.sample("<title>T<b xmlns='urn:x'/></title>")
    let verdict = try #require(try Self.verdicts(on: [text], in: folder).last)
    #expect(!verdict.isValid && verdict.errors.isEmpty)
  }

  @Test("a document may name its schema: `check` accepts it, the program stays the same")
  func named() throws {
    let folder = try Folder()
    let plain = Self.sample("")
    let instruction = "<?xml-model href=\"ruleset.xsd\"?>\n" + plain
    let attribute = plain.replacingOccurrences(
      of: "<ruleset ",
      with: "<ruleset xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" "
        + "xsi:schemaLocation=\"urn:leafproof:ruleset:1 ruleset.xsd\" ")
    var digests: Set<String> = []
    for text in [plain, instruction, attribute] {
      try folder.write("rules.xml", text)
      digests.insert(try #require(try folder.succeed("compile", "rules.xml").lines.last))
      try folder.succeed("format", "rules.xml")
      try folder.succeed("format", "--check", "rules.xml")
    }
    #expect(digests.count == 1)
    for verdict in try Self.verdicts(on: [plain, instruction, attribute], in: folder) {
      #expect(verdict.isValid && verdict.errors.isSubset(of: []), "\(verdict)")
    }
  }

  @Test("documents each element and each attribute", arguments: ["ruleset", "pipeline", "model"])
  func documented(_ kind: String) throws {
    let folder = try Folder()
    let printed = try folder.succeed("schema", kind).output
    let path = TestData.project("Sources/RuleSyntax/Schemas/\(kind).xsd")
    #expect(try printed == String(contentsOfFile: path, encoding: .utf8))
    let lines = printed.split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }
    for (index, line) in lines.enumerated()
    where line.hasPrefix("<xs:element name") || line.hasPrefix("<xs:attribute name") {
      let next = lines[index + 1]
      #expect(next.hasPrefix("<xs:annotation>"), "\(line)")
      #expect(next.hasSuffix("</xs:annotation>") || lines[index + 2] == "<xs:documentation>")
    }
  }
}
