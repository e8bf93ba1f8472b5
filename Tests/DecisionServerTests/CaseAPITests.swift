#if Server
  import CanonicalJSON
  import DecisionEngine
  import Foundation
  import Ledger
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
      #expect(try await client.get(path, accept: "application/pdf").status == 406)
      #expect(try await client.get(path, accept: "text/html;q=0").status == 406)
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
