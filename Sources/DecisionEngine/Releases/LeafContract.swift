import RuleProgram

/// What published versions of one rule set have promised about leaf IDs: an ID keeps its outcome
/// and adverse flag for ever, and a retired ID never comes back.
struct LeafContract {
  private struct Promise {
    var outcome: String
    var isAdverse: Bool
    /// The version that had it last.
    var version: String
    /// The version that dropped it.
    var retiredBy: String?
  }

  private var promises: [String: Promise] = [:]

  /// Notes a published version; versions are given in the order of their publication.
  mutating func add(_ program: Program, version: String) {
    var present: Set<String> = []
    for (number, leaf) in program.leaves.enumerated() {
      let outcome = program.outcome(ofLeaf: number)
      present.insert(leaf.id)
      promises[leaf.id] = Promise(
        outcome: outcome.name, isAdverse: outcome.isAdverse, version: version)
    }
    for id in promises.keys where !present.contains(id) && promises[id]?.retiredBy == nil {
      promises[id]?.retiredBy = version
    }
  }

  /// Every way in which `program` breaks the promises, in the order of its leaves.
  func violations(of program: Program, item: String) -> [PublicationProblem] {
    var problems: [PublicationProblem] = []
    for (number, leaf) in program.leaves.enumerated() {
      guard let promise = promises[leaf.id] else { continue }
      let outcome = program.outcome(ofLeaf: number)
      if let retiredBy = promise.retiredBy {
        problems.append(
          PublicationProblem(
            .leafReused, item: item,
            "leaf `\(leaf.id)` was retired by version \(retiredBy) and can't come back;"
              + " give the leaf a new ID"))
      }
      if outcome.name != promise.outcome {
        problems.append(
          PublicationProblem(
            .leafOutcome, item: item,
            "leaf `\(leaf.id)` gives `\(outcome.name)`, but in version \(promise.version) it"
              + " gives `\(promise.outcome)`; give the leaf a new ID"))
      } else if outcome.isAdverse != promise.isAdverse {
        let (now, then) =
          outcome.isAdverse ? ("adverse", "not adverse") : ("not adverse", "adverse")
        problems.append(
          PublicationProblem(
            .leafAdverse, item: item,
            "outcome `\(outcome.name)` of leaf `\(leaf.id)` is \(now), but in version"
              + " \(promise.version) it is \(then); give the leaf a new ID"))
      }
    }
    return problems
  }
}
