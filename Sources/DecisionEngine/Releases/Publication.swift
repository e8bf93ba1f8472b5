public import RuleProgram

/// Something to publish, compiled from its source.
public enum Publication: Sendable {
  /// A rule set; its ID and version stand in `wording`.
  case ruleSet(
    source: [UInt8], sourceDigest: ContentDigest, program: VerifiedProgram, wording: Wording)
  /// A pipeline.
  case pipeline(source: [UInt8], sourceDigest: ContentDigest, definition: PipelineDefinition)
  /// A model's registration.
  case model(source: [UInt8], sourceDigest: ContentDigest, definition: ModelDefinition)

  /// What it is.
  public var kind: ReleaseKind {
    switch self {
    case .ruleSet: .ruleset
    case .pipeline: .pipeline
    case .model: .model
    }
  }

  /// Its `ID@VERSION`.
  public var reference: PipelineDefinition.Reference {
    switch self {
    case .ruleSet(_, _, _, let wording):
      PipelineDefinition.Reference(id: wording.id, version: wording.version)
    case .pipeline(_, _, let definition):
      PipelineDefinition.Reference(id: definition.id, version: definition.version)
    case .model(_, _, let definition):
      PipelineDefinition.Reference(id: definition.id, version: definition.version)
    }
  }

  /// The title of the source.
  var title: String? {
    switch self {
    case .ruleSet(_, _, _, let wording): wording.title
    case .pipeline(_, _, let definition): definition.title
    case .model(_, _, let definition): definition.title
    }
  }

  /// The exact bytes of the source.
  var source: [UInt8] {
    switch self {
    case .ruleSet(let source, _, _, _), .pipeline(let source, _, _), .model(let source, _, _):
      source
    }
  }

  /// SHA-256 of the source's Canonical XML form.
  var sourceDigest: ContentDigest {
    switch self {
    case .ruleSet(_, let digest, _, _), .pipeline(_, let digest, _), .model(_, let digest, _):
      digest
    }
  }

  /// What decides: the program's bytes, or the definition's.
  var content: [UInt8] {
    switch self {
    case .ruleSet(_, _, let program, _): program.program.bytes
    case .pipeline(_, _, let definition): definition.bytes
    case .model(_, _, let definition): definition.bytes
    }
  }

  /// A rule set's program.
  var program: Program? {
    if case .ruleSet(_, _, let program, _) = self { program.program } else { nil }
  }

  /// What is registered of a model.
  var registration: ModelDefinition? {
    if case .model(_, _, let definition) = self { definition } else { nil }
  }

  /// The bytes of a rule set's wording.
  var wording: [UInt8]? {
    if case .ruleSet(_, _, _, let wording) = self { wording.bytes } else { nil }
  }
}

/// What became of a publication.
public struct PublicationOutcome: Sendable, Hashable {
  /// The release as recorded.
  public var release: Release
  /// False when the same content had been published before: nothing was recorded.
  public var isNew: Bool
}
