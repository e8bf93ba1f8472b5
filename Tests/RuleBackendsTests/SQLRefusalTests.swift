import Foundation
import RuleBackends
import RuleProgram
import Testing

/// What SQL can't say exactly is refused by name, and rows that a column must not hold are refused.
@Suite struct SQLRefusalTests {
  private func ruleSet(_ input: String, _ derived: String, _ cases: String) throws -> SQLCase {
    try SQLCase.xml(
      "refusal",
      """
      <ruleset xmlns="urn:leafproof:ruleset:1" id="r" version="1.0.0">
        <title>R</title>
        <inputs>\(input)</inputs>
        <outcomes><outcome name="yes"/><outcome name="no"/></outcomes>
        <tree><split on='\(derived)'>\(cases)</split></tree>
      </ruleset>
      """)
  }

  private static let boolean = """
    <case is="true"><leaf id="T" outcome="yes"/></case>
    <case is="false"><leaf id="F" outcome="no"/></case>
    """
  private static let missing = boolean + "<missing><leaf id=\"M\" outcome=\"no\"/></missing>"
  private static let text = "<input name=\"s\" type=\"string\"/>"
  private static let numbers = """
    <input name="a" type="number"/><input name="b" type="number" missing="allowed"/>
    """

  @Test(arguments: [
    (text, #"matches(s, "^a+$")"#, boolean, "`matches`"),
    (text, #"upper case(s) = "A""#, boolean, "`upperCase`"),
    (numbers, "a / b * 2 > 1", missing, "calculating with the result of a division"),
    (numbers, "a / b + b / a > 2", missing, "calculating with the result of a division"),
    (numbers, "a / b > b / a", missing, "comparing two quotients"),

    (numbers, "a / b > 0.1234567890123456789", missing, "a division whose 34 digits might decide"),
    (numbers, "sqrt(a) > b", missing, "`squareRoot`"),
    (numbers, "a / b > b * b", missing, "a calculation that may exceed"),
    (numbers, "a * a * b > 1", missing, "a calculation that may exceed"),
  ])
  func refuses(_ input: String, _ on: String, _ cases: String, _ construct: String) throws {
    let item = try ruleSet(input, on.replacing("<", with: "&lt;"), cases)
    for dialect in SQLDialect.allCases {
      let refusal = #expect(throws: Inexpressible.self, "\(dialect)") {
        try SQLBackend(dialect).text(of: item.program)
      }
      #expect(
        refusal?.construct.hasPrefix(construct) == true, "\(dialect): \(refusal?.construct ?? "")")
    }
  }

  @Test func namesTheDerivedValueOfAShippedRuleSet() throws {
    let item = try SQLCase.shipped("rulesets/retail-lending/ruleset.xml")
    // 64 bits hold it with numbers of fewer digits.
    #expect(throws: Never.self) {
      try SQLBackend(.sqlite, precision: 10, scale: 2).text(of: item.program, outputs: false)
    }
    let output = #expect(throws: Inexpressible.self) {
      try SQLBackend(.postgres).text(of: item.program)
    }
    guard case .leaf(let leaf)? = output?.part else {
      Issue.record("another part: \(String(describing: output))")
      return
    }
    #expect(item.program.program.leaves[leaf].id == "MG-APPROVE-HIGH-VALUE")
    let refusal = #expect(throws: Inexpressible.self) {
      try SQLBackend(.sqlite).text(of: item.program)
    }
    guard case .derived(let index)? = refusal?.part else {
      Issue.record("another part: \(String(describing: refusal))")
      return
    }
    #expect(item.program.program.derived[index].name == "burden")
  }

  /// `a` is calculated with, `b` only compared: each refuses what the evaluator could not have read.
  @Test func sqliteRefusesWhatAColumnMustNotHold() throws {
    let item = try SQLCase.xml(
      "columns",
      """
      <ruleset xmlns="urn:leafproof:ruleset:1" id="r" version="1.0.0">
        <title>R</title>
        <inputs><input name="a" type="number"/><input name="b" type="number"/>
          <input name="d" type="date"/></inputs>
        <outcomes><outcome name="yes"/><outcome name="no"/></outcomes>
        <tree><split on="a * 2">
          <case is="&gt; 1"><split on="b">
            <case is="&lt; 0.3"><leaf id="LOW" outcome="yes"/></case>
            <case is="&gt;= 0.3"><leaf id="HIGH" outcome="no"/></case>
          </split></case>
          <case is="&lt;= 1"><split on="d">
            <case is='&lt; date("2026-01-01")'><leaf id="OLD" outcome="no"/></case>
            <case is='&gt;= date("2026-01-01")'><leaf id="NEW" outcome="no"/></case>
          </split></case>
        </split></tree>
      </ruleset>
      """)
    let text = try SQLBackend(.sqlite).text(of: item.program)
    let rows: [(String, String)] = [
      ("1, 0.3, '2026-01-31'", "HIGH"), ("1, 0.29999999999999993, '2026-01-31'", "LOW"),
      ("0.5, 1, '2026-01-31'", "NEW"), ("0.50001, 1, '2026-01-31'", ""),
      ("'1', 1, '2026-01-31'", ""), ("1, '1', '2026-01-31'", ""), ("1, 9e999, '2026-01-31'", ""),
      ("1, 1, '2026-02-30'", ""), ("1, 1, '2026-1-31'", ""), ("1, 1, NULL", ""),
      ("100000000000, 1, '2026-01-31'", ""), ("1, 9007199254740993, '2026-01-31'", ""),
    ]
    let folder = FileManager.default.temporaryDirectory.appending(path: "leafproof-sql-\(UUID())")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let script = """
      CREATE TABLE t (a, b, d);
      INSERT INTO t VALUES \(rows.map { "(\($0.0))" }.joined(separator: ", "));
      .output out
      SELECT s.leaf FROM (\(text.select(from: "t"))) s;
      SELECT \(text.leaf) FROM t;
      """
    try script.write(to: folder.appending(path: "in"), atomically: false, encoding: .utf8)
    try SQLDatabase.bash("sqlite3 -batch -bail :memory: < in", in: folder)
    let out = try String(contentsOf: folder.appending(path: "out"), encoding: .utf8)
    let answers = out.split(separator: "\n", omittingEmptySubsequences: false).dropLast().map {
      String($0)
    }
    #expect(answers == rows.map(\.1) + rows.map(\.1))
  }
}
