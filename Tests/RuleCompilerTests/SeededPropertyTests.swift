import RuleCompiler
import RuleProgram
import RuleSyntax
import SeededRandom
import Testing

/// Rule sets made so that a stated property holds, and copies in which one leaf breaks it: each broken one
/// is found, with rows that show it, and nothing is said of a clean one.
@Suite struct SeededPropertyTests {
  enum Kind: CaseIterable {
    case monotone, independent, never, always
  }

  @Test func eachSeededViolationIsFoundAndNoCleanRuleSetIsAccused() throws {
    let seed = TestData.seed()
    var random = SeededGenerator(seed: seed)
    for round in 0..<50 {
      let kind = Kind.allCases[round % Kind.allCases.count]
      var world = PropertyWorld(kind, isComputed: round % 8 > 3, &random)
      let clean = Compiled(world.xml)
      let place: Comment = "seed \(seed), round \(round), \(kind)"
      #expect(clean.result != nil, "\(place)\n\(clean.shown)\n\(world.xml)")
      #expect(Self.findings(clean) == [], "\(place)\n\(clean.shown)\n\(world.xml)")
      world.violate(&random)
      let broken = Compiled(world.xml)
      #expect(
        Self.findings(broken) == [.brokenProperty], "\(place)\n\(broken.shown)\n\(world.xml)")
      let finding = broken.diagnostics.first { $0.id == .brokenProperty }
      let rows = finding?.notes.compactMap(\.row) ?? []
      let outcomes = try rows.map { try Self.outcome($0, broken) }
      #expect(rows.count == (kind == .never || kind == .always ? 1 : 2), place)
      for (outcome, note) in zip(outcomes, finding?.notes ?? []) {
        #expect(note.message.contains("`\(outcome)`"), "\(place): \(note.message)")
      }
      #expect(world.areBroken(rows.map(Self.numbers), outcomes), "\(place): \(rows)\n\(world.xml)")
    }
  }

  private static func findings(_ compiled: Compiled) -> [DiagnosticID] {
    compiled.diagnostics.map(\.id).filter {
      $0 == .brokenProperty || $0 == .undecidedProperty
    }
  }

  private static func numbers(_ row: String) -> [String: String] {
    Dictionary(uniqueKeysWithValues: TreeCheck.members(row))
  }

  private static func outcome(_ row: String, _ compiled: Compiled) throws -> String {
    let trial = try #require(compiled.trial)
    let program = trial.program.program
    var binding = Binding(Evaluator(trial.program))
    binding.begin()
    for (name, value) in TreeCheck.members(row) {
      let input = try #require(program.inputIndex(name))
      binding.bind(input, text: value.utf8Span.span)
    }
    let leaf = binding.evaluate()
    return program.outcome(ofLeaf: try #require(leaf, "\(binding.refusals)")).name
  }
}

/// A table of outcomes over bands of two numbers and a text, as a tree, with a property that it keeps.
struct PropertyWorld {
  private let kind: SeededPropertyTests.Kind
  /// Whether the second number is asked about through a derived value.
  private let isComputed: Bool
  private let cuts: [[Int]]
  private static let outcomes = ["bad", "fair", "good"]
  private static let regions = ["north", "south"]
  /// The rank of each outcome by region, band of `x` and band of `y`.
  private var ranks: [[[Int]]]
  private let limit: Int

  init(_ kind: SeededPropertyTests.Kind, isComputed: Bool, _ random: inout SeededGenerator) {
    self.kind = kind
    self.isComputed = isComputed
    cuts = (0..<2).map { _ in
      var cuts: Set<Int> = []
      while cuts.count < 3 { cuts.insert(Int.random(in: 1...99, using: &random)) }
      return cuts.sorted()
    }
    limit = Int.random(in: 1...3, using: &random)
    ranks = Self.regions.map { _ in
      (0...3).map { _ in (0...3).map { _ in Int.random(in: 0...2, using: &random) } }
    }
    for region in ranks.indices {
      for x in 0...3 { for y in 0...3 { keep(region, x, y) } }
    }
  }

  /// Makes one cell of the table keep the property.
  private mutating func keep(_ region: Int, _ x: Int, _ y: Int) {
    switch kind {
    case .monotone:
      if x > 0 { ranks[region][x][y] = max(ranks[region][x][y], ranks[region][x - 1][y]) }
    case .independent: ranks[region][x][y] = ranks[0][x][y]
    case .never: if x < limit, ranks[region][x][y] == 2 { ranks[region][x][y] = 1 }
    case .always: if x >= limit { ranks[region][x][y] = 2 }
    }
  }

  /// Changes one leaf so that the property is broken.
  mutating func violate(_ random: inout SeededGenerator) {
    let region = Int.random(in: 0...1, using: &random)
    let y = Int.random(in: 0...3, using: &random)
    switch kind {
    case .monotone:
      let x = Int.random(in: 1...3, using: &random)
      if ranks[region][x - 1][y] == 0 { ranks[region][x - 1][y] = 1 + x % 2 }
      ranks[region][x][y] = ranks[region][x - 1][y] - 1
    case .independent:
      let x = Int.random(in: 0...3, using: &random)
      ranks[region][x][y] = (ranks[region][x][y] + 1) % 3
    case .never: ranks[region][Int.random(in: 0..<limit, using: &random)][y] = 2
    case .always: ranks[region][Int.random(in: limit...3, using: &random)][y] = y % 2
    }
  }

  /// Whether these rows, which get these outcomes, break the property.
  func areBroken(_ rows: [[String: String]], _ outcomes: [String]) -> Bool {
    let ranks = outcomes.compactMap { Self.outcomes.firstIndex(of: $0) }
    let numbers = rows.compactMap { $0["x"].flatMap { Decimal128($0) } }
    let bound = Decimal128(cuts[0][limit - 1])
    guard ranks.count == rows.count, numbers.count == rows.count, let first = numbers.first else {
      return false
    }
    switch kind {
    case .monotone:
      return rows.count == 2 && numbers[0] < numbers[1] && ranks[1] < ranks[0]
        && rows[0]["y"] == rows[1]["y"] && rows[0]["region"] == rows[1]["region"]
    case .independent:
      return rows.count == 2 && ranks[0] != ranks[1] && rows[0]["region"] != rows[1]["region"]
        && rows[0]["x"] == rows[1]["x"] && rows[0]["y"] == rows[1]["y"]
    case .never: return first < bound && ranks[0] == 2
    case .always: return bound <= first && ranks[0] != 2
    }
  }

  private var property: String {
    let bound = cuts[0][limit - 1]
    switch kind {
    case .monotone:
      return "<monotone input=\"x\" direction=\"increasing\" outcome=\"bad fair good\"/>"
    case .independent: return "<independent input=\"region\" of=\"outcome\"/>"
    case .never: return "<never when=\"x &lt; \(bound)\" outcome=\"good\"/>"
    case .always: return "<always when=\"x >= \(bound)\" outcome=\"good\"/>"
    }
  }

  /// The rule set.
  var xml: String {
    let bands = cuts.map { cuts in
      ["&lt; \(cuts[0])", "[\(cuts[0])..\(cuts[1]))", "[\(cuts[1])..\(cuts[2]))", ">= \(cuts[2])"]
    }
    let leaf = { (region: Int, x: Int, y: Int) in
      "<leaf id=\"\(Self.regions[region])-\(x)-\(y)\" "
        + "outcome=\"\(Self.outcomes[self.ranks[region][x][y]])\"/>"
    }
    let inner = { (region: Int, x: Int) in
      (0...3).map { "<case is=\"\(bands[1][$0])\">\(leaf(region, x, $0))</case>\n" }.joined()
    }
    let on = isComputed ? "weighted" : "y"
    let outer = { (region: Int) in
      (0...3).map { x in
        "<case is=\"\(bands[0][x])\"><split on=\"\(on)\">\n\(inner(region, x))</split></case>\n"
      }.joined()
    }
    let regions = Self.regions.indices.map { region in
      "<case is='\"\(Self.regions[region])\"'><split on=\"x\">\n\(outer(region))</split></case>\n"
    }
    return """
      <ruleset xmlns="urn:leafproof:ruleset:1" id="world" version="1.0.0">
      <inputs>
      <input name="x" type="number" min="0" max="100"/><input name="y" type="number" min="0" max="100"/>
      <input name="region" type="string"><value>north</value><value>south</value></input>
      <derived name="weighted" type="number">y * 2 / 2</derived>
      </inputs>
      <outcomes><outcome name="bad"/><outcome name="fair"/><outcome name="good"/></outcomes>
      <properties>\(property)</properties>
      <tree><split on="region">\(regions.joined())</split></tree>
      </ruleset>
      """
  }
}
