#if Server
  import DecisionServer
  import Foundation
  import Testing

  @Suite("who may come in") struct AccessTests {
    @Test(
      "the API wants the token",
      arguments: [
        nil, "Bearer", "Bearer ", "Bearer wrong", "Basic \(TestServer.token)",
        "Bearer \(TestServer.token)x", "Bearer \(TestServer.token.dropLast())",
      ] as [String?])
    func token(_ authorization: String?) async throws {
      let server = try await TestServer()
      let headers = authorization.map { ["Authorization": $0] } ?? [:]
      for path in ["/v1/releases", "/v1/decisions/A", "/v1/decisions/A/explanation"] {
        let answer = try await server.stranger.send("GET", path, headers: headers)
        #expect(answer.status == 401)
        #expect(answer.headers["www-authenticate"] == "Bearer realm=\"leafproof\"")
        #expect(!answer.text.contains(TestServer.token))
      }
      let post = try await server.stranger.send(
        "POST", "/v1/pipelines/loans/decisions", headers: headers, body: Array("{}".utf8))
      #expect(post.status == 401)
    }

    @Test("pages lead to the sign-in, and back to this server only")
    func signIn() async throws {
      let server = try await TestServer()
      let first = try await server.stranger.get("/cases/A%2F1?x=%26")
      #expect(first.status == 303)
      #expect(first.headers["location"] == "/login?next=%2Fcases%2FA%252F1%3Fx%3D%2526")
      let wrong = try await server.stranger.form("/login", [("token", "wrong")])
      #expect(wrong.status == 401 && wrong.headers["set-cookie"] == nil)
      for next in ["//evil.example", "/\\evil.example", "https://evil.example", "x", "/a\r\nb: c"] {
        let answer = try await server.stranger.form(
          "/login", [("token", TestServer.token), ("next", next)])
        #expect(answer.headers["location"] == "/", "\(next)")
        let cookie = try #require(answer.headers["set-cookie"])
        #expect(cookie.contains("HttpOnly") && cookie.contains("SameSite=Strict"))
        #expect(!cookie.contains(TestServer.token))
      }
    }

    @Test("a session reads; it doesn't write, and ends with a forged or old cookie")
    func session() async throws {
      let server = try await TestServer()
      let (cookie, formToken) = try await server.signIn()
      let headers = ["Cookie": cookie]
      let read = try await server.stranger.send("GET", "/v1/releases", headers: headers)
      #expect(read.status == 200)
      let write = try await server.stranger.send(
        "POST", "/v1/pipelines/loans/decisions",
        headers: headers.merging(["Content-Type": "application/json"]) { $1 },
        body: Array("{}".utf8))
      #expect(write.status == 401)
      let parts = cookie.split(separator: ".")
      let end = try #require(parts.first?.split(separator: "=").last.flatMap { Int64($0) })
      for forged in [
        cookie + "0", cookie.replacingOccurrences(of: "\(end)", with: "\(end + 1)"),
        cookie.replacingOccurrences(of: "\(end)", with: "1"), "x=1",
      ] {
        let answer = try await server.stranger.send("GET", "/", headers: ["Cookie": forged])
        #expect(answer.status == 303)
      }
      let out = try await server.stranger.form(
        "/logout", [("form_token", formToken)], headers: headers)
      #expect(out.status == 303 && out.headers["set-cookie"]?.contains("Max-Age=0") == true)
    }

    @Test("forms from elsewhere are refused")
    func forms() async throws {
      let server = try await TestServer()
      _ = try await server.client.post(
        "/v1/pipelines/loans/decisions", #"{"case_id":"A","inputs":{"income":500}}"#)
      let (cookie, formToken) = try await server.signIn()
      let path = "/cases/A/what-if"
      func send(_ token: String?, _ more: [String: String]) async throws -> Int {
        try await server.stranger.form(
          path, token.map { [("form_token", $0)] } ?? [],
          headers: ["Cookie": cookie].merging(more) { $1 }
        ).status
      }
      #expect(try await send(formToken, [:]) == 200)
      #expect(try await send(nil, [:]) == 403)
      #expect(try await send("wrong", [:]) == 403)
      #expect(try await send(formToken, ["Origin": "http://evil.example"]) == 403)
      #expect(try await send(formToken, ["Sec-Fetch-Site": "cross-site"]) == 403)
      let own = ["Origin": "http://127.0.0.1:\(server.port)", "Sec-Fetch-Site": "same-origin"]
      #expect(try await send(formToken, own) == 200)
    }

    @Test(
      "only names of this server are answered to",
      arguments: [
        ("evil.example", 421), ("127.0.0.1.evil.example", 421), ("", 421), ("localhost:1", 200),
        ("LOCALHOST", 200), ("[::1]:8321", 200), ("rules.example:443", 200),
      ])
    func hosts(_ host: String, _ status: Int) async throws {
      let server = try await TestServer()
      let answer = try await server.client.send("GET", "/v1/releases", headers: ["Host": host])
      // An empty host may be refused before the server sees it.
      #expect(answer.status == status || (host.isEmpty && answer.status == 400))
    }

    @Test("the token's file is its owner's alone")
    func file() throws {
      let folder = FileManager.default.temporaryDirectory
        .appendingPathComponent("leafproof-token-\(UUID().uuidString)")
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      defer { try? FileManager.default.removeItem(at: folder) }
      let path = folder.appendingPathComponent("a.token").path
      #expect(try AccessToken.loadOrCreate(path: path).isNew)
      #expect(try !AccessToken.loadOrCreate(path: path).isNew)
      let files = FileManager.default
      let mode = try files.attributesOfItem(atPath: path)[.posixPermissions] as? Int
      #expect(mode == 0o600)
      let text = try String(contentsOfFile: path, encoding: .utf8)
      #expect(text.utf8.count == 65)
      try files.setAttributes([.posixPermissions: 0o644], ofItemAtPath: path)
      #expect(throws: AccessToken.FileError.self) { try AccessToken.loadOrCreate(path: path) }
      try files.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path)
      try "short\n".write(toFile: path, atomically: false, encoding: .utf8)
      #expect(throws: AccessToken.FileError.self) { try AccessToken.loadOrCreate(path: path) }
      #expect(throws: AccessToken.FileError.self) {
        try AccessToken.loadOrCreate(path: folder.path)
      }
    }
  }
#endif
