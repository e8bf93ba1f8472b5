import CanonicalJSON
import RuleProgram

/// What came of the tests of one rule set.
struct TestReport {
  /// The rule set's file.
  var path: String
  /// The program that was tested.
  var program: Program
  /// What words it.
  var wording: Wording
  /// The cases' results in their order.
  var results: [CaseRunner.Result]
  /// What the cases reached.
  var reached: TreeCoverage
  /// How long it took.
  var duration: Duration

  /// The cases that didn't pass.
  var failures: [CaseRunner.Result] { results.filter { !$0.differences.isEmpty } }

  // MARK: - Text

  /// The report for people.
  var text: String {
    var lines: [String] = []
    for failure in failures {
      lines.append("FAIL  \(Console.visible(failure.testCase.name))")
      lines += failure.differences.map { "      \(Console.visible($0))" }
      if let leaf = failure.leaf { lines += way(to: leaf) }
    }
    let (leaves, branches) = (reached.leaves, reached.branches)
    lines.append(
      "\(Console.visible(path)): \(Console.count(results.count, "case")),"
        + " \(failures.isEmpty ? "all passed" : "\(failures.count) failed");"
        + " \(leaves.reached) of \(Console.count(leaves.count, "leaf", "leaves"))"
        + " (\(leaves.percent) %) and \(branches.reached) of"
        + " \(Console.count(branches.count, "branch", "branches")) (\(branches.percent) %) reached")
    lines += unreachedLines
    return lines.joined(separator: "\n") + "\n"
  }

  /// How many unreached places are named in the text.
  private static let shown = 20

  /// Unreached leaves and branches, in the order of the source.
  private var unreachedLines: [String] {
    let leaves = reached.unreachedLeaves.map { leaf in
      (place: wording.leaves[leaf], text: "leaf \(program.leaves[leaf].id)")
    }
    let branches = reached.unreachedBranches.map { branch in
      (place: branch.place, text: "branch \(branch.text) of `\(branch.on)`")
    }
    let all = (leaves + branches).sorted {
      ($0.place.line, $0.place.column) < ($1.place.line, $1.place.column)
    }
    let rest = all.count - Self.shown
    return all.prefix(Self.shown).map { item in
      "  \(Console.visible(path)):\(item.place.line): not reached: \(Console.visible(item.text))"
    } + (rest > 0 ? ["  and \(rest) more: --format json lists them all"] : [])
  }

  /// The way from the root to leaf number `leaf`, line by line.
  func way(to leaf: Int) -> [String] {
    let steps = LeafPath.steps(to: leaf, program, wording).map { step in
      "        \(place(step.place))  \(step.on): \(step.branch)"
    }
    let id = program.leaves[leaf].id
    return ["      the way taken:"] + steps
      + ["        \(place(wording.leaves[leaf]))  leaf \(id)"]
  }

  private func place(_ place: Wording.Place) -> String {
    "\(Console.visible(path)):\(place.line):\(place.column)"
  }

  // MARK: - JSON

  /// The report for programs.
  var json: JSON {
    [
      "path": .string(path), "reference": .string("\(wording.id)@\(wording.version)"),
      "cases": .array(
        results.map { result in
          .object(present: [
            ("name", .string(result.testCase.name)),
            ("passed", .bool(result.differences.isEmpty)),
            ("leaf", result.leaf.map { .string(program.leaves[$0].id) }),
            (
              "differences",
              result.differences.isEmpty
                ? nil : .array(result.differences.map { .string($0) })
            ),
          ])
        }), "failed": .integer(failures.count), "leaves": .integer(program.leaves.count),
      "unreached": .array(reached.unreachedLeaves.map { .string(program.leaves[$0].id) }),
      "coverage": .integer(reached.leaves.percent),
      "branches": .integer(reached.branches.count),
      "unreached_branches": .array(
        reached.unreachedBranches.map { branch in
          [
            "on": .string(branch.on), "branch": .string(branch.text),
            "line": .integer(branch.place.line), "column": .integer(branch.place.column),
          ]
        }), "branch_coverage": .integer(reached.branches.percent),
    ]
  }
}
