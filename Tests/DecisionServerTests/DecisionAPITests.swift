#if Server
  import CanonicalJSON
  import DecisionEngine
  import Foundation
  import Ledger
  import LedgerSQLite
  import Testing

  @Suite("deciding over HTTP") struct DecisionAPITests {
    private let path = "/v1/pipelines/loans/decisions"

    @Test("a decision is recorded before it is answered, once for a case ID")
    func single() async throws {
      let server = try await TestServer()
      let request = #"{"case_id":"A-1","inputs":{"income":500}}"#
      let answer = try await server.client.post(path, request)
      #expect(answer.status == 201)
      #expect(answer.headers["location"] == "/v1/decisions/A-1")
      #expect(answer.headers["cache-control"] == "no-store")
      #expect(answer.headers["x-content-type-options"] == "nosniff")
      let json = try answer.json
      #expect(json["outcome"]?.string == "decline" && json["leaf"]?.string == "LOW")
      let index = try #require(json["index"]?.int.map { UInt64($0) })
      let entry = try #require(try server.engine.store.entry(at: index))
      #expect(try JSON(parsing: entry.body)["leaf"]?.string == "LOW")
      let again = try await server.client.post(path, request)
      #expect(again.status == 200)
      #expect(try again.json["recorded"]?.string == "earlier")
      #expect(try again.json["index"]?.int == json["index"]?.int)
      let taken = try await server.client.post(
        path, #"{"case_id":"A-1","inputs":{"income":501}}"#)
      #expect(taken.status == 409)
      #expect(try taken.json["type"]?.string == "urn:leafproof:problem:case-id-taken")
    }

    @Test("a refusal is 422 with its recorded problems, without the values")
    func refusal() async throws {
      let server = try await TestServer()
      let answer = try await server.client.post(
        path, #"{"case_id":"B","inputs":{"income":"secret-value"}}"#)
      #expect(answer.status == 422)
      #expect(answer.headers["content-type"] == "application/problem+json")
      let refusal = try #require(try answer.json["refusal"])
      #expect(refusal["problems"]?.array?.first?["code"]?.string == "wrong-type")
      let index = try #require(refusal["index"]?.int.map { UInt64($0) })
      #expect(try server.engine.store.entry(at: index)?.columns.kind == "refusal")
      #expect(!answer.text.contains("secret-value"))
    }

    @Test("a batch is one commit, its answers in order")
    func batch() async throws {
      let server = try await TestServer()
      let before = try server.engine.store.checkpoints(fromSize: 0, limit: 1000).count
      let answer = try await server.client.post(
        path,
        #"""
        [ {"case_id":"1","inputs":{"income":1e3}} , {"case_id":"2","inputs":{"note":"],[{"}},
          7, {"case_id":"1","inputs":{"income":5}} ]
        """#)
      #expect(answer.status == 200)
      let answers = try #require(try answer.json.array)
      #expect(answers.count == 4)
      #expect(answers[0]["outcome"]?.string == "approve")
      #expect(answers[1]["type"]?.string == "refusal")
      #expect(answers[2]["problems"]?.array?.first?["code"]?.string == "not-an-object")
      #expect(answers[3]["status"]?.int == 409)
      #expect(try server.engine.store.checkpoints(fromSize: 0, limit: 1000).count == before + 1)
      #expect(
        try server.engine.recordedCase("1").request
          == Array(
            #"{"case_id":"1","inputs":{"income":1e3}}"#.utf8))
      #expect(try await server.client.post(path, "[]").json == .array([]))
    }

    @Test(
      "each error has its status",
      arguments: [
        ("POST", "/v1/pipelines/loans/decisions", "{\"a\":", 400, "malformed-json"),
        ("POST", "/v1/pipelines/none/decisions", "{}", 404, "unknown-release"),
        ("POST", "/v1/pipelines/loans@9/decisions", "{}", 404, "unknown-release"),
        ("GET", "/v1/decisions/none", "", 404, "unknown-case"),
        ("GET", "/v1/decisions/none/receipt", "", 404, "unknown-case"),
        ("GET", "/v1/nothing", "", 404, "not-found"),
        ("GET", "/v1/decisions/%ZZ", "", 400, "bad-path"),
        ("GET", "/v1/decisions/%FF", "", 400, "bad-path"),
        ("PUT", "/v1/releases", "{}", 405, "method-not-allowed"),
        ("POST", "/v1/decisions/none/result", "{\"a\":1}", 404, "unknown-case"),
        ("POST", "/v1/decisions/none/choice", "{\"a\":1}", 422, "bad-record"),
        ("POST", "/v1/decisions/none/result", "[1", 400, "malformed-json"),
      ])
    func errors(
      _ method: String, _ path: String, _ body: String, _ status: Int, _ code: String
    ) async throws {
      let server = try await TestServer()
      let size = try server.engine.store.size()
      let answer = try await server.client.send(
        method, path, headers: ["Content-Type": "application/json"],
        body: body.isEmpty ? nil : Array(body.utf8))
      #expect(answer.status == status)
      #expect(answer.headers["content-type"] == "application/problem+json")
      #expect(try answer.json["type"]?.string == "urn:leafproof:problem:\(code)")
      #expect(try answer.json["status"]?.int == status)
      #expect(try server.engine.store.size() == size, "an error records nothing")
      if status == 400, code == "malformed-json" { #expect(try answer.json["line"]?.int == 1) }
      if status == 405 { #expect(answer.headers["allow"] == "GET, HEAD") }
    }

    @Test("bodies of another type, too large, or too slow are refused")
    func bodies() async throws {
      let server = try await TestServer()
      defer { withExtendedLifetime(server) {} }
      let client = server.client
      let other = try await client.send(
        "POST", path, headers: ["Content-Type": "text/plain"], body: Array("{}".utf8))
      #expect(other.status == 415)
      let size = 17 << 20
      let large = try await client.send(
        "POST", path, headers: ["Content-Type": "application/json"],
        body: [UInt8](repeating: 0x20, count: size))
      #expect(large.status == 413)
      let head =
        "POST \(path) HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        + "Authorization: Bearer \(TestServer.token)\r\n"
      // Chunks tell no length before they come.
      let chunk = String(repeating: " ", count: 1 << 20)
      let chunks = String(repeating: "100000\r\n\(chunk)\r\n", count: 17)
      let chunked = try await client.exchange(
        Array((head + "Transfer-Encoding: chunked\r\n\r\n\(chunks)0\r\n\r\n").utf8))
      #expect(chunked.status == 413)
      let hasty = try await TestServer(bodySeconds: 1)
      defer { withExtendedLifetime(hasty) {} }
      let slow = try await hasty.client.exchange(
        Array((head + "Content-Length: 10\r\n\r\n{").utf8))
      #expect(slow.status == 408)
      let broken = try await client.exchange(Array("NONSENSE\r\n\r\n".utf8))
      #expect(broken.status == 400)
      #expect(try await client.get("/health").status == 200)
    }

    @Test("100 concurrent requests are all durable, in one tree")
    func concurrency() async throws {
      let folder = FileManager.default.temporaryDirectory
        .appendingPathComponent("leafproof-server-\(UUID().uuidString)")
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      defer { try? FileManager.default.removeItem(at: folder) }
      let key = try SigningKey(generatingFor: "test.example/log")
      let file = folder.appendingPathComponent("ledger.sqlite").path
      let store = try SQLiteStore.open(path: file, mode: .create(key))
      let server = try await TestServer(store: store)
      defer { withExtendedLifetime(server) {} }
      let client = server.client
      let indexes = try await withThrowingTaskGroup(of: Int.self) { group in
        for number in 0..<100 {
          group.addTask {
            let answer = try await client.post(
              path, "{\"case_id\":\"C-\(number)\",\"inputs\":{\"income\":\(number * 20)}}")
            #expect(answer.status == 201)
            return try answer.json["index"]?.int ?? -1
          }
        }
        return try await group.reduce(into: Set<Int>()) { $0.insert($1) }
      }
      #expect(indexes.count == 100)
      // Another reader of the file sees what was answered, and it proves itself.
      let reader = try SQLiteStore.open(path: file, mode: .readOnly)
      #expect(try reader.size() == UInt64(indexes.max() ?? 0) + 1)
      var inspector = Inspector()
      let report = try reader.audit(trusting: key.verifierKey) { inspector.inspect($0) }
      #expect(report.problems.isEmpty)
    }
  }
#endif
