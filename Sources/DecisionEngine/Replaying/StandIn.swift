import CanonicalJSON
public import RuleProgram

/// A version of a rule set or pipeline, published or not, that takes the place of the one that
/// recorded cases name.
public struct StandIn: Sendable {
  /// What it is.
  enum Content: Sendable {
    /// Takes the place of every version of its ID in any pipeline.
    case ruleSet(RuleSet)
    /// Takes the place of every version of its ID.
    case pipeline(PipelinePlan)
  }

  /// What runs.
  let content: Content
  /// Its entry; of what isn't published, one that was never written.
  let release: Release
  /// Whether it is published in this ledger with this content.
  public let isPublished: Bool

  /// What it is: a rule set or a pipeline.
  public var kind: ReleaseKind { release.kind }
  /// Its `ID@VERSION`.
  public var reference: PipelineDefinition.Reference { release.reference }

  /// As entries name it.
  var json: JSON {
    [
      "digest": .string(release.contentDigest), "id": .string(release.id),
      "kind": .string(release.kind.rawValue), "version": .string(release.version),
    ]
  }
}

extension Engine {
  /// The published rule set or pipeline `reference` as a stand-in.
  public func standIn(
    _ kind: ReleaseKind, _ reference: PipelineDefinition.Reference
  ) throws(EngineError) -> StandIn {
    try registry.refresh()
    switch kind {
    case .ruleset:
      let ruleSet = try registry.ruleSet(reference)
      return StandIn(content: .ruleSet(ruleSet), release: ruleSet.release, isPublished: true)
    case .pipeline:
      let plan = try registry.plan(reference)
      return StandIn(content: .pipeline(plan), release: plan.release, isPublished: true)
    case .model: throw .unknownRelease(.pipeline, reference.description)
    }
  }

  /// Something that need not be published as a stand-in. A pipeline's rule sets and models must be.
  public func standIn(_ publication: Publication) throws(EngineError) -> StandIn {
    try registry.refresh()
    let release = Release(unpublished: publication, at: clock())
    let published = registry.release(release.kind, release.reference)
    let isPublished = published?.contentDigest == release.contentDigest
    switch publication {
    case .ruleSet(_, _, let program, let wording):
      let ruleSet = RuleSet(release: release, source: "", program: program, wording: wording)
      return StandIn(content: .ruleSet(ruleSet), release: release, isPublished: isPublished)
    case .pipeline(_, _, let definition):
      let planner = try registry.planner(definition, release: release)
      let item = release.reference.description
      let problems =
        planner.unknown.map { PublicationProblem(.unknownReference, item: item, $0) }
        + planner.problems.map { PublicationProblem(.pipeline, item: item, $0) }
      guard problems.isEmpty else { throw .notPublishable(problems) }
      return StandIn(
        content: .pipeline(planner.plan), release: release, isPublished: isPublished)
    case .model: throw .unknownRelease(.pipeline, release.reference.description)
    }
  }
}

extension Release {
  /// What `publication` would be published as, without a place in a ledger.
  fileprivate init(unpublished publication: Publication, at time: Instant) {
    self.init(
      index: 0, kind: publication.kind, id: publication.reference.id,
      version: publication.reference.version, title: publication.title,
      sourceDigest: publication.sourceDigest.description,
      contentDigest: ContentDigest(of: publication.content).description,
      wordingDigest: publication.wording.map { ContentDigest(of: $0).description },
      engine: Engine.version, time: time, effectiveFrom: time, payloadDigest: "",
      registration: nil)
  }
}
