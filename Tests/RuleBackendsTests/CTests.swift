import Foundation
import RuleCompiler
import RuleProgram
import Testing

@testable import RuleBackends

func options(
  _ id: String, keysOnly: Bool = false, nestedLeaves: Int = 2_000
) -> CBackend.Options {
  CBackend.Options(
    id: id, version: "1.0.0", generator: "test", headerName: "\(id).h", keysOnly: keysOnly,
    nestedLeaves: nestedLeaves)
}

private func subject(
  _ program: VerifiedProgram, _ id: String, keysOnly: Bool = false, nestedLeaves: Int = 2_000
) throws -> CHarness.Subject {
  let backend = CBackend(program, options(id, keysOnly: keysOnly, nestedLeaves: nestedLeaves))
  return CHarness.Subject(
    program: program, id: id, files: try backend.emit(), keysOnly: keysOnly)
}

@Suite("C has the evaluator's leaf") struct CConformanceTests {
  private static let compiler = Tool.path("cc")

  /// A rule set of conditions that C can express, as people write them.
  static let expressible = """
    <ruleset xmlns="urn:leafproof:ruleset:1" id="expressible" version="1.0.0">
      <inputs>
        <input name="amount" type="number" min="0" max="1000000"/>
        <input name="limit" type="number" missing="allowed"/>
        <input name="channel" type="string"><value>branch</value><value>online</value></input>
        <input name="remark" type="string" missing="allowed"/>
        <input name="born" type="date"/>
        <input name="today" type="date"/>
        <input name="term" type="yearMonthDuration" missing="allowed"/>
        <input name="hit" type="boolean" missing="allowed"/>
        <input name="at" type="dateTime"/>
        <input name="clock" type="time"/>
        <input name="arrears" type="dayTimeDuration"/>
        <derived name="age" type="yearMonthDuration">years and months duration(born, today)</derived>
        <derived name="large_online" type="boolean">channel = "online" and amount > 20000.05</derived>
        <derived name="over" type="boolean">if limit = null then hit else amount > limit</derived>
        <derived name="months" type="number">term.years * 12 + term.months</derived>
      </inputs>
      <outcomes><outcome name="yes"/><outcome name="no"/></outcomes>
      <tree>
        <split on="age">
          <case is='&lt; duration("P18Y")'><leaf id="YOUNG" outcome="no"/></case>
          <otherwise>
            <split on="large_online">
              <case is="true"><leaf id="LARGE" outcome="no"/></case>
              <case is="false">
                <split on="over">
                  <case is="true"><leaf id="OVER" outcome="no"/></case>
                  <missing><leaf id="OVER-UNKNOWN" outcome="no"/></missing>
                  <case is="false">
                    <split on="months">
                      <case is="&lt; 6, > 48"><leaf id="TERM" outcome="no"/></case>
                      <missing><leaf id="TERM-UNKNOWN" outcome="no"/></missing>
                      <otherwise>
                        <split on='remark'>
                          <case is='"fraud", "é"'><leaf id="REMARK" outcome="no"/></case>
                          <missing>
                            <split on="at">
                              <case is='>= date and time("2025-01-01T00:00:00")'>
                                <split on="clock">
                                  <case is='&lt; time("06:00:00"), > time("22:00:00")'><leaf id="NIGHT" outcome="no"/></case>
                                  <otherwise><leaf id="DAY" outcome="yes"/></otherwise>
                                </split>
                              </case>
                              <otherwise><leaf id="OLD" outcome="yes"/></otherwise>
                            </split>
                          </missing>
                          <otherwise>
                            <split on='today + duration("P30D") > born + term and arrears > duration("PT36H")'>
                              <case is="true"><leaf id="ARREARS" outcome="no"/></case>
                              <case is="false"><leaf id="CLEAN" outcome="yes"/></case>
                            </split>
                          </otherwise>
                        </split>
                      </otherwise>
                    </split>
                  </case>
                </split>
              </case>
            </split>
          </otherwise>
        </split>
      </tree>
    </ruleset>
    """

  @Test(
    "shipped, written and random programs over random, boundary and missing rows",
    .enabled(if: compiler != nil, "no C compiler `cc`"))
  func conformance() throws {
    let seed = TestData.seed()
    print("C conformance: LEAFPROOF_SEED=\(seed)")
    var subjects: [CHarness.Subject] = []
    let written = try TestData.ruleSet(Self.expressible).program
    subjects.append(try subject(written, "written"))
    subjects.append(try subject(written, "written_table", nestedLeaves: 0))
    for (index, file) in try TestData.shippedRuleSets().enumerated() {
      let program = try TestData.ruleSet(file).program
      let isExpressible = CBackend(program, options("any")).refusals().isEmpty
      subjects.append(try subject(program, "shipped_\(index)", keysOnly: !isExpressible))
    }
    #expect(subjects.contains { $0.id.hasPrefix("shipped") && !$0.keysOnly })
    let drawn = try random(seed, count: TestData.isNightly ? 40 : 14)
    subjects += drawn
    #expect(drawn.count { !$0.keysOnly } >= drawn.count / 3, "few random programs are expressible")
    let rows = (TestData.isNightly ? 1_000_000 : 20_000) / subjects.count
    let compiler = try #require(Self.compiler)
    try CHarness(subjects).check(rows: rows, seed: seed, compiler: compiler)
  }

  private func random(_ seed: UInt64, count: Int) throws -> [CHarness.Subject] {
    try (0..<count).map { index in
      var source = ProgramSource(seed: seed &+ UInt64(index))
      let program = try source.program(leaves: [1, 8, 40, 120][index % 4])
      let isExpressible = CBackend(program, options("any")).refusals().isEmpty
      return try subject(
        program, "random_\(index)", keysOnly: !isExpressible,
        nestedLeaves: index % 3 == 0 ? 0 : 2_000)
    }
  }

  @Test(
    "a tree deeper than compilers nest, and texts without an input of that type",
    .enabled(if: compiler != nil, "no C compiler `cc`"))
  func shapes() throws {
    let deep = try Self.chain(400)
    let subjects = [
      try subject(deep, "deep"), try subject(deep, "deep_table", nestedLeaves: 0),
      try subject(TestData.ruleSet(Self.constantTexts).program, "constant_texts"),
    ]
    try CHarness(subjects).check(rows: 2_000, seed: 7, compiler: #require(Self.compiler))
  }

  private static let constantTexts = """
    <ruleset xmlns="urn:leafproof:ruleset:1" id="texts" version="1.0.0">
      <inputs><input name="hit" type="boolean" missing="allowed"/></inputs>
      <outcomes><outcome name="yes"/><outcome name="no"/></outcomes>
      <tree>
        <split on='(if hit then "a" else "é") &lt; "b"'>
          <case is="true"><leaf id="HIT" outcome="yes"/></case>
          <case is="false"><leaf id="MISSED" outcome="no"/></case>
        </split>
      </tree>
    </ruleset>
    """

  /// A chain of `depth` splits on one number.
  static func chain(_ depth: Int) throws -> VerifiedProgram {
    let nodes = (0..<depth).map { level in
      Program.Node(
        slot: 0, cuts: [Int64(2 * level)],
        children: [.leaf(level), level + 1 < depth ? .node(level + 1) : .leaf(depth)],
        missing: nil)
    }
    let leaves = (0...depth).map {
      Program.Leaf(id: "L\($0)", outcome: 0, reasons: [], sets: [])
    }
    return try VerifiedProgram(
      Program(
        inputs: [Program.Input(name: "x", type: .number)],
        outcomes: [Program.Outcome(name: "o", isAdverse: false)],
        slots: [Program.Slot(source: .input(0), type: .number, encoding: .scaled(digits: 0))],
        nodes: nodes, leaves: leaves, root: .node(0)))
  }

  @Test("names that C would not take", .enabled(if: compiler != nil, "no C compiler `cc`"))
  func names() throws {
    let inputs = ["NULL", "_x", "a b", "a-b", "int", "ä*/b??/", "\u{1F642}"]
      .sorted { Array($0.utf8).lexicographicallyPrecedes(Array($1.utf8)) }.map {
        Program.Input(name: $0, type: .number)
      }
    let slots = inputs.indices.map {
      Program.Slot(source: .input($0), type: .number, encoding: .scaled(digits: 1))
    }
    let nodes = slots.indices.map { index in
      Program.Node(
        slot: index, cuts: [7],
        children: [.leaf(index), index + 1 < slots.count ? .node(index + 1) : .leaf(slots.count)],
        missing: nil)
    }
    let ids = ["A-B", "A_B", "a.b", "\"\\?\u{7}", "*/", "??/", "é", "int"]
    let program = Program(
      inputs: inputs, outcomes: [Program.Outcome(name: "*/ \"", isAdverse: true)],
      reasons: ["/*", "R\\"], slots: slots, nodes: nodes,
      leaves: ids.enumerated().map {
        Program.Leaf(id: $1, outcome: 0, reasons: $0 == 3 ? [1, 0] : [], sets: [])
      }, root: .node(0))
    let verified = try VerifiedProgram(program)
    try CHarness([subject(verified, "hostile")])
      .check(rows: 500, seed: 1, compiler: #require(Self.compiler))
    #expect(CBackend.prefix("consumer-credit") == "consumer_credit")
    #expect(CBackend.prefix("7-Élan") == "x_7_uc9lan")
  }

  @Test("what a leaf means", .enabled(if: compiler != nil, "no C compiler `cc`"))
  func lookups() throws {
    let file = TestData.root.appendingPathComponent("rulesets/consumer-credit/ruleset.xml")
    let ruleSet = try TestData.ruleSet(file)
    let files = try CBackend(ruleSet.program, options("credit", keysOnly: true)).emit()
    let folder = try TemporaryFolder()
    try folder.write(files.header, to: "credit.h")
    try folder.write(files.source, to: "credit.c")
    try folder.write(
      """
      #include "credit.h"
      #include <stdio.h>
      int main(void) {
        int32_t leaf, i;
        const int32_t *reasons;
        for (leaf = -1; leaf <= CREDIT_LEAF_COUNT; leaf++) {
          const char *id = credit_leaf_id(leaf);
          const char *outcome = credit_outcome_name(credit_leaf_outcome(leaf));
          const int32_t count = credit_leaf_reasons(leaf, &reasons);
          printf("%s %s %d", id ? id : "-", outcome ? outcome : "-", credit_leaf_is_adverse(leaf));
          for (i = 0; i < count; i++) printf(" %s", credit_reason_code(reasons[i]));
          printf("\\n");
        }
        printf("%s %s\\n", credit_version(), credit_program_digest());
        return 0;
      }
      """, to: "main.c")
    let compiler = try #require(Self.compiler)
    try Tool.run(compiler, CHarness.flags + ["-o", "run", "main.c", "credit.c"], in: folder.url)
    let said = try Tool.run(folder.url.appendingPathComponent("run").path, [], in: folder.url)
    let program = ruleSet.program.program
    var lines = ["- - 0"]
    for (index, leaf) in program.leaves.enumerated() {
      let outcome = program.outcome(ofLeaf: index)
      lines.append(
        ([leaf.id, outcome.name, outcome.isAdverse ? "1" : "0"] + program.reasonCodes(ofLeaf: index))
          .joined(separator: " "))
    }
    lines += ["- - 0", "1.0.0 sha256:\(program.digest)", ""]
    #expect(said == lines.joined(separator: "\n"))
  }
}

@Suite("What C can't express") struct CRefusalTests {
  @Test("decimal arithmetic is refused at the derived value, once, and keys still work")
  func division() throws {
    let file = TestData.root.appendingPathComponent("rulesets/consumer-credit/ruleset.xml")
    let program = try TestData.ruleSet(file).program
    let backend = CBackend(program, options("credit"))
    let derived = try #require(program.program.derived.firstIndex { $0.name == "debt_ratio" })
    #expect(backend.refusals() == [Inexpressible("a division", in: .derived(derived))])
    #expect(throws: Inexpressible("a division", in: .derived(derived))) { try backend.emit() }
    let keys = CBackend(program, options("credit", keysOnly: true))
    #expect(keys.refusals().isEmpty)
    #expect(try !keys.emit().header.contains("leaf_of"))
  }
}
