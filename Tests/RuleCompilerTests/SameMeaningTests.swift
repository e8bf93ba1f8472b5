import RuleCompiler
import RuleProgram
import RuleSyntax
import SeededRandom
import Testing

/// Two sources that mean the same give the same program, and every change of meaning another one.
@Suite struct SameMeaningTests {
  private static let base = """
    <ruleset xmlns="urn:leafproof:ruleset:1" id="r" version="1.0.0">
      <title>Rules</title>
      <inputs>
        <input name="score" type="number" min="0" max="1000" label="the score"/>
        <input name="kind" type="string" missing="allowed"><value>a</value><value>b</value><value>c</value></input>
        <input name="name" type="string"/>
        <input name="on" type="date"/>
        <derived name="half" type="number">score / 2</derived>
        <derived name="third" type="number">half / 3</derived>
      </inputs>
      <outcomes><outcome name="yes"/><outcome name="no" adverse="true"/></outcomes>
      <outputs><output name="limit" type="number"/><output name="note" type="string"/></outputs>
      <reasons><reason code="R1">One</reason><reason code="R2">Two</reason></reasons>
      <tree>
        <split id="band" on="score">
          <case is="&lt; 500"><leaf id="LOW" outcome="no" reasons="R1 R2"/></case>
          <case is="[500..620)">
            <split on="kind">
              <case is='"a","b"'><leaf id="AB" outcome="yes"><set output="limit">half</set><set output="note">"x"</set></leaf></case>
              <otherwise><leaf id="C" outcome="no" reasons="R2"/></otherwise>
              <missing><leaf id="NONE" outcome="yes"/></missing>
            </split>
          </case>
          <case is=">= 620">
            <split on='third > 150 and name = "x"'>
              <case is="true"><leaf id="T" outcome="yes"/></case>
              <case is="false">
                <split on="on">
                  <case is='&lt; date("2026-01-01")'><leaf id="OLD" outcome="yes"/></case>
                  <otherwise><leaf id="NEW" outcome="yes"/></otherwise>
                </split>
              </case>
            </split>
          </case>
        </split>
      </tree>
    </ruleset>
    """

  /// The base with `old` replaced, which must be there once.
  private static func changed(_ old: String, _ new: String) throws -> String {
    try #require(base.components(old) == 1, "\(old)")
    return base.replacing(old, with: new)
  }

  @Test(arguments: [
    // White space, comments, labels, titles, IDs of splits.
    ("<title>Rules</title>", "<!-- a note --><title>Other</title>\n\n"),
    (" label=\"the score\"", ""),
    ("<split id=\"band\" on=\"score\">", "<split\n   on=' score '\n>"),
    ("version=\"1.0.0\"", "version=\"2.0.0\""),
    ("<reason code=\"R1\">One</reason>", "<reason code=\"R1\">Another text</reason>"),
    // Attribute order, and the order of declarations.
    ("<leaf id=\"T\" outcome=\"yes\"/>", "<leaf outcome=\"yes\" id=\"T\"></leaf>"),
    (
      "<outcome name=\"yes\"/><outcome name=\"no\" adverse=\"true\"/>",
      "<outcome name=\"no\" adverse=\"true\"/><outcome name=\"yes\" adverse=\"false\"/>"
    ),
    ("<value>a</value><value>b</value>", "<value>b</value><value>a</value>"),
    (
      "<derived name=\"half\" type=\"number\">score / 2</derived>\n    "
        + "<derived name=\"third\" type=\"number\">half / 3</derived>",
      "<derived name=\"third\" type=\"number\">half/3</derived>"
        + "<derived name=\"half\" type=\"number\">(score) / 2.0</derived>"
    ),
    (
      "<set output=\"limit\">half</set><set output=\"note\">\"x\"</set>",
      "<set output=\"note\">\"x\"</set><set output=\"limit\">half</set>"
    ),
    (
      "<reason code=\"R1\">One</reason><reason code=\"R2\">Two</reason>",
      "<reason code=\"R2\">Two</reason><reason code=\"R1\">One</reason>"
    ),
    ("reasons=\"R1 R2\"", "reasons=\"R1, R2\""),
    // Other writings of a test.
    ("&lt; 500", "&lt; 500.00"), ("&lt; 500", "[0..500)"), ("&lt; 500", "not(>= 500)"),
    ("&lt; 500", "0, (0..499], (499..500)"), ("[500..620)", "[5e2..620["),
    ("[500..620)", "[500..501), [501..620)"), (">= 620", "[620..1000]"), (">= 620", ">= 310 * 2"),
    ("'\"a\",\"b\"'", "'\"b\", \"a\"'"), ("'\"a\",\"b\"'", "'not(\"c\")'"),
    ("'\"a\",\"b\"'", "'\"a\", \"b\", \"a\"'"),
    (
      "<otherwise><leaf id=\"C\" outcome=\"no\" reasons=\"R2\"/></otherwise>",
      "<case is='\"c\"'><leaf id=\"C\" outcome=\"no\" reasons=\"R2\"/></case>"
    ),
    (
      "<otherwise><leaf id=\"NEW\" outcome=\"yes\"/></otherwise>",
      "<case is='>= @\"2026-01-01\"'><leaf id=\"NEW\" outcome=\"yes\"/></case>"
    ),
    (">= 620", "&gt;= 620"), ("score / 2", "score/ 2 // half of it"),
    ("is='&lt; date(\"2026-01-01\")'", "is=\"&lt; date(2026, 1, 1)\""),
  ])
  func equalMeaningGivesOneDigest(_ change: (old: String, new: String)) throws {
    let expected = Compiled(Self.base)
    try #require(expected.result != nil, "\(expected.shown)")
    let text = try Self.changed(change.old, change.new)
    #expect(Compiled(text).digest == expected.digest, "\(change.new)")
  }

  @Test(arguments: [
    ("[500..620)\">", "[500..620]\">"), ("score / 2", "score / 1.5"), ("id=\"AB\"", "id=\"AC\""),
    ("<leaf id=\"T\" outcome=\"yes\"/>", "<leaf id=\"T\" outcome=\"no\" reasons=\"R1\"/>"),
    ("reasons=\"R1 R2\"", "reasons=\"R2 R1\""), ("reasons=\"R1 R2\"", "reasons=\"R1\""),
    ("\"2026-01-01\"", "\"2026-01-02\""), ("max=\"1000\"", "max=\"1001\""),
    ("'\"a\",\"b\"'", "'\"a\"'"),
    ("<set output=\"note\">\"x\"</set>", "<set output=\"note\">\"y\"</set>"),
    ("<set output=\"note\">\"x\"</set>", ""), ("name = \"x\"", "name = \"X\""),
    (" adverse=\"true\"", ""), ("third > 150", "third >= 150"),
    ("type=\"date\"/>", "type=\"date\" min=\"2000-01-01\"/>"),
  ])
  func changedMeaningGivesAnotherDigest(_ change: (old: String, new: String)) throws {
    let base = Compiled(Self.base)
    var text = try Self.changed(change.old, change.new)
    // A bound that moves in one case moves in its neighbour.
    if change.new == "[500..620]\">" { text = text.replacing(">= 620", with: "> 620") }
    let other = Compiled(text)
    #expect(other.result != nil, "\(other.shown)")
    #expect(other.digest != base.digest, "\(change.new)")
  }

  @Test func orderOfCasesInShippedRuleSetsDoesNotMatter() throws {
    let seed = UInt64.random(in: 0...UInt64.max)
    var random = SeededGenerator(seed: seed)
    for file in TestData.shippedRuleSets {
      let compiled = Compiled(try TestData.source(file))
      let syntax = try #require(compiled.syntax)
      for _ in 0..<12 {
        let shuffled = Compiled(Shuffling.shuffled(syntax, &random), source: compiled.source)
        #expect(shuffled.digest == compiled.digest, "\(compiled.source.path), seed \(seed)")
      }
    }
  }
}

extension String {
  /// How often `part` occurs.
  fileprivate func components(_ part: String) -> Int { ranges(of: part).count }
}

/// Puts everything whose order has no meaning in another order.
private enum Shuffling {
  static func shuffled(
    _ syntax: RuleSetSyntax, _ random: inout SeededGenerator
  ) -> RuleSetSyntax {
    var copy = syntax
    copy.inputs.shuffle(using: &random)
    for index in copy.inputs.indices { copy.inputs[index].values.shuffle(using: &random) }
    copy.derived.shuffle(using: &random)
    copy.outcomes.shuffle(using: &random)
    copy.outputs.shuffle(using: &random)
    copy.reasons.shuffle(using: &random)
    copy.tree = copy.tree.map { shuffled($0, &random) }
    return copy
  }

  private static func shuffled(_ node: NodeSyntax, _ random: inout SeededGenerator) -> NodeSyntax {
    switch node {
    case .leaf(var leaf):
      leaf.sets.shuffle(using: &random)
      return .leaf(leaf)
    case .split(var split):
      for index in split.cases.indices {
        split.cases[index].child = split.cases[index].child.map { shuffled($0, &random) }
      }
      let (otherwise, missing) = (split.otherwise?.child, split.missing?.child)
      split.otherwise?.child = otherwise.map { shuffled($0, &random) }
      split.missing?.child = missing.map { shuffled($0, &random) }
      split.cases.shuffle(using: &random)
      return .split(split)
    }
  }
}
