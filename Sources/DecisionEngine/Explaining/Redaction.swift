/// What can be withheld from an explanation as a trade secret. Each place says that something is
/// withheld there.
public enum Redaction: String, Sendable, CaseIterable {
  /// The thresholds of the rules: tests, conditions, distances, expressions.
  case thresholds
  /// The scores and what the model's factors contributed.
  case scores

  /// It in words.
  public var words: String {
    switch self {
    case .thresholds: "the thresholds of the rules"
    case .scores: "the scores and the contributions of the model's factors"
    }
  }
}

extension Explanation {
  /// What stands in the place of what is withheld.
  static let withheldMark = "[withheld]"

  /// The explanation without what `parts` name.
  public func withholding(_ parts: Set<Redaction>) -> Explanation {
    guard !parts.isEmpty else { return self }
    var copy = self
    copy.withheld = Redaction.allCases.filter(parts.contains)
    for result in copy.results.indices {
      // What would have changed the outcome lies on the thresholds.
      if parts.contains(.thresholds) { copy.results[result].counterfactuals = nil }
      if parts.contains(.scores) {
        Self.withholdScores(&copy.results[result])
        copy.results[result].counterfactuals?.withholdScores()
      }
      for stage in copy.results[result].stages.indices {
        if parts.contains(.thresholds) {
          Self.withholdThresholds(&copy.results[result].stages[stage])
        }
      }
    }
    return copy
  }

  private static func withholdThresholds(_ stage: inout StageNote) {
    for item in stage.derived.indices where stage.derived[item].expression != nil {
      stage.derived[item].expression = withheldMark
    }
    for step in stage.path.indices {
      // The text of `on` may hold constants of its own.
      if stage.path[step].isExpression {
        stage.path[step].on = withheldMark
        stage.path[step].met?.name = withheldMark
      }
      stage.path[step].margin = nil
      stage.path[step].distance = nil
      stage.path[step].taken.withhold()
      for other in stage.path[step].others.indices { stage.path[step].others[other].withhold() }
    }
  }

  /// A score shows in the values computed from it, and in how far they are from a threshold.
  private static func withholdScores(_ result: inout CandidateNote) {
    for score in result.scores.indices {
      result.scores[score].score = withheldMark
      for factor in result.scores[score].factors.indices
      where result.scores[score].factors[factor].contribution != nil {
        result.scores[score].factors[factor].contribution = withheldMark
      }
    }
    for stage in result.stages.indices {
      var secret: Set<String> = []
      for item in result.stages[stage].derived.indices {
        for operand in result.stages[stage].derived[item].operands.indices {
          let note = result.stages[stage].derived[item].operands[operand]
          guard note.isScore || secret.contains(note.name) else { continue }
          result.stages[stage].derived[item].operands[operand].withhold()
          secret.insert(result.stages[stage].derived[item].value.name)
        }
        if secret.contains(result.stages[stage].derived[item].value.name) {
          result.stages[stage].derived[item].value.withhold()
        }
      }
      for step in result.stages[stage].path.indices {
        let met = result.stages[stage].path[step].met
        let isExpression = result.stages[stage].path[step].isExpression
        guard let met, met.isScore || secret.contains(met.name) || isExpression else { continue }
        result.stages[stage].path[step].met?.withhold()
        result.stages[stage].path[step].margin = nil
        result.stages[stage].path[step].distance = nil
        for other in result.stages[stage].path[step].others.indices {
          result.stages[stage].path[step].others[other].gap = nil
          result.stages[stage].path[step].others[other].distance = nil
        }
      }
    }
  }
}

extension Explanation.ValueNote {
  fileprivate mutating func withhold() {
    value = nil
    valueLabel = nil
    isWithheld = true
  }
}

extension Explanation.Counterfactuals {
  fileprivate mutating func withholdScores() {
    for place in found.indices {
      for change in found[place].changes.indices where found[place].changes[change].from.isScore {
        found[place].changes[change].from.withhold()
        found[place].changes[change].to.withhold()
      }
    }
  }
}

extension Explanation.BranchNote {
  fileprivate mutating func withhold() {
    tests = tests.isEmpty ? "" : Explanation.withheldMark
    condition = Explanation.withheldMark
    gap = nil
    distance = nil
    let isMissing = values.includesMissing && values.ranges.isEmpty && values.listed.isEmpty
    values = Explanation.Values()
    values.includesMissing = isMissing
  }
}
