/// Reads the shape of a document from its element tree, and collects what is wrong with it.
struct DocumentReader {
  let tree: XMLTree
  var diagnostics: [Diagnostic]
  /// The namespace of the document that is read; elements of others are passed over.
  var namespace: Int32 = 0
  /// The language of the document's texts that name no other.
  var language = usualLanguage

  /// A reader of `tree` that adds to `diagnostics`.
  init(tree: XMLTree, diagnostics: [Diagnostic]) {
    self.tree = tree
    self.diagnostics = diagnostics
  }

  /// The document whose root element is `root`.
  mutating func document(_ root: XMLElement) -> ParsedDocument.Document? {
    namespace = root.namespace
    switch (tree.namespaces[Int(root.namespace)], root.name) {
    case ("urn:leafproof:ruleset:1", "ruleset"): return .ruleSet(ruleSet(root))
    case ("urn:leafproof:pipeline:1", "pipeline"): return .pipeline(pipeline(root))
    case ("urn:leafproof:model:1", "model"): return .model(model(root))
    default:
      reportUnknownDocument(root)
      return nil
    }
  }

  private static let namespaces = [
    "ruleset": "urn:leafproof:ruleset:1", "pipeline": "urn:leafproof:pipeline:1",
    "model": "urn:leafproof:model:1",
  ]

  private mutating func reportUnknownDocument(_ root: XMLElement) {
    let wanted = Self.namespaces[root.name]
    let found = tree.namespaces[Int(root.namespace)]
    let family = wanted.map { $0.dropLast(1) }
    let message: String
    var help: String?
    if let wanted, found.isEmpty {
      message = "`<\(root.name)>` has no namespace"
      help = "write `<\(root.name) xmlns=\"\(wanted)\" …>`"
    } else if let wanted, let family, found.hasPrefix(family) {
      message = "this version reads `\(wanted)`, not `\(found)`"
      help = "use a newer Leafproof, or the namespace `\(wanted)`"
    } else if let wanted {
      message = "unknown namespace `\(found)`"
      help = "write `<\(root.name) xmlns=\"\(wanted)\" …>`"
    } else {
      message = "`<\(root.name)>` isn't a rule set, pipeline or model"
      help =
        Suggestion.help(for: root.name, among: Self.namespaces.keys.sorted())
        ?? "the root element is `<ruleset>`, `<pipeline>` or `<model>`"
    }
    report(.unknownDocument, message, root.nameSpan, help: help)
  }

  // MARK: Findings

  /// True when there are so many findings that no more are kept.
  var isFull: Bool { diagnostics.count > Diagnostic.limit }

  /// Adds a finding.
  mutating func report(
    _ id: DiagnosticID, _ message: String, _ span: SourceSpan, notes: [Diagnostic.Note] = [],
    help: String? = nil
  ) {
    guard !isFull else { return }
    diagnostics.append(Diagnostic(id, message, at: span, notes: notes, help: help))
  }
}
