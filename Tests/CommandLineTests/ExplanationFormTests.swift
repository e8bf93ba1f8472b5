import Foundation
import Testing

/// `leafproof explain` as JSON, pages, letters and PDFs.
@Suite("forms of an explanation") struct ExplanationFormTests {
  /// Python with `jsonschema` (PyPI); `LEAFPROOF_PYTHON` may name one.
  private static let python: String? = {
    guard
      let python = ProcessInfo.processInfo.environment["LEAFPROOF_PYTHON"]
        ?? Program.tool("python3"), let folder = try? Folder()
    else { return nil }
    let run = try? folder.start(python, ["-c", "import jsonschema"]).finish()
    return run?.status == 0 ? python : nil
  }()

  /// Explanations of every kind, in files: decisions, candidates, refusals, key factors, erasures.
  private func explanations(_ folder: Folder) throws -> [String] {
    try folder.succeed("record", "result", "CASE-1", "--value", "paid=true")
    let more = [
      #"{"case_id":"R","inputs":{"age":4}}"#,
      #"{"case_id":"F","inputs":{"income":1,"age":40},"scores":{"scorer@1.0.0":"#
        + #"{"score":0.25,"factors":[{"code":"K1","text":"Arrears","contribution":-3},{"code":"K2"}]}}}"#,
      #"{"case_id":"E","inputs":{"income":1,"age":40},"scores":{"scorer@1.0.0":1}}"#,
    ]
    _ = try folder.leafproof(
      "decide", "loans", "--input", "-", input: more.joined(separator: "\n") + "\n")
    try folder.succeed("erase", "E")
    var files: [String] = []
    for arguments in [
      ["CASE-1"], ["CASE-1", "--language", "de"], ["CASE-2"], ["R"], ["F"], ["E"],
      ["F", "--redact", "scores"], ["CASE-1", "--redact", "thresholds,scores"],
    ] {
      let file = "\(files.count).json"
      let run = try folder.start(["explain", "--format", "json", "-o", file] + arguments).finish()
      #expect(run.status == 0, "\(arguments): \(run.errors)")
      files.append(file)
    }
    let shop = try Samples.shop()
    try shop.succeed("decide", "page", "--input", "-", input: Samples.products)
    let page = try shop.succeed("explain", "PAGE-1", "--format", "json").output
    try folder.write("shop.json", page)
    return files + ["shop.json"]
  }

  @Test(
    "JSON meets its schema, which refuses what is missing or unknown",
    .enabled(if: python != nil, "Python lacks `jsonschema` (pip install it)"))
  func schema() throws {
    let folder = try Samples.decided()
    let files = try explanations(folder)
    let schema = TestData.project("Sources/DecisionEngine/explanation.schema.json")
    let script = """
      import copy, json, jsonschema, sys
      schema = json.load(open(sys.argv[1]))
      kind = jsonschema.validators.validator_for(schema)
      kind.check_schema(schema)
      valid = kind(schema)
      problems = []
      def objects(value, path=()):
          if isinstance(value, dict):
              yield path, value
          for key, part in value.items() if isinstance(value, dict) else enumerate(value):
              if isinstance(part, (dict, list)):
                  yield from objects(part, path + (key,))
      changed = 0
      for name in sys.argv[2:]:
          text = json.load(open(name))
          problems += [f"{name} {e.json_path}: {e.message[:200]}" for e in valid.iter_errors(text)]
          for path, _ in objects(text):
              if path[:1] == ("problems",) or "details" in path: continue
              copy_ = copy.deepcopy(text)
              place = copy_
              for key in path: place = place[key]
              place["surprise"] = 1
              changed += 1
              if valid.is_valid(copy_): problems.append(f"{name}: a surprise in {path} is valid")
          for key in ("case_id", "verdict", "proof", "results", "problems"):
              if key in text and valid.is_valid({k: v for k, v in text.items() if k != key}):
                  problems.append(f"{name}: valid without {key}")
      assert changed > 100, changed
      sys.exit("\\n".join(problems) or 0)
      """
    let run = try folder.start(try #require(Self.python), ["-c", script, schema] + files).finish()
    #expect(run.status == 0, "\(run.errors)")
  }

  @Test("a page or letter goes to a file; a template replaces the letter's text")
  func pages() throws {
    let folder = try Samples.decided()
    try folder.write("letter.txt", "Acme {{case}}\n\n# {{decision}}\n{{reasons}}\n")
    for audience in ["subject", "analyst", "court"] {
      let page = try folder.succeed(
        "explain", "CASE-1", "--format", "html", "--audience", audience, "--language", "de")
      #expect(page.output.hasPrefix("<!DOCTYPE html>\n<html lang=\"de\">"), "\(audience)")
      #expect(page.output.contains("The income is too low"))
    }
    let arguments = ["explain", "CASE-1", "--format", "html", "--audience", "subject"]
    let run = try folder.start(
      arguments + ["--template", "letter.txt", "--output", "letter.html"]
    ).finish()
    #expect(run.status == 0 && run.output.isEmpty)
    #expect(try folder.text("letter.html").contains("<p>Acme <bdi>CASE-1</bdi></p>"))
    for (text, error) in [
      ("{{decision}}", "letter.txt:1: error: the letter must say {{reasons}}"),
      ("{{decision}}\n{{reasons}}\n{{name}}", "letter.txt:3: error: nothing is called {{name}}"),
    ] {
      try folder.write("letter.txt", text)
      let wrong = try folder.start(arguments + ["--template", "letter.txt"]).finish()
      #expect(wrong.status == 3 && wrong.output.isEmpty && wrong.errors.contains(error))
    }
    for wrong in [["--redact", "names"], ["--language", "d_e"], ["--template", "letter.txt"]] {
      #expect(try folder.start(["explain", "CASE-1"] + wrong).finish().status == 2, "\(wrong)")
    }
  }

  @Test("a PDF comes from WeasyPrint; where that is missing or fails, the mend is said")
  func pdf() throws {
    let folder = try Samples.decided()
    // Stands in for WeasyPrint: a page goes in, a file comes out.
    try folder.write(
      "printer",
      "#!/bin/sh\n[ -n \"$FAIL\" ] && exit 3\necho noise\n{ printf '%%PDF-'; cat \"$2\"; } > \"$3\"\n"
    )
    try FileManager.default.setAttributes(
      [.posixPermissions: 0o755], ofItemAtPath: folder.file("printer").path)
    let arguments = ["explain", "CASE-1", "--format", "pdf", "--audience", "subject"]
    func run(_ more: [String: String]) throws -> Run {
      let program = ["LEAFPROOF_WEASYPRINT": folder.file("printer").path]
      return try folder.start(arguments, environment: program.merging(more) { $1 }).finish()
    }
    let pdf = try run([:])
    let page = try folder.succeed("explain", "CASE-1", "--format", "html", "--audience", "subject")
    #expect(pdf.status == 0 && pdf.output == "%PDF-" + page.output)
    let missing = try run(["LEAFPROOF_WEASYPRINT": "/nowhere/weasyprint"])
    #expect(missing.status == 5 && missing.output.isEmpty)
    #expect(missing.errors.contains("needs the program WeasyPrint"))
    #expect(missing.errors.contains("apt install weasyprint"))
    let failed = try run(["FAIL": "1", "TMPDIR": folder.url.path])
    #expect(failed.status == 5 && failed.errors.contains("WeasyPrint failed (exit code 3)"))
    let left = try FileManager.default.contentsOfDirectory(atPath: folder.url.path)
    #expect(!left.contains { $0.hasPrefix("leafproof-") }, "the page is gone: \(left)")
  }

  // MARK: - Hostile values

  private static let evil = "</bdi></title><script>alert(1)</script>\u{202E}gnp\u{2066} 👩‍🔬 שלום '\""

  private static let hostileRules = """
    <ruleset xmlns="urn:leafproof:ruleset:1" id="evil" version="1.0.0">
      <title>\(escaped(evil))</title>
      <authority href="javascript:alert(1)" clause="\(escaped(evil))">\(escaped(evil))</authority>
      <inputs>
        <input name="a" type="number" label="\(escaped(evil))" unit="\(escaped(evil))"/>
        <input name="note" type="string" missing="allowed">
          <label xml:lang="de">\(escaped(evil))</label>
        </input>
      </inputs>
      <outcomes>
        <outcome name="ok"/><outcome name="no" label="\(escaped(evil))" adverse="true"/>
      </outcomes>
      <reasons><reason code="R">{{case}} % \(escaped(evil))</reason></reasons>
      <tree>
        <split on="note">
          <case is='"x"'><leaf id="X" outcome="ok"/></case>
          <otherwise>
            <split on="a">
              <case is="&lt; 5"><leaf id="L" outcome="no" reasons="R"/></case>
              <otherwise><leaf id="H" outcome="ok"/></otherwise>
            </split>
          </otherwise>
          <missing><leaf id="M" outcome="no" reasons="R"/></missing>
        </split>
      </tree>
    </ruleset>
    """

  private static func escaped(_ text: String) -> String {
    text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing("\"", with: "&quot;")
  }

  private static let hostileCase = "<script>x</script>\u{202E}👩‍🔬"

  /// A ledger in which labels, case IDs and inputs are hostile; `BIG` has a note of 150 KB. It is only
  /// read, so one serves all tests.
  private static let hostile = Result { try hostileLedger() }

  private static func hostileLedger() throws -> Folder {
    let folder = try Folder()
    try folder.write("evil.xml", hostileRules)
    try folder.write(
      "p.xml",
      "<pipeline xmlns=\"urn:leafproof:pipeline:1\" id=\"p\" version=\"1.0.0\">"
        + "<rules ruleset=\"evil@1.0.0\"/></pipeline>")
    try folder.succeed("publish", "evil.xml", "p.xml")
    func request(_ caseID: String, _ note: String) throws -> String {
      let data = try JSONSerialization.data(withJSONObject: [
        "case_id": caseID, "inputs": ["a": 1, "note": note],
      ])
      return String(decoding: data, as: UTF8.self)
    }
    let lines = [
      try request(hostileCase, evil + "\u{0}\u{7}"),
      try request("BIG", String(repeating: "<&\u{202E}", count: 30_000)),
      try request("TEN", String(repeating: "x", count: 10_000_000)),
      try request("N\u{0}", "x"),
    ]
    let run = try folder.leafproof(
      "decide", "p", "--input", "-", input: lines.joined(separator: "\n") + "\n")
    // Too large a request and a case ID with NUL are refused, and recorded without their case IDs.
    let found = try run.objects().map { ($0["leaf"] ?? $0.objects("problems").first?["code"]) }
    #expect(found == ["L", "L", "too-large", "bad-case-id"])
    #expect(run.output.utf8.count < 20_000)
    return folder
  }

  @Test("hostile labels, case IDs and inputs break no page, letter or text")
  func hostileValues() throws {
    let folder = try Self.hostile.get()
    try folder.write(
      "letter.txt", "{{title}} {{case}}\n\n# {{decision}}\n{{reasons}}\n{{changes}}\n")
    for caseID in [Self.hostileCase, "BIG"] {
      for arguments in [
        ["--audience", "subject"], ["--audience", "subject", "--template", "letter.txt"],
        ["--audience", "analyst"], ["--audience", "court", "--language", "de"],
      ] {
        let run = try folder.start(["explain", caseID, "--format", "html"] + arguments).finish()
        #expect(run.status == 0 && run.output.utf8.count < 30_000, "\(caseID) \(arguments)")
        #expect(run.output.hasSuffix("</html>\n"))
        check(run.output)
      }
      let text = try folder.succeed("explain", caseID).output
      #expect(text.utf8.count < 20_000 && !text.contains("\u{202E}") && !text.contains("\u{7}"))
    }
  }

  /// Only our elements, no address but of the web or a mailbox, nothing that hides or reorders.
  private func check(_ whole: String) {
    // The pictures' elements are known, and stand in figures alone.
    let figure = #/<figure><svg .*?<\/svg><\/figure>/#.dotMatchesNewlines()
    let pictures = whole.matches(of: figure).map { String($0.output) }.joined()
    #expect(
      tags(of: pictures).isSubset(of: [
        "figure", "svg", "title", "desc", "g", "rect", "path", "text",
      ]))
    let page = whole.replacing(figure, with: "")
    for tag in ["script", "img", "iframe", "svg", "object", "link", "base", "form"] {
      #expect(!tags(of: page).contains(tag), "\(tag)")
    }
    #expect(page.matches(of: #/<style>/#).count == 1 && !page.contains("javascript:alert(1)\""))
    for hidden in ["\u{202E}", "\u{2066}", "\u{0}", "\u{7}"] { #expect(!page.contains(hidden)) }
    for tag in ["bdi", "section", "p", "li", "table", "td", "div", "h1", "h2"] {
      let opened = page.ranges(of: "<\(tag)>").count + page.ranges(of: "<\(tag) ").count
      #expect(opened == page.ranges(of: "</\(tag)>").count, "\(tag)")
    }
  }

  @Test(
    "and no PDF",
    .enabled(if: Program.tool("weasyprint") != nil, "`weasyprint` is not installed"))
  func hostilePDF() throws {
    let folder = try Self.hostile.get()
    for (caseID, audience) in [(Self.hostileCase, "subject"), ("BIG", "court")] {
      let run = try folder.start([
        "explain", caseID, "--format", "pdf", "--audience", audience, "-o", "out.pdf",
      ]).finish()
      #expect(run.status == 0, "\(run.errors)")
      let pdf = try folder.data("out.pdf")
      #expect(pdf.starts(with: Data("%PDF-".utf8)) && pdf.count < 500_000)
    }
  }

  private func tags(of page: String) -> Set<String> {
    Set(page.matches(of: #/<\/?([a-zA-Z!]+[0-9]?)/#).map { String($0.output.1) })
  }
}
