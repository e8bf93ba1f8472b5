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
  /// The leaves that no case reached.
  var unreached: [String]
  /// How long it took.
  var duration: Duration

  /// The cases that didn't pass.
  var failures: [CaseRunner.Result] { results.filter { !$0.differences.isEmpty } }

  /// How many of the leaves were reached, in per cent, rounded down.
  var coverage: Int {
    let count = program.leaves.count
    return count == 0 ? 100 : 100 * (count - unreached.count) / count
  }

  // MARK: - Text

  /// The report for people.
  var text: String {
    var lines: [String] = []
    for failure in failures {
      lines.append("FAIL  \(Console.visible(failure.testCase.name))")
      lines += failure.differences.map { "      \(Console.visible($0))" }
      if let leaf = failure.leaf { lines += way(to: leaf) }
    }
    let leaves = program.leaves.count
    lines.append(
      "\(Console.visible(path)): \(Console.count(results.count, "case")),"
        + " \(failures.isEmpty ? "all passed" : "\(failures.count) failed");"
        + " \(leaves - unreached.count) of \(Console.count(leaves, "leaf", "leaves")) reached"
        + " (\(coverage) %)")
    if !unreached.isEmpty { lines.append("  not reached: " + unreached.joined(separator: ", ")) }
    return lines.joined(separator: "\n") + "\n"
  }

  private func way(to leaf: Int) -> [String] {
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
      "unreached": .array(unreached.map { .string($0) }), "coverage": .integer(coverage),
    ]
  }

  // MARK: - JUnit

  /// A `<testsuite>` of JUnit's XML.
  var junit: String {
    let (seconds, attoseconds) = duration.components
    let fraction = String(attoseconds / 1_000_000_000_000)
    let time = "\(seconds).\(String(repeating: "0", count: 6 - fraction.utf8.count))\(fraction)"
    let suite = "\(wording.id)@\(wording.version)"
    var lines = [
      "  <testsuite name=\"\(Self.escaped(suite))\" tests=\"\(results.count)\""
        + " failures=\"\(failures.count)\" errors=\"0\" skipped=\"0\" time=\"\(time)\""
        + " file=\"\(Self.escaped(path))\">"
    ]
    for result in results {
      let head =
        "    <testcase name=\"\(Self.escaped(result.testCase.name))\""
        + " classname=\"\(Self.escaped(wording.id))\" time=\"0\""
      if result.differences.isEmpty {
        lines.append(head + "/>")
      } else {
        let text = Self.escaped(result.differences.joined(separator: "; "))
        lines.append(head + ">")
        lines.append("      <failure message=\"\(text)\" type=\"difference\"/>")
        lines.append("    </testcase>")
      }
    }
    return lines.joined(separator: "\n") + "\n  </testsuite>\n"
  }

  private static func escaped(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case "\"": result += "&quot;"
      case "\n", "\t", "\r": result += "&#\(scalar.value);"
      default:
        // XML 1.0 has no other control characters, and not these two (§2.2).
        let isAllowed = scalar.value >= 0x20 && scalar.value != 0xFFFE && scalar.value != 0xFFFF
        result.unicodeScalars.append(isAllowed ? scalar : "\u{FFFD}")
      }
    }
    return result
  }
}
