/// The XML Schemas (1.0) of the documents, for editors; `parseDocument` doesn't use them.
public enum DocumentSchema: String, CaseIterable, Sendable {
  case ruleset, pipeline, model

  /// The schema's text, UTF-8: that of `Sources/RuleSyntax/Schemas`.
  public var bytes: [UInt8] {
    switch self {
    case .ruleset: PackageResources.ruleset_xsd
    case .pipeline: PackageResources.pipeline_xsd
    case .model: PackageResources.model_xsd
    }
  }
}
