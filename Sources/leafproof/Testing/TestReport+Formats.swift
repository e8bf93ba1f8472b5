import RuleProgram

/// The forms of the report that continuous-integration servers read.
extension TestReport {
  // MARK: - JUnit

  /// JUnit's XML for several rule sets.
  static func junit(_ reports: [TestReport]) -> String {
    let tests = reports.reduce(0) { $0 + $1.results.count }
    let failures = reports.reduce(0) { $0 + $1.failures.count }
    let time = reports.reduce(Duration.zero) { $0 + $1.duration }
    return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
      + "<testsuites name=\"leafproof test\" tests=\"\(tests)\" failures=\"\(failures)\""
      + " errors=\"0\" skipped=\"0\" time=\"\(seconds(time))\">\n"
      + reports.map(\.junitSuite).joined() + "</testsuites>\n"
  }

  /// A `<testsuite>` of JUnit's XML.
  private var junitSuite: String {
    let suite = "\(wording.id)@\(wording.version)"
    var lines = [
      "  <testsuite name=\"\(Self.escaped(suite))\" tests=\"\(results.count)\""
        + " failures=\"\(failures.count)\" errors=\"0\" skipped=\"0\""
        + " time=\"\(Self.seconds(duration))\" file=\"\(Self.escaped(path))\">"
    ]
    for result in results {
      let head =
        "    <testcase name=\"\(Self.escaped(result.testCase.name))\""
        + " classname=\"\(Self.escaped(wording.id))\" file=\"\(Self.escaped(path))\" time=\"0\""
      if result.differences.isEmpty {
        lines.append(head + "/>")
      } else {
        let text = Self.escaped(result.differences.joined(separator: "; "))
        let body = result.differences + (result.leaf.map { way(to: $0) } ?? [])
        lines.append(head + ">")
        lines.append(
          "      <failure message=\"\(text)\" type=\"difference\">"
            + body.map(Self.escaped).joined(separator: "\n") + "</failure>")
        lines.append("    </testcase>")
      }
    }
    return lines.joined(separator: "\n") + "\n  </testsuite>\n"
  }

  private static func seconds(_ duration: Duration) -> String {
    let (seconds, attoseconds) = duration.components
    let fraction = String(attoseconds / 1_000_000_000_000)
    return "\(seconds).\(String(repeating: "0", count: 6 - fraction.utf8.count))\(fraction)"
  }

  private static func escaped(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      // `]]>` must not stand in text (XML 1.0 §2.4).
      case ">": result += "&gt;"
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

  // MARK: - LCOV

  /// A record of LCOV's tracefile format (geninfo(1)) over the lines of the rule set: leaves are its
  /// functions, splits and leaves its lines, the branches of a split stand at the split's line.
  var lcov: String {
    var lines = ["TN:", "SF:\(path)"]
    let visits = reached.leafVisits
    for (leaf, place) in zip(program.leaves, wording.leaves) {
      lines.append("FN:\(place.line),\(leaf.id)")
    }
    for (leaf, count) in zip(program.leaves, visits) { lines.append("FNDA:\(count),\(leaf.id)") }
    lines += ["FNF:\(reached.leaves.count)", "FNH:\(reached.leaves.reached)"]
    var hits: [Int: Int] = [:]
    for (place, count) in zip(wording.leaves, visits) { hits[place.line, default: 0] += count }
    for (index, (words, counts)) in zip(wording.nodes, reached.branchVisits).enumerated() {
      let total = counts.reduce(0, +)
      hits[words.place.line, default: 0] += total
      for (branch, count) in counts.enumerated() {
        // A dash says that the split itself was never reached.
        let taken = total == 0 ? "-" : String(count)
        lines.append("BRDA:\(words.place.line),\(index),\(branch),\(taken)")
      }
    }
    lines += ["BRF:\(reached.branches.count)", "BRH:\(reached.branches.reached)"]
    lines += hits.sorted { $0.key < $1.key }.map { "DA:\($0.key),\($0.value)" }
    lines += ["LF:\(hits.count)", "LH:\(hits.values.count { $0 > 0 })", "end_of_record"]
    return lines.joined(separator: "\n") + "\n"
  }
}
