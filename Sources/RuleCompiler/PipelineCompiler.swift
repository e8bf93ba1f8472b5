public import RuleProgram
public import RuleSyntax

extension RuleCompiler {
  /// Compiles a pipeline. What it refers to is checked when it is published.
  public static func compilePipeline(
    _ syntax: PipelineSyntax
  ) -> (definition: PipelineDefinition?, diagnostics: [Diagnostic]) {
    var lowering = PipelineLowering()
    let stages = syntax.stages.compactMap { lowering.lower($0) }
    let isWhole = stages.count == syntax.stages.count && lowering.diagnostics.isEmpty
    let candidates = syntax.candidates.map {
      PipelineDefinition.Candidates(array: $0.array.value, key: $0.key.value)
    }
    let definition = PipelineDefinition(
      id: syntax.id.value, version: syntax.version.value, title: syntax.title?.value,
      candidates: candidates, stages: stages, reasons: policy(syntax.reasons))
    return (isWhole ? definition : nil, lowering.diagnostics)
  }

  /// What can't be read has been reported by the reader.
  private static func policy(_ syntax: ReasonPolicySyntax?) -> ReasonPolicy {
    guard let syntax else { return ReasonPolicy() }
    func source(_ name: String) -> ReasonPolicy.Source {
      ReasonPolicy.Source.allCases.first { $0.name == name } ?? .rules
    }
    let bands = syntax.bands.map { band in
      ReasonPolicy.Band(
        give: source(band.give.value), outcomes: band.outcomes.map(\.value),
        leaves: band.leaves.map(\.value),
        score: band.score.map {
          ReasonPolicy.ScoreRange(
            into: $0.value, from: band.from.flatMap { Decimal128($0.value) },
            below: band.below.flatMap { Decimal128($0.value) })
        })
    }
    return ReasonPolicy(
      source: source(syntax.policy.value), isByComponent: syntax.policy.value == "component",
      maximum: syntax.maximum?.value ?? ReasonPolicy.usualMaximum,
      factors: ReasonPolicy.Factors.allCases.first { $0.name == syntax.factors?.value }
        ?? .asGiven, bands: bands)
  }

  /// Compiles a model's registration.
  public static func compileModel(_ syntax: ModelSyntax) -> ModelDefinition {
    ModelDefinition(
      id: syntax.id.value, version: syntax.version.value, title: syntax.title?.value,
      owner: syntax.owner?.value, artifact: pinned(syntax.artifact), code: pinned(syntax.code),
      data: pinned(syntax.data))
  }

  private static func pinned(_ reference: ReferenceSyntax?) -> ModelDefinition.Pinned? {
    reference.map { ModelDefinition.Pinned(href: $0.href.value, pin: $0.pin?.value) }
  }
}

/// Resolves the stages of a pipeline.
private struct PipelineLowering {
  var diagnostics: [Diagnostic] = []

  mutating func lower(_ stage: StageSyntax) -> PipelineDefinition.Stage? {
    switch stage {
    case .score(let score):
      return reference(score.model).map { .score(model: $0, into: score.into.value) }
    case .experiment(let experiment): return lower(experiment)
    case .rules(let rules):
      return reference(rules.ruleset).map {
        .rules(ruleset: $0, discard: rules.discard.map(\.value))
      }
    case .rank(let rank):
      return .rank(by: rank.by.value, descending: rank.descending, keep: rank.keep?.value)
    }
  }

  private mutating func reference(_ text: Spanned<String>) -> PipelineDefinition.Reference? {
    if let reference = PipelineDefinition.Reference(text.value) { return reference }
    diagnostics.append(
      Diagnostic(
        .unpinnedReference, "`\(text.value)` does not pin a version", at: text.span,
        help: "write it as ID@VERSION, such as consumer-credit@1.0.0"))
    return nil
  }

  private mutating func lower(_ experiment: ExperimentSyntax) -> PipelineDefinition.Stage? {
    var seen: [String: SourceSpan] = [:]
    var arms: [PipelineDefinition.Arm] = []
    for arm in experiment.arms {
      if let first = seen[arm.id.value] {
        diagnostics.append(
          Diagnostic(
            .duplicateName, "the arm `\(arm.id.value)` is declared twice", at: arm.id.span,
            notes: [Diagnostic.Note("the first one is here", first)],
            help: "give it another ID"))
      }
      seen[arm.id.value] = arm.id.span
      if let lowered = lower(arm) { arms.append(lowered) }
    }
    guard arms.count == experiment.arms.count else { return nil }
    let total = arms.reduce(Decimal128(0) as Decimal128?) { $0?.adding($1.share) }
    if total != Decimal128(100) {
      diagnostics.append(
        Diagnostic(
          .sharesNotWhole,
          "the shares of the arms add up to \(total.map { "\($0)" } ?? "too much"), not 100",
          at: experiment.id.span, help: "shares are per cent: make them add up to 100"))
    }
    return .experiment(
      PipelineDefinition.Experiment(
        id: experiment.id.value, unit: experiment.unit.value, arms: arms))
  }

  private mutating func lower(_ arm: ArmSyntax) -> PipelineDefinition.Arm? {
    // A share that is no number has been reported by the reader.
    let share = Decimal128(arm.share.value)
    switch arm.scorer {
    case .random(let into):
      return share.map {
        PipelineDefinition.Arm(id: arm.id.value, share: $0, model: nil, into: into.value)
      }
    case .model(let score):
      guard let model = reference(score.model), let share else { return nil }
      return PipelineDefinition.Arm(
        id: arm.id.value, share: share, model: model, into: score.into.value)
    }
  }
}
