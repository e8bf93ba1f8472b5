#if Server
  import CanonicalJSON
  import Foundation

  #if canImport(Glibc)
    import Glibc
  #endif

  /// An answer of the server.
  struct HTTPAnswer: Sendable {
    var status: Int
    var headers: [String: String]
    var body: [UInt8]

    var text: String { String(decoding: body, as: UTF8.self) }
    var json: JSON { get throws { try JSON(parsing: body) } }
  }

  /// A small HTTP client over a socket: one connection for each request, so that it can also send
  /// what no proper client would.
  struct HTTPClient: Sendable {
    struct Failure: Error {
      var reason: String
    }

    let port: Int
    var token: String?
    /// Called when a request has been sent whole.
    var onSent: @Sendable () -> Void = {}

    /// Sends a request and gives the answer.
    func send(
      _ method: String, _ path: String, headers: [String: String] = [:], body: [UInt8]? = nil
    ) async throws -> HTTPAnswer {
      var fields = ["Host": "127.0.0.1:\(port)", "Connection": "close"]
      if let token { fields["Authorization"] = "Bearer \(token)" }
      if let body { fields["Content-Length"] = "\(body.count)" }
      fields.merge(headers) { $1 }
      var head = "\(method) \(path) HTTP/1.1\r\n"
      for (name, value) in fields { head += "\(name): \(value)\r\n" }
      return try await exchange(Array((head + "\r\n").utf8) + (body ?? []))
    }

    func get(_ path: String, accept: String? = nil) async throws -> HTTPAnswer {
      try await send("GET", path, headers: accept.map { ["Accept": $0] } ?? [:])
    }

    func post(_ path: String, _ json: String) async throws -> HTTPAnswer {
      try await send(
        "POST", path, headers: ["Content-Type": "application/json"], body: Array(json.utf8))
    }

    func form(
      _ path: String, _ fields: [(String, String)], headers: [String: String] = [:]
    ) async throws -> HTTPAnswer {
      let allowed = CharacterSet.alphanumerics
      let body = fields.map { name, value in
        let encode = { (text: String) in
          text.addingPercentEncoding(withAllowedCharacters: allowed) ?? ""
        }
        return "\(encode(name))=\(encode(value))"
      }.joined(separator: "&")
      let type = ["Content-Type": "application/x-www-form-urlencoded"]
      return try await send(
        "POST", path, headers: type.merging(headers) { $1 }, body: Array(body.utf8))
    }

    /// Sends raw bytes and reads until the server closes the connection. It blocks, so it runs on a
    /// thread of its own.
    func exchange(_ bytes: [UInt8]) async throws -> HTTPAnswer {
      try await withCheckedThrowingContinuation { continuation in
        Thread.detachNewThread {
          continuation.resume(with: Result { try Self.parse(try self.roundTrip(bytes)) })
        }
      }
    }

    private func roundTrip(_ bytes: [UInt8]) throws -> [UInt8] {
      let socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
      guard socket >= 0 else { throw Failure(reason: "no socket") }
      defer { close(socket) }
      var limit = timeval(tv_sec: 30, tv_usec: 0)
      _ = unsafe setsockopt(
        socket, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
      // A small buffer: what has been sent, the server's side of the connection has.
      var size: Int32 = 1 << 16
      _ = unsafe setsockopt(
        socket, SOL_SOCKET, SO_SNDBUF, &size, socklen_t(MemoryLayout<Int32>.size))
      var address = sockaddr_in()
      address.sin_family = sa_family_t(AF_INET)
      address.sin_port = in_port_t(UInt16(port).bigEndian)
      address.sin_addr.s_addr = unsafe inet_addr("127.0.0.1")
      let isOpen = unsafe withUnsafePointer(to: &address) { pointer in
        unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
          unsafe connect(socket, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
        }
      }
      guard isOpen else { throw Failure(reason: "no connection") }
      var sent = 0
      while sent < bytes.count {
        let count = unsafe bytes.withUnsafeBytes { buffer in
          unsafe Glibc.send(
            socket, buffer.baseAddress.map { unsafe $0 + sent }, buffer.count - sent,
            Int32(MSG_NOSIGNAL))
        }
        // A server that has answered early may have stopped reading.
        if count <= 0 { break }
        sent += count
      }
      onSent()
      var answer: [UInt8] = []
      var part = [UInt8](repeating: 0, count: 1 << 16)
      while true {
        let count = unsafe part.withUnsafeMutableBytes {
          unsafe recv(socket, $0.baseAddress, $0.count, 0)
        }
        if count <= 0 { return answer }
        answer += part.prefix(count)
        if Self.isWhole(answer) { return answer }
      }
    }

    /// Whether an answer with a length is complete.
    private static func isWhole(_ bytes: [UInt8]) -> Bool {
      guard let answer = try? parse(bytes), let length = answer.headers["content-length"] else {
        return false
      }
      return answer.body.count >= Int(length) ?? .max
    }

    private static func parse(_ bytes: [UInt8]) throws -> HTTPAnswer {
      let end = Array("\r\n\r\n".utf8)
      guard
        let start = bytes.indices.first(where: { place in
          bytes[place] == 13 && bytes[place...].starts(with: end)
        })
      else { throw Failure(reason: "no answer") }
      let lines = String(decoding: bytes[..<start], as: UTF8.self)
        .components(separatedBy: "\r\n")
      guard let status = lines.first?.split(separator: " ").dropFirst().first.flatMap({ Int($0) })
      else { throw Failure(reason: "no status") }
      var headers: [String: String] = [:]
      for line in lines.dropFirst() {
        let parts = line.split(separator: ":", maxSplits: 1)
        if parts.count == 2 {
          headers[parts[0].lowercased()] = parts[1].trimmingCharacters(in: .whitespaces)
        }
      }
      return HTTPAnswer(status: status, headers: headers, body: Array(bytes[(start + 4)...]))
    }
  }
#endif
