#if Server
  import CanonicalJSON
  import DecisionEngine
  import Foundation
  import Ledger
  import Testing

  @Suite("pages") struct PageTests {
    private func decide(_ server: TestServer, _ caseID: String, _ income: Int) async throws {
      let body = "{\"case_id\":\"\(caseID)\",\"inputs\":{\"income\":\(income)}}"
      _ = try await server.client.post("/v1/pipelines/loans/decisions", body)
    }

    @Test(
      "a search finds by each field, and only that",
      arguments: [
        ("case=A", ["A-2", "A-1"]), ("case=A-1", ["A-1"]), ("outcome=decline", ["B-1", "A-1"]),
        ("outcome=refused", ["R"]), ("leaf=PLAIN", ["A-2"]),
        ("release=credit", ["B-1", "A-2", "A-1"]),
        ("release=credit%401.0.0", ["B-1", "A-2", "A-1"]), ("release=none", []),
        ("input=income&value=700", ["B-1"]), ("from=2999-01-01", []), ("until=2001-01-01", []),
        ("from=2001-01-01&until=2999-01-01&leaf=LOW&case=B", ["B-1"]), ("leaf=IN", ["T"]),
        ("outcome=hide&release=top", ["T"]),
      ])
    func search(_ query: String, _ expected: [String]) async throws {
      let server = try await TestServer()
      try await decide(server, "A-1", 500)
      try await decide(server, "A-2", 5000)
      try await decide(server, "B-1", 700)
      try await decide(server, "R", -1)
      _ = try await server.client.post(
        "/v1/pipelines/top/decisions",
        #"{"case_id":"T","inputs":{"products":[{"sku":"x","pieces":1},{"sku":"y","pieces":0}]}}"#)
      let page = try await server.client.get("/?\(query)")
      #expect(page.status == 200)
      let found = page.text.matches(of: #/href="\/cases\/([^"]+)"/#).map { String($0.output.1) }
      #expect(found == expected)
    }

    @Test("a wrong date is met by a message, paging goes through all")
    func paging() async throws {
      let server = try await TestServer()
      #expect(try await server.client.get("/?from=yesterday").status == 400)
      let requests = (0..<120).map { "{\"case_id\":\"P-\($0)\",\"inputs\":{\"income\":1}}" }
      _ = try await server.client.post(
        "/v1/pipelines/loans/decisions", "[" + requests.joined(separator: ",") + "]")
      for start in ["/", "/?case=P"] {
        var path: String? = start
        var found: [String] = []
        while let next = path {
          let page = try await server.client.get(next).text
          found += page.matches(of: #/href="\/cases\/([^"]+)"/#).map { String($0.output.1) }
          path = page.firstMatch(of: #/class="button" href="([^"]+)"/#).map {
            String($0.output.1).replacingOccurrences(of: "&amp;", with: "&")
          }
        }
        #expect(found.count == 120 && Set(found).count == 120, "\(start)")
      }
    }

    @Test("a what-if shows the other outcome, and records nothing")
    func whatIf() async throws {
      let server = try await TestServer()
      try await decide(server, "A", 500)
      let size = try server.engine.store.size()
      let (cookie, formToken) = try await server.signIn()
      func send(_ fields: [(String, String)]) async throws -> String {
        let answer = try await server.stranger.form(
          "/cases/A/what-if", [("form_token", formToken)] + fields, headers: ["Cookie": cookie])
        #expect(answer.status == 200)
        return answer.text
      }
      let same = try await send([("input.income", "500"), ("input.note", "")])
      #expect(same.contains("Nothing was changed"))
      let other = try await send([("input.income", "1000"), ("input.note", "vip")])
      #expect(other.contains("It would be approve instead of decline"))
      #expect(other.contains("<code>VIP</code>"))
      let refused = try await send([("input.income", "many")])
      #expect(refused.contains("It would be refused"))
      #expect(try server.engine.store.size() == size)
      let erased = try #require(try server.engine.erase("A").first)
      #expect(erased.isNew)
      let answer = try await server.stranger.form(
        "/cases/A/what-if", [("form_token", formToken)], headers: ["Cookie": cookie])
      #expect(answer.status == 410)
      #expect(try await server.client.get("/cases/A").status == 200)
    }

    @Test(
      "above the form stands what would change the decision; after a try, what would from there")
    func counterfactuals() async throws {
      let server = try await TestServer()
      try await decide(server, "A", 500)
      let page = try await server.client.get("/cases/A").text
      #expect(page.contains("<bdi>1,000</bdi>\u{A0}<bdi>EUR</bdi> instead of <bdi>500</bdi>"))
      #expect(!page.contains("from there"))
      let tried = try await server.client.form("/cases/A/what-if", [("input.income", "700")]).text
      #expect(tried.contains("What would change it from there"))
      #expect(tried.contains("<bdi>1,000</bdi>\u{A0}<bdi>EUR</bdi> instead of <bdi>700</bdi>"))
      let better = try await server.client.form("/cases/A/what-if", [("input.income", "2000")]).text
      #expect(!better.contains("from there"))
    }

    @Test("a rule set's page has its leaves; a link in a rule set can't be a script")
    func ruleSet() async throws {
      let server = try await TestServer()
      let page = try await server.client.get("/rulesets/credit")
      #expect(page.text.contains("<code>PLAIN</code>"))
      #expect(!page.text.contains("<script>") && !page.text.contains("href=\"javascript:"))
      #expect(try await server.client.get("/rulesets/none").status == 404)
      #expect(try await server.client.get("/rulesets/credit?version=9").status == 404)
      #expect(try await server.client.get("/releases").text.contains("credit@1.0.0"))
    }

    @Test(
      "hostile values neither break a page nor leave it",
      arguments: [
        "<script>alert(1)</script>", "\"><img src=x onerror=alert(1)>", "' onfocus='alert(1)",
        "\u{202E}gnp.exe\u{2066}", "שלום", "\u{1F469}\u{200D}\u{1F52C}", "a\u{0}b", "&lt;b&gt;",
        "</textarea></select></title>", "line\nbreak\ttab\u{1B}[31m", "{{7*7}}${x}",
      ])
    func hostile(_ value: String) async throws {
      let server = try await TestServer()
      let caseID = value.unicodeScalars.contains { $0.value < 0x20 } ? "case" : value
      let request: JSON = [
        "case_id": .string(caseID), "inputs": ["income": 2000, "note": .string(value)],
      ]
      let answer = try await server.client.post(
        "/v1/pipelines/loans/decisions", request.compactText)
      #expect(answer.status == 201)
      let segment = try #require(
        caseID.addingPercentEncoding(withAllowedCharacters: .alphanumerics))
      let place = try #require(answer.headers["location"])
      #expect(try await server.client.get(place).status == 200)
      for path in [
        "/cases/\(segment)", "/?case=\(segment)", "/?input=note&value=\(segment)",
        "/?leaf=\(segment)&outcome=\(segment)", "/login?next=\(segment)",
      ] {
        let page = try await server.client.get(path)
        #expect(page.status == 200, "\(path)")
        try check(page.text)
      }
      let explanation = try await server.client.get(
        "/v1/decisions/\(segment)/explanation", accept: "text/html")
      // It brings one style sheet, our own.
      let styles = explanation.text.matches(of: #/<style>[^<]*<\/style>/#)
      #expect(styles.count == 1)
      try check(explanation.text.replacing(#/<style>[^<]*<\/style>/#, with: "", maxReplacements: 1))
    }

    /// Only tags and attributes of ours, each closed, and no character that hides or reorders.
    private func check(_ whole: String) throws {
      // The pictures' elements are known, and stand in figures alone.
      let figure = #/<figure><svg .*?<\/svg><\/figure>/#.dotMatchesNewlines()
      let pictures = whole.matches(of: figure).map { String($0.output) }.joined()
      #expect(
        tags(of: pictures).isSubset(of: [
          "figure", "svg", "title", "desc", "g", "rect", "path", "text",
        ]))
      #expect(!pictures.contains("href") && !pictures.contains("style="))
      let page = whole.replacing(figure, with: "")
      let tags = tags(of: page)
      for tag in ["script", "img", "svg", "iframe", "b", "style"] { #expect(!tags.contains(tag)) }
      // Every attribute stands in quotes; what is within them is only a value.
      let bare = whole.replacing(#/"[^"]*"/#, with: "")
      #expect(bare.matches(of: #/<[^>]*\s(?:on[a-z]+|style)=/#).isEmpty)
      #expect(bare.matches(of: #/<[^>]*'/#).isEmpty)
      #expect(page.contains("</html>"))
      for hidden in ["\u{202E}", "\u{2066}", "\u{0}", "\u{1B}"] { #expect(!whole.contains(hidden)) }
    }

    private func tags(of page: String) -> Set<String> {
      Set(page.matches(of: #/<\/?([a-zA-Z0-9!]+)/#).map { String($0.output.1) })
    }

    @Test(
      "a long value is cut on the page, and kept in the record",
      arguments: [
        (10_000, 201), (3_000_000, 422),
      ])
    func large(_ count: Int, _ status: Int) async throws {
      let server = try await TestServer()
      let value = String(repeating: "x<", count: count)
      let answer = try await server.client.post(
        "/v1/pipelines/loans/decisions",
        "{\"case_id\":\"L\",\"inputs\":{\"income\":2000,\"note\":\"\(value)\"}}")
      #expect(answer.status == status)
      #expect(answer.body.count < 2000)
      let page = try await server.client.get("/v1/decisions/L/explanation", accept: "text/html")
      #expect(page.status == 200 && page.body.count < 20_000)
      let whole = try await server.client.get("/cases/L")
      #expect(whole.status == 200 && whole.body.count < 20_000)
      #expect(try await server.client.get("/v1/decisions/L").body.count > count * 2)
      let again = try await server.client.form("/cases/L/what-if", [("input.income", "1")])
      #expect(again.status == 200 && again.body.count < 20_000)
    }
  }
#endif
