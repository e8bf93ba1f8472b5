import Glibc

/// A `leafproof serve` that runs until it is told to stop.
final class RunningServer {
  private let process: pid_t
  private let port: UInt16
  private let token: String

  /// Starts `program` and waits until it listens.
  init(_ program: String, _ arguments: [String], output: String, tokenPath: String) throws {
    var actions = unsafe posix_spawn_file_actions_t()
    unsafe posix_spawn_file_actions_init(&actions)
    defer { unsafe posix_spawn_file_actions_destroy(&actions) }
    unsafe posix_spawn_file_actions_addopen(
      &actions, 1, output, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
    var words: [UnsafeMutablePointer<CChar>?] = unsafe ([program] + arguments).map {
      unsafe strdup($0)
    }
    unsafe words.append(nil)
    defer { unsafe words.forEach { unsafe free($0) } }
    var process: pid_t = 0
    guard unsafe posix_spawnp(&process, program, &actions, nil, words, environ) == 0 else {
      throw BenchmarkError("can't run \(program)")
    }
    self.process = process
    var port: UInt16?
    var tries = 0
    while port == nil, tries < 200 {
      usleep(50_000)
      tries += 1
      port = (try? Workspace.read(output)).flatMap {
        Self.port(String(decoding: $0, as: UTF8.self))
      }
    }
    guard let port else {
      kill(process, SIGTERM)
      throw BenchmarkError("the server doesn't listen")
    }
    self.port = port
    let text = String(decoding: try Workspace.read(tokenPath), as: UTF8.self)
    token = String(text.prefix { !$0.isNewline })
  }

  /// The port in `listening on http://127.0.0.1:PORT/`, once the line behind it is there too.
  private static func port(_ text: String) -> UInt16? {
    let lines = text.split(separator: "\n")
    guard lines.count >= 2, let line = lines.first, let colon = line.lastIndex(of: ":") else {
      return nil
    }
    return UInt16(line[line.index(after: colon)...].dropLast())
  }

  /// Ends the server.
  func stop() {
    kill(process, SIGTERM)
    var status: Int32 = 0
    unsafe waitpid(process, &status, 0)
  }

  /// A connection to it, kept open.
  func connect() throws -> Connection { try Connection(port: port, token: token) }

  /// One connection that asks one thing after the other.
  final class Connection {
    private let socket: Int32
    private let token: String
    private var received: [UInt8] = []

    fileprivate init(port: UInt16, token: String) throws {
      self.token = token
      socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
      var address = sockaddr_in()
      address.sin_family = sa_family_t(AF_INET)
      address.sin_port = port.bigEndian
      address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
      let code = unsafe withUnsafePointer(to: &address) { pointer in
        unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
          unsafe Glibc.connect(socket, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
        }
      }
      guard code == 0 else { throw BenchmarkError("can't connect to the server") }
      var on: Int32 = 1
      unsafe setsockopt(
        socket, Int32(IPPROTO_TCP), TCP_NODELAY, &on, socklen_t(MemoryLayout<Int32>.size))
    }

    deinit { close(socket) }

    /// Asks for `path`, and reads the whole answer.
    func get(_ path: String, accept: String) throws -> (status: Int, body: [UInt8]) {
      let request = Array(
        """
        GET \(path) HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer \(token)\r\n\
        Accept: \(accept)\r\n\r\n
        """.utf8)
      guard unsafe send(socket, request, request.count, 0) == request.count else {
        throw BenchmarkError("can't send to the server")
      }
      received.removeAll(keepingCapacity: true)
      var headEnd: Int?
      while headEnd == nil {
        try receive()
        headEnd = received.firstRange(of: Array("\r\n\r\n".utf8))?.upperBound
      }
      let head = String(decoding: received[..<(headEnd ?? 0)], as: UTF8.self).lowercased()
      guard let status = Int(head.dropFirst(9).prefix(3)),
        let field = head.split(separator: "\r\n").first(where: { $0.hasPrefix("content-length:") }),
        let length = Int(field.dropFirst(15).drop { $0 == " " })
      else { throw BenchmarkError("the server's answer has no length") }
      while received.count < (headEnd ?? 0) + length { try receive() }
      return (status, Array(received[(headEnd ?? 0)...]))
    }

    private func receive() throws {
      var block = [UInt8](repeating: 0, count: 1 << 16)
      let count = unsafe recv(socket, &block, block.count, 0)
      guard count > 0 else { throw BenchmarkError("the server closed the connection") }
      received += block[..<count]
    }
  }
}
