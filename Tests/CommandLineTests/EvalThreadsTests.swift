import SeededRandom
import Testing

@Suite("eval on several threads") struct EvalThreadsTests {
  private static let tree = """
    <split on="income">
      <case is="&lt; 500"><leaf id="LOW" outcome="decline" reasons="R1"/></case>
      <case is=">= 500"><leaf id="HIGH" outcome="approve"/></case>
    </split>
    """

  private func folder() throws -> Folder {
    let folder = try Folder()
    let inputs = "<input name=\"income\" type=\"number\" min=\"0\"/>"
    try folder.write("rules.xml", Samples.ruleSet(Self.tree, inputs: inputs))
    return folder
  }

  /// A file of rows, and what `eval` has to say of it.
  private struct Rows {
    var text: String
    var answers: [String] = []
    var reasons: [String] = []
    var line = 1

    mutating func add(_ record: String, _ outcome: String, _ leaf: String, refused: String? = nil) {
      answers.append("\(answers.count + 1),\(outcome),\(leaf)")
      if let refused { reasons.append("row \(answers.count): \(refused)") }
      text += record
      line += record.utf8.count { $0 == 0x0A }
    }
  }

  /// About 2 MB of rows: quoted fields with commas, quotes and line ends, empty lines, both line
  /// ends, rows that are refused and rows that are damaged.
  private static func csv(_ random: inout SeededGenerator) -> Rows {
    var rows = Rows(text: "income,note\n", line: 2)
    let pieces = ["plain text ", "a, b", "say \"\"so\"\"", "two\nlines", "two\r\nlines", ""]
    while rows.text.utf8.count < 2 << 20 {
      if Int.random(in: 0..<20, using: &random) == 0 {
        rows.text += "\n"
        rows.line += 1
      }
      let income = Int.random(in: 0..<1000, using: &random)
      let isQuoted = Bool.random(using: &random)
      let piece = pieces.randomElement(using: &random) ?? ""
      let note =
        isQuoted
        ? "\"" + String(repeating: piece, count: Int.random(in: 1..<60, using: &random)) + "\""
        : String(repeating: "x\"y ", count: Int.random(in: 0..<120, using: &random))
      let end = Bool.random(using: &random) ? "\n" : "\r\n"
      let line = rows.line
      switch Int.random(in: 0..<100, using: &random) {
      case 0:
        rows.add(
          ",\(note)\(end)", "refused", "", refused: "income is required, but missing")
      case 1:
        rows.add(
          "\(income)\(end)", "refused", "",
          refused: "it has 1 field, the header has 2 (line \(line))")
      case 2:
        rows.add(
          "\"1\"2,\(note)\(end)", "refused", "",
          refused: "text follows a closing quote (line \(line))")
      default:
        rows.add(
          "\(income),\(note)\(end)", income < 500 ? "decline" : "approve",
          income < 500 ? "LOW" : "HIGH")
      }
    }
    return rows
  }

  @Test("any number of threads gives the rows' answers and refusals in the rows' order")
  func order() throws {
    let seed = UInt64.random(in: 0..<1_000_000)
    var random = SeededGenerator(seed: seed)
    let folder = try folder()
    let rows = Self.csv(&random)
    try folder.write("rows.csv", rows.text)
    let output = (["row,outcome,leaf"] + rows.answers).map { $0 + "\n" }.joined()
    for threads in ["1", "2", "5"] {
      let run = try folder.succeed(
        "eval", "rules.xml", "--input", "rows.csv", "--threads", threads, "--all-refusals")
      // No `#expect` over the texts: it would print megabytes.
      let isSame = run.output == output
      #expect(isSame, "seed \(seed), \(threads) threads")
      let reasons = run.errors.split(separator: "\n").filter { $0.hasPrefix("row ") }
      let isTold = reasons.map(String.init) == rows.reasons
      #expect(isTold, "seed \(seed), \(threads) threads")
    }
    let piped = try folder.shell(
      """
      cat rows.csv | "$leafproof" eval rules.xml --input - --threads 3
      """)
    let isSame = piped.output == output
    #expect(isSame, "seed \(seed), from a pipe")
    let told = piped.errors.split(separator: "\n").filter { $0.hasPrefix("row ") }
    #expect(told.map(String.init) == Array(rows.reasons.prefix(20)), "seed \(seed)")
    #expect(
      piped.errors.contains("\n\(rows.reasons.count - 20) more rows were refused"), "seed \(seed)")
  }

  @Test("what comes before damage is answered, what comes behind isn't, and the place is told")
  func damage() throws {
    let seed = UInt64.random(in: 0..<1_000_000)
    var random = SeededGenerator(seed: seed)
    let folder = try folder()
    let rows = Self.csv(&random)
    try folder.write("rows.csv", rows.text + "1,\"open\n" + rows.text)
    // The quote after that opens and closes what follows, so the damage may be found further on:
    // where the rows before it end is the same on one thread.
    try folder.write("open.csv", rows.text + "1,\"open\n" + String(repeating: "1,2\n", count: 99))
    let one = try folder.leafproof(
      "eval", "rules.xml", "--input", "rows.csv", "--threads", "1", "--all-refusals")
    for threads in ["2", "4"] {
      let run = try folder.leafproof(
        "eval", "rules.xml", "--input", "rows.csv", "--threads", threads, "--all-refusals")
      let isSame =
        run.output == one.output && run.status == one.status
        && run.errors.split(separator: "\n").dropLast()
          == one.errors.split(separator: "\n").dropLast()
      #expect(isSame, "seed \(seed), \(threads) threads")
      let open = try folder.leafproof(
        "eval", "rules.xml", "--input", "open.csv", "--threads", threads)
      #expect(open.status == 3)
      #expect(
        open.errors.contains(
          "open.csv:\(rows.line): error: a quoted field that starts in this row"),
        "seed \(seed)")
      let isAnswered =
        open.output == (["row,outcome,leaf"] + rows.answers).map { $0 + "\n" }.joined()
      #expect(isAnswered, "seed \(seed), \(threads) threads")
    }
  }

  @Test("JSON Lines: one warning, of the first row; --strict ends before the first bad row")
  func jsonLines() throws {
    let folder = try folder()
    let filler = String(repeating: "x", count: 200)
    var lines = (1...9000).map { "{\"income\": \($0 % 1000), \"inputs\": null, \"\(filler)\": 1}" }
    let good = (1...9000).map { "  {\"income\": \($0 % 1000)}" + String(repeating: " ", count: 99) }
    for place in stride(from: 10, to: 9000, by: 10) { lines[place] += "\r\n \t\r\n" }
    try folder.write("odd.jsonl", lines.joined(separator: "\n"))
    try folder.write("strict.jsonl", good.joined(separator: "\n\n") + "\n" + lines[17])
    let answers = (1...9000).map {
      $0 % 1000 < 500 ? "\($0),decline,LOW\n" : "\($0),approve,HIGH\n"
    }
    let output = "row,outcome,leaf\n" + answers.joined()
    for threads in ["1", "3"] {
      let run = try folder.succeed(
        "eval", "rules.xml", "--input", "odd.jsonl", "--threads", threads)
      #expect(run.output == output, "\(threads) threads")
      let warnings = run.errors.split(separator: "\n").filter { $0.contains("warning: ") }
      #expect(warnings.count == 1 && warnings[0].hasPrefix("odd.jsonl:1: warning: "))
      let strict = try folder.leafproof(
        "eval", "rules.xml", "--input", "strict.jsonl", "--threads", threads, "--strict")
      #expect(strict.status == 1 && strict.output == output)
      #expect(strict.errors.contains("strict.jsonl:18000: members that are no input: "))
    }
  }

  @Test("--threads takes a sensible number")
  func wrongNumber() throws {
    let folder = try folder()
    for number in ["0", "257", "-1", "many"] {
      let run = try folder.leafproof(
        "eval", "rules.xml", "--input", "-", "--threads", number, input: "income\n1\n")
      #expect(run.status == 2 && run.output.isEmpty, "\(number)")
    }
  }
}
