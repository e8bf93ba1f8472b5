import RuleSyntax
import SeededRandom
import Testing

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif
#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

@Suite struct SourceTextTests {
  @Test func locations() {
    let source = SourceText(path: "t", text: "a\u{E9}\u{1F600}b\r\nx\ry\n")
    #expect(source.location(of: 0) == (1, 1))
    #expect(source.location(of: 7) == (1, 4))
    #expect(source.location(of: 10) == (2, 1))
    #expect(source.location(of: 12) == (3, 1))
    #expect(source.location(of: 14) == (4, 1))
    #expect(source.location(of: 99) == (4, 1))
    #expect(source.lineRange(1) == 0..<8)
    #expect(source.lineRange(3) == 12..<13)
    #expect(source.lineRange(9) == 14..<14)
    #expect(SourceText(path: "t", text: "\u{FEFF}ab").location(of: 4) == (1, 2))
  }

  @Test func locationsAgreeWithCounting() {
    let seed = UInt64.random(in: 0...UInt64.max)
    var generator = SeededGenerator(seed: seed)
    var text = ""
    for _ in 0..<20_000 {
      text += ["a", "\u{E9}", "\u{4E2D}", "\u{1F600}", "b"].randomElement(using: &generator) ?? ""
      if Int.random(in: 0..<3000, using: &generator) == 0 { text += "\n" }
    }
    let source = SourceText(path: "t", text: text)
    var (line, column, offset) = (1, 1, 0)
    for scalar in text.unicodeScalars {
      if offset % 7 == 0 { #expect(source.location(of: offset) == (line, column), "seed \(seed)") }
      (line, column) = scalar == "\n" ? (line + 1, 1) : (line, column + 1)
      offset += UTF8.width(scalar)
    }
  }

  @Test func onlyRegularFilesAreLoaded() throws {
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("leafproof-\(UInt64.random(in: 0...UInt64.max))")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let file = folder.appendingPathComponent("a.xml")
    try Data("<a/>".utf8).write(to: file)
    #expect(try SourceText.load(path: file.path).bytes == Array("<a/>".utf8))
    #expect(throws: SourceError.directory(path: folder.path)) {
      try SourceText.load(path: folder.path)
    }
    #expect(throws: SourceError.notRegular(path: "/dev/zero")) {
      try SourceText.load(path: "/dev/zero")
    }
    #expect(throws: SourceError.self) { try SourceText.load(path: folder.path + "/none") }
    let large = folder.appendingPathComponent("large")
    try Data().write(to: large)
    #expect(unsafe truncate(large.path, off_t(SourceText.sizeLimit + 1)) == 0)
    #expect(throws: SourceError.tooLarge(path: large.path)) {
      try SourceText.load(path: large.path)
    }
  }

  private func rendered(_ text: String, _ lower: Int, _ upper: Int, color: Bool = false) -> String {
    let source = SourceText(path: "t", text: text)
    let finding = Diagnostic(.unknownName, "m", at: SourceSpan(lower, upper), help: "h")
    return DiagnosticRenderer(source: source, usesColor: color).render([finding])
  }

  @Test func underlines() {
    #expect(rendered("ab cd", 3, 5) == "t:1:4: error: m [unknown-name]\nab cd\n   ^~\nhelp: h\n")
    #expect(
      rendered("\ta\tb", 3, 4) == "t:1:4: error: m [unknown-name]\n    a   b\n        ^\nhelp: h\n")
    #expect(
      rendered("\u{4E2D}\u{4E2D}x", 3, 6) == "t:1:2: error: m [unknown-name]\n中中x\n  ^~\nhelp: h\n")
    #expect(rendered("ab", 2, 2) == "t:1:3: error: m [unknown-name]\nab\n  ^\nhelp: h\n")
    #expect(rendered("ab\ncd", 1, 4) == "t:1:2: error: m [unknown-name]\nab\n ^\nhelp: h\n")
    #expect(
      rendered("a\u{1B}[2Jb\u{202E}", 6, 9)
        == "t:1:7: error: m [unknown-name]\na\\u{1B}[2Jb\\u{202E}\n           ^~~~~~~~\nhelp: h\n")
  }

  @Test func longLinesAreClippedAroundTheSpan() {
    let text = String(repeating: "x", count: 5000) + "HERE" + String(repeating: "y", count: 5000)
    let lines = rendered(text, 5000, 5004).split(separator: "\n")
    #expect(lines[0] == "t:1:5001: error: m [unknown-name]")
    #expect(lines[1].hasPrefix("…") && lines[1].hasSuffix("…") && lines[1].count <= 122)
    let caret = lines[2].prefix { $0 == " " }.count
    #expect(Array(lines[1])[caret..<(caret + 4)] == ["H", "E", "R", "E"])
    #expect(lines[2].hasSuffix(" ^~~~"))
  }

  @Test func hostileTextIsEscaped() {
    let source = SourceText(path: "a\u{1B}b", text: "x")
    let finding = Diagnostic(.unknownName, "\u{7}\u{2066}", at: SourceSpan(0, 1))
    let shown = DiagnosticRenderer(source: source).render(finding)
    #expect(shown.hasPrefix("a\\u{1B}b:1:1: error: \\u{7}\\u{2066} [unknown-name]\n"))
    #expect(rendered("ab", 0, 1, color: true).contains("\u{1B}[1;31merror:\u{1B}[0m"))
  }
}
