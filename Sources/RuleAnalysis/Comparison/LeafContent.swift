import RuleProgram

/// What a leaf says, in terms that programs share: names instead of numbers.
public struct LeafContent: Hashable, Sendable {
  /// The leaf ID.
  public var id: String
  /// The outcome's name and whether it is adverse.
  public var outcome: String
  public var isAdverse: Bool
  /// Reason codes, the principal one first.
  public var reasons: [String]
  /// Joint expression of each output that the leaf sets, by name.
  public var outputs: [String: Int]
}

extension JointProgram {
  /// The content of each joint leaf.
  var leafContents: [LeafContent] {
    var contents: [LeafContent] = []
    contents.reserveCapacity(program.leaves.count)
    for (side, part) in zip(sides, parts) {
      for leaf in part.leaves {
        let sets = leaf.sets.map {
          (part.outputs[$0.output].name, side.expressions[$0.expression])
        }
        let outcome = part.outcomes[leaf.outcome]
        contents.append(
          LeafContent(
            id: leaf.id, outcome: outcome.name, isAdverse: outcome.isAdverse,
            reasons: leaf.reasons.map { part.reasons[$0] },
            outputs: Dictionary(sets) { first, _ in first }))
      }
    }
    return contents
  }
}
