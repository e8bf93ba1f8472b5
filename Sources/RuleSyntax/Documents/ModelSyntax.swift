/// A model's registration as written (`urn:leafproof:model:1`).
public struct ModelSyntax: Sendable {
  public var span: SourceSpan
  public var id: Spanned<String>
  public var version: Spanned<String>
  public var title: Spanned<String>?
  /// `<owner>`: who answers for the model.
  public var owner: Spanned<String>?
  /// `<artifact href= digest=>`: the model file; `digest` is `sha256:` and 64 hex digits.
  public var artifact: ReferenceSyntax?
  /// `<code href= commit=>`.
  public var code: ReferenceSyntax?
  /// `<data href= digest=>`.
  public var data: ReferenceSyntax?
}

/// A reference to something outside: `href` and what pins it.
public struct ReferenceSyntax: Sendable {
  public var span: SourceSpan
  public var href: Spanned<String>
  public var pin: Spanned<String>?
}
