import RuleProgram
import SeededRandom
import Testing

/// The evaluator beside a naive one, which compares values where the evaluator compares keys.
@Suite struct EvaluatorTests {
  @Test("random programs: the leaf, the path's conditions and the program read back all agree")
  func randomPrograms() throws {
    let seed = TestData.seed()
    var maker = ProgramMaker(generator: SeededGenerator(seed: seed))
    var (rows, reached): (Int, Set<Int>) = (0, [])
    for round in 0..<80 {
      let (program, tree) = maker.program()
      let verified = try Program.verified(bytes: program.bytes)
      #expect(verified.program == program, "seed \(seed)")
      var binding = Binding(Evaluator(verified))
      for _ in 0..<150 {
        let row = maker.row()
        binding.begin()
        for (input, value) in row.enumerated() { binding.bind(input, value: value) }
        let leaf = binding.evaluate()
        #expect(binding.refusals.isEmpty)
        let expected = tree.leaf(of: maker.slotValues(row))
        #expect(leaf == expected, "seed \(seed), round \(round): \(row)")
        if round == 0, let leaf { reached.insert(leaf) }
        rows += 1
      }
    }
    print("evaluator: \(rows) rows")
    #expect(reached.count > 1)
  }

  @Test("random keys: the leaf is that of a plain walk, missing keys and shared branches included")
  func randomKeys() throws {
    let seed = TestData.seed()
    var maker = KeyProgramMaker(generator: SeededGenerator(seed: seed))
    var (found, nowhere) = (0, 0)
    for round in 0..<400 {
      let program = try maker.program(depth: round % 6)
      let evaluator = Evaluator(program)
      for _ in 0..<100 {
        let keys = maker.keys()
        let leaf = evaluator.leaf(keys: keys.span)
        #expect(leaf == program.program.plainLeaf(keys), "seed \(seed), round \(round): \(keys)")
        if leaf == nil { nowhere += 1 } else { found += 1 }
      }
    }
    #expect(found > 1000 && nowhere > 1000)
  }

  @Test("every number of cuts leads to the right child")
  func cuts() throws {
    for count in 0...20 {
      let program = Program(
        inputs: [.init(name: "n", type: .number)],
        outcomes: [.init(name: "yes", isAdverse: false)],
        slots: [.init(source: .input(0), type: .number, encoding: .scaled(digits: 0))],
        nodes: [
          .init(
            slot: 0, cuts: (0..<count).map { Int64($0) * 2 },
            children: (0...count).map { .leaf($0) }, missing: nil)
        ],
        leaves: (0...count).map { .init(id: "L\($0)", outcome: 0, reasons: [], sets: []) },
        root: .node(0))
      var binding = Binding(Evaluator(try VerifiedProgram(program)))
      for place in -1...count {
        for (text, leaf) in [("\(place)", place + 1), ("\(place).5", place < 0 ? 0 : place + 1)] {
          binding.begin()
          binding.bind(0, value: number(place < 0 && text.hasSuffix("5") ? "-0.5" : text))
          #expect(binding.evaluate() == min(leaf, count), "\(count) cuts, \(text)")
        }
      }
    }
  }

  @Test("a deep tree is read, verified, evaluated and printed without recursion")
  func deepTree() throws {
    let depth = 20_000
    let program = Program(
      inputs: [.init(name: "n", type: .number)],
      outcomes: [.init(name: "yes", isAdverse: false)],
      slots: [.init(source: .input(0), type: .number, encoding: .scaled(digits: 0))],
      nodes: (0..<depth).map { index in
        .init(
          slot: 0, cuts: [Int64(index) * 2],
          children: [.leaf(index), index + 1 < depth ? .node(index + 1) : .leaf(depth)],
          missing: nil)
      },
      leaves: (0...depth).map { .init(id: "L\($0)", outcome: 0, reasons: [], sets: []) },
      root: .node(0))
    var binding = Binding(Evaluator(try Program.verified(bytes: program.bytes)))
    for (text, leaf) in [("-1", 0), ("0.5", 1), ("999999", depth)] {
      binding.begin()
      binding.bind(0, value: number(text))
      #expect(binding.evaluate() == leaf)
    }
  }

  @Test("a value that is missing where the program has no branch for it reaches no leaf")
  func nowhere() throws {
    let program = Program(
      inputs: [.init(name: "n", type: .number, allowsMissing: true)],
      outcomes: [.init(name: "yes", isAdverse: false)],
      slots: [.init(source: .input(0), type: .number, encoding: .scaled(digits: 0))],
      nodes: [.init(slot: 0, cuts: [0], children: [.leaf(0), .leaf(1)], missing: nil)],
      leaves: ["A", "B"].map { .init(id: $0, outcome: 0, reasons: [], sets: []) },
      root: .node(0))
    let evaluator = Evaluator(try VerifiedProgram(program))
    var binding = Binding(evaluator)
    binding.begin()
    #expect(binding.evaluate() == nil)
    #expect(evaluator.leaf(keys: [KeyEncoding.missingKey].span) == nil)
    #expect(evaluator.leaf(keys: [0].span) == 1)
  }

  @Test("the disassembly shows tables, code and tree in FEEL")
  func disassembly() {
    let text = Samples.everything.disassembly()
    for line in [
      "program sha256:\(Samples.everything.digest)", "input 0  amount number  min 0  max 1000.5",
      "input 2  job string  in \"employed\", \"none\"", "outcome 0  no  adverse",
      "  matches \"^a.*(b|c)\"", "  property year",
      "slot 6  name  string, ranked among 1 constants",
      "  50: leaf 0 LEAF-0 -> no [R2 R1]", "  > 50: leaf 1 LEAF-1 -> yes",
      "  [-1..50): node 1 on job",
    ] { #expect(text.contains(line), "\(line) in\n\(text)") }
  }
}
