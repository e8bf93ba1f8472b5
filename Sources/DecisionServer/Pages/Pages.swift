import DecisionEngine

/// The pages for people: what answers at their addresses.
enum Pages {
  static func stylesheet(
    _ service: Service, _ request: ServerRequest, _: [String], _: Service.Visitor
  ) async throws(Problem) -> ServerResponse {
    ServerResponse(type: "text/css; charset=utf-8", Array(Stylesheet.text.utf8))
      .with("cache-control", "private, max-age=300")
  }

  static func login(
    _ service: Service, _ request: ServerRequest, _: [String], _: Service.Visitor
  ) async throws(Problem) -> ServerResponse {
    .page(LoginPage(next: request.query["next"] ?? "/", isWrong: false).markup)
  }

  static func signIn(
    _ service: Service, _ request: ServerRequest, _: [String], _: Service.Visitor
  ) async throws(Problem) -> ServerResponse {
    try service.gate.checkOrigin(request)
    let form = try form(request)
    let next = form["next"] ?? "/"
    guard let token = form.filled("token"), service.gate.token.matches(token) else {
      return .page(LoginPage(next: next, isWrong: true).markup, status: 401)
    }
    let cookie = service.gate.startSession()
    return .redirect(to: ownPath(next)).with(cookie.name, cookie.value)
  }

  static func signOut(
    _ service: Service, _ request: ServerRequest, _: [String], _ visitor: Service.Visitor
  ) async throws(Problem) -> ServerResponse {
    guard let session = visitor.session else { return .redirect(to: "/login") }
    try service.gate.checkForm(request, try form(request), session)
    let cookie = service.gate.endSession()
    return .redirect(to: "/login").with(cookie.name, cookie.value)
  }

  static func search(
    _ service: Service, _ request: ServerRequest, _: [String], _ visitor: Service.Visitor
  ) async throws(Problem) -> ServerResponse {
    var form = SearchForm(request.query)
    let page = try problems { () throws(EngineError) in
      try form.addOutcomes(of: service.engine)
      return form.error == nil
        ? try service.engine.search(form.query, below: form.below) : CasePage()
    }
    return .page(
      SearchPage(form: form, found: page, session: visitor.session).markup,
      status: form.error == nil ? 200 : 400)
  }

  static func showCase(
    _ service: Service, _ request: ServerRequest, _ parameters: [String],
    _ visitor: Service.Visitor
  ) async throws(Problem) -> ServerResponse {
    let sheet = try CaseSheet(parameters[0], service.engine)
    return .page(
      CaseDocument(
        sheet: sheet, session: visitor.session, result: nil, hasPDF: service.settings.pdf != nil
      ).markup)
  }

  static func whatIf(
    _ service: Service, _ request: ServerRequest, _ parameters: [String],
    _ visitor: Service.Visitor
  ) async throws(Problem) -> ServerResponse {
    let form = try form(request)
    if let session = visitor.session {
      try service.gate.checkForm(request, form, session)
    }
    let sheet = try CaseSheet(parameters[0], service.engine)
    let result = try WhatIf.run(form, sheet, service.engine)
    return .page(
      CaseDocument(
        sheet: sheet, session: visitor.session, result: result, hasPDF: service.settings.pdf != nil
      ).markup)
  }

  static func releases(
    _ service: Service, _ request: ServerRequest, _: [String], _ visitor: Service.Visitor
  ) async throws(Problem) -> ServerResponse {
    let releases = try problems { () throws(EngineError) in try service.engine.releases() }
    return .page(
      ReleasesPage(releases: releases, now: service.gate.clock(), session: visitor.session).markup)
  }

  static func ruleSet(
    _ service: Service, _ request: ServerRequest, _ parameters: [String],
    _ visitor: Service.Visitor
  ) async throws(Problem) -> ServerResponse {
    let page = try problems { () throws(EngineError) in
      try RuleSetPage(
        id: parameters[0], version: request.query.filled("version"), engine: service.engine,
        now: service.gate.clock(), session: visitor.session)
    }
    return .page(page.markup)
  }

  /// The fields of a form's body.
  private static func form(_ request: ServerRequest) throws(Problem) -> FormFields {
    guard request.contentType == "application/x-www-form-urlencoded" else {
      throw .unsupported("application/x-www-form-urlencoded")
    }
    return FormFields(request.body)
  }

  /// `path` if it leads to this server, else the first page: a link can't send people elsewhere.
  static func ownPath(_ path: String) -> String {
    let bytes = Array(path.utf8)
    guard bytes.first == 0x2F, bytes.count == 1 || (bytes[1] != 0x2F && bytes[1] != 0x5C),
      bytes.allSatisfy({ (0x21...0x7E).contains($0) })
    else { return "/" }
    return path
  }
}

/// Where people sign in.
struct LoginPage {
  /// Where to go then.
  var next: String
  /// Whether a wrong token was sent.
  var isWrong: Bool

  /// The page.
  var markup: Markup {
    Layout(title: "Sign in", session: nil).page {
      element(.h1) { "Sign in" }
      if isWrong {
        element(.p, .class("error"), .role("alert")) { "This isn't the token of this server." }
      }
      element(.form, .method("post"), .action("/login"), .class("panel narrow")) {
        element(.input, .type("hidden"), .name("next"), .value(Pages.ownPath(next)))
        element(.div, .class("field")) {
          element(.label, .label(for: "token")) { "Access token" }
          element(
            .input, .id("token"), .name("token"), .type("password"), .required, .autofocus,
            .autocomplete("current-password"), .describedBy("token-hint"))
          element(.small, .id("token-hint")) {
            "It stands in the file that the server names when it starts. Whoever runs the server"
              + " has it."
          }
        }
        element(.button, .type("submit")) { "Sign in" }
      }
    }
  }
}

/// What went wrong, for people.
struct ProblemPage {
  /// What went wrong.
  var problem: Problem

  /// The page.
  var markup: Markup {
    Layout(title: problem.title, session: nil).page {
      element(.h1) { problem.title }
      if let detail = problem.detail { element(.p) { Part.value(detail) } }
      element(.p) { element(.a, .href("/")) { "Search the cases" } }
    }
  }
}
