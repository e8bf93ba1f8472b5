public import CanonicalJSON

extension Explanation.Counterfactuals {
  /// The counterfactuals as JSON, as explanations hold them.
  public var json: JSON {
    [
      "targets": .array(
        targets.map { target in
          .object(present: [
            ("outcome", .string(target.outcome)), ("label", target.label.map { .string($0) }),
            ("answer", .string(target.answer.rawValue)),
          ])
        }),
      "found": .array(found.map(\.json)),
      "given": .array(
        given.map { given in
          .object(present: [
            ("name", .string(given.name)), ("label", given.label.map { .string($0) }),
            ("why", .string(given.why.rawValue)),
          ])
        }),
    ]
  }
}

extension Explanation.Counterfactual {
  fileprivate var json: JSON {
    .object(present: [
      ("outcome", .string(outcome)), ("label", outcomeLabel.map { .string($0) }),
      ("leaf", .string(leaf)),
      ("changes", .array(changes.map { ["from": $0.from.json, "to": $0.to.json] })),
    ])
  }
}
