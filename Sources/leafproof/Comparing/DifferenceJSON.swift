import CanonicalJSON
import RuleAnalysis
import RuleProgram

extension DifferenceReport {
  /// The difference for programs.
  var json: JSON {
    let changes = difference?.changes ?? []
    return .object(present: [
      ("verdict", .string(verdict.rawValue)), ("version_step", .string("\(step)")),
      ("old", Self.json(old)), ("new", Self.json(new)),
      ("interface", .array(interface.map { .string(DifferenceText.describe($0)) })),
      ("changes", .array(changes.map(json))),
      ("unlisted", .integer(difference?.unlisted ?? 0)),
      ("leaves_added", .array((difference?.addedLeaves ?? []).map { .string($0) })),
      ("leaves_retired", .array((difference?.retiredLeaves ?? []).map { .string($0) })),
      ("leaves_moved", .array(movedLeaves.map { .string($0) })),
      ("past_decisions", past?.json),
    ])
  }

  private static func json(_ version: Version) -> JSON {
    .object(present: [
      ("path", .string(version.path)), ("name", version.name.map { .string($0) }),
      ("program_digest", .string("sha256:\(version.program.digest)")),
      ("leaves", .integer(version.program.leaves.count)),
    ])
  }

  private func json(_ change: Difference.Change) -> JSON {
    let aspects = Difference.Aspect.allCases.filter(change.aspects.contains)
    return .object(present: [
      ("certain", .bool(change.witness != nil)),
      ("changes", .array(aspects.map { .string($0.rawValue) })),
      ("old", Self.json(answer(old.program, change.oldLeaf))),
      ("new", Self.json(answer(new.program, change.newLeaf))),
      (
        "where",
        .array(
          conditions(change.region).map {
            ["subject": .string($0.subject), "is": .string($0.condition)]
          })
      ),
      ("witness", change.witness.map(witness)),
      ("further_regions", .integer(change.furtherRegions)),
    ])
  }

  private static func json(_ answer: (leaf: String, outcome: String, reasons: [String])) -> JSON {
    [
      "leaf": .string(answer.leaf), "outcome": .string(answer.outcome),
      "reasons": .array(answer.reasons.map { .string($0) }),
    ]
  }

  private func witness(_ values: [Value]) -> JSON {
    let inputs = difference?.joint.program.inputs ?? []
    return .object(
      zip(inputs, values).compactMap { input, value in
        value == .null ? nil : JSON.Member(input.name, JSON(value))
      })
  }
}
