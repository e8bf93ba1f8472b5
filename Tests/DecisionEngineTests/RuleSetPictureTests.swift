import DecisionEngine
import RuleCompiler
import RuleProgram
import RuleSyntax
import Testing

/// The picture of a whole rule set, read back and held against the program.
@Suite("Pictures of rule sets")
struct RuleSetPictureTests {
  private struct Broken: Error {}

  private func compiled(_ text: String) throws -> CompiledRuleSet {
    let source = SourceText(path: "test.xml", text: text)
    guard case .ruleSet(let syntax)? = parseDocument(source).document,
      let result = RuleCompiler.compile(syntax, source: source).result
    else { throw Broken() }
    return result
  }

  private func drawn(_ ruleSet: CompiledRuleSet) throws -> DrawnTree {
    let content = RuleSetBook.Content(
      program: ruleSet.program.program, wording: ruleSet.wording, sourceDigest: "")
    let figure = RuleSetBook(content).treePicture.markup
    return try DrawnTree(
      Array(figure.replacing("<figure>", with: "").replacing("</figure>", with: "").utf8))
  }

  /// Where a branch leads, by its place in the source.
  private func target(
    _ program: Program, _ wording: Wording, _ split: String, _ branch: Int
  ) -> Program.Target? {
    let place = wording.nodes.firstIndex { "\($0.place.line):\($0.place.column)" == split }
    guard let place else { return nil }
    let (node, words) = (program.nodes[place], wording.nodes[place])
    if words.branches[branch].kind == .missing { return node.missing }
    return words.branchOfChild.firstIndex(of: branch).map { node.children[$0] }
  }

  @Test("each branch leads where the program's does, and no leaf is lost")
  func randomTrees() throws {
    let seed = UInt64.random(in: 0..<1_000_000)
    print("drawn rule sets: seed \(seed)")
    for number in 0..<40 {
      var maker = TreeMaker(seed: seed &+ UInt64(number) &* 7919)
      let text = maker.ruleSet()
      let ruleSet = try compiled(text)
      let (program, wording) = (ruleSet.program.program, ruleSet.wording)
      let tree = try drawn(ruleSet)
      let note: Comment = "seed \(seed), tree \(number)\n\(text)"
      #expect(tree.leaves == program.leaves.count, note)
      #expect(tree.rows.count <= 34, note)
      #expect(!tree.rows.contains { $0.isHeavy || $0.hasTick }, note)
      for row in tree.rows {
        guard let split = row.data["of"], let branch = row.data["branch"].flatMap({ Int($0) })
        else { continue }
        switch target(program, wording, split, branch) {
        case nil: Issue.record(note)
        case .leaf(let leaf)?: #expect(row.data["leaf"] == program.leaves[leaf].id, note)
        case .node(let node)?:
          let place = wording.nodes[node].place
          let isOpen = row.data["split"] == "\(place.line):\(place.column)"
          #expect(isOpen || row.data["leaves"] == "\(leaves(program, node))", note)
        }
      }
    }
  }

  private func leaves(_ program: Program, _ node: Int) -> Int {
    let children = program.nodes[node].children + [program.nodes[node].missing].compactMap { $0 }
    return Set(children).reduce(0) { sum, child in
      switch child {
      case .leaf: sum + 1
      case .node(let inner): sum + leaves(program, inner)
      }
    }
  }

  @Test("a leaf alone, and a split of very many branches")
  func extremes() throws {
    func text(_ tree: String) -> String {
      """
      <ruleset xmlns="urn:leafproof:ruleset:1" id="r" version="1.0.0">
        <inputs><input name="x" type="number"/></inputs>
        <outcomes><outcome name="yes"/></outcomes>
        <tree>\(tree)</tree>
      </ruleset>
      """
    }
    let alone = try drawn(compiled(text("<leaf id=\"L\" outcome=\"yes\"/>")))
    #expect(alone.rows.count == 1 && alone.root?.data["leaf"] == "L")
    let cases = (0..<500).map { "<case is=\"\($0)\"><leaf id=\"L\($0)\" outcome=\"yes\"/></case>" }
    let wide = try drawn(
      compiled(
        text(
          "<split on=\"x\">\(cases.joined())"
            + "<otherwise><leaf id=\"O\" outcome=\"yes\"/></otherwise></split>")))
    #expect(wide.leaves == 501 && wide.rows.count < 20)
    #expect(wide.rows.last?.texts.first == "489 more branches")
  }
}
