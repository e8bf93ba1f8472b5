public import RuleProgram

/// Finds the smallest changes of a row that give it a wanted leaf.
///
/// The rows that differ in some inputs form boxes, ordered by what their nearest row costs. The nearest
/// box is looked at first: if its nearest row gets a wanted leaf, nothing costs less; if no row of it
/// can, as the enclosures prove, it is dropped; otherwise it is cut at the next threshold.
public struct CounterfactualSearch {
  /// How many boxes may be looked at.
  public var budget = 20_000
  /// The most inputs that one counterfactual changes.
  public var maximumInputs = 4
  /// How many counterfactuals are looked for.
  public var count = 3
  let program: Program
  private let evaluator: Evaluator
  private let analysis: RegionAnalysis
  private let readers: InputReaders
  private let thresholds: Thresholds

  /// A search over `program`.
  public init(_ program: VerifiedProgram) {
    self.program = program.program
    evaluator = Evaluator(program)
    analysis = RegionAnalysis(program.program)
    readers = InputReaders(program.program)
    thresholds = Thresholds(program.program, readers)
  }

  /// The smallest changes of `row` that reach a leaf for which `isWanted`.
  ///
  /// - Parameter row: a value for each input.
  /// - Parameter rules: what may change, for each input.
  public func search(
    from row: [Value], _ rules: [Actionability], isWanted: (Int) -> Bool
  ) -> CounterfactualAnswer {
    let read = readers.inputs(ofSlots: Array(program.slots.indices))
    var grids: [Int: InputGrid] = [:]
    for index in read.sorted() {
      grids[index] = InputGrid(
        program.inputs[index], value: row[index], constants: thresholds.constants(of: index),
        rules[index])
    }
    var run = CounterfactualRun(search: self, row: row, grids: grids)
    return run.search(isWanted)
  }

  // MARK: - What a run asks

  /// The leaf of a row, executed; nil when the row is refused.
  func leaf(of row: [Value]) -> Int? {
    var binding = Binding(evaluator)
    binding.begin()
    for (index, value) in row.enumerated() { binding.bind(index, value: value) }
    return binding.evaluate()
  }

  /// True unless it is proven that no row with inputs inside `domains` gets a wanted leaf.
  func mayReach(_ domains: [AbstractValue], _ isWanted: (Int) -> Bool) -> Bool {
    var interpreter = AbstractInterpreter(program: program, inputs: domains)
    var keys = [KeySet?](repeating: nil, count: program.slots.count)
    var pending = [program.root]
    var regions: [[Int: KeySet]] = [[:]]
    while let target = pending.popLast(), let region = regions.popLast() {
      switch target {
      case .leaf(let leaf): if isWanted(leaf) { return true }
      case .node(let index):
        let node = program.nodes[index]
        let possible =
          region[node.slot] ?? keys[node.slot]
          ?? analysis.keys(of: program.slots[node.slot], &interpreter)
        keys[node.slot] = keys[node.slot] ?? possible
        for (child, part) in program.branches(of: node, within: possible) {
          var narrowed = region
          narrowed[node.slot] = part
          pending.append(child)
          regions.append(narrowed)
        }
      }
    }
    return false
  }

  /// Where to cut `numbers` of an input so that the part nearer to the row is decided first: at the next
  /// threshold, else in the middle when expressions read the input; nil when all of it is alike.
  func cut(
    _ numbers: ClosedRange<Int64>, of input: Int, _ grid: InputGrid
  ) -> Int64? {
    guard numbers.lowerBound < numbers.upperBound else { return nil }
    let isAscending = grid.nearest(in: numbers) == numbers.lowerBound
    let inside = thresholds.numbers(of: input, grid).filter {
      numbers.lowerBound < $0 && $0 <= numbers.upperBound
    }
    if let next = isAscending ? inside.min() : inside.max() { return next }
    guard thresholds.isReadByExpressions(input) || !program.inputs[input].type.hasMeasure else {
      return nil
    }
    return numbers.lowerBound + (numbers.upperBound - numbers.lowerBound) / 2 + 1
  }
}

extension ValueType {
  fileprivate var hasMeasure: Bool { self != .string && self != .boolean }
}

/// Where splits cut the values of inputs.
private struct Thresholds {
  private let bounds: [[Program.Bound]]
  private let constantsOfInput: [[Value]]
  private let isRead: [Bool]

  init(_ program: Program, _ readers: InputReaders) {
    var bounds = [Set<Program.Bound>](repeating: [], count: program.inputs.count)
    for node in program.nodes {
      let slot = program.slots[node.slot]
      guard case .input(let input) = slot.source else { continue }
      bounds[input].formUnion(node.cuts.compactMap { program.lowerBound($0, slot) })
    }
    var isRead = [Bool](repeating: false, count: program.inputs.count)
    var constants = bounds.map { $0.map(\.value) }
    for (code, inputs) in zip(program.expressions, readers.ofExpression) {
      let found = code.instructions.compactMap { instruction in
        instruction.operation == .constant ? program.constants[instruction.operand] : nil
      }
      for input in inputs {
        isRead[input] = true
        constants[input] += found
      }
    }
    self.bounds = bounds.map { Array($0) }
    self.isRead = isRead
    constantsOfInput = constants
  }

  /// What the rules compare input number `input` with.
  func constants(of input: Int) -> [Value] { constantsOfInput[input] }

  func isReadByExpressions(_ input: Int) -> Bool { isRead[input] }

  /// The numbers of `grid` at which a case of a split on the input begins.
  func numbers(of input: Int, _ grid: InputGrid) -> [Int64] {
    bounds[input].compactMap { bound in
      bound.value.measure.flatMap { grid.first(from: $0, closed: bound.isClosed) }
    }
  }
}
