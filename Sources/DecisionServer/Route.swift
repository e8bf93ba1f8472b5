/// One of the server's addresses, and what answers there.
struct Route: Sendable {
  /// Answers a request.
  typealias Handler =
    @Sendable (Service, ServerRequest, [String], Service.Visitor) async throws(Problem)
    -> ServerResponse

  /// Who may ask.
  enum Access: Sendable {
    /// Anybody.
    case open
    /// Who brings the token; a signed-in browser may read.
    case program
    /// A signed-in browser, or who brings the token.
    case browser
  }

  /// The method.
  var method: String
  /// The segments; nil stands for any one, which becomes a parameter.
  var pattern: [String?]
  /// Who may ask.
  var access: Access
  /// What answers.
  var handler: Handler
  /// The segments that stood where the pattern has none.
  var parameters: [String] = []

  /// A route of `method` at `path`, in which `*` stands for any one segment.
  init(_ method: String, _ path: String, _ access: Access, _ handler: @escaping Handler) {
    self.method = method
    self.access = access
    self.handler = handler
    pattern = path.split(separator: "/").map { $0 == "*" ? nil : String($0) }
  }

  /// The parameters of a path that fits.
  private func match(_ path: [String]) -> [String]? {
    guard path.count == pattern.count else { return nil }
    var parameters: [String] = []
    for (segment, expected) in zip(path, pattern) {
      guard let expected else {
        parameters.append(segment)
        continue
      }
      if segment != expected { return nil }
    }
    return parameters
  }

  /// The route of a request.
  static func find(_ request: ServerRequest) throws(Problem) -> Route {
    guard let path = request.path else {
      throw Problem(400, "bad-path", "The path isn't valid")
    }
    let method = request.method == "HEAD" ? "GET" : request.method
    var allowed: [String] = []
    for route in all {
      guard let parameters = route.match(path) else { continue }
      if route.method == method {
        var found = route
        found.parameters = parameters
        return found
      }
      allowed.append(route.method)
    }
    if allowed.isEmpty { throw .notFound }
    throw .notAllowed(allowed.flatMap { $0 == "GET" ? ["GET", "HEAD"] : [$0] })
  }

  /// Every address of the server.
  static let all: [Route] = [
    Route("GET", "/health", .open, DecisionAPI.health),
    Route("GET", "/ready", .open, DecisionAPI.ready),
    Route("POST", "/v1/pipelines/*/decisions", .program, DecisionAPI.decide),
    Route("GET", "/v1/decisions/*", .program, CaseAPI.read),
    Route("GET", "/v1/decisions/*/explanation", .program, ExplanationAPI.read),
    Route("GET", "/v1/decisions/*/receipt", .program, CaseAPI.receipt),
    Route("GET", "/v1/decisions/*/entry", .program, CaseAPI.entry),
    Route("GET", "/v1/decisions/*/evidence", .program, CaseAPI.evidence),
    Route("GET", "/v1/decisions/*/replay", .program, CaseAPI.replay),
    Route("POST", "/v1/decisions/*/what-if", .program, WhatIfAPI.tryOut),
    Route("POST", "/v1/decisions/*/choice", .program, CaseAPI.choice),
    Route("POST", "/v1/decisions/*/result", .program, CaseAPI.result),
    Route("GET", "/v1/releases", .program, CaseAPI.releases),
    Route("GET", "/style.css", .open, Pages.stylesheet),
    Route("GET", "/login", .open, Pages.login),
    Route("POST", "/login", .open, Pages.signIn),
    Route("POST", "/logout", .browser, Pages.signOut),
    Route("GET", "/", .browser, Pages.search),
    Route("GET", "/cases/*", .browser, Pages.showCase),
    Route("POST", "/cases/*/what-if", .browser, Pages.whatIf),
    Route("GET", "/releases", .browser, Pages.releases),
    Route("GET", "/rulesets/*", .browser, Pages.ruleSet),
    Route("GET", "/rulesets/*/book", .browser, Pages.book),
    Route("GET", "/rulesets/*/difference", .browser, Pages.difference),
  ]
}
