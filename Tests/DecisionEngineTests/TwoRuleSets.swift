import CanonicalJSON
import DecisionEngine
import RuleCompiler
import RuleProgram
import RuleSyntax
import SeededRandom

/// Releases out of XML.
enum Documents {
  /// What publishes the document `text`.
  static func publication(_ text: String) throws -> Publication {
    let source = SourceText(path: "test.xml", text: text)
    let bytes = Array(text.utf8)
    let digest = ContentDigest(of: bytes)
    switch parseDocument(source).document {
    case .ruleSet(let syntax)?:
      let compilation = RuleCompiler.compile(syntax, source: source)
      guard let result = compilation.result else {
        throw Samples.SampleError("\(compilation.diagnostics.map(\.message))\n\(text)")
      }
      return .ruleSet(
        source: bytes, sourceDigest: digest, program: result.program, wording: result.wording)
    case .pipeline(let syntax)?:
      guard let definition = RuleCompiler.compilePipeline(syntax).definition else {
        throw Samples.SampleError(text)
      }
      return .pipeline(source: bytes, sourceDigest: digest, definition: definition)
    case .model(let syntax)?:
      return .model(
        source: bytes, sourceDigest: digest, definition: RuleCompiler.compileModel(syntax))
    case nil: throw Samples.SampleError(text)
    }
  }
}

/// A random pipeline of two rule sets over three whole numbers from 0 to 4. The second one looks at the
/// first one's outcome and output; the first one may end the chain.
struct TwoRuleSets {
  private var random: SeededGenerator
  private var leaves = 0
  private(set) var first = ""
  private(set) var second = ""
  /// For each input: whether it may go down, whether up.
  private var ways: [(down: Bool, up: Bool)] = []
  private let ending: String?

  static let names = ["a", "b", "c"]

  /// All rows.
  static let rows: [[Int]] = (0..<125).map { [$0 / 25, $0 / 5 % 5, $0 % 5] }

  static func request(_ row: [Int]) -> [UInt8] {
    let inputs = zip(names, row).map { JSON.Member($0, .integer($1)) }
    return (["inputs": .object(inputs)] as JSON).canonicalBytes
  }

  init(seed: UInt64) {
    random = SeededGenerator(seed: seed)
    ending = random.pick([nil, "bad", "fair"])
    let choices = [
      " step=\"1\"", " step=\"1\"", " step=\"1\" direction=\"increase-only\"",
      " step=\"1\" direction=\"decrease-only\"", " mutable=\"false\"",
    ]
    let chosen = Self.names.map { _ in random.pick(choices) }
    ways = chosen.map { text in
      (
        !text.contains("increase") && !text.contains("false"),
        !text.contains("decrease") && !text.contains("false")
      )
    }
    let inputs = zip(Self.names, chosen).map { name, change in
      "<input name=\"\(name)\" type=\"number\" min=\"0\" max=\"4\"\(change)/>"
    }.joined()
    let outcomes =
      "<outcomes><outcome name=\"bad\"/><outcome name=\"fair\"/><outcome name=\"good\"/></outcomes>"
    let namespace = "xmlns=\"urn:leafproof:ruleset:1\" version=\"1.0.0\""
    first = """
      <ruleset \(namespace) id="one"><inputs>\(inputs)
      <derived name="s" type="number">a + b</derived></inputs>\(outcomes)
      <outputs><output name="v" type="number"/></outputs>
      <tree>\(node(4, ["a": 1...4, "b": 1...4, "c": 1...4, "s": 1...8], isFirst: true))</tree></ruleset>
      """
    second = """
      <ruleset \(namespace) id="two"><inputs>\(inputs)
      <input name="one.outcome" type="string"><value>bad</value><value>fair</value><value>good</value></input>
      <input name="one.v" type="number"/>
      <derived name="d" type="number">one.v - c</derived></inputs>\(outcomes)
      <tree>\(node(6, ["a": 1...4, "b": 1...4, "one.v": 0...6, "d": -3...4, "one.outcome": 0...2], isFirst: false))</tree>
      </ruleset>
      """
  }

  /// What is published, in order.
  var documents: [String] {
    [
      first, second,
      """
      <pipeline xmlns="urn:leafproof:pipeline:1" id="p" version="1.0.0">
      <rules ruleset="one@1.0.0"\(ending.map { " discard=\"\($0)\"" } ?? "")/><rules ruleset="two@1.0.0"/>
      </pipeline>
      """,
    ]
  }

  mutating func pick<Value>(_ values: [Value]) -> Value { random.pick(values) }

  private mutating func node(
    _ count: Int, _ bounds: [String: ClosedRange<Int>], isFirst: Bool
  ) -> String {
    guard count > 1, !bounds.isEmpty else { return leaf(isFirst) }
    let name = random.pick(bounds.keys.sorted())
    guard let range = bounds[name] else { return leaf(isFirst) }
    let cut = Int.random(in: range, using: &random)
    var low = bounds
    var high = bounds
    let left = count / 2
    if name == "one.outcome" {
      low[name] = nil
      let text = ["bad", "fair", "good"][cut]
      return
        "<split on=\"one.outcome\"><case is='\"\(text)\"'>\(node(left, low, isFirst: isFirst))</case>"
        + "<otherwise>\(node(count - left, low, isFirst: isFirst))</otherwise></split>"
    }
    low[name] = range.lowerBound < cut ? range.lowerBound...(cut - 1) : nil
    high[name] = cut < range.upperBound ? (cut + 1)...range.upperBound : nil
    return
      "<split on=\"\(name)\"><case is=\"&lt; \(cut)\">\(node(left, low, isFirst: isFirst))</case>"
      + "<otherwise>\(node(count - left, high, isFirst: isFirst))</otherwise></split>"
  }

  private mutating func leaf(_ isFirst: Bool) -> String {
    leaves += 1
    let outcome = random.pick(["bad", "fair", "good"])
    let set = random.pick(["a + b", "2 * c", "3", "max(a, c)"])
    return "<leaf id=\"L\(leaves)\" outcome=\"\(outcome)\">"
      + (isFirst ? "<set output=\"v\">\(set)</set>" : "") + "</leaf>"
  }

  // MARK: Trying everything

  /// How many inputs differ, and by how much together; nil when the rule sets forbid it.
  func distance(_ row: [Int], _ other: [Int]) -> [Int]? {
    var set: [Int] = []
    var sum = 0
    for (input, way) in ways.enumerated() where row[input] != other[input] {
      guard other[input] < row[input] ? way.down : way.up else { return nil }
      set.append(input)
      sum += abs(other[input] - row[input])
    }
    return [set.count, sum]
  }

  /// Of each set of inputs whose change can do, and no part of which can: the distance; the best first.
  func smallest(
    from row: [Int], _ outcomes: [[Int]: String], _ isWanted: (String) -> Bool
  ) -> [[Int]] {
    var best: [Set<Int>: [Int]] = [:]
    for (other, outcome) in outcomes where isWanted(outcome) {
      guard let distance = distance(row, other) else { continue }
      let set = Set(row.indices.filter { row[$0] != other[$0] })
      if best[set].map({ distance[1] < $0[1] }) ?? true { best[set] = distance }
    }
    return best.filter { item in !best.keys.contains { $0.isStrictSubset(of: item.key) } }
      .map(\.value).sorted { ($0[0], $0[1]) < ($1[0], $1[1]) }
  }
}
