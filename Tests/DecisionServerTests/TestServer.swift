#if Server
  import DecisionEngine
  import DecisionServer
  import Foundation
  import Ledger
  import LedgerSQLite
  import RuleCompiler
  import RuleProgram
  import RuleSyntax

  /// A server on a free port, over a ledger with the pipelines `loans` and `top`.
  final class TestServer: Sendable {
    struct SampleError: Error {
      var text: String
    }

    static let token = "test-token-0123456789-0123456789-0123456789"

    let engine: Engine
    let port: Int
    private let running: Task<Void, any Error>

    /// Serves the ledger `store`, by default one in memory, without PDFs unless `pdf` makes them.
    init(
      store: (any LedgerStore)? = nil, letter: LetterTemplate? = nil,
      pdf: ServiceSettings.PDFMaker? = nil, bodySeconds: Int = 30
    ) async throws {
      let key = try SigningKey(generatingFor: "test.example/log")
      let engine = Engine(store: try store ?? MemoryStore(key: key))
      _ = try engine.publish(try Self.sources.map(Self.publication))
      guard let token = AccessToken(Self.token) else { throw SampleError(text: "the token") }
      let service = Service(
        engine: engine, token: token,
        settings: ServiceSettings(hosts: ["rules.example"], letter: letter, pdf: pdf))
      let (ports, started) = AsyncStream<Int>.makeStream()
      running = Task {
        defer { started.finish() }
        try await Listener(service, ListenerSettings(port: 0, bodySeconds: bodySeconds)).run {
          started.yield($0)
        }
      }
      self.engine = engine
      var port: Int?
      for await value in ports {
        port = value
        break
      }
      guard let port else { throw SampleError(text: "the server didn't start") }
      self.port = port
    }

    deinit { running.cancel() }

    /// A client that knows the token.
    var client: HTTPClient { HTTPClient(port: port, token: Self.token) }
    /// A client that doesn't.
    var stranger: HTTPClient { HTTPClient(port: port) }

    /// The cookie and the form token of a browser that has just signed in.
    func signIn() async throws -> (cookie: String, formToken: String) {
      let answer = try await stranger.form("/login", [("token", Self.token)])
      guard answer.status == 303, let field = answer.headers["set-cookie"] else {
        throw SampleError(text: "signing in gave \(answer.status)")
      }
      let cookie = String(field.prefix { $0 != ";" })
      let page = try await stranger.send("GET", "/releases", headers: ["Cookie": cookie])
      guard let found = page.text.firstMatch(of: #/name="form_token" value="([0-9a-f]+)"/#) else {
        throw SampleError(text: "no form token")
      }
      return (cookie, String(found.output.1))
    }

    /// What compiles from `xml`, to be published.
    static func publication(_ xml: String) throws -> Publication {
      let source = SourceText(path: "sample.xml", bytes: Array(xml.utf8))
      let parsed = parseDocument(source)
      guard !parsed.hasErrors, let canonical = canonicalForm(of: source) else {
        throw SampleError(text: "\(parsed.diagnostics)")
      }
      let digest = ContentDigest(of: canonical)
      switch parsed.document {
      case .ruleSet(let syntax):
        let compiled = RuleCompiler.compile(syntax, source: source)
        guard let result = compiled.result else {
          throw SampleError(text: "\(compiled.diagnostics)")
        }
        return .ruleSet(
          source: source.bytes, sourceDigest: digest, program: result.program,
          wording: result.wording)
      case .pipeline(let syntax):
        let (definition, found) = RuleCompiler.compilePipeline(syntax)
        guard let definition else { throw SampleError(text: "\(found)") }
        return .pipeline(source: source.bytes, sourceDigest: digest, definition: definition)
      case .model(let syntax):
        return .model(
          source: source.bytes, sourceDigest: digest,
          definition: RuleCompiler.compileModel(syntax))
      case nil: throw SampleError(text: "no document")
      }
    }

    static let sources = [
      """
      <ruleset xmlns="urn:leafproof:ruleset:1" id="credit" version="1.0.0">
        <title>Credit &lt;script&gt;alert(1)&lt;/script&gt;</title>
        <authority href="javascript:alert(2)">Policy &amp; "quotes"</authority>
        <inputs>
          <input name="income" type="number" label="income &lt;b&gt;" unit="EUR" min="0"/>
          <input name="note" type="string" missing="allowed"/>
        </inputs>
        <outcomes><outcome name="approve"/><outcome name="decline" adverse="true"/></outcomes>
        <reasons><reason code="R1">Income is too low</reason></reasons>
        <tree>
          <split on="income">
            <case is="&lt; 1000"><leaf id="LOW" outcome="decline" reasons="R1"/></case>
            <case is="&gt;= 1000">
              <split on="note">
                <case is='"vip"'><leaf id="VIP" outcome="approve"/></case>
                <otherwise><leaf id="HIGH" outcome="approve"/></otherwise>
                <missing><leaf id="PLAIN" outcome="approve"/></missing>
              </split>
            </case>
          </split>
        </tree>
      </ruleset>
      """,
      """
      <pipeline xmlns="urn:leafproof:pipeline:1" id="loans" version="1.0.0">
        <title>Loans</title>
        <rules ruleset="credit@1.0.0"/>
      </pipeline>
      """,
      """
      <ruleset xmlns="urn:leafproof:ruleset:1" id="stock" version="1.0.0">
        <title>Stock</title>
        <inputs><input name="pieces" type="number" min="0"/></inputs>
        <outcomes><outcome name="show"/><outcome name="hide"/></outcomes>
        <tree>
          <split on="pieces">
            <case is="&lt; 1"><leaf id="OUT" outcome="hide"/></case>
            <case is="&gt;= 1"><leaf id="IN" outcome="show"/></case>
          </split>
        </tree>
      </ruleset>
      """,
      """
      <pipeline xmlns="urn:leafproof:pipeline:1" id="top" version="1.0.0">
        <title>Top</title>
        <candidates in="products" key="sku"/>
        <rules ruleset="stock@1.0.0" discard="hide"/>
        <rank by="pieces" order="descending" keep="2"/>
      </pipeline>
      """,
    ]
  }
#endif
