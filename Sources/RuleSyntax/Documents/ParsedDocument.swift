/// What a source file turned out to be.
public struct ParsedDocument: Sendable {
  /// The document, as far as it could be read: with errors among `diagnostics` it may be
  /// incomplete, and an attribute that was missing or unusable is an empty text. `nil` when the
  /// file is no document of ours at all.
  public var document: Document?
  /// What is wrong, sorted by place.
  public var diagnostics: [Diagnostic]

  /// A document with the findings about it.
  public init(document: Document?, diagnostics: [Diagnostic]) {
    self.document = document
    self.diagnostics = diagnostics
  }

  /// The kinds of document.
  public enum Document: Sendable {
    case ruleSet(RuleSetSyntax)
    case pipeline(PipelineSyntax)
    case model(ModelSyntax)
  }

  /// True when any of the findings is an error.
  public var hasErrors: Bool { diagnostics.contains { $0.severity == .error } }
}

/// Reads `source`: XML, then the shape of a rule set, pipeline or model.
///
/// Reports all that is wrong in one run, up to 200 findings. Expressions stay text; see
/// `parseExpression` and `parseUnaryTests`.
public func parseDocument(_ source: SourceText) -> ParsedDocument {
  let (tree, problems) = SAXReader.read(source)
  guard let tree, let root = tree.elements.first else {
    return ParsedDocument(document: nil, diagnostics: problems)
  }
  var reader = DocumentReader(tree: tree, diagnostics: problems)
  let document = reader.document(root)
  return ParsedDocument(
    document: document, diagnostics: Diagnostic.limited(reader.diagnostics))
}
