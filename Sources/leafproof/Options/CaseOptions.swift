import ArgumentParser
import DecisionEngine

/// Which recorded cases are meant: shared by the commands that go over them.
struct CaseOptions: ParsableArguments {
  @Option(
    name: .long,
    help: ArgumentHelp(
      "Only cases recorded from then on: a date, or RFC 3339.", valueName: "date"))
  private var since: String?

  @Option(
    name: .long,
    help: ArgumentHelp("Only cases recorded before then.", valueName: "date"))
  private var until: String?

  @Option(
    name: .long,
    help: ArgumentHelp("Only cases of this pipeline: ID or ID@VERSION.", valueName: "pipeline"))
  private var pipeline: String?

  @Option(
    name: .customLong("where"),
    help: ArgumentHelp(
      "Only cases recorded with OUTCOME=NAME or LEAF=ID; given twice, with both.",
      valueName: "condition"))
  private var conditions: [String] = []

  /// Whether anything was said.
  var isEmpty: Bool { selection == CaseSelection() }

  /// What was said; `validate` has checked it.
  var selection: CaseSelection {
    CaseSelection(
      since: since.flatMap { Instant($0) }, until: until.flatMap { Instant($0) },
      pipeline: pipeline, outcome: value(of: "OUTCOME"), leaf: value(of: "LEAF"))
  }

  private func value(of name: String) -> String? {
    for condition in conditions {
      guard let (key, value) = Self.parts(condition), key == name else { continue }
      return value
    }
    return nil
  }

  private static func parts(_ condition: String) -> (key: String, value: String)? {
    guard let sign = condition.firstIndex(of: "=") else { return nil }
    let value = condition[condition.index(after: sign)...]
    return value.isEmpty ? nil : (condition[..<sign].uppercased(), String(value))
  }

  /// Dates must be dates, and conditions name an outcome or a leaf.
  func validate() throws {
    for (name, text) in [("since", since), ("until", until)] {
      if let text, Instant(text) == nil {
        throw ValidationError("--\(name): `\(text)` is no date such as 2027-01-01")
      }
    }
    var keys: Set<String> = []
    for condition in conditions {
      guard let key = Self.parts(condition)?.key, ["OUTCOME", "LEAF"].contains(key) else {
        throw ValidationError("--where: `\(condition)` is neither OUTCOME=NAME nor LEAF=ID")
      }
      guard keys.insert(key).inserted else {
        throw ValidationError("--where: \(key) is given twice, and a case has one only")
      }
    }
  }
}
