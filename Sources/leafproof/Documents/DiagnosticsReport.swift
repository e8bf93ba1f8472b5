import CanonicalJSON
import RuleCompiler
import RuleProgram
import RuleSyntax

/// The findings about some files as JSON of our own.
struct DiagnosticsReport {
  private let documents: [LoadedDocument]

  /// A report on `documents`.
  init(_ documents: [LoadedDocument]) { self.documents = documents }

  /// `{"files": […], "errors": N, "warnings": N, "remarks": N}`.
  var json: JSON {
    let errors = documents.reduce(0) { $0 + $1.errorCount }
    let warnings = documents.reduce(0) { $0 + $1.count(.warning) }
    let remarks = documents.reduce(0) { $0 + $1.count(.remark) }
    return [
      "files": .array(documents.map(Self.json)), "errors": .integer(errors),
      "warnings": .integer(warnings), "remarks": .integer(remarks),
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
            diagnostic.notes.map { note in
              .object(present: [
                ("message", .string(note.message)), ("place", place(note.span, source)),
                ("row", row(note.row)),
              ])
            })
      ),
      ("row", row(diagnostic.row)),
      ("help", diagnostic.help.map { JSON.string($0) }),
    ])
  }

  /// A row of inputs, which is JSON already, as `eval` takes it.
  private static func row(_ text: String?) -> JSON? {
    text.flatMap { try? JSON(parsing: Array($0.utf8)) }
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
