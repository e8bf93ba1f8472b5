public import RuleProgram

/// Finds the smallest changes of a row that give it a wanted end.
///
/// A leaf has one path, so the rows that reach it are those that meet every condition on it. Where a
/// condition is on a value of the row itself, it says at once whether that value must change, and to
/// which nearest one. Conditions on computed values are met by trying sets of the values that they are
/// computed from, the smallest sets first: the rows that differ in such a set form boxes, ordered by
/// what their nearest row costs. The nearest box is looked at first: if its nearest row, executed, ends
/// as wanted, nothing costs less; if no row of it can meet the conditions, as the enclosures prove, it
/// is dropped; otherwise it is cut in two.
public struct CounterfactualSearch: Sendable {
  /// How much work may be done: one for each split walked through, `boxWork` for each set or box.
  public var budget = 100_000
  /// How many counterfactuals are looked for, for each target.
  public var count = 3
  /// The chain.
  let chain: RuleChain
  /// What is known of its stages.
  let stages: [ChainStage]
  /// What is known of the row's values.
  let values: [ChainValue]

  /// What a set or a box counts as.
  static let boxWork = 20

  /// A search over `program` alone.
  public init(_ program: VerifiedProgram) { self.init(RuleChain(program)) }

  /// A search over `chain`.
  public init(_ chain: RuleChain) {
    self.chain = chain
    stages = chain.stages.map { ChainStage($0) }
    values = ChainValue.all(stages, count: chain.valueCount)
  }

  /// Whether the row's value number `value` can decide anything.
  public func isRead(_ value: Int) -> Bool { values[value].isRead }

  /// Whether the row's value number `value` is read as one type; others never change.
  public func isReadAlike(_ value: Int) -> Bool { values[value].input != nil }

  /// The smallest changes of `row` that reach an end for which `isWanted`.
  ///
  /// - Parameter row: a value for each number.
  /// - Parameter rules: what may change, for each value.
  public func search(
    from row: [Value], _ rules: [Actionability], isWanted: (RuleChain.End) -> Bool
  ) -> CounterfactualAnswer {
    search(from: row, rules, targets: 1) { isWanted($0) ? 0 : nil }[0]
  }

  /// The smallest changes of `row` for each of some targets.
  ///
  /// - Parameter target: which target an end belongs to, below `targets`; nil for none.
  /// - Returns: an answer for each target. The same question gives the same answer: work is bounded
  ///   by its amount, not by time.
  public func search(
    from row: [Value], _ rules: [Actionability], targets: Int,
    target: (RuleChain.End) -> Int?
  ) -> [CounterfactualAnswer] {
    let grids = values.indices.map { number -> InputGrid? in
      guard let input = values[number].input, values[number].isRead else { return nil }
      return InputGrid(
        input, value: row[number], constants: values[number].constants, rules[number])
    }
    var execution = ChainExecution(chain)
    let refused = stages.indices.map { execution.refused(row, by: $0) }
    return withoutActuallyEscaping(target) { target in
      let open = values.indices.map { isOpen($0, rules[$0]) }
      var walk = PathWalk(self, row, grids, open, refused, budget: budget, target)
      walk.walk()
      return (0..<targets).map { number in
        var run = CounterfactualRun(
          self, row, grids, execution, walk.paths.filter { $0.target == number },
          open: walk.open.filter { $0.target == number }.map(\.set),
          budget: budget / max(targets, 1))
        return run.run(isWhole: !walk.isCut && isWhole(rules)) { target($0) == number }
      }
    }
  }

  /// Whether the grids hold every value that the stages accept, but for texts that aren't declared.
  private func isWhole(_ rules: [Actionability]) -> Bool {
    values.indices.allSatisfy {
      values[$0].isWhole || !values[$0].isRead || rules[$0].direction == .fixed
    }
  }

  /// Whether a value is a text that may change to others than those that the rules name.
  func isOpen(_ value: Int, _ rule: Actionability) -> Bool {
    guard let input = values[value].input, values[value].isRead else { return false }
    return input.type == .string && input.values.isEmpty && rule.direction == .either
  }
}

/// One stage of a chain and what helps to look at it.
struct ChainStage: Sendable {
  let program: Program
  let sources: [RuleChain.Source]
  let ends: [Bool]
  let analysis: RegionAnalysis
  let readers: InputReaders

  init(_ stage: RuleChain.Stage) {
    program = stage.evaluator.program
    sources = stage.sources
    ends = stage.ends
    analysis = RegionAnalysis(program)
    readers = InputReaders(program)
  }

  /// What sets output number `output` on leaf number `leaf`; nil when nothing does.
  func expression(ofOutput output: Int, leaf: Int) -> Int? {
    program.leaves[leaf].sets.first { $0.output == output }?.expression
  }
}

/// One value of a chain's rows: what all the inputs that it goes into accept.
struct ChainValue: Sendable {
  /// The strictest of their declarations; nil when they are of different types.
  private(set) var input: Program.Input?
  /// What they are compared with.
  private(set) var constants: [Value] = []
  /// Whether it can decide anything.
  private(set) var isRead = false
  /// Whether all of them accept the same values.
  private(set) var isWhole = true

  /// The values of a chain, by their numbers.
  static func all(_ stages: [ChainStage], count: Int) -> [ChainValue] {
    var values = [ChainValue](repeating: ChainValue(), count: count)
    var isDeclared = [Bool](repeating: false, count: count)
    for stage in stages {
      let constants = constants(stage)
      let read = stage.readers.inputs(ofSlots: Array(stage.program.slots.indices))
        .union(outputReaders(stage))
      for (index, source) in stage.sources.enumerated() {
        guard case .value(let number) = source else { continue }
        values[number].constants += constants[index]
        if read.contains(index) { values[number].isRead = true }
        let input = stage.program.inputs[index]
        if isDeclared[number] {
          values[number].narrow(to: input)
        } else {
          values[number].input = input
        }
        isDeclared[number] = true
      }
    }
    return values
  }

  /// The inputs that outputs are computed from: later stages may read them.
  private static func outputReaders(_ stage: ChainStage) -> Set<Int> {
    guard !stage.ends.allSatisfy({ $0 }) else { return [] }
    return stage.program.leaves.flatMap(\.sets).reduce(into: Set()) {
      $0.formUnion(stage.readers.ofExpression[$1.expression])
    }
  }

  private mutating func narrow(to other: Program.Input) {
    guard var input, input.type == other.type, input.offset == other.offset else {
      input = nil
      return
    }
    let before = input
    input.minimum = Self.extreme(input.minimum, other.minimum) { $0 > 0 }
    input.maximum = Self.extreme(input.maximum, other.maximum) { $0 < 0 }
    if input.values.isEmpty {
      input.values = other.values
    } else if !other.values.isEmpty {
      input.values = input.values.filter { other.values.sortedIndex(of: $0) != nil }
    }
    if input.minimum != before.minimum || input.maximum != before.maximum
      || input.values != before.values || input.minimum != other.minimum
      || input.maximum != other.maximum || input.values != other.values
    {
      isWhole = false
    }
    self.input = input
  }

  private static func extreme(
    _ left: Value?, _ right: Value?, _ isStricter: (Int) -> Bool
  ) -> Value? {
    guard let left, let right else { return left ?? right }
    return isStricter(left.order(to: right) ?? 0) ? left : right
  }

  /// For each input of a stage: what the rules compare it with.
  private static func constants(_ stage: ChainStage) -> [[Value]] {
    let program = stage.program
    var bounds = [Set<Value>](repeating: [], count: program.inputs.count)
    for node in program.nodes {
      let slot = program.slots[node.slot]
      guard case .input(let input) = slot.source else { continue }
      bounds[input].formUnion(node.cuts.compactMap { program.lowerBound($0, slot)?.value })
    }
    for (code, inputs) in zip(program.expressions, stage.readers.ofExpression) {
      let found = code.instructions.compactMap { instruction in
        instruction.operation == .constant ? program.constants[instruction.operand] : nil
      }
      for input in inputs { bounds[input].formUnion(found) }
    }
    return bounds.map { Array($0) }
  }
}
