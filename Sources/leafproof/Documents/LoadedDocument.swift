import CanonicalJSON
import DecisionEngine
import RuleCompiler
import RuleProgram
import RuleSyntax

/// A source file, read and compiled as far as it goes.
struct LoadedDocument {
  /// The file.
  var source: SourceText
  /// What it became; nil when an error was found.
  var content: Content?
  /// A rule set with errors, as far as rows can be tried on it.
  var trial: TrialRuleSet?
  /// `rule set`, `pipeline` or `model`; nil when it is none of them.
  var kind: String?
  /// Everything that was found, sorted by place.
  var diagnostics: [Diagnostic]

  /// What a file compiles to.
  enum Content {
    case ruleSet(CompiledRuleSet)
    case pipeline(PipelineDefinition)
    case model(ModelDefinition)
  }

  /// Reads and compiles the file at `path`.
  init(path: String) throws(Failure) {
    do {
      self.init(try SourceText.load(path: path))
    } catch {
      throw Failure(error)
    }
  }

  /// Compiles `source`.
  init(_ source: SourceText) {
    self.source = source
    let parsed = parseDocument(source)
    diagnostics = parsed.diagnostics
    let isWhole = !parsed.hasErrors
    switch parsed.document {
    case .ruleSet(let syntax):
      kind = "rule set"
      let compilation = RuleCompiler.compile(syntax, source: source)
      diagnostics += compilation.diagnostics
      if isWhole {
        content = compilation.result.map { .ruleSet($0) }
        trial = compilation.trial
      }
    case .pipeline(let syntax):
      kind = "pipeline"
      let (definition, found) = RuleCompiler.compilePipeline(syntax)
      diagnostics += found
      if isWhole { content = definition.map { .pipeline($0) } }
    case .model(let syntax):
      kind = "model"
      if isWhole { content = .model(RuleCompiler.compileModel(syntax)) }
    case nil: kind = nil
    }
    diagnostics = Diagnostic.limited(diagnostics)
    if diagnostics.contains(where: { $0.severity == .error }) { content = nil }
  }

  /// The number of errors found.
  var errorCount: Int { count(.error) }

  /// The number of findings that matter so much.
  func count(_ severity: Diagnostic.Severity) -> Int {
    diagnostics.count { $0.severity == severity }
  }

  /// SHA-256 of the source's Canonical XML form, as `xmllint --c14n FILE | sha256sum` gives it.
  func sourceDigest() throws(Failure) -> ContentDigest {
    guard let canonical = canonicalForm(of: source) else {
      throw Failure(
        .negative, "\(Console.visible(source.path)): error: has no canonical XML form")
    }
    return ContentDigest(of: canonical)
  }

  /// The diagnostics as text, coloured where standard error is a terminal.
  var report: String {
    DiagnosticRenderer(source: source, usesColor: Console.usesColor(SystemCalls.error))
      .render(diagnostics)
  }

  /// The content; where there is none, the diagnostics are written out and the command ends.
  func compiled() throws(Failure) -> Content {
    if !diagnostics.isEmpty { Console.note(report) }
    guard let content else {
      let name = Console.visible(source.path)
      throw Failure(.negative, "\(name): \(Console.count(errorCount, "error")); nothing was done")
    }
    return content
  }
}
