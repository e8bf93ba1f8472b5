#if Server
  import CanonicalJSON
  import Foundation
  import Testing

  /// The program itself, ended by a signal.
  @Suite("the end of `leafproof serve`") struct ShutdownTests {
    private static let program: URL? = {
      if let path = ProcessInfo.processInfo.environment["LEAFPROOF_BINARY"] {
        return URL(fileURLWithPath: path)
      }
      let starts =
        Bundle.allBundles.map(\.bundleURL) + [Bundle.main.executableURL].compactMap(\.self)
      for start in starts {
        var folder = start.resolvingSymlinksInPath()
        for _ in 0..<5 {
          folder.deleteLastPathComponent()
          let candidate = folder.appendingPathComponent("leafproof")
          if FileManager.default.isExecutableFile(atPath: candidate.path),
            (try? candidate.resourceValues(forKeys: [.isDirectoryKey]).isDirectory) == false
          {
            return candidate
          }
        }
      }
      return nil
    }()

    @Test("a signal ends it; what was being answered is answered", arguments: [SIGTERM, SIGINT])
    func signal(_ number: Int32) async throws {
      let program = try #require(Self.program, "`leafproof` wasn't built: run `swift build` first")
      let folder = FileManager.default.temporaryDirectory
        .appendingPathComponent("leafproof-serve-\(UUID().uuidString)")
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      defer { try? FileManager.default.removeItem(at: folder) }
      for (place, text) in TestServer.sources.enumerated() {
        try Data(text.utf8).write(to: folder.appendingPathComponent("\(place).xml"))
      }
      let names = TestServer.sources.indices.map { "\($0).xml" }
      let publish = try start(program, ["publish", "--ledger", "l.sqlite"] + names, folder, "p")
      publish.waitUntilExit()
      try #require(publish.terminationStatus == 0)
      let server = try start(
        program, ["serve", "--ledger", "l.sqlite", "--port", "0"], folder, "out")
      var port: Int?
      for _ in 0..<200 where port == nil {
        try await Task.sleep(for: .milliseconds(25))
        let text = try String(
          contentsOf: folder.appendingPathComponent("out"), encoding: .utf8)
        port = text.firstMatch(of: #/http:\/\/127.0.0.1:(\d+)\//#).flatMap { Int($0.output.1) }
      }
      let token = try String(
        contentsOf: folder.appendingPathComponent("l.sqlite.token"), encoding: .utf8)
      let process = server.processIdentifier
      // The body is larger than what the system keeps while nobody reads (tcp(7)), so when it
      // is sent the server is at work on it.
      let client = HTTPClient(
        port: try #require(port), token: token.trimmingCharacters(in: .whitespacesAndNewlines),
        onSent: { kill(process, number) })
      let requests = (0..<1000).map { "{\"case_id\":\"\($0)\",\"inputs\":{\"income\":1}}" }
      let space = String(repeating: " ", count: 7 << 20)
      let whole = try await client.post(
        "/v1/pipelines/loans/decisions", "[" + requests.joined(separator: ",") + space + "]")
      #expect(whole.status == 200)
      #expect(try whole.json.array?.count == 1000)
      server.waitUntilExit()
      #expect(server.terminationReason == .exit && server.terminationStatus == 0)
      await #expect(throws: HTTPClient.Failure.self) { try await client.get("/health") }
    }

    private func start(
      _ program: URL, _ arguments: [String], _ folder: URL, _ output: String
    ) throws -> Process {
      let file = folder.appendingPathComponent(output)
      try Data().write(to: file)
      let process = Process()
      process.executableURL = program
      process.arguments = arguments
      process.currentDirectoryURL = folder
      process.standardOutput = try FileHandle(forWritingTo: file)
      process.standardError = FileHandle.nullDevice
      try process.run()
      return process
    }
  }
#endif
