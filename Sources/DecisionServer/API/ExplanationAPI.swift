import CanonicalJSON
import DecisionEngine

/// The explanation of a case in the forms that it has.
enum ExplanationAPI {
  /// A form of an explanation.
  enum Form: String, CaseIterable {
    case json, html, pdf, text

    /// Its media type.
    var type: String {
      switch self {
      case .json: "application/json"
      case .html: "text/html"
      case .pdf: "application/pdf"
      case .text: "text/plain"
      }
    }

    /// How the name of a file of it ends.
    var suffix: String { self == .text ? "txt" : rawValue }
  }

  /// Why it was decided so, in the form that `form` or `Accept` asks for.
  static func read(
    _ service: Service, _ request: ServerRequest, _ parameters: [String], _: Service.Visitor
  ) async throws(Problem) -> ServerResponse {
    let form = try form(request, service.forms)
    let audience = try choice(request, "audience", Audience.allCases) ?? .analyst
    let withheld = try withheld(request)
    let language = try language(request)
    let query = try counterfactuals(request)
    let explanation = try problems { () throws(EngineError) in
      try service.engine.explain(
        parameters[0], candidate: request.query.filled("candidate"), language: language,
        counterfactuals: query)
    }.withholding(withheld)
    var response: ServerResponse
    switch form {
    case .json: response = .json(explanation.json.prettyBytes)
    case .text: response = .text(explanation.text())
    case .html:
      response = .explanation(explanation.html(for: audience, template: service.settings.letter))
    case .pdf:
      let page = explanation.html(for: audience, template: service.settings.letter)
      response = ServerResponse(type: Form.pdf.type, try service.pdf(of: page))
    }
    response = response.with("vary", "accept")
    guard request.query["download"] != nil else { return response }
    let name = audience == .subject && (form == .html || form == .pdf) ? "letter" : "explanation"
    return response.saved(as: "\(name)-\(parameters[0]).\(form.suffix)")
  }

  private static func form(
    _ request: ServerRequest, _ offers: [Form]
  ) throws(Problem) -> Form {
    let types = offers.map(\.type)
    let unavailable = Form.allCases.filter { !offers.contains($0) }
    if let form = try choice(request, "form", Form.allCases) {
      guard offers.contains(form) else { throw .notAcceptable(types, without: unavailable) }
      return form
    }
    guard let chosen = Negotiation.choose(request.headers["accept"], among: types),
      let form = offers.first(where: { $0.type == chosen })
    else { throw .notAcceptable(types, without: unavailable) }
    return form
  }

  private static func choice<Value: RawRepresentable<String>>(
    _ request: ServerRequest, _ name: String, _ values: [Value]
  ) throws(Problem) -> Value? {
    guard let text = request.query.filled(name) else { return nil }
    guard let value = values.first(where: { $0.rawValue == text }) else {
      throw .badQuery("`\(name)` is one of \(values.map(\.rawValue).joined(separator: ", "))")
    }
    return value
  }

  private static func withheld(_ request: ServerRequest) throws(Problem) -> Set<Redaction> {
    var parts: Set<Redaction> = []
    let named = request.query.fields.filter { $0.name == "redact" }.map(\.value)
    for name in named.flatMap({ $0.split(separator: ",", omittingEmptySubsequences: false) }) {
      guard let part = Redaction(rawValue: String(name)) else {
        let known = Redaction.allCases.map(\.rawValue).joined(separator: ", ")
        throw .badQuery("`redact` names, with commas between them: \(known)")
      }
      parts.insert(part)
    }
    return parts
  }

  /// Which changes of the inputs are looked for: `outcome`, `changes`.
  private static func counterfactuals(
    _ request: ServerRequest
  ) throws(Problem) -> CounterfactualQuery? {
    let count = request.query.filled("changes").map { Int($0) } ?? CounterfactualQuery().count
    guard let count, (0...CounterfactualQuery.countLimit).contains(count) else {
      throw .badQuery("`changes` is a number from 0 to \(CounterfactualQuery.countLimit)")
    }
    return count == 0
      ? nil : CounterfactualQuery(outcome: request.query.filled("outcome"), count: count)
  }

  private static func language(_ request: ServerRequest) throws(Problem) -> String? {
    guard let tag = request.query.filled("language") else { return nil }
    let isTag =
      tag.utf8.count <= 35
      && tag.utf8.allSatisfy {
        (0x61...0x7A).contains($0 | 0x20) || (0x30...0x39).contains($0) || $0 == 0x2D
      }
    guard isTag else { throw .badQuery("`language` is a language tag such as en, de or fr-CH") }
    return tag
  }
}

extension Problem {
  static func badQuery(_ detail: String) -> Problem {
    Problem(400, "bad-query", "The query isn't valid", detail)
  }

  static func notAcceptable(
    _ types: [String], without forms: [ExplanationAPI.Form]
  ) -> Problem {
    var problem = Problem.notAcceptable(types)
    if forms.contains(.pdf) {
      problem.detail =
        (problem.detail ?? "")
        + "; for application/pdf this server lacks the program WeasyPrint (Debian: apt install"
        + " weasyprint), or print the page"
    }
    return problem
  }
}
