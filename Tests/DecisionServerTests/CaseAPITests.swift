#if Server
  import CanonicalJSON
  import Crypto
  import DecisionEngine
  import Foundation
  import Ledger
  import Synchronization
  import Testing

  @Suite("cases over HTTP") struct CaseAPITests {
    /// A server with one decision, `A/1`, and one ranking, `T`.
    private func server() async throws -> TestServer {
      let server = try await TestServer()
      _ = try await server.client.post(
        "/v1/pipelines/loans/decisions", #"{"case_id":"A/1","inputs":{"income":500}}"#)
      _ = try await server.client.post(
        "/v1/pipelines/top/decisions",
        #"{"case_id":"T","inputs":{"products":[{"sku":"x","pieces":1},{"sku":"y","pieces":0}]}}"#)
      return server
    }

    @Test("the record")
    func record() async throws {
      let server = try await server()
      let answer = try await server.client.get("/v1/decisions/A%2F1")
      #expect(answer.status == 200)
      let json = try answer.json
      #expect(json["case_id"]?.string == "A/1" && json["type"]?.string == "decision")
      #expect(json["request"]?["inputs"]?["income"]?.int == 500)
      #expect(json["entry"]?["leaf"]?.string == "LOW")
      #expect(json["erased"]?.bool == false)
      _ = try server.engine.erase("A/1")
      let erased = try await server.client.get("/v1/decisions/A%2F1").json
      #expect(erased["erased"]?.bool == true && erased["request"] == nil)
      #expect(erased["entry"]?["leaf"]?.string == "LOW")
    }

    @Test("an explanation in the form asked for")
    func explanation() async throws {
      let server = try await server()
      defer { withExtendedLifetime(server) {} }
      let client = server.client
      let path = "/v1/decisions/A%2F1/explanation"
      let json = try await client.get(path)
      #expect(json.headers["content-type"] == "application/json")
      #expect(try json.json["results"]?.array?.count == 1)
      let text = try await client.get(path, accept: "text/plain")
      #expect(text.text.hasPrefix("Case A/1, decided"))
      let page = try await client.get(path, accept: "text/html, application/json;q=0.9")
      #expect(page.headers["content-type"] == "text/html; charset=utf-8")
      #expect(page.text.hasPrefix("<!DOCTYPE html>"))
      #expect(page.headers["vary"] == "accept")
      let wild = try await client.get(path, accept: "text/html;q=0.1, text/*;q=0.5")
      #expect(wild.headers["content-type"] == "text/plain; charset=utf-8")
      let pdf = try await client.get(path, accept: "application/pdf")
      #expect(pdf.status == 406 && pdf.headers["content-type"] == "application/problem+json")
      #expect(pdf.text.contains("WeasyPrint") && pdf.text.contains("text/html"))
      let either = try await client.get(path, accept: "application/pdf, text/html;q=0.1")
      #expect(either.headers["content-type"] == "text/html; charset=utf-8")
      #expect(try await client.get(path, accept: "text/html;q=0").status == 406)
    }

    @Test(
      "a page for each audience, in a language, with secrets withheld; the one that the engine writes"
    )
    func pages() async throws {
      let template = try LetterTemplate("Acme Bank\n\n# {{decision}}\n{{reasons}}")
      let server = try await TestServer(letter: template)
      _ = try await server.client.post(
        "/v1/pipelines/loans/decisions", #"{"case_id":"A","inputs":{"income":500}}"#)
      let path = "/v1/decisions/A/explanation?form=html"
      for audience in Audience.allCases {
        let page = try await server.client.get(path + "&audience=\(audience.rawValue)")
        let expected = try server.engine.explain("A").html(for: audience, template: template)
        #expect(page.body == expected, "\(audience)")
        #expect(page.text.contains("Acme Bank") == (audience == .subject))
        #expect(page.text.contains("xmllint") == (audience == .court))
      }
      let german = try await server.client.get(path + "&language=de")
      #expect(german.text.contains("Was entschieden wurde"))
      let withheld = try await server.client.get(path + "&redact=thresholds")
      #expect(withheld.text.contains("withheld") && !withheld.text.contains("1,000"))
      let file = try await server.client.get(path + "&audience=subject&download")
      #expect(file.headers["content-disposition"] == "attachment; filename=\"letter-A.html\"")
      for query in ["form=doc", "audience=judge", "redact=names", "language=d_e"] {
        let answer = try await server.client.get("/v1/decisions/A/explanation?" + query)
        #expect(answer.status == 400 && answer.text.contains("bad-query"), "\(query)")
      }
    }

    /// What a browser does with the policy: hash the style, look for it in the header field.
    @Test("the page's own style is allowed, and nothing else")
    func policy() async throws {
      let server = try await server()
      let page = try await server.client.get("/v1/decisions/T/explanation", accept: "text/html")
      let policy = try #require(page.headers["content-security-policy"])
      let styles = page.text.matches(of: #/<style>([\s\S]*?)<\/style>/#)
      #expect(styles.count == 1)
      let style = try #require(styles.first).output.1
      let digest = Data(SHA256.hash(data: Data(style.utf8))).base64EncodedString()
      #expect(policy.contains("default-src 'none'; style-src 'sha256-\(digest)'"))
      #expect(!policy.contains("script-src") && !policy.contains("unsafe-inline"))
    }

    @Test("a PDF of the same page; a failure is told; no more than two are made at once")
    func pdf() async throws {
      let waiting = Mutex(0)
      let isOpen = Mutex(true)
      let server = try await TestServer(pdf: { page in
        waiting.withLock { $0 += 1 }
        while !isOpen.withLock({ $0 }) { usleep(1000) }
        let isForCourt = String(decoding: page, as: UTF8.self).contains("xmllint")
        return isForCourt ? nil : Array("%PDF-".utf8) + page
      })
      _ = try await server.client.post(
        "/v1/pipelines/loans/decisions", #"{"case_id":"A","inputs":{"income":500}}"#)
      let client = server.client
      let path = "/v1/decisions/A/explanation?audience="
      let pdf = try await client.get(path + "subject", accept: "application/pdf")
      #expect(pdf.status == 200 && pdf.headers["content-type"] == "application/pdf")
      let page = try server.engine.explain("A").html(for: .subject)
      #expect(pdf.body == Array("%PDF-".utf8) + page)
      let failed = try await client.get(path + "court&form=pdf")
      #expect(failed.status == 500 && failed.text.contains("pdf-failed"))
      isOpen.withLock { $0 = false }
      waiting.withLock { $0 = 0 }
      async let first = client.get(path + "subject&form=pdf")
      async let second = client.get(path + "subject&form=pdf&download")
      while waiting.withLock({ $0 }) < 2 { try await Task.sleep(for: .milliseconds(5)) }
      let third = try await client.get(path + "subject&form=pdf")
      #expect(third.status == 503 && third.headers["retry-after"] == "2")
      #expect(try await client.get(path + "subject&form=html").status == 200)
      isOpen.withLock { $0 = true }
      #expect(try await first.status == 200)
      let name = "attachment; filename=\"letter-A.pdf\""
      #expect(try await second.headers["content-disposition"] == name)
      #expect(try await client.get(path + "subject&form=pdf").status == 200)
    }

    @Test("a what-if: the other answer, what would change it from there; nothing is recorded")
    func whatIf() async throws {
      let server = try await server()
      let size = try server.engine.store.size()
      let path = "/v1/decisions/A%2F1/what-if"
      let tried = try await server.client.post(path, #"{"inputs":{"income":700}}"#)
      #expect(tried.status == 200)
      let json = try tried.json
      #expect(json["type"] == "decision" && json["response"]?["leaf"] == "LOW")
      #expect(
        json["counterfactuals"]?["targets"]?.array?.map { $0["answer"]?.string } == ["smallest"])
      let change = json["counterfactuals"]?["found"]?.array?.first?["changes"]?.array?.first
      #expect(change?["from"]?["value"] == "700" && change?["to"]?["value"] == "1000")
      let better = try await server.client.post(
        path, #"{"inputs":{"income":"2000"},"outcome":"decline"}"#
      ).json
      #expect(better["response"]?["leaf"] == "PLAIN")
      #expect(better["counterfactuals"]?["found"]?.array?.count == 1)
      let refused = try await server.client.post(path, #"{"inputs":{"income":null}}"#).json
      #expect(refused["type"] == "refusal" && refused["counterfactuals"] == nil)
      let ranked = try await server.client.post(
        "/v1/decisions/T/what-if", #"{"candidate":"y","outcome":"show"}"#
      ).json
      #expect(ranked["counterfactuals"]?["found"]?.array?.count == 1)
      for (body, status) in [
        ("[]", 422), (#"{"inputs":1}"#, 422), (#"{"changes":99}"#, 422), (#"{"input":{}}"#, 422),
        (#"{"outcome":"maybe"}"#, 404), ("{", 400),
      ] {
        #expect(try await server.client.post(path, body).status == status, "\(body)")
      }
      #expect(try server.engine.store.size() == size)
      _ = try server.engine.erase("A/1")
      #expect(try await server.client.post(path, "{}").status == 410)
    }

    @Test("counterfactuals of an explanation as many as asked for, for the outcome asked for")
    func counterfactuals() async throws {
      let server = try await server()
      defer { withExtendedLifetime(server) {} }
      func result(_ query: String) async throws -> JSON? {
        try await server.client.get("/v1/decisions/A%2F1/explanation" + query).json["results"]?
          .array?
          .first
      }
      #expect(try await result("")?["counterfactuals"]?["found"]?.array?.first?["leaf"] == "PLAIN")
      #expect(try await result("?changes=0")?["counterfactuals"] == nil)
      #expect(
        try await result("?outcome=approve&changes=1")?["counterfactuals"]?["found"]?.array?.count
          == 1)
      let client = server.client
      #expect(try await client.get("/v1/decisions/A%2F1/explanation?outcome=x").status == 404)
      #expect(try await client.get("/v1/decisions/A%2F1/explanation?changes=x").status == 400)
    }

    @Test("the receipt proves the entry")
    func receipt() async throws {
      let server = try await server()
      let answer = try await server.client.get("/v1/decisions/A%2F1/receipt")
      let receipt = try Receipt(answer.text)
      let entry = try await server.client.get("/v1/decisions/A%2F1/entry")
      #expect(receipt.extra == entry.body)
      try receipt.check(entry: entry.body, key: server.engine.store.verifierKey)
      let name = try #require(answer.headers["content-disposition"])
      #expect(name == "attachment; filename=\"A_1.tlog-proof\"")
    }

    @Test("the evidence is the archive that the engine gives")
    func evidence() async throws {
      let server = try await server()
      let answer = try await server.client.get("/v1/decisions/A%2F1/evidence")
      #expect(answer.status == 200 && answer.headers["content-type"] == "application/zip")
      #expect(answer.headers["content-disposition"] == "attachment; filename=\"A_1.zip\"")
      #expect(try answer.body == server.engine.evidence("A/1").zip())
      #expect(try await server.client.get("/v1/decisions/none/evidence").status == 404)
      let page = try await server.client.get("/cases/A%2F1")
      #expect(page.text.contains("/v1/decisions/A%2F1/evidence"))
    }

    @Test("replay, choice, result, releases")
    func rest() async throws {
      let server = try await server()
      defer { withExtendedLifetime(server) {} }
      let client = server.client
      #expect(try await client.get("/v1/decisions/T/replay").json["verdict"] == "identical")
      let choice = #"{"chosen":"x","place":1}"#
      #expect(try await client.post("/v1/decisions/T/choice", choice).status == 201)
      #expect(try await client.post("/v1/decisions/T/choice", choice).status == 200)
      let discarded = try await client.post("/v1/decisions/T/choice", #"{"chosen":"y"}"#)
      #expect(discarded.status == 422)
      let result = try await client.post("/v1/decisions/A%2F1/result", #"{"paid":"12.50"}"#)
      #expect(result.status == 201)
      let releases = try await client.get("/v1/releases").json["releases"]?.array ?? []
      #expect(releases.contains { $0["id"] == "credit" })
      #expect(releases.allSatisfy { $0["effective_until"] == nil })
    }

    @Test("liveness and readiness need no token; HEAD has no body")
    func health() async throws {
      let server = try await TestServer()
      #expect(try await server.stranger.get("/health").status == 200)
      #expect(try await server.stranger.get("/ready").json["status"] == "ready")
      let head = try await server.client.send("HEAD", "/v1/releases")
      #expect(head.status == 200 && head.body.isEmpty)
    }
  }
#endif
