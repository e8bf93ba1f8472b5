extension Diagnostic {
  /// How many findings a file may have before reading them makes no sense.
  public static let limit = 200

  /// `diagnostics` sorted by place; of more than ``limit``, the first errors, then the first
  /// warnings, then the first remarks, with a finding that says so at the last of them.
  public static func limited(_ diagnostics: [Diagnostic]) -> [Diagnostic] {
    let known = diagnostics.filter { $0.id != .tooManyProblems }
    let sorted = DiagnosticRenderer.sorted(known)
    guard sorted.count > limit || known.count < diagnostics.count else { return sorted }
    let errors = sorted.lazy.filter { $0.severity == .error }.prefix(limit)
    let warnings = sorted.lazy.filter { $0.severity == .warning }.prefix(limit - errors.count)
    let remarks = sorted.lazy.filter { $0.severity == .remark }
      .prefix(limit - errors.count - warnings.count)
    let kept = DiagnosticRenderer.sorted(Array(errors) + Array(warnings) + Array(remarks))
    var cut = Diagnostic(
      .tooManyProblems, "more than \(limit) problems; the others aren't shown",
      at: kept.last?.span ?? SourceSpan(0, 0))
    if errors.isEmpty { cut.severity = warnings.isEmpty ? .remark : .warning }
    return kept + [cut]
  }
}
