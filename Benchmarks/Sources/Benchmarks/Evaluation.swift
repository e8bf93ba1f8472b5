import RuleCompiler
import RuleProgram
import RuleSyntax

/// Nanoseconds for each evaluated row, against the same tree as nested `if`s in C.
struct EvaluationBenchmark {
  let tree: GeneratedTree
  let evaluator: Evaluator
  private let reference: CompiledTree
  /// For each leaf of the program its number in the tree.
  let numbers: [Int32]
  let rows: [Int64]
  let expected: [Int32]
  let rounds: Int

  /// How many rows are evaluated in a round.
  static let rowCount = 100_000

  /// Runs for both sizes of trees and both orders of rows.
  static func run(_ options: Options, _ workspace: Workspace) throws {
    for leafCount in [60, 2000] {
      var random = Random(seed: options.seed)
      let tree = GeneratedTree(leafCount: leafCount, random: &random)
      let rows = GeneratedTree.rows(rowCount, &random)
      let reference = try CompiledTree(tree, workspace)
      for inOrder in [true, false] {
        Report.heading(
          "evaluate: \(leafCount) leaves, rows \(inOrder ? "in the order of leaves" : "random")")
        let benchmark = try EvaluationBenchmark(
          tree, reference, rows: rows, inOrder: inOrder, rounds: options.rounds)
        if options.names.contains("evaluate") { try benchmark.runKeys() }
        if options.names.contains("bind") { try benchmark.runValues() }
        if options.names.contains("batch") { try benchmark.runBatch(workspace) }
        if options.names.contains("others") { try benchmark.runOthers(workspace) }
      }
    }
  }

  private init(
    _ tree: GeneratedTree, _ reference: CompiledTree, rows: [Int64], inOrder: Bool, rounds: Int
  ) throws {
    self.tree = tree
    self.reference = reference
    self.rounds = rounds
    let program = try Self.compile(tree.xml)
    evaluator = Evaluator(program)
    numbers = try program.program.leaves.map { leaf in
      guard let number = Int32(leaf.id.dropFirst()) else {
        throw BenchmarkError("unknown leaf \(leaf.id)")
      }
      return number
    }
    var leaves = [Int32](repeating: -1, count: rows.count / GeneratedTree.inputs.count)
    reference.leaves(rows, into: &leaves)
    guard Set(leaves).count > tree.leafCount * 9 / 10 else {
      throw BenchmarkError("too few leaves are reached")
    }
    guard inOrder else {
      (self.rows, expected) = (rows, leaves)
      return
    }
    let order = leaves.indices.sorted { (leaves[$0], $0) < (leaves[$1], $1) }
    let width = GeneratedTree.inputs.count
    self.rows = order.flatMap { rows[($0 * width)..<(($0 + 1) * width)] }
    expected = order.map { leaves[$0] }
  }

  /// The program of a rule set's text.
  static func compile(_ xml: String) throws -> VerifiedProgram {
    let source = SourceText(path: "generated.xml", text: xml)
    let parsed = parseDocument(source)
    guard !parsed.hasErrors, case .ruleSet(let syntax)? = parsed.document else {
      throw BenchmarkError("the generated rule set can't be read")
    }
    guard let result = RuleCompiler.compile(syntax, source: source).result else {
      throw BenchmarkError("the generated rule set has errors")
    }
    return result.program
  }

  // MARK: - Measuring

  /// Compares `body`, which gives the program's leaf of each row, with the C program, and checks
  /// that they agree on each row.
  func compare(_ name: String, _ body: (inout [Int32]) -> Void) throws {
    var leaves = [Int32](repeating: -1, count: expected.count)
    var others = leaves
    let comparison = try Comparison.measure(rounds: rounds) {
      let start = Clock.thread
      body(&leaves)
      let time = Clock.thread - start
      for row in leaves.indices where leaves[row] < 0 || numbers[Int(leaves[row])] != expected[row]
      {
        throw BenchmarkError("row \(row) reaches another leaf than in C")
      }
      return time
    } reference: {
      let start = Clock.thread
      reference.leaves(rows, into: &others)
      let time = Clock.thread - start
      guard others == expected else { throw BenchmarkError("C isn't reproducible") }
      return time
    }
    Report.line(name, comparison, unit: "ns", per: 1e9 / Double(expected.count))
  }

  /// Rows of keys that were encoded before.
  private func runKeys() throws {
    let width = evaluator.program.slots.count
    let keys = keys()
    let evaluator = evaluator
    try compare("encoded rows, one call each") { leaves in
      let span = keys.span
      for row in leaves.indices {
        let keys = span.extracting((row * width)..<((row + 1) * width))
        leaves[row] = Int32(evaluator.leaf(keys: keys) ?? -1)
      }
    }
  }

  /// Rows of values of the caller's, binding included.
  private func runValues() throws {
    var binding = Binding(evaluator)
    let decimals = decimals()
    try compare("15 values: decimals and strings") { leaves in
      for row in leaves.indices { leaves[row] = Self.leaf(row, &binding, decimals) }
    }
    let doubles = doubles()
    try compare("15 values: doubles and strings") { leaves in
      for row in leaves.indices { leaves[row] = Self.leaf(row, &binding, doubles, decimals) }
    }
    let (bytes, bounds) = texts()
    try compare("15 values: all as text") { leaves in
      for row in leaves.indices { leaves[row] = Self.leaf(row, &binding, bytes, bounds) }
    }
  }

  // MARK: - Rows in the caller's types

  /// The keys of all rows.
  func keys() -> [Int64] {
    var keys: [Int64] = []
    keys.reserveCapacity(expected.count * evaluator.program.slots.count)
    var binding = Binding(evaluator)
    let cells = decimals()
    for row in expected.indices {
      _ = Self.leaf(row, &binding, cells)
      keys += binding.keys
    }
    return keys
  }

  private func decimals() -> [Value] {
    rows.indices.map { place in
      let input = place % GeneratedTree.inputs.count
      guard case .number(_, let digits) = GeneratedTree.inputs[input] else {
        return .string(GeneratedTree.text(rows[place], of: input))
      }
      let number = Decimal128(coefficient: UInt128(rows[place]), exponent: -digits)
      return number.map { .number($0) } ?? .null
    }
  }

  func doubles() -> [Double] {
    rows.indices.map { place in
      guard case .number(_, 2) = GeneratedTree.inputs[place % GeneratedTree.inputs.count] else {
        return Double(rows[place])
      }
      return Double(rows[place]) / 100
    }
  }

  private func texts() -> (bytes: [UInt8], bounds: [Int]) {
    var bytes: [UInt8] = []
    var bounds = [0]
    bounds.reserveCapacity(rows.count + 1)
    for place in rows.indices {
      bytes += GeneratedTree.text(rows[place], of: place % GeneratedTree.inputs.count).utf8
      bounds.append(bytes.count)
    }
    return (bytes, bounds)
  }

  /// The seconds that each round takes for the first `count` rows of doubles and strings.
  func valueTimes(count: Int) -> [Double] {
    var binding = Binding(evaluator)
    let (decimals, doubles) = (decimals(), doubles())
    var leaves = expected
    return (0..<rounds).map { _ in
      let start = Clock.thread
      for row in 0..<count { leaves[row] = Self.leaf(row, &binding, doubles, decimals) }
      return Clock.thread - start
    }
  }

  private static func leaf(_ row: Int, _ binding: inout Binding, _ cells: [Value]) -> Int32 {
    binding.begin()
    let first = row * GeneratedTree.inputs.count
    for input in 0..<GeneratedTree.inputs.count {
      binding.bind(input, value: cells[first + input])
    }
    return Int32(binding.evaluate() ?? -1)
  }

  private static func leaf(
    _ row: Int, _ binding: inout Binding, _ cells: [Double], _ texts: [Value]
  ) -> Int32 {
    binding.begin()
    let first = row * GeneratedTree.inputs.count
    for input in 0..<10 {
      binding.bind(input, double: cells[first + input])
    }
    for input in 10..<GeneratedTree.inputs.count {
      binding.bind(input, value: texts[first + input])
    }
    return Int32(binding.evaluate() ?? -1)
  }

  private static func leaf(
    _ row: Int, _ binding: inout Binding, _ bytes: [UInt8], _ bounds: [Int]
  ) -> Int32 {
    binding.begin()
    let first = row * GeneratedTree.inputs.count
    for input in 0..<GeneratedTree.inputs.count {
      let cell = bounds[first + input]..<bounds[first + input + 1]
      binding.bind(input, text: bytes.span.extracting(cell))
    }
    return Int32(binding.evaluate() ?? -1)
  }
}
