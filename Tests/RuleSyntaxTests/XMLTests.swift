import RuleSyntax
import SeededRandom
import Testing

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// Ill-formed and hostile XML: always an error at a place, never a crash, never slow.
@Suite struct XMLTests {
  private func read(_ bytes: [UInt8]) -> ParsedDocument {
    parseDocument(SourceText(path: "t.xml", bytes: bytes))
  }

  private func ids(_ text: String) -> [DiagnosticID] {
    read(Array(text.utf8)).diagnostics.map(\.id)
  }

  /// The findings about reading the file at all, which a document of ours may not have.
  private static let readingIDs: Set<DiagnosticID> = [
    .xmlSyntax, .xmlDoctype, .notUTF8, .xmlTooDeep, .xmlTooManyAttributes, .fileTooLarge,
  ]

  @Test(.enabled(if: TestData.has("xmlconf"), "the XML conformance suite isn't there"))
  func notWellFormedFilesAreRefused() throws {
    let files = TestData.files(in: TestData.shared.appendingPathComponent("xmlconf")) { path in
      path.contains("/not-wf/") && path.hasSuffix(".xml")
    }
    #expect(files.count > 200)
    for file in files {
      let ids = parseDocument(try TestData.source(file)).diagnostics.map(\.id)
      #expect(ids.contains { Self.readingIDs.contains($0) }, "\(file.path) \(ids)")
    }
  }

  @Test(.enabled(if: TestData.has("xmlconf"), "the XML conformance suite isn't there"))
  func wellFormedFilesWithoutDocumentTypeAreRead() throws {
    let files = TestData.files(in: TestData.shared.appendingPathComponent("xmlconf")) { path in
      path.contains("/valid/") && path.hasSuffix(".xml")
    }
    for file in files {
      let source = try TestData.source(file)
      let ids = parseDocument(source).diagnostics.map(\.id)
      #expect(ids != [.unknownDocument] || canonicalForm(of: source) != nil, "\(file.path)")
      #expect(!ids.isEmpty)
    }
  }

  @Test(.enabled(if: TestData.has("xml-attacks"), "the attack files aren't there"))
  func attacksAreRefusedAtOnce() throws {
    let files = TestData.files(in: TestData.shared.appendingPathComponent("xml-attacks")) { path in
      path.hasSuffix(".xml") || path.hasSuffix(".xsl")
    }
    #expect(files.count > 8)
    for file in files {
      let source = try TestData.source(file)
      var parsed = ParsedDocument(document: nil, diagnostics: [])
      let time = ContinuousClock().measure { parsed = parseDocument(source) }
      #expect(parsed.hasErrors && parsed.document == nil, "\(file.lastPathComponent)")
      #expect(time < .seconds(1))
    }
  }

  @Test func limits() {
    #expect(ids(String(repeating: "<a>", count: 10_000)) == [.xmlTooDeep])
    let attributes = (0..<300).map { "a\($0)=''" }.joined(separator: " ")
    #expect(ids("<a \(attributes)/>") == [.xmlTooManyAttributes])
    let many = (0..<200_000).map { "a\($0)=''" }.joined(separator: " ")
    #expect(ids("<a \(many)/>") == [.xmlTooManyAttributes])
    // Out of step behind an error, where nobody counts.
    #expect(ids("<r><a b=1/><c d='/> '\(many)/></r>") == [.xmlSyntax])
    #expect(ids("<a>" + String(repeating: "<b/>", count: 500_000) + "</a>") == [.fileTooLarge])
    let comment = String(repeating: "x", count: 10_100_000)
    #expect(ids("<a><!--\(comment)--></a>") == [.fileTooLarge])
    let namespaces = (0..<200).map { "xmlns:a\($0)='urn:\($0)'" }.joined(separator: " ")
    #expect(ids("<a \(namespaces)><a \(namespaces)/></a>") == [.xmlTooManyAttributes])
  }

  @Test func encodings() {
    let document = "<model xmlns='urn:leafproof:model:1' id='m' version='1.0.0'/>"
    #expect(ids("\u{FEFF}" + document) == [])
    #expect(ids("<?xml version='1.0' encoding='utf-8'?>" + document) == [])
    #expect(ids("<?xml version='1.0' encoding='latin1'?>" + document) == [.notUTF8])
    #expect(ids("<?xml version='1.1'?>" + document) == [.xmlSyntax])
    #expect(ids(document + "\0junk") == [.xmlSyntax])
    let utf16 = document.utf16.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
    #expect(read([0xFF, 0xFE] + utf16).diagnostics.map(\.id) == [.notUTF8])
    #expect(read(utf16).diagnostics.map(\.id) == [.notUTF8])
    for bad: [UInt8] in [
      [0xC0, 0x80], [0xED, 0xA0, 0x80], [0xF5, 0x80, 0x80, 0x80], [0xE2, 0x82],
    ] {
      let found = read(Array("<!-- ".utf8) + bad).diagnostics
      #expect(found.map(\.id) == [.notUTF8])
      #expect(found.first?.span.lower == 5)
    }
  }

  @Test func everyTruncationIsAnError() throws {
    let file = TestData.golden.appendingPathComponent("good/credit.xml")
    let bytes = try TestData.source(file).bytes
    let end = (bytes.lastIndex(of: UInt8(ascii: ">")) ?? 0)
    for length in 0...end {
      let source = SourceText(path: "t.xml", bytes: Array(bytes[..<length]))
      let parsed = parseDocument(source)
      #expect(parsed.hasErrors && parsed.document == nil, "cut at \(length)")
      #expect(!DiagnosticRenderer(source: source).render(parsed.diagnostics).isEmpty)
    }
  }

  @Test func randomMutationsNeverCrash() throws {
    let seed = UInt64.random(in: 0...UInt64.max)
    var generator = SeededGenerator(seed: seed)
    let file = TestData.golden.appendingPathComponent("good/credit.xml")
    let original = try TestData.source(file).bytes
    let pieces = [
      "<", ">", "&", "\"", "'", "/", "=", "]]>", "<!--", "&#x110000;", "\u{0}", "(", "[",
    ]
    for _ in 0..<1500 {
      var bytes = original
      for _ in 0..<Int.random(in: 1...3, using: &generator) {
        let place = Int.random(in: 0..<bytes.count, using: &generator)
        switch Int.random(in: 0..<4, using: &generator) {
        case 0: bytes[place] = UInt8.random(in: 0...255, using: &generator)
        case 1: bytes.remove(at: place)
        case 2:
          let piece = pieces.randomElement(using: &generator) ?? ""
          bytes.insert(contentsOf: Array(piece.utf8), at: place)
        default:
          let end = min(place + Int.random(in: 1...40, using: &generator), bytes.count)
          bytes.replaceSubrange(place..<end, with: bytes[place..<end].reversed())
        }
      }
      let source = SourceText(path: "t.xml", bytes: bytes)
      let found = findings(in: source)
      for finding in found {
        let isInside = finding.span.lower >= 0 && finding.span.upper <= bytes.count
        #expect(isInside && finding.span.lower <= finding.span.upper, "seed \(seed)")
      }
      _ = DiagnosticRenderer(source: source).render(found)
    }
  }

  @Test func canonicalFormIsExact() {
    let text = """
      <?xml version="1.0"?>\r
      <!-- a -->
      <b:a  z='1' xmlns:b="urn:b" a="&lt;&#9;'&quot;"  xmlns="urn:a"><![CDATA[<&]]><c/>&#13;</b:a>
      <?p  q?>

      """
    let expected = """
      <!-- a -->
      <b:a xmlns="urn:a" xmlns:b="urn:b" a="&lt;&#x9;'&quot;" z="1">&lt;&amp;<c></c>&#xD;</b:a>
      <?p q?>
      """
    let form = canonicalForm(of: SourceText(path: "t.xml", text: text))
    #expect(form.map { String(decoding: $0, as: UTF8.self) } == expected)
    #expect(canonicalForm(of: SourceText(path: "t.xml", text: "<!DOCTYPE a><a/>")) == nil)
    #expect(canonicalForm(of: SourceText(path: "t.xml", text: "<a xmlns:x='rel'/>")) == nil)
  }
}
