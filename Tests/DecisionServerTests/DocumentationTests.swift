#if Server
  import DecisionEngine
  import Foundation
  import Testing

  @Suite("rule sets as pages and books") struct DocumentationTests {
    /// A server on which `credit` has a version 1.1.0 with a higher threshold.
    private func server() async throws -> TestServer {
      let server = try await TestServer()
      let next = TestServer.sources[0]
        .replacingOccurrences(of: "version=\"1.0.0\"", with: "version=\"1.1.0\"")
        .replacingOccurrences(of: "1000", with: "1200")
        .replacingOccurrences(
          of: "<tree>",
          with:
            "<properties><never when=\"income &lt; 500\" outcome=\"approve\"/></properties><tree>")
      _ = try server.engine.publish([try TestServer.publication(next)])
      return server
    }

    @Test("a case's page shows the path that was taken")
    func picture() async throws {
      let server = try await server()
      _ = try await server.client.post(
        "/v1/pipelines/loans/decisions", #"{"case_id":"A","inputs":{"income":2000}}"#)
      let page = try await server.client.get("/cases/A").text
      let lit = page.matches(of: #/data-taken="yes" data-(?:split|leaf)="([^"]+)"/#)
      #expect(lit.map { String($0.output.1) }.last == "PLAIN" && lit.count == 2)
      #expect(page.contains("role=\"img\""))
    }

    @Test("a rule set's page shows its tree, and leads to the book and to what changed")
    func ruleSet() async throws {
      let server = try await server()
      let page = try await server.client.get("/rulesets/credit").text
      for id in ["LOW", "VIP", "HIGH", "PLAIN"] { #expect(page.contains("data-leaf=\"\(id)\"")) }
      #expect(page.contains("href=\"/rulesets/credit/book?version=1.1.0\""))
      #expect(page.contains("action=\"/rulesets/credit/difference\""))
      // There is nothing to compare where there is one version.
      #expect(try await !server.client.get("/rulesets/stock").text.contains("/difference"))
    }

    @Test("the book of a version, with proofs, dates and changes; its style may stand in it")
    func book() async throws {
      let server = try await server()
      let book = try await server.client.get("/rulesets/credit/book?version=1.1.0")
      #expect(book.status == 200)
      for part in ["credit@1.1.0", "In force from", ">proven<", "approve becomes decline"] {
        #expect(book.text.contains(part), "\(part)")
      }
      let policy = try #require(book.headers["content-security-policy"])
      #expect(policy.contains("default-src 'none'") && policy.contains("style-src 'unsafe-inline'"))
      #expect(!policy.contains("script-src"))
      #expect(!book.text.contains("<script") && !book.text.contains("href=\"javascript:"))
      let first = try await server.client.get("/rulesets/credit/book?version=1.0.0").text
      #expect(first.contains("credit@1.0.0") && !first.contains("becomes"))
      #expect(try await server.client.get("/rulesets/credit/book").text.contains("credit@1.1.0"))
      #expect(try await server.client.get("/rulesets/credit/book?version=9.9.9").status == 404)
      #expect(try await server.client.get("/rulesets/none/book").status == 404)
    }

    @Test("what changes between two versions")
    func difference() async throws {
      let server = try await server()
      let path = "/rulesets/credit/difference"
      let page = try await server.client.get(path + "?from=1.0.0&to=1.1.0")
      #expect(page.status == 200 && page.text.contains("[1000..1200)"))
      #expect(page.text.contains("Outcomes change."))
      let back = try await server.client.get(path + "?from=1.1.0&to=1.0.0")
      #expect(back.text.contains("decline becomes approve"))
      #expect(try await server.client.get(path + "?from=1.0.0&to=1.0.0").text.contains("quivalent"))
      #expect(try await server.client.get(path).status == 400)
      #expect(try await server.client.get(path + "?from=1.0.0&to=7.0.0").status == 404)
    }
  }
#endif
