import CanonicalJSON
import RuleProgram

/// Runs the cases of a rule set and counts the leaves that they reach.
struct CaseRunner {
  private let program: Program
  private var binding: Binding
  /// For each leaf, how many cases reached it.
  private(set) var visits: [Int]

  /// What came of one case.
  struct Result {
    /// The case.
    var testCase: TestCase
    /// What isn't as expected: `leaf: expected A, got B`; empty when the case passed.
    var differences: [String]
    /// The number of the leaf that was reached.
    var leaf: Int?
  }

  /// A runner for `program`.
  init(_ program: VerifiedProgram) {
    self.program = program.program
    binding = Binding(Evaluator(program))
    visits = Array(repeating: 0, count: program.program.leaves.count)
  }

  /// Runs one case.
  mutating func run(_ testCase: TestCase) -> Result {
    binding.begin()
    let unknown = binding.bind(testCase.inputs, of: program)
    var differences = unknown.map { "`\(Console.visible($0))` is no input of this rule set" }
    let leaf = binding.evaluate()
    if let leaf {
      visits[leaf] += 1
      differences += compare(testCase, leaf)
    } else {
      differences += compareRefusal(testCase)
    }
    return Result(testCase: testCase, differences: differences, leaf: leaf)
  }

  private func compareRefusal(_ testCase: TestCase) -> [String] {
    let reasons = binding.refusals.map { "\($0.input) \($0.problem.text)" }
    guard let expected = testCase.refused else {
      let name = testCase.leaf ?? testCase.outcome ?? ""
      return ["expected \(name), got a refusal: \(reasons.joined(separator: "; "))"]
    }
    let got = Set(binding.refusals.map(\.input))
    if got == Set(expected) { return [] }
    return ["refused: expected \(Self.list(expected.sorted())), got \(Self.list(got.sorted()))"]
  }

  private mutating func compare(_ testCase: TestCase, _ leaf: Int) -> [String] {
    var differences: [String] = []
    let id = program.leaves[leaf].id
    let outcome = program.outcome(ofLeaf: leaf).name
    if let refused = testCase.refused {
      return ["expected a refusal of \(Self.list(refused)), got leaf \(id)"]
    }
    if let expected = testCase.leaf, expected != id {
      let isKnown = program.leaves.contains { $0.id == expected }
      let remark = isKnown ? "" : " (there is no leaf \(expected))"
      differences.append("leaf: expected \(expected), got \(id)\(remark)")
    }
    if let expected = testCase.outcome, expected != outcome {
      differences.append("outcome: expected \(expected), got \(outcome)")
    }
    if let expected = testCase.reasons, expected != program.reasonCodes(ofLeaf: leaf) {
      let got = program.reasonCodes(ofLeaf: leaf)
      differences.append("reasons: expected \(Self.list(expected)), got \(Self.list(got))")
    }
    return differences + compareOutputs(testCase, leaf)
  }

  private mutating func compareOutputs(_ testCase: TestCase, _ leaf: Int) -> [String] {
    guard !testCase.outputs.isEmpty else { return [] }
    let values = binding.outputs(ofLeaf: leaf)
    return testCase.outputs.compactMap { member in
      guard let output = program.outputs.firstIndex(where: { $0.name == member.key }) else {
        return "output \(member.key): this rule set has no such output"
      }
      let got = values.first { $0.output == output }?.value ?? .null
      guard let expected = Self.value(member.value, program.outputs[output].type) else {
        let type = program.outputs[output].type.name
        return "output \(member.key): what is expected is no \(type)"
      }
      return expected == got ? nil : "output \(member.key): expected \(expected), got \(got)"
    }
  }

  /// A JSON value as a value of `type`; nil when it is none.
  private static func value(_ json: JSON, _ type: ValueType) -> Value? {
    switch json {
    case .null: .null
    case .bool(let flag): type == .boolean ? .boolean(flag) : nil
    case .number(let text): type == .number ? Value(parsing: text, as: type) : nil
    case .string(let text): Value(parsing: text, as: type)
    case .array, .object: nil
    }
  }

  private static func list(_ names: [String]) -> String {
    names.isEmpty ? "none" : names.joined(separator: ", ")
  }
}
