import RuleProgram
import SeededRandom
import Testing

/// What is done faster gives what is done plainly.
@Suite struct FastPathTests {
  @Test("rows in runs reach the leaves of a plain walk, by tables and where these are too large")
  func runs() throws {
    let seed = TestData.seed()
    var maker = KeyProgramMaker(generator: SeededGenerator(seed: seed))
    var longest = 0
    for round in 0..<60 {
      let program = try maker.program(depth: round % 6)
      var rows: [[Int64]] = []
      while rows.count < 400 {
        let row = maker.keys()
        let length = maker.generator.int(1...50)
        for _ in 0..<length {
          rows.append(row)
          // A key or two that may lead elsewhere, or that the leaf doesn't depend on.
          let other = maker.keys()
          for _ in 0..<maker.generator.int(0...2) {
            let slot = maker.generator.int(0...(row.count - 1))
            rows[rows.count - 1][slot] = other[slot]
          }
        }
        longest = max(longest, length)
      }
      let keys: [Int64] = rows.flatMap { $0 }
      let expected = rows.map { Int32(program.program.plainLeaf($0) ?? -1) }
      let evaluator = Evaluator(program)
      for batch in [BatchEvaluator(evaluator), BatchEvaluator(evaluator, tableLimit: 0)] {
        let leaves = batch.leaves(batch.encode(keys: keys.span, count: rows.count))
        #expect(leaves == expected, "seed \(seed), round \(round)")
      }
    }
    #expect(longest > 40)
  }

  /// A program with one number, which has `cuts`.
  private static func program(
    _ cuts: [Int64], digits: Int, minimum: Value? = nil, maximum: Value? = nil,
    allowsMissing: Bool = false
  ) throws -> VerifiedProgram {
    try VerifiedProgram(
      Program(
        inputs: [
          .init(
            name: "n", type: .number, allowsMissing: allowsMissing, minimum: minimum,
            maximum: maximum)
        ],
        outcomes: [.init(name: "yes", isAdverse: false)],
        slots: [.init(source: .input(0), type: .number, encoding: .scaled(digits: digits))],
        nodes: [
          .init(
            slot: 0, cuts: cuts, children: (0...cuts.count).map { .leaf($0) },
            missing: allowsMissing ? .leaf(cuts.count + 1) : nil)
        ],
        leaves: (0...(cuts.count + (allowsMissing ? 1 : 0))).map {
          .init(id: "L\($0)", outcome: 0, reasons: [], sets: [])
        },
        root: .node(0)))
  }

  @Test("evenly and unevenly spaced cuts: keys and doubles at and beside each of them")
  func cuts() throws {
    let seed = TestData.seed()
    var generator = SeededGenerator(seed: seed)
    for round in 0..<40 {
      var cuts: Set<Int64> = [Int64(generator.int(-9...9))]
      for _ in 0..<generator.int(0...300) {
        switch round % 4 {
        case 0: cuts.insert(Int64(generator.int(0...1_000_000)))
        case 1: cuts.insert(Int64(generator.int(0...400)))
        // Far apart in size, or all but one in a heap.
        case 2: cuts.insert(Int64(1) << Int64(generator.int(0...61)))
        default: cuts.insert(Int64(generator.int(0...300)) + (generator.once(in: 99) ? 1 << 60 : 0))
        }
      }
      let program = try Self.program(cuts.sorted(), digits: 1)
      let batch = BatchEvaluator(Evaluator(program))
      var keys = cuts.flatMap { [$0 - 1, $0, $0 + 1] }
      keys += [KeyEncoding.leastKey, KeyEncoding.greatestKey, KeyEncoding.missingKey, 0]
      let leaves = batch.leaves(batch.encode(keys: keys.span, count: keys.count))
      for (key, leaf) in zip(keys, leaves) {
        let expected = Int32(program.program.plainLeaf([key]) ?? -1)
        #expect(leaf == expected, "seed \(seed), round \(round), key \(key)")
      }
      let doubles = keys.flatMap { key -> [Double] in
        let double = Double(key) / 20
        return [double.nextDown, double, double.nextUp, -double, double * 1e280]
      }
      var binding = Binding(Evaluator(program))
      let found = batch.leaves(batch.encode([.doubles(doubles)]))
      for (double, leaf) in zip(doubles, found) {
        binding.begin()
        if let number = Decimal128(double) { binding.bind(0, number: number) }
        let expected = Int32(binding.evaluate() ?? -1)
        #expect(leaf == expected, "seed \(seed), round \(round), \(double)")
      }
    }
  }

  @Test("a double has the key and the refusals of its decimal")
  func doubles() throws {
    let seed = TestData.seed()
    var generator = SeededGenerator(seed: seed)
    let bounds: [(String?, String?)] = [
      (nil, nil), ("0", "1000"), ("-12.3456789", "0.30000000000000004"), ("0.1", "1e300"),
    ]
    for round in 0..<64 {
      let digits = round % 16
      let (minimum, maximum) = bounds[round / 16]
      let program = try Self.program(
        [0], digits: digits, minimum: minimum.flatMap { Decimal128($0) }.map { .number($0) },
        maximum: maximum.flatMap { Decimal128($0) }.map { .number($0) },
        allowsMissing: round % 3 == 0)
      var quick = Binding(Evaluator(program))
      var plain = quick
      for double in Self.doubles(digits, &generator) {
        quick.begin()
        quick.bind(0, double: double)
        plain.begin()
        if let number = Decimal128(double) {
          plain.bind(0, number: number)
        } else if double.isNaN {
          plain.bindMissing(0)
        } else {
          plain.refuse(0, .wrongType(.number))
        }
        let isSame =
          quick.refusals == plain.refusals
          && (!plain.refusals.isEmpty || quick.keys == plain.keys)
        #expect(isSame, "seed \(seed), \(digits) digits, \(double)")
      }
    }
  }

  /// Doubles of about so many digits behind the point, those beside them, and any others.
  private static func doubles(_ digits: Int, _ generator: inout SeededGenerator) -> [Double] {
    var doubles: [Double] = [
      .nan, .infinity, -.infinity, 0, -0.0, 1000, 1000.nextUp, 0.1, 0.1.nextDown, 1e15, 1e16,
      -12.3456789, (-12.3456789).nextDown, .leastNonzeroMagnitude, 1e300, 1e300.nextUp, 0.1 + 0.2,
    ]
    for _ in 0..<500 {
      let size = [30, 3000, 40_000_000, 600_000_000_000_000].randomElement(using: &generator) ?? 1
      var power = 1.0
      for _ in 0..<max(0, digits + generator.int(-1...1)) { power *= 10 }
      let double = Double(generator.int(-size...size)) / power
      doubles += [double, double.nextUp, double.nextDown, double + 0.5 / power]
      doubles.append(Double(bitPattern: UInt64.random(in: 0...(.max), using: &generator)))
    }
    return doubles
  }
}
