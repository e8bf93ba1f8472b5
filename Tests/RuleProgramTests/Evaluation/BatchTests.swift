import RuleProgram
import SeededRandom
import Testing

/// Many rows at once reach the same leaves as one row after the other.
@Suite struct BatchTests {
  @Test(
    "random keys: batches agree with a plain walk, in trees of any depth and width")
  func randomKeys() throws {
    let seed = TestData.seed()
    var maker = KeyProgramMaker(generator: SeededGenerator(seed: seed))
    var (most, widest) = (0, 0)
    for round in 0..<120 {
      let program = try maker.program(depth: round % 40 == 39 ? 7 : round % 5)
      let batch = BatchEvaluator(Evaluator(program))
      let rows = (0..<100).map { _ in maker.keys() }
      let keys: [Int64] = rows.flatMap { $0 }
      let leaves = batch.leaves(batch.encode(keys: keys.span, count: rows.count))
      let expected = rows.map { Int32(program.program.plainLeaf($0) ?? -1) }
      #expect(leaves == expected, "seed \(seed), round \(round)")
      most = max(most, program.program.leaves.count)
      for node in program.program.nodes { widest = max(widest, Set(node.children).count) }
    }
    #expect(most > 64 && widest > 64)
  }

  @Test("random values: batches agree with binding, refused rows and derived values included")
  func randomValues() throws {
    let seed = TestData.seed()
    var maker = ProgramMaker(generator: SeededGenerator(seed: seed))
    for round in 0..<60 {
      let (program, _) = maker.program()
      let evaluator = Evaluator(try VerifiedProgram(program))
      let batch = BatchEvaluator(evaluator)
      var rows = (0..<60).map { _ in maker.row() }
      rows[7][0] = .null
      rows[8][4] = .string("undeclared")
      var binding = Binding(evaluator)
      let expected = rows.map { row in
        binding.begin()
        for (input, value) in row.enumerated() { binding.bind(input, value: value) }
        return Int32(binding.evaluate() ?? -1)
      }
      let columns = program.inputs.indices.map { input in
        InputColumn.values(rows.map { $0[input] })
      }
      #expect(batch.leaves(batch.encode(columns)) == expected, "seed \(seed), round \(round)")
    }
  }

  private static let numbers = [
    "0", "0.1", "0.3", "-0.3", "1e-7", "-12.345678901234567890123", "1000000000000000000",
    "123456789.123456", "5e-324", "1.7976931348623157e308", "2e308", "-2e308",
    "0.30000000000000004",
  ]

  @Test("doubles beside each cut and each bound are on the side where their decimals are")
  func doubles() throws {
    let seed = TestData.seed()
    var generator = SeededGenerator(seed: seed)
    for encoding in [false, true] {
      let constants = Self.numbers.map { number($0) }.sorted { ($0.order(to: $1) ?? 0) < 0 }
        .filter { encoding || abs(Double($0.description) ?? 0) < 1e15 }
      let keys = encoding ? KeyEncoding.ranked(constants) : .scaled(digits: 3)
      let cuts = Set(constants.map { keys.key(of: $0) + (generator.once(in: 2) ? 1 : 0) }).sorted()
      let program = Program(
        inputs: [
          .init(
            name: "n", type: .number, allowsMissing: true, minimum: number("-12.3456789"),
            maximum: encoding ? number("1e300") : nil)
        ],
        outcomes: [.init(name: "yes", isAdverse: false)],
        slots: [.init(source: .input(0), type: .number, encoding: keys)],
        nodes: [
          .init(
            slot: 0, cuts: cuts, children: (0...cuts.count).map { .leaf($0) },
            missing: .leaf(cuts.count + 1))
        ],
        leaves: (0...cuts.count + 1).map {
          .init(id: "L\($0)", outcome: 0, reasons: [], sets: [])
        },
        root: .node(0))
      let evaluator = Evaluator(try VerifiedProgram(program))
      var rows: [Double] = [.nan, .infinity, -.infinity, -0.0, .greatestFiniteMagnitude]
      for text in Self.numbers + ["-12.3456789", "1e300"] {
        let double = Double(text) ?? 0
        rows += [double, double.nextUp, double.nextDown, double.nextUp.nextUp, -double]
      }
      for digits in 0..<8 {
        for _ in 0..<200 {
          rows.append(
            Double(generator.int(-30_000...30_000)) / [1, 10, 1e2, 1e3, 1e4, 1e5, 7, 1e-9][digits])
        }
      }
      for _ in 0..<2000 {
        rows.append(Double(bitPattern: UInt64.random(in: 0...(.max), using: &generator)))
      }
      var binding = Binding(evaluator)
      let expected = rows.map { double in
        binding.begin()
        if let decimal = Decimal128(double) {
          binding.bind(0, number: decimal)
        } else if !double.isNaN {
          return BatchEvaluator.refused
        }
        return Int32(binding.evaluate() ?? -1)
      }
      let batch = BatchEvaluator(evaluator)
      let leaves = batch.leaves(batch.encode([.doubles(rows)]))
      for row in rows.indices {
        #expect(leaves[row] == expected[row], "seed \(seed): \(rows[row])")
      }
    }
  }

  @Test("texts by their indexes, absent columns, and a program of one leaf")
  func columns() throws {
    let program = Program(
      inputs: [
        .init(name: "job", type: .string, allowsMissing: true, values: ["a", "b"]),
        .init(name: "n", type: .number),
      ],
      outcomes: [.init(name: "yes", isAdverse: false)],
      slots: [.init(source: .input(0), type: .string, encoding: .declared)],
      nodes: [.init(slot: 0, cuts: [], children: [.leaf(0), .leaf(1)], missing: .leaf(2))],
      leaves: ["A", "B", "C"].map { .init(id: $0, outcome: 0, reasons: [], sets: []) },
      root: .node(0))
    let batch = BatchEvaluator(Evaluator(try VerifiedProgram(program)))
    let rows = batch.encode([
      .strings([1, 0, 2, -1, 1], of: ["a", "b", "c"]), .doubles([1, 2, 3, 4, .nan]),
    ])
    #expect(batch.leaves(rows) == [1, 0, -1, 2, -1])
    #expect(batch.leaves(batch.encode([.missing, .doubles([1, 2])])) == [2, 2])
    #expect(batch.leaves(batch.encode([.missing, .missing])) == [])
    #expect(batch.leaves(batch.encode([.doubles([.nan, 1]), .doubles([1, 2])])) == [2, -1])
    let single = Program(
      outcomes: [.init(name: "yes", isAdverse: false)],
      leaves: [.init(id: "A", outcome: 0, reasons: [], sets: [])])
    let one = BatchEvaluator(Evaluator(try VerifiedProgram(single)))
    let none: [Int64] = []
    let encoded = one.encode(keys: none.span, count: 3)
    #expect(one.leaves(encoded) == [0, 0, 0])
  }
}
