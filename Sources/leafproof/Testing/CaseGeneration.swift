import CanonicalJSON
import RuleAnalysis
import RuleProgram

/// Cases made for a rule set, ready to be written.
struct CaseGeneration {
  private let path: String
  private let program: Program
  private let wording: Wording
  private let suite: BoundarySuite

  /// Cases for the rule set in the file `path`, besides those that are there.
  init(
    _ path: String, _ program: VerifiedProgram, _ wording: Wording, besides existing: [TestCase]
  ) {
    self.path = path
    self.program = program.program
    self.wording = wording
    let rows = existing.compactMap { Self.row($0, program.program) }
    suite = BoundarySuite(program, wording, besides: rows)
  }

  /// The inputs of a case in the program's order; nil when one of them is no value of its type.
  private static func row(_ testCase: TestCase, _ program: Program) -> [Value]? {
    var row = [Value](repeating: .null, count: program.inputs.count)
    for member in testCase.inputs {
      guard let input = program.inputIndex(member.key) else { return nil }
      let type = program.inputs[input].type
      switch member.value {
      case .null: continue
      case .bool(let flag): row[input] = .boolean(flag)
      case .number(let text), .string(let text):
        guard let value = Value(parsing: text, as: type) else { return nil }
        row[input] = value
      case .array, .object: return nil
      }
    }
    return row
  }

  /// The file of cases, one case a line.
  var text: String {
    let lines = suite.cases.map { testCase in
      let inputs = zip(program.inputs, testCase.inputs).filter { $0.1 != .null }
      let members = inputs.map { JSON.Member($0.0.name, JSON($0.1)) }
      let json: JSON = [
        "name": .string(testCase.name), "inputs": .object(members),
        "leaf": .string(program.leaves[testCase.leaf].id),
        "outcome": .string(program.outcome(ofLeaf: testCase.leaf).name),
      ]
      return "  " + json.compactText
    }
    if lines.isEmpty { return "{\"cases\": []}\n" }
    return "{\"cases\": [\n" + lines.joined(separator: ",\n") + "\n]}\n"
  }

  /// What is said on standard error: what no case was found for, and how much there is.
  var notes: String {
    let open = suite.open.map { goal in
      "\(place(of: goal.site)): \(goal.isImpossible ? "note" : "warning"):"
        + " \(goal.isImpossible ? "proven to be impossible" : "no case was found for"):"
        + " \(Console.visible(subject(of: goal)))\n"
    }
    let impossible = suite.open.count { $0.isImpossible }
    let undecided = suite.open.count - impossible
    let met = suite.goals - suite.open.count
    var summary =
      "\(Console.visible(path)): \(Console.count(suite.cases.count, "case"));"
      + " \(met) of \(Console.count(suite.goals, "goal")) met"
    if suite.goalsMetBefore > 0 { summary += ", \(suite.goalsMetBefore) by cases that were there" }
    if impossible > 0 { summary += "; \(impossible) impossible" }
    if undecided > 0 { summary += "; \(undecided) undecided" }
    return open.joined() + summary + "\n"
  }

  private func subject(of goal: BoundarySuite.OpenGoal) -> String {
    switch goal.site {
    case .split: goal.text
    case .leaf(let leaf): "leaf \(program.leaves[leaf].id)"
    }
  }

  private func place(of site: BoundarySuite.Site) -> String {
    let place =
      switch site {
      case .split(let node): wording.nodes[node].place
      case .leaf(let leaf): wording.leaves[leaf]
      }
    return "\(Console.visible(path)):\(place.line):\(place.column)"
  }
}
