import Foundation
import Testing

@Suite("eval") struct EvalTests {
  private static let inputs = """
    <input name="income" type="number" min="0"/>
    <input name="job" type="string" missing="allowed"><value>yes</value><value>a "b", c
    d</value></input>
    """

  private static let tree = """
    <split on="income">
      <case is="&lt; 620"><leaf id="LOW" outcome="decline" reasons="R1"/></case>
      <case is=">= 620">
        <split on="job">
          <case is="&quot;yes&quot;"><leaf id="YES" outcome="approve"><set output="limit">income * 2</set></leaf></case>
          <otherwise><leaf id="ODD" outcome="approve"/></otherwise>
          <missing><leaf id="NONE" outcome="approve"/></missing>
        </split>
      </case>
    </split>
    """

  private func folder() throws -> Folder {
    let folder = try Folder()
    let inputs = Self.inputs.replacingOccurrences(
      of: "a \"b\", c\nd", with: "a &quot;b&quot;, c&#10;d")
    try folder.write("rules.xml", Samples.ruleSet(Self.tree, inputs: inputs))
    return folder
  }

  // MARK: - CSV

  @Test("RFC 4180: quotes, commas and line ends inside fields, CRLF, a byte order mark")
  func rfc4180() throws {
    let folder = try folder()
    let rows =
      "\u{FEFF}\"income\",job\r\n700,yes\r\n\"700\",\"a \"\"b\"\", c\nd\"\r\n619.99,\r\n700,"
    try folder.write("rows.csv", rows)
    let run = try folder.succeed("eval", "rules.xml", "--input", "rows.csv")
    #expect(
      run.output
        == "row,outcome,leaf\n1,approve,YES\n2,approve,ODD\n3,decline,LOW\n4,approve,NONE\n")
    #expect(run.errors.hasPrefix("4 rows, none refused"))
  }

  @Test("values on a threshold and right beside it")
  func thresholds() throws {
    let folder = try folder()
    let rows =
      "income,job\n620,yes\n620.000000000001,yes\n619.999999999999,yes\n6.2e2,yes\n0,yes\n"
      + "619.99999999999999999999999999999,yes\n00620.0,yes\n"
    let run = try folder.succeed("eval", "rules.xml", "--input", "-", input: rows)
    #expect(
      run.lines.dropFirst().map { $0.split(separator: ",").last ?? "" }
        == ["YES", "YES", "LOW", "YES", "LOW", "LOW", "YES"])
  }

  @Test("a row that can't be decided is refused with its reasons; the rows after it are decided")
  func refusals() throws {
    let folder = try folder()
    let rows =
      "income,job\n,yes\nmuch,yes\n-1,yes\n700,perhaps\n700\n700,yes,more\n\"7\"00,yes\n700,yes\n"
    try folder.write("rows.csv", rows)
    let run = try folder.succeed("eval", "rules.xml", "--input", "rows.csv")
    #expect(
      run.lines == ["row,outcome,leaf"] + (1...7).map { "\($0),refused," } + ["8,approve,YES"])
    for line in [
      "row 1: income is required, but missing", "row 2: income ", "row 3: income ", "row 4: job ",
      "row 5: it has 1 field, the header has 2 (line 6)", "row 6: it has 3 fields",
      "row 7: text follows a closing quote", "8 rows, 7 refused",
    ] {
      #expect(run.errors.contains(line), "\(line): \(run.errors)")
    }
    // A subject's values are nobody's business in a log.
    #expect(!run.errors.contains("much") && !run.errors.contains("perhaps"))
  }

  @Test("columns that are no input are ignored with one warning, or refused with --strict")
  func unknownColumns() throws {
    let folder = try folder()
    let rows = "income,jbo,x\n700,yes,1\n700,no,2\n"
    let run = try folder.succeed("eval", "rules.xml", "--input", "-", input: rows)
    #expect(run.output == "row,outcome,leaf\n1,approve,NONE\n2,approve,NONE\n")
    let warnings = run.errors.split(separator: "\n").filter { $0.contains(": warning: ") }
    #expect(warnings.count == 1)
    #expect(warnings.first?.contains("jbo (did you mean job?), x") == true)
    let strict = try folder.leafproof(
      "eval", "rules.xml", "--input", "-", "--strict", input: rows)
    #expect(strict.status == 1 && strict.output.isEmpty && strict.errors.contains("jbo"))
  }

  @Test("an empty file, a repeated column, an open quote, a missing file: told with the place")
  func badFiles() throws {
    let folder = try folder()
    for (rows, words) in [
      ("", "standard input: error: is empty"),
      ("income,income\n1,1\n", "standard input:1: error: two columns are named `income`"),
      ("income,job\n700,yes\n700,\"yes\n", "standard input:3: error: a quoted field"),
    ] {
      let run = try folder.leafproof("eval", "rules.xml", "--input", "-", input: rows)
      #expect(run.status == 3, "\(rows)")
      #expect(run.errors.contains(words), "\(run.errors)")
    }
    let missing = try folder.leafproof("eval", "rules.xml", "--input", "nothing.csv")
    #expect(missing.status == 3 && missing.errors.contains("nothing.csv: error: can't be read"))
    #expect(try folder.leafproof("eval", "rules.xml", "--input", "rows.txt").status == 2)
  }

  @Test("only a header gives only a header; empty lines are no rows")
  func noRows() throws {
    let folder = try folder()
    let none = try folder.succeed("eval", "rules.xml", "--input", "-", input: "income,job\n")
    #expect(none.output == "row,outcome,leaf\n")
    let blank = try folder.succeed(
      "eval", "rules.xml", "--input", "-", input: "income,job\n\n700,yes\n\r\n\n")
    #expect(blank.output == "row,outcome,leaf\n1,approve,YES\n")
  }

  @Test("--outputs adds a column for each output")
  func outputs() throws {
    let folder = try folder()
    let run = try folder.succeed(
      "eval", "rules.xml", "--input", "-", "--outputs",
      input: "income,job\n700.25,yes\n1,yes\n,yes\n")
    #expect(
      run.output
        == "row,outcome,leaf,limit\n1,approve,YES,1400.5\n2,decline,LOW,\n3,refused,,\n")
  }

  // MARK: - JSON Lines, table

  @Test("JSON Lines in, JSON Lines and a table out")
  func jsonLines() throws {
    let folder = try folder()
    try folder.write(
      "rows.jsonl",
      """
      {"income": 700, "job": "yes"}
      {"inputs": {"income": "1e2", "job": null}}
      nonsense
      {"income": true}
      {"income": 0.1, "jbo": 1}
      """)
    let run = try folder.succeed(
      "eval", "rules.xml", "--input", "rows.jsonl", "--format", "jsonl")
    let objects = try run.objects()
    #expect(
      objects.map { $0["outcome"] } == ["approve", "decline", "refused", "refused", "decline"])
    #expect(objects.map { $0["leaf"] } == ["YES", "LOW", nil, nil, "LOW"])
    #expect(objects.map { $0.integer("row") } == [1, 2, 3, 4, 5])
    #expect(objects[0].object("outputs")?.integer("limit") == 1400)
    #expect(objects[1].strings("reasons") == ["R1"])
    #expect(objects[2].objects("problems").first?["code"] == "malformed")
    #expect(objects[3].objects("problems").first?["input"] == "income")
    #expect(
      run.errors.contains("rows.jsonl:5: warning: members that are no input are ignored: jbo"))
    let piped = try folder.succeed(
      "eval", "rules.xml", "--input", "-", "--input-format", "jsonl", "--format", "jsonl",
      input: try folder.text("rows.jsonl"))
    #expect(piped.output == run.output)
    let table = try folder.succeed(
      "eval", "rules.xml", "--input", "rows.jsonl", "--format", "table")
    try TestData.expectGolden(table.output, "eval-table.txt")
    let strict = try folder.leafproof("eval", "rules.xml", "--strict", "--input", "rows.jsonl")
    #expect(strict.status == 1 && strict.errors.contains("rows.jsonl:5"))
  }

  // MARK: - Programs, pipes

  @Test("a compiled program gives what its source gives; a damaged one is refused")
  func compiledProgram() throws {
    let folder = try folder()
    let rows = "income,job\n700,yes\n1,\n,\n"
    try folder.succeed("compile", "rules.xml", "-o", "rules.lpp")
    let source = try folder.succeed("eval", "rules.xml", "--input", "-", input: rows)
    let program = try folder.succeed("eval", "rules.lpp", "--input", "-", input: rows)
    #expect(source.output == program.output && program.lines.count == 4)
    let bytes = try folder.data("rules.lpp")
    for end in stride(from: 4, to: bytes.count, by: 29) {
      try folder.write("cut.lpp", bytes.prefix(end))
      let run = try folder.leafproof("eval", "cut.lpp", "--input", "-", input: rows)
      #expect(run.status == 3 && run.output.isEmpty && run.errors.contains("cut.lpp: error: "))
    }
  }

  @Test("a rule set with errors evaluates nothing")
  func badRuleSet() throws {
    let folder = try Folder()
    try folder.write("rules.xml", Samples.ruleSet("<leaf id=\"A\" outcome=\"decline\"/>"))
    let run = try folder.leafproof("eval", "rules.xml", "--input", "-", input: "income\n1\n")
    #expect(run.status == 1 && run.output.isEmpty)
    #expect(run.errors.contains("[adverse-without-reason]"))
  }

  @Test("a reader that goes away ends the program quietly")
  func closedPipe() throws {
    let folder = try folder()
    let run = try folder.shell(
      """
      { echo income,job; yes 700,yes | head -n 50000; } > rows.csv
      "$leafproof" eval rules.xml --input rows.csv | head -n 1
      echo "${PIPESTATUS[0]}"
      """)
    #expect(run.output == "row,outcome,leaf\n141\n")
    #expect(run.errors.isEmpty, "\(run.errors)")
  }

  @Test("on a pipe an answer comes as soon as its row")
  func conversation() throws {
    let folder = try folder()
    let run = try folder.shell(
      """
      coproc P { "$leafproof" eval rules.xml --input - 2> /dev/null; }
      printf 'income,job\n700,yes\n' >&"${P[1]}"
      read -r -t 10 header <&"${P[0]}"
      read -r -t 10 first <&"${P[0]}"
      printf '1,yes\n' >&"${P[1]}"
      read -r -t 10 second <&"${P[0]}"
      echo "$header $first $second"
      """)
    #expect(run.output == "row,outcome,leaf 1,approve,YES 2,decline,LOW\n", "\(run.errors)")
  }
}
