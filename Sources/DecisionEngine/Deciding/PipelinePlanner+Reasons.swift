import RuleProgram

/// Whether the policy of reasons speaks of what there is.
extension PipelinePlanner {
  /// Finds bands that name an outcome, leaf or score that no stage has.
  mutating func checkReasons() {
    let bands = definition.reasons.bands
    // A rule set that isn't there has been reported, and could have any leaf.
    guard !bands.isEmpty, unknown.isEmpty else { return }
    var outcomes: Set<String> = []
    var leaves: Set<String> = []
    for rules in draft.rules {
      outcomes.formUnion(rules.ruleSet.program.outcomes.map(\.name))
      leaves.formUnion(rules.ruleSet.program.leaves.map(\.id))
    }
    for band in bands {
      for name in band.outcomes where !outcomes.contains(name) {
        problems.append("`reasons`: no rule set of it has the outcome `\(name)`")
      }
      for id in band.leaves where !leaves.contains(id) {
        problems.append("`reasons`: no rule set of it has the leaf `\(id)`")
      }
      if let score = band.score, slot(score.into) == nil {
        problems.append("`reasons`: no score goes into `\(score.into)`")
      }
    }
  }
}
