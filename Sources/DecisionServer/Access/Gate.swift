import DecisionEngine

/// Who may come in: the name that the server is called by, the token, the session of a browser.
struct Gate: Sendable {
  /// What opens it.
  let token: AccessToken
  /// The names besides loopback's that the server goes by, in lower case.
  let hosts: Set<String>
  /// What time it is.
  let clock: @Sendable () -> Instant

  /// How long a browser stays signed in, in milliseconds.
  static let sessionLength: Int64 = 12 * 3_600_000

  /// Refuses requests for another name: a page from elsewhere can make a browser look up a name of
  /// its own as this address (DNS rebinding), but can't forge the name in `Host`.
  func checkHost(_ request: ServerRequest) throws(Problem) {
    guard let host = request.headers["host"], let name = Self.name(of: host),
      ["127.0.0.1", "localhost", "[::1]"].contains(name) || hosts.contains(name)
    else { throw .misdirected }
  }

  /// The name in `NAME:PORT`, in lower case.
  static func name(of host: String) -> String? {
    let lower = host.lowercased()
    if lower.hasPrefix("[") {
      guard let end = lower.firstIndex(of: "]") else { return nil }
      return String(lower[...end])
    }
    return lower.split(separator: ":", omittingEmptySubsequences: false).first.map(String.init)
  }

  /// Whether the request brings the token itself.
  func hasToken(_ request: ServerRequest) -> Bool {
    let parts = (request.headers["authorization"] ?? "").split(separator: " ", maxSplits: 1)
    guard parts.count == 2, parts[0].lowercased() == "bearer" else { return false }
    return token.matches(String(parts[1]).trimmed)
  }
}

// MARK: - Sessions of browsers

extension Gate {
  /// The cookie's name: servers on other ports of one machine share its cookies.
  private var cookieName: String { "leafproof-\(token.seal("cookie name").prefix(8))" }

  /// The session that the request's cookie proves; nil when there is none, or it is over.
  func session(_ request: ServerRequest) -> Session? {
    let parts = (request.cookie(cookieName) ?? "").split(separator: ".")
    guard parts.count == 2, let end = Int64(parts[0]), end > clock().milliseconds,
      token.verify(String(parts[1]), for: "session \(end)")
    else { return nil }
    return Session(formToken: token.seal("form \(end)"))
  }

  /// The header field that starts a session. The cookie is no token: it ends by itself, and scripts
  /// can't read it.
  func startSession() -> (name: String, value: String) {
    let end = clock().milliseconds + Self.sessionLength
    return cookie("\(end).\(token.seal("session \(end)"))", Self.sessionLength / 1000)
  }

  /// The header field that ends a session.
  func endSession() -> (name: String, value: String) { cookie("", 0) }

  private func cookie(_ value: String, _ seconds: Int64) -> (name: String, value: String) {
    (
      "set-cookie",
      "\(cookieName)=\(value); Path=/; Max-Age=\(seconds); HttpOnly; SameSite=Strict"
    )
  }

  /// Refuses a form that a page from elsewhere sent: by what the browser says of where it came from.
  func checkOrigin(_ request: ServerRequest) throws(Problem) {
    if let site = request.headers["sec-fetch-site"], site != "same-origin", site != "none" {
      throw .forbidden
    }
    if let origin = request.headers["origin"], let host = request.headers["host"],
      origin.lowercased() != "http://\(host.lowercased())",
      origin.lowercased() != "https://\(host.lowercased())"
    {
      throw .forbidden
    }
  }

  /// Refuses a form that doesn't bring its session's own token.
  func checkForm(_ request: ServerRequest, _ form: FormFields, _ session: Session) throws(Problem) {
    try checkOrigin(request)
    guard let sent = form["form_token"], sent.utf8.elementsEqual(session.formToken.utf8) else {
      throw .forbidden
    }
  }
}

/// A browser that has signed in.
struct Session: Sendable {
  /// What every form of this session brings, so that no other site can send one.
  var formToken: String
}
