/// A pipeline as written (`urn:leafproof:pipeline:1`). Nothing is resolved yet.
public struct PipelineSyntax: Sendable {
  public var span: SourceSpan
  public var id: Spanned<String>
  public var version: Spanned<String>
  public var title: Spanned<String>?
  public var candidates: CandidatesSyntax?
  /// The stages in document order: what scores, then rules, then rank.
  public var stages: [StageSyntax]
  /// Which reasons an adverse outcome gives; nil where nothing is said.
  public var reasons: ReasonPolicySyntax?
}

/// `<reasons policy= maximum= factors=>` with its `<when>`s.
public struct ReasonPolicySyntax: Sendable {
  public var span: SourceSpan
  /// `rules`, `factors`, `both` or `component`.
  public var policy: Spanned<String>
  public var maximum: Spanned<Int>?
  /// `as-given`, `negative` or `positive`.
  public var factors: Spanned<String>?
  public var bands: [ReasonBandSyntax]
}

/// `<when give= outcomes= leaves= score= from= below=>`.
public struct ReasonBandSyntax: Sendable {
  public var span: SourceSpan
  /// `rules`, `factors` or `both`.
  public var give: Spanned<String>
  public var outcomes: [Spanned<String>]
  public var leaves: [Spanned<String>]
  public var score: Spanned<String>?
  public var from: Spanned<String>?
  public var below: Spanned<String>?
}

/// `<candidates in= key=>`: score and rules run once per element of the request's array `in`.
public struct CandidatesSyntax: Sendable {
  public var span: SourceSpan
  public var array: Spanned<String>
  public var key: Spanned<String>
}

/// A stage of a pipeline.
public enum StageSyntax: Sendable {
  case score(ScoreSyntax)
  case experiment(ExperimentSyntax)
  case rules(RulesSyntax)
  case rank(RankSyntax)
}

/// `<score model="ID@VERSION" into=>`.
public struct ScoreSyntax: Sendable {
  public var span: SourceSpan
  public var model: Spanned<String>
  public var into: Spanned<String>
}

/// `<experiment id= unit=>` with its arms.
public struct ExperimentSyntax: Sendable {
  public var span: SourceSpan
  public var id: Spanned<String>
  public var unit: Spanned<String>
  public var arms: [ArmSyntax]
}

/// `<arm id= share=>`: `share` is per cent, a decimal.
public struct ArmSyntax: Sendable {
  public var span: SourceSpan
  public var id: Spanned<String>
  public var share: Spanned<String>
  public var scorer: Scorer

  /// What gives the arm's score.
  public enum Scorer: Sendable {
    case model(ScoreSyntax)
    /// `<random into=>`.
    case random(into: Spanned<String>)
  }
}

/// `<rules ruleset="ID@VERSION" discard=>`: `discard` names the outcomes that discard a candidate.
public struct RulesSyntax: Sendable {
  public var span: SourceSpan
  public var ruleset: Spanned<String>
  public var discard: [Spanned<String>]
}

/// `<rank by= order= keep=>`.
public struct RankSyntax: Sendable {
  public var span: SourceSpan
  public var by: Spanned<String>
  public var descending: Bool
  public var keep: Spanned<Int>?
}
