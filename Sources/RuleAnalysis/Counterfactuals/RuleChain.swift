public import RuleProgram

/// Rule sets that run one after the other over the same values, as a search for counterfactuals sees
/// them. One rule set alone is a chain of one stage.
public struct RuleChain: Sendable {
  /// The stages in order; there is at least one.
  public var stages: [Stage]
  /// How many values a row has.
  public var valueCount: Int

  /// One rule set.
  public struct Stage: Sendable {
    /// What runs.
    public var evaluator: Evaluator
    /// Where each input of the program comes from.
    public var sources: [Source]
    /// For each outcome of the program: whether the chain ends there, later stages or not.
    public var ends: [Bool]

    /// A stage of a chain.
    public init(_ evaluator: Evaluator, sources: [Source], ends: [Bool]) {
      self.evaluator = evaluator
      self.sources = sources
      self.ends = ends
    }
  }

  /// Where an input comes from.
  public enum Source: Hashable, Sendable {
    /// The row's value of this number.
    case value(Int)
    /// The name of the outcome of an earlier stage.
    case outcome(stage: Int)
    /// The ID of the leaf of an earlier stage.
    case leaf(stage: Int)
    /// An output of an earlier stage, by its index in that program.
    case output(stage: Int, output: Int)
  }

  /// Where a row ends.
  public struct End: Hashable, Sendable {
    /// The number of the last stage that ran.
    public var stage: Int
    /// The number of its leaf.
    public var leaf: Int
  }

  /// A chain of `stages`, over rows of `valueCount` values.
  public init(_ stages: [Stage], valueCount: Int) {
    self.stages = stages
    self.valueCount = valueCount
  }

  /// The chain of one program, whose inputs are the row's values.
  public init(_ program: VerifiedProgram) {
    let evaluator = Evaluator(program)
    let count = program.program.inputs.count
    self.init(
      [
        Stage(
          evaluator, sources: (0..<count).map { .value($0) },
          ends: program.program.outcomes.map { _ in true })
      ], valueCount: count)
  }
}

/// Runs rows through a chain, one after the other, with memory that it keeps between them.
struct ChainExecution {
  private let stages: [RuleChain.Stage]
  private var bindings: [Binding]

  init(_ chain: RuleChain) {
    stages = chain.stages
    bindings = stages.map { Binding($0.evaluator) }
  }

  /// Where `row` ends; nil when a stage refuses it.
  mutating func end(of row: [Value]) -> RuleChain.End? {
    var leaves: [Int] = []
    var outputs: [[(output: Int, value: Value)]] = []
    for (number, stage) in stages.enumerated() {
      bindings[number].begin()
      for (input, source) in stage.sources.enumerated() {
        bindings[number].bind(input, value: value(source, row, leaves, outputs))
      }
      guard let leaf = bindings[number].evaluate() else { return nil }
      let outcome = stage.evaluator.program.leaves[leaf].outcome
      if stage.ends[outcome] || number == stages.count - 1 {
        return RuleChain.End(stage: number, leaf: leaf)
      }
      leaves.append(leaf)
      outputs.append(bindings[number].outputs(ofLeaf: leaf))
    }
    return nil
  }

  private func value(
    _ source: RuleChain.Source, _ row: [Value], _ leaves: [Int],
    _ outputs: [[(output: Int, value: Value)]]
  ) -> Value {
    switch source {
    case .value(let number): row[number]
    case .outcome(let stage):
      .string(stages[stage].evaluator.program.outcome(ofLeaf: leaves[stage]).name)
    case .leaf(let stage): .string(stages[stage].evaluator.program.leaves[leaves[stage]].id)
    case .output(let stage, let output):
      outputs[stage].first { $0.output == output }?.value ?? .null
    }
  }

  /// The values of `row` that stage number `number` refuses as they are.
  mutating func refused(_ row: [Value], by number: Int) -> Set<Int> {
    let stage = stages[number]
    var found: Set<Int> = []
    for (input, source) in stage.sources.enumerated() {
      guard case .value(let value) = source else { continue }
      bindings[number].begin()
      bindings[number].bind(input, value: row[value])
      if !bindings[number].refusals.isEmpty { found.insert(value) }
    }
    return found
  }
}
