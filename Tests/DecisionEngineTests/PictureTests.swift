import CanonicalJSON
import DecisionEngine
import RuleCompiler
import RuleProgram
import RuleSyntax
import Testing

/// The picture of a decision's path, read back from what is drawn.
@Suite("Pictures")
struct PictureTests {
  private static let pipeline = """
    <pipeline xmlns="urn:leafproof:pipeline:1" id="p" version="1.0.0">
      <rules ruleset="r@1.0.0"/>
    </pipeline>
    """

  private func engine(_ ruleSet: String) throws -> Engine {
    let engine = Engine(store: try Samples.store())
    _ = try engine.publish([
      try ExplainedPathTests.publication(ruleSet),
      try ExplainedPathTests.publication(Self.pipeline),
    ])
    return engine
  }

  private func decided(_ engine: Engine, _ inputs: JSON, _ caseID: String) throws -> Explanation {
    let request: JSON = ["case_id": .string(caseID), "inputs": inputs]
    let answers = try engine.decide([request.canonicalBytes], pipeline: "p")
    return try engine.explain(try answers[0].get().caseID)
  }

  private func drawn(_ explanation: Explanation) throws -> DrawnTree {
    try DrawnTree(try #require(explanation.picture))
  }

  @Test("the drawn path is the executed one, over random trees, and no leaf is lost")
  func randomTrees() throws {
    let seed = UInt64.random(in: 0..<1_000_000)
    print("drawn paths: seed \(seed)")
    for number in 0..<40 {
      var maker = TreeMaker(seed: seed &+ UInt64(number) &* 7919)
      let text = maker.ruleSet()
      let engine = try engine(text)
      let (program, wording, _) = try engine.ruleSet(
        PipelineDefinition.Reference(id: "r", version: "1.0.0"))
      let ids = Dictionary(
        uniqueKeysWithValues: wording.nodes.map { node in
          ("\(node.place.line):\(node.place.column)", node.id ?? "")
        })
      for place in 0..<15 {
        let row = maker.row()
        let tree = try drawn(try decided(engine, row.json, "case \(place)"))
        let (path, expected) = (try tree.path(), maker.run(row))
        let note: Comment = "seed \(seed), tree \(number): \(row)\n\(text)"
        #expect(path.splits.map { ids[$0] } == expected.splits, note)
        #expect(path.branches == expected.branches && path.leaf == expected.leaf, note)
        #expect(tree.leaves == program.leaves.count, note)
      }
    }
  }

  @Test("values, thresholds, distances and outcomes stand on it, in the reader's language")
  func words() throws {
    let engine = try Samples.engine()
    _ = try engine.answer(Samples.request("C-1"))
    let explanation = try engine.explain("C-1")
    let tree = try drawn(explanation)
    let texts = tree.rows.map { $0.texts.joined(separator: " ") }
    let leaf = try #require(explanation.results.first?.stages.first?.leaf)
    #expect(texts.contains { $0.contains(leaf) })
    let step = try #require(explanation.results.first?.stages.first?.path.first)
    let met = try #require(step.met?.value)
    #expect(tree.root?.texts.joined().contains(met) == true)
    #expect(
      tree.frame["role"] == "img" && tree.frame["aria-labelledby"] == "picture-title picture-text")
    #expect(tree.title.contains("C-1"))
    #expect(tree.description.contains(met) && tree.description.contains(leaf))
    let german = try drawn(try engine.explain("C-1", language: "de"))
    #expect(german.title.contains("Fall") && german.description.contains("Blatt \(leaf)"))
  }

  @Test("it stands in the pages for analysts and courts, and not in the letter")
  func pages() throws {
    let engine = try Samples.engine()
    _ = try engine.answer(Samples.request("C-1"))
    let explanation = try engine.explain("C-1")
    for audience in Audience.allCases {
      let page = String(decoding: explanation.html(for: audience), as: UTF8.self)
      #expect(page.ranges(of: "<svg ").count == (audience == .subject ? 0 : 1))
      #expect(!page.contains("xmlns"))
    }
  }

  @Test("withheld thresholds and scores don't stand on it")
  func withheld() throws {
    let engine = try Samples.engine()
    _ = try engine.answer(Samples.request("C-1"))
    let open = String(decoding: try #require(try engine.explain("C-1").picture), as: UTF8.self)
    let explanation = try engine.explain("C-1").withholding([.thresholds, .scores])
    let closed = String(decoding: try #require(explanation.picture), as: UTF8.self)
    for secret in ["500", "620", "611"] {
      #expect(!DrawnTree.words(closed).contains(secret))
    }
    #expect(DrawnTree.words(open).contains("620") && closed.contains("withheld"))
  }

  @Test("2,000 leaves stay below 200 KB", arguments: ["deep", "wide", "binary"])
  func large(_ shape: String) throws {
    let engine = try engine(LargeTree.text(shape))
    let explanation = try decided(engine, ["x": 1234, "y": 7], "C")
    let picture = try #require(explanation.picture)
    #expect(picture.count < 200_000)
    let tree = try DrawnTree(picture)
    #expect(tree.leaves == LargeTree.leaves(shape))
    #expect(
      try #require(tree.rows.first { $0.isHeavy && $0.data["leaf"] != nil }).data["leaf"] == "L1234"
    )
    #expect(explanation.html(for: .court).count < 300_000)
  }

  @Test("a tree that is one leaf has a way: the leaf")
  func oneLeaf() throws {
    let engine = try engine(
      """
      <ruleset xmlns="urn:leafproof:ruleset:1" id="r" version="1.0.0">
        <inputs><input name="x" type="number" protected="true"/></inputs>
        <outcomes><outcome name="yes"/></outcomes>
        <tree><leaf id="L" outcome="yes"/></tree>
      </ruleset>
      """)
    let path = try drawn(try decided(engine, ["x": 1], "C")).path()
    #expect(path.splits.isEmpty && path.leaf == "L")
  }

  @Test("a refusal has no picture")
  func refusal() throws {
    let engine = try Samples.engine()
    _ = try engine.answer(try JSON(parsing: #"{"case_id": "C-9", "inputs": {}}"#).canonicalBytes)
    #expect(try engine.explain("C-9").picture == nil)
  }

  @Test("hostile labels and values neither run nor break it")
  func hostile() throws {
    let evil = "</text></svg><script>alert(1)</script>\" onload='x' & \u{202E}\u{7}👩‍👩‍👧 שלום"
    let long = String(repeating: "<&\u{202E}😀", count: 400)
    let label = evil.unicodeScalars.filter { $0 != "\u{7}" }.map { scalar in
      switch scalar {
      case "<": "&lt;"
      case "&": "&amp;"
      case "\"": "&quot;"
      default: String(scalar)
      }
    }.joined()
    let engine = try engine(
      """
      <ruleset xmlns="urn:leafproof:ruleset:1" id="r" version="1.0.0">
        <title>\(label)</title>
        <inputs><input name="t" type="string" label="\(label)" unit="\(label)"/></inputs>
        <outcomes><outcome name="yes" label="\(label)"/></outcomes>
        <tree><split on="t">
          <case is='"a"'><leaf id="A" outcome="yes"/></case>
          <otherwise><leaf id="B" outcome="yes"/></otherwise>
        </split></tree>
      </ruleset>
      """)
    for (number, value) in [evil, long, "\u{0}\u{FFFE}", ""].enumerated() {
      let explanation = try decided(
        engine, ["t": .string(value)], "\(evil.replacing("\u{7}", with: "")) \(number)")
      let picture = try #require(explanation.picture)
      #expect(picture.count < 20_000)
      let tree = try DrawnTree(picture)
      #expect(try tree.path().leaf == "B")
      let text = String(decoding: picture, as: UTF8.self)
      #expect(!text.contains("<script") && !text.contains("\u{202E}"))
      // What reads from right to left is kept apart, each mark with its partner.
      #expect(text.ranges(of: "\u{2068}").count == text.ranges(of: "\u{2069}").count)
    }
  }
}

extension DrawnTree {
  /// All that can be read in `svg`, without its measures.
  static func words(_ svg: String) -> String {
    svg.replacing(#/<[^>]*>/#, with: " ")
  }
}

/// Rule sets with many leaves, over the whole number `x`; `x = 1234` reaches the leaf `L1234`.
private enum LargeTree {
  /// How many leaves are drawn or folded: of a path of 90 conditions the last 60 are drawn.
  static func leaves(_ shape: String) -> Int { shape == "deep" ? 61 : 2000 }

  static func text(_ shape: String) -> String {
    let tree =
      switch shape {
      case "wide": wide
      case "deep": deep
      default: binary(0..<2000)
      }
    return """
      <ruleset xmlns="urn:leafproof:ruleset:1" id="r" version="1.0.0">
        <inputs><input name="x" type="number"/><input name="y" type="number"/></inputs>
        <outcomes><outcome name="yes"/><outcome name="no"/></outcomes>
        <outputs><output name="o" type="number"/></outputs>
        <tree>\(tree)</tree>
      </ruleset>
      """
  }

  private static func leaf(_ number: Int) -> String {
    "<leaf id=\"L\(number)\" outcome=\"\(number % 3 == 0 ? "yes" : "no")\">"
      + "<set output=\"o\">y</set></leaf>"
  }

  private static func binary(_ range: Range<Int>) -> String {
    guard range.count > 1 else { return leaf(range.lowerBound) }
    let middle = range.lowerBound + range.count / 2
    return "<split on=\"x\"><case is=\"&lt; \(middle)\">\(binary(range.lowerBound..<middle))</case>"
      + "<case is=\">= \(middle)\">\(binary(middle..<range.upperBound))</case></split>\n"
  }

  private static var wide: String {
    let cases = (0..<1999).map { number in
      let test = number == 0 ? "&lt; 1" : "[\(number)..\(number + 1))"
      return "<case is=\"\(test)\">\(leaf(number))</case>\n"
    }
    return "<split on=\"x\">\(cases.joined())<otherwise>\(leaf(1999))</otherwise></split>"
  }

  private static var deep: String {
    (0..<90).reduce(leaf(1234)) { inner, number in
      "<split on=\"x\"><case is=\"> \(1000 - number)\">\(inner)</case>"
        + "<otherwise>\(leaf(number))</otherwise></split>\n"
    }
  }
}
