/// A rule set as written: every element and attribute that counts, each with its span. Nothing is resolved yet.
public struct RuleSetSyntax: Sendable {
  /// The `<ruleset>` start tag.
  public var span: SourceSpan
  public var id: Spanned<String>
  public var version: Spanned<String>
  /// `xml:lang`: the language of all texts that name no other.
  public var language: String
  public var title: Spanned<String>?
  /// The title in other languages.
  public var titles: [TranslationSyntax] = []
  public var authorities: [AuthoritySyntax]
  public var inputs: [InputSyntax]
  public var derived: [DerivedSyntax]
  public var outcomes: [OutcomeSyntax]
  public var outputs: [OutputSyntax]
  public var reasons: [ReasonSyntax]
  /// What the rule set promises about itself.
  public var properties: [PropertySyntax] = []
  /// `nil` only when the file has no readable tree, which has been reported.
  public var tree: NodeSyntax?
}

/// A text in another language than the document's own.
public struct TranslationSyntax: Sendable {
  /// A BCP 47 tag in lower case.
  public var language: Spanned<String>
  public var text: Spanned<String>
}

/// `<authority href= clause=>text</authority>`: the policy or law that the rule set carries out.
public struct AuthoritySyntax: Sendable {
  public var span: SourceSpan
  public var text: String
  public var href: Spanned<String>?
  public var clause: Spanned<String>?
}

/// `<input …>` with its `<value>`s.
public struct InputSyntax: Sendable {
  /// The start tag.
  public var span: SourceSpan
  public var name: Spanned<String>
  public var type: Spanned<String>
  public var label: Spanned<String>?
  public var unit: Spanned<String>?
  public var min: Spanned<String>?
  public var max: Spanned<String>?
  /// Where the value comes from, such as `model`.
  public var origin: Spanned<String>?
  /// True for `missing="allowed"`.
  public var allowsMissing: Bool
  /// True for `protected="true"`.
  public var isProtected: Bool
  public var values: [DeclaredValueSyntax]
  /// The label in other languages: `<label xml:lang=>`.
  public var labels: [TranslationSyntax] = []
  /// How it may be proposed to change; nil where nothing is said.
  public var change: ChangeSyntax?
}

/// `mutable`, `direction`, `step` and `cost` of an input.
public struct ChangeSyntax: Sendable {
  /// False for `mutable="false"`.
  public var isMutable: Bool
  /// `increase-only` or `decrease-only`.
  public var direction: Spanned<String>?
  public var step: Spanned<String>?
  public var cost: Spanned<String>?
}

/// `<value label=>text</value>`.
public struct DeclaredValueSyntax: Sendable {
  public var text: Spanned<String>
  public var label: Spanned<String>?
  /// The label in other languages: `<label xml:lang=>`.
  public var labels: [TranslationSyntax] = []
}

/// `<derived name= type=>expression</derived>`.
public struct DerivedSyntax: Sendable {
  public var span: SourceSpan
  public var name: Spanned<String>
  public var type: Spanned<String>
  public var label: Spanned<String>?
  public var unit: Spanned<String>?
  public var expression: ExpressionText
  /// The label in other languages: `<label xml:lang=>`.
  public var labels: [TranslationSyntax] = []
}

/// `<outcome name= adverse= label=>`.
public struct OutcomeSyntax: Sendable {
  public var span: SourceSpan
  public var name: Spanned<String>
  public var label: Spanned<String>?
  public var isAdverse: Bool
  /// The label in other languages: `<label xml:lang=>`.
  public var labels: [TranslationSyntax] = []
}

/// `<output name= type= unit= label=>`.
public struct OutputSyntax: Sendable {
  public var span: SourceSpan
  public var name: Spanned<String>
  public var type: Spanned<String>
  public var label: Spanned<String>?
  public var unit: Spanned<String>?
  /// The label in other languages: `<label xml:lang=>`.
  public var labels: [TranslationSyntax] = []
}

/// `<reason code=>text</reason>`.
public struct ReasonSyntax: Sendable {
  public var span: SourceSpan
  public var code: Spanned<String>
  public var text: Spanned<String>
  /// The text in other languages: `<reason code= xml:lang=>`.
  public var texts: [TranslationSyntax] = []
}

/// What may stand in the tree.
public indirect enum NodeSyntax: Sendable {
  case split(SplitSyntax)
  case leaf(LeafSyntax)
}

/// `<split id= on= label=>` with its branches.
public struct SplitSyntax: Sendable {
  /// The start tag.
  public var span: SourceSpan
  public var id: Spanned<String>?
  public var label: Spanned<String>?
  /// The label in other languages: `<label xml:lang=>`.
  public var labels: [TranslationSyntax] = []
  public var on: ExpressionText
  /// `<justification>` directly inside the split: why a protected input may be looked at here.
  public var justification: Spanned<String>?
  public var cases: [CaseSyntax]
  public var otherwise: BranchSyntax?
  public var missing: BranchSyntax?
}

/// `<case is=>` and the node below it.
public struct CaseSyntax: Sendable {
  /// The start tag.
  public var span: SourceSpan
  public var tests: ExpressionText
  /// `nil` when the case is empty or its content unreadable, which has been reported.
  public var child: NodeSyntax?
}

/// `<otherwise>` or `<missing>` and the node below it.
public struct BranchSyntax: Sendable {
  /// The start tag.
  public var span: SourceSpan
  public var child: NodeSyntax?
}

/// `<leaf id= outcome= reasons=>` with its `<set>`s.
public struct LeafSyntax: Sendable {
  /// The start tag.
  public var span: SourceSpan
  public var id: Spanned<String>
  public var outcome: Spanned<String>
  /// The codes of `reasons`, split at white space or commas, in the order given.
  public var reasons: [Spanned<String>]
  public var sets: [SetSyntax]
}

/// `<set output=>expression</set>`.
public struct SetSyntax: Sendable {
  public var span: SourceSpan
  public var output: Spanned<String>
  public var expression: ExpressionText
}
