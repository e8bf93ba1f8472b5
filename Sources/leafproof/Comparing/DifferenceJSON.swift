import CanonicalJSON
import DecisionEngine
import RuleAnalysis
import RuleProgram

extension DifferenceReport {
  /// The difference for programs.
  var json: JSON {
    let changes = rules.difference?.changes ?? []
    return .object(present: [
      ("verdict", .string(rules.verdict.rawValue)), ("version_step", .string("\(rules.step)")),
      ("old", Self.json(rules.old)), ("new", Self.json(rules.new)),
      ("interface", .array(rules.interface.map { .string($0.words) })),
      ("changes", .array(changes.map(json))),
      ("unlisted", .integer(rules.difference?.unlisted ?? 0)),
      ("leaves_added", .array((rules.difference?.addedLeaves ?? []).map { .string($0) })),
      ("leaves_retired", .array((rules.difference?.retiredLeaves ?? []).map { .string($0) })),
      ("leaves_moved", .array(rules.movedLeaves.map { .string($0) })),
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
      ("old", Self.json(rules.answer(rules.old.program, change.oldLeaf))),
      ("new", Self.json(rules.answer(rules.new.program, change.newLeaf))),
      (
        "where",
        .array(
          rules.conditions(change.region).map {
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
    let inputs = rules.difference?.joint.program.inputs ?? []
    return .object(
      zip(inputs, values).compactMap { input, value in
        value == .null ? nil : JSON.Member(input.name, JSON(value))
      })
  }
}
