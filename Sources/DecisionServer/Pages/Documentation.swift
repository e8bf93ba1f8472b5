import DecisionEngine
import RuleCompiler
import RuleProgram
import RuleSyntax

/// A published rule set as a book, and what changed between two of its versions.
struct Documentation {
  private let id: String
  private let engine: Engine
  private let all: [Release]
  /// The versions, in the order of their publication.
  private let versions: [Release]

  /// The documentation of the rule set `id`.
  init(_ id: String, _ engine: Engine) throws(EngineError) {
    self.id = id
    self.engine = engine
    all = try engine.releases()
    versions = all.filter { $0.kind == .ruleset && $0.id == id }
  }

  private func release(_ version: String) throws(EngineError) -> Release {
    guard let release = versions.first(where: { $0.version == version }) else {
      throw .unknownRelease(.ruleset, "\(id)@\(version)")
    }
    return release
  }

  /// The book of a version; without one, of that in force at `time`, or else the newest.
  func book(_ version: String?, at time: Instant) throws(EngineError) -> [UInt8] {
    let inForce = try engine.inForce(.ruleset, id: id, at: time)
    let chosen = if let version { try release(version) } else { inForce ?? versions.last }
    guard let chosen else { throw .unknownRelease(.ruleset, id) }
    let (program, wording, source) = try engine.ruleSet(chosen.reference)
    var content = RuleSetBook.Content(
      program: program, wording: wording, sourceDigest: chosen.sourceDigest)
    content.release = chosen
    content.until = chosen.effectiveUntil(among: all)
    content.addProofs(source)
    if let before = versions.last(where: { $0.index < chosen.index }) {
      content.change = try difference(before, chosen)
    }
    return RuleSetBook(content).page
  }

  /// What changes from one version to another.
  func difference(_ old: String, _ new: String) throws(EngineError) -> RuleSetDifference {
    try difference(try release(old), try release(new))
  }

  private func difference(
    _ old: Release, _ new: Release
  ) throws(EngineError) -> RuleSetDifference {
    RuleSetDifference(try version(old), try version(new))
  }

  private func version(_ release: Release) throws(EngineError) -> RuleSetDifference.Version {
    let (program, wording, _) = try engine.ruleSet(release.reference)
    return RuleSetDifference.Version(
      path: "ledger entry \(release.index)", name: "\(release.id) \(release.version)",
      program: program, wording: wording)
  }
}

extension RuleSetBook.Content {
  /// Adds what only a compiler knows: properties and findings. Where today's makes another program of
  /// the source than was published, nothing is said.
  fileprivate mutating func addProofs(_ text: String) {
    let source = SourceText(path: wording.id, text: text)
    guard case .ruleSet(let syntax)? = parseDocument(source).document else { return }
    let compilation = RuleCompiler.compile(syntax, source: source)
    guard let result = compilation.result, result.program.program == program else { return }
    properties = result.properties
    findings = compilation.diagnostics.map { diagnostic in
      RuleSetBook.Finding(
        id: diagnostic.id.rawValue, message: diagnostic.message, help: diagnostic.help,
        line: source.region(of: diagnostic.span).begin.line)
    }
  }
}

extension Pages {
  static func book(
    _ service: Service, _ request: ServerRequest, _ parameters: [String],
    _: Service.Visitor
  ) async throws(Problem) -> ServerResponse {
    let page = try problems { () throws(EngineError) in
      try Documentation(parameters[0], service.engine)
        .book(request.query.filled("version"), at: service.gate.clock())
    }
    // A book is a file of its own, so its style sheet stands in it. It has no script to allow.
    return ServerResponse(type: "text/html; charset=utf-8", page).with(
      "content-security-policy",
      "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none';"
        + " frame-ancestors 'none'")
  }

  static func difference(
    _ service: Service, _ request: ServerRequest, _ parameters: [String],
    _ visitor: Service.Visitor
  ) async throws(Problem) -> ServerResponse {
    guard let old = request.query.filled("from"), let new = request.query.filled("to") else {
      throw Problem(400, "no-versions", "Name two versions, `from` and `to`")
    }
    let id = parameters[0]
    let difference = try problems { () throws(EngineError) in
      try Documentation(id, service.engine).difference(old, new)
    }
    let sections = DifferenceSections(difference, limit: 100)
    let page = Layout(title: sections.title, session: visitor.session).page {
      element(.h1) { sections.title }
      element(.p) { element(.a, .href(Path(["rulesets", id]))) { "Rule set \(id)" } }
      for part in [
        sections.verdict, sections.versions, sections.interface, sections.changes, sections.leaves,
      ] {
        Markup.html(part)
      }
    }
    return .page(page)
  }
}
