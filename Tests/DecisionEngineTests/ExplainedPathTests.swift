import CanonicalJSON
import DecisionEngine
import Ledger
import RuleCompiler
import RuleProgram
import RuleSyntax
import Testing

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// The explained path is the executed one: what it states is true of the inputs, what it says failed
/// is false. Checked by the values' own order, not by the program's keys.
@Suite("The explained path")
struct ExplainedPathTests {
  private struct Broken: Error { var text: String }

  private func publication(_ text: String) throws -> Publication {
    let source = SourceText(path: "test.xml", text: text)
    let bytes = Array(text.utf8)
    let digest = ContentDigest(of: bytes)
    switch parseDocument(source).document {
    case .ruleSet(let syntax)?:
      let compilation = RuleCompiler.compile(syntax, source: source)
      guard let result = compilation.result else {
        throw Broken(text: "\(compilation.diagnostics.map(\.message))\n\(text)")
      }
      return .ruleSet(
        source: bytes, sourceDigest: digest, program: result.program, wording: result.wording)
    case .pipeline(let syntax)?:
      guard let definition = RuleCompiler.compilePipeline(syntax).definition else {
        throw Broken(text: text)
      }
      return .pipeline(source: bytes, sourceDigest: digest, definition: definition)
    case .model(let syntax)?:
      return .model(
        source: bytes, sourceDigest: digest, definition: RuleCompiler.compileModel(syntax))
    case nil: throw Broken(text: text)
    }
  }

  /// Whether `values` hold `met`.
  private func holds(_ values: Explanation.Values, _ met: Explanation.ValueNote) -> Bool {
    guard let text = met.value else { return values.includesMissing }
    guard let value = Value(parsing: text, as: values.type) else { return false }
    let isListed = values.listed.contains { $0.value == text }
    if values.isAllBut { return !isListed }
    return isListed
      || values.ranges.contains { range in
        isInside(value, range.low, values.type) { $0 > 0 }
          && isInside(value, range.high, values.type) { $0 < 0 }
      }
  }

  private func isInside(
    _ value: Value, _ end: Explanation.Range.End?, _ type: ValueType, _ isRight: (Int) -> Bool
  ) -> Bool {
    guard let end else { return true }
    guard let limit = Value(parsing: end.value, as: type), let order = value.order(to: limit)
    else { return false }
    return order == 0 ? end.isIncluded : isRight(order)
  }

  /// Checks one explanation, and gives the IDs of the splits on its path.
  private func check(_ explanation: Explanation, _ note: String) throws -> [String] {
    let stage = try #require(explanation.results.first?.stages.first)
    #expect(explanation.verdict == .identical && explanation.remarks.isEmpty)
    #expect(stage.reexecutedLeaf == stage.leaf, "\(note)")
    for step in stage.path {
      let met = try #require(step.met)
      #expect(holds(step.taken.values, met), "\(note): \(step.on) \(step.taken.condition)")
      for other in step.others {
        #expect(!holds(other.values, met), "\(note): \(step.on) not \(other.condition)")
      }
    }
    return stage.path.compactMap(\.id)
  }

  @Test("each decision of examples/german-credit")
  func germanCredit() throws {
    var root = URL(fileURLWithPath: #filePath).resolvingSymlinksInPath()
    for _ in 0..<3 { root.deleteLastPathComponent() }
    let folder = root.appendingPathComponent("examples/german-credit")
    let engine = Engine(store: try Samples.store())
    _ = try engine.publish(
      try ["model.xml", "ruleset.xml", "pipeline.xml"].map { name in
        try publication(
          String(contentsOf: folder.appendingPathComponent(name), encoding: .utf8))
      })
    let lines = try String(
      contentsOf: folder.appendingPathComponent("applicants.jsonl"), encoding: .utf8)
    let requests = lines.split(separator: "\n").map { Array($0.utf8) }
    let answers = try engine.decide(requests, pipeline: "instalment-credit").map { try $0.get() }
    #expect(answers.count == 1000)
    for answer in answers {
      let explanation = try engine.explain(answer.caseID)
      _ = try check(explanation, answer.caseID)
      let response = try answer.response
      #expect(explanation.results[0].stages[0].leaf == response["leaf"]?.string)
    }
  }

  @Test("random decisions over random trees")
  func randomTrees() throws {
    let seed = UInt64.random(in: 0..<1_000_000)
    print("explained paths: seed \(seed)")
    for number in 0..<60 {
      var maker = TreeMaker(seed: seed &+ UInt64(number) &* 7919)
      let ruleSet = maker.ruleSet()
      let engine = Engine(store: try Samples.store())
      _ = try engine.publish([
        try publication(ruleSet),
        try publication(
          """
          <pipeline xmlns="urn:leafproof:pipeline:1" id="p" version="1.0.0">
            <rules ruleset="r@1.0.0"/>
          </pipeline>
          """),
      ])
      let rows = (0..<25).map { _ in maker.row() }
      let answers = try engine.decide(
        rows.map { (["inputs": $0.json] as JSON).canonicalBytes }, pipeline: "p")
      for (row, answer) in zip(rows, answers) {
        let note = "seed \(seed), tree \(number): \(row)\n\(ruleSet)"
        let explanation = try engine.explain(try answer.get().caseID)
        let expected = maker.run(row)
        #expect(try check(explanation, note) == expected.splits, "\(note)")
        #expect(explanation.results[0].stages[0].leaf == expected.leaf, "\(note)")
      }
    }
  }
}

/// Makes random rule sets, rows, and says which splits and leaf a row reaches.
private struct TreeMaker {
  private var random: SeededGenerator
  private var leaves = 0
  private var splits = 0
  private var tree = Node.leaf("")

  /// A row: whole numbers and texts by input, those that are missing left out.
  typealias Row = [String: String]

  private indirect enum Node {
    case leaf(String)
    /// Branches by the place of the value, the last one for a missing value.
    case split(id: String, input: Int, cuts: [Int], branches: [Node])
  }

  /// The names of the inputs: two numbers, a declared text, an open text, a boolean, a day.
  private static let names = ["n", "m", "d", "t", "b", "day"]
  private static let texts = ["a", "b", "c", "z"]

  init(seed: UInt64) { random = SeededGenerator(seed: seed) }

  mutating func ruleSet() -> String {
    tree = node(inputs: [0, 1, 2, 3, 4, 5], depth: 4)
    return """
      <ruleset xmlns="urn:leafproof:ruleset:1" id="r" version="1.0.0">
        <inputs>
          <input name="n" type="number" missing="allowed"/>
          <input name="m" type="number" missing="allowed"/>
          <input name="d" type="string" missing="allowed">
            <value>a</value><value>b</value><value>c</value><value>z</value>
          </input>
          <input name="t" type="string" missing="allowed"/>
          <input name="b" type="boolean" missing="allowed"/>
          <input name="day" type="date" missing="allowed"/>
        </inputs>
        <outcomes><outcome name="yes"/></outcomes>
        <tree>\(text(tree))</tree>
      </ruleset>
      """
  }

  private mutating func node(inputs: [Int], depth: Int) -> Node {
    guard depth > 0, !inputs.isEmpty, splits == 0 || Int.random(in: 0..<4, using: &random) > 0
    else {
      leaves += 1
      return .leaf("L\(leaves)")
    }
    splits += 1
    let id = "s\(splits)"
    let input = random.pick(inputs)
    let rest = inputs.filter { $0 != input }
    let limit = [0, 1, 5].contains(input) ? 20 : input == 4 ? 1 : 3
    let wanted = input == 4 ? 1 : Int.random(in: 1...min(3, limit), using: &random)
    var cuts: Set<Int> = []
    while cuts.count < wanted { cuts.insert(Int.random(in: 1...limit, using: &random)) }
    var branches: [Node] = []
    for _ in 0..<(input == 3 ? 3 : cuts.count + 2) {
      branches.append(node(inputs: rest, depth: depth - 1))
    }
    return .split(id: id, input: input, cuts: cuts.sorted(), branches: branches)
  }

  /// Which branch a value takes.
  private func place(_ value: String?, _ input: Int, _ cuts: [Int], _ count: Int) -> Int {
    guard let value else { return count - 1 }
    switch input {
    case 2: return cuts.count { $0 <= Self.texts.firstIndex(of: value) ?? 0 }
    case 3: return Self.texts.prefix(cuts.count).contains(value) ? 0 : 1
    case 4: return value == "true" ? 1 : 0
    case 5: return cuts.count { $0 <= Int(value.suffix(2)) ?? 0 }
    // Halves tell whether a bound is taken exactly.
    default: return cuts.count { Double($0) <= Double(value) ?? 0 }
    }
  }

  func run(_ row: Row) -> (splits: [String], leaf: String) {
    var path: [String] = []
    var next = tree
    while true {
      switch next {
      case .leaf(let leaf): return (path, leaf)
      case .split(let id, let input, let cuts, let branches):
        path.append(id)
        next = branches[place(row[Self.names[input]], input, cuts, branches.count)]
      }
    }
  }

  mutating func row() -> Row {
    var row: Row = [:]
    for (input, name) in Self.names.enumerated() where Int.random(in: 0..<8, using: &random) > 0 {
      let day = Int.random(in: 1...28, using: &random)
      row[name] =
        switch input {
        case 2: random.pick(Self.texts)
        case 3: random.pick(Self.texts + ["", "aa", "\u{1F600}", "</b>"])
        case 4: random.pick(["true", "false"])
        case 5: "2026-01-\(day < 10 ? "0" : "")\(day)"
        default: "\(Int.random(in: -2...22, using: &random))\(random.pick(["", ".5"]))"
        }
    }
    return row
  }

  private func text(_ node: Node) -> String {
    guard case .split(let id, let input, let cuts, let branches) = node else {
      guard case .leaf(let leaf) = node else { return "" }
      return "<leaf id=\"\(leaf)\" outcome=\"yes\"/>"
    }
    var parts = "<split id=\"\(id)\" on=\"\(Self.names[input])\">"
    func quoted(_ texts: some Sequence<String>) -> String {
      texts.map { "\"\($0)\"" }.joined(separator: ", ")
    }
    for (place, branch) in branches.dropLast().enumerated() {
      let child = text(branch)
      if place == branches.count - 2, input != 4 {
        parts += "<otherwise>\(child)</otherwise>"
        continue
      }
      let low = place == 0 ? 0 : cuts[place - 1]
      let test =
        switch input {
        case 2: quoted(Self.texts[low..<cuts[place]])
        case 3: quoted(Self.texts.prefix(cuts.count))
        case 4: place == 1 ? "true" : "false"
        case 5: place == 0 ? "&lt; \(day(cuts[0]))" : "[\(day(low))..\(day(cuts[place])))"
        default: place == 0 ? "&lt; \(cuts[0])" : "[\(low)..\(cuts[place]))"
        }
      parts += "<case is='\(test)'>\(child)</case>"
    }
    let missing = branches.last.map(text) ?? ""
    return parts + "<missing>\(missing)</missing></split>"
  }

  private func day(_ number: Int) -> String {
    "date(\"2026-01-\(number < 10 ? "0" : "")\(number)\")"
  }
}

extension [String: String] {
  /// The row as a request's inputs.
  fileprivate var json: JSON { .object(map { JSON.Member($0.key, .string($0.value)) }) }
}

/// A small generator of repeatable random numbers (SplitMix64).
private struct SeededGenerator: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  mutating func pick<Value>(_ values: [Value]) -> Value {
    values[Int.random(in: 0..<values.count, using: &self)]
  }
}
