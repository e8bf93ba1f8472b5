import CanonicalJSON
import RuleCompiler
import RuleProgram
import RuleSyntax

/// The findings about some files as JSON of our own.
struct DiagnosticsReport {
  private let documents: [LoadedDocument]

  /// A report on `documents`.
  init(_ documents: [LoadedDocument]) { self.documents = documents }

  /// `{"files": […], "errors": N, "warnings": N}`.
  var json: JSON {
    let errors = documents.reduce(0) { $0 + $1.errorCount }
    let all = documents.reduce(0) { $0 + $1.diagnostics.count }
    return [
      "files": .array(documents.map(Self.json)), "errors": .integer(errors),
      "warnings": .integer(all - errors),
    ]
  }

  private static func json(_ document: LoadedDocument) -> JSON {
    .object(present: [
      ("path", .string(document.source.path)), ("kind", document.kind.map { JSON.string($0) }),
      ("reference", document.reference.map { JSON.string($0) }),
      ("diagnostics", .array(document.diagnostics.map { json($0, document.source) })),
    ])
  }

  private static func json(_ diagnostic: Diagnostic, _ source: SourceText) -> JSON {
    .object(present: [
      ("id", .string(diagnostic.id.rawValue)),
      ("severity", .string(diagnostic.severity.rawValue)),
      ("message", .string(diagnostic.message)), ("place", place(diagnostic.span, source)),
      (
        "notes",
        diagnostic.notes.isEmpty
          ? nil
          : .array(
            diagnostic.notes.map {
              ["message": .string($0.message), "place": place($0.span, source)]
            })
      ),
      ("help", diagnostic.help.map { JSON.string($0) }),
    ])
  }

  private static func place(_ span: SourceSpan, _ source: SourceText) -> JSON {
    let (begin, end) = source.region(of: span)
    return [
      "line": .integer(begin.line), "column": .integer(begin.column),
      "end_line": .integer(end.line), "end_column": .integer(end.column),
    ]
  }
}

extension LoadedDocument {
  /// The `ID@VERSION` of what was compiled.
  var reference: String? {
    switch content {
    case .ruleSet(let ruleSet): "\(ruleSet.wording.id)@\(ruleSet.wording.version)"
    case .pipeline(let definition): "\(definition.id)@\(definition.version)"
    case .model(let definition): "\(definition.id)@\(definition.version)"
    case nil: nil
    }
  }
}
