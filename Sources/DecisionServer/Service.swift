import CanonicalJSON
public import DecisionEngine
import Ledger
import Synchronization

/// Answers requests over one ledger: the JSON API and the pages. It knows nothing of sockets.
public final class Service: Sendable {
  /// The most bytes of a body.
  public static let bodyLimit = 16 << 20
  /// The most bytes of a form.
  static let formLimit = 1 << 20

  /// What decides, explains and records.
  let engine: Engine
  /// Lets concurrent requests share one commit.
  let commit: GroupCommit
  /// Who may come in.
  let gate: Gate
  /// What it can do beyond the ledger.
  let settings: ServiceSettings
  /// Where work that waits for the disk runs.
  let threads = LedgerThreads()
  /// How many PDFs are being made.
  private let pdfs = Mutex(0)
  /// The most PDFs that are made at once: each takes a core for about a second.
  private static let pdfLimit = 2

  /// A service over the ledger of `engine`.
  public init(engine: Engine, token: AccessToken, settings: ServiceSettings = ServiceSettings()) {
    self.engine = engine
    self.settings = settings
    commit = GroupCommit(store: engine.store)
    gate = Gate(
      token: token, hosts: Set(settings.hosts.compactMap { Gate.name(of: $0) }),
      clock: { Instant.now() })
  }

  /// The forms that explanations have here, the API's favourite first.
  var forms: [ExplanationAPI.Form] {
    ExplanationAPI.Form.allCases.filter { $0 != .pdf || settings.pdf != nil }
  }

  /// A page as a PDF.
  func pdf(of page: [UInt8]) throws(Problem) -> [UInt8] {
    let mayStart = pdfs.withLock { count in
      guard count < Self.pdfLimit else { return false }
      count += 1
      return true
    }
    guard mayStart else {
      var problem = Problem(503, "pdf-busy", "Too many PDFs are being made", "try again")
      problem.headers = [("retry-after", "2")]
      throw problem
    }
    defer { pdfs.withLock { $0 -= 1 } }
    guard let pdf = settings.pdf?(page) else {
      throw Problem(
        500, "pdf-failed", "The PDF can't be made",
        "the program WeasyPrint failed; ask for text/html and print the page")
    }
    return pdf
  }

  /// What to do with a request whose body wasn't read yet.
  enum Admission {
    /// This is the answer.
    case answer(ServerResponse)
    /// Read at most so many bytes of body, then run it.
    case run(Route, Visitor, bodyLimit: Int)
  }

  /// Who asks.
  struct Visitor: Sendable {
    /// The signed-in browser; nil for a program with the token, or where nobody need be known.
    var session: Session?
  }

  /// Looks at a request's head: nobody without access makes the server read a body.
  func admit(_ request: ServerRequest) -> Admission {
    do throws(Problem) {
      try gate.checkHost(request)
      let route = try Route.find(request)
      let session = gate.session(request)
      switch route.access {
      case .open: break
      case .program:
        // A browser's session may read, never write: its cookie comes along by itself.
        let mayRead = session != nil && route.method == "GET"
        guard mayRead || gate.hasToken(request) else { throw .unauthorized }
      case .browser:
        guard session != nil || gate.hasToken(request) else {
          return .answer(Self.signIn(request))
        }
      }
      let limit = request.isAPI ? Self.bodyLimit : Self.formLimit
      if let length = request.headers["content-length"].flatMap({ Int($0) }), length > limit {
        throw .tooLarge(limit)
      }
      return .run(route, Visitor(session: session), bodyLimit: limit)
    } catch {
      return .answer(Self.finish(request.isAPI ? error.response : Self.page(error), request))
    }
  }

  /// Runs an admitted request, its body read.
  func run(_ request: ServerRequest, _ route: Route, _ visitor: Visitor) async -> ServerResponse {
    let response = await withTaskExecutorPreference(threads) {
      do throws(Problem) {
        return try await route.handler(self, request, route.parameters, visitor)
      } catch {
        return request.isAPI ? error.response : Self.page(error)
      }
    }
    return Self.finish(response, request)
  }

  /// The answer to a body that could not be read.
  func failed(_ problem: Problem, _ request: ServerRequest) -> ServerResponse {
    Self.finish(request.isAPI ? problem.response : Self.page(problem), request)
  }

  /// Adds what every answer has.
  private static func finish(_ response: ServerResponse, _ request: ServerRequest) -> ServerResponse
  {
    var response = response
    if !response.headers.contains(where: { $0.name == "cache-control" }) {
      response.headers.append(("cache-control", "no-store"))
    }
    // A page that names a policy of its own keeps it.
    for field in ServerResponse.security
    where !response.headers.contains(where: { $0.name == field.name }) {
      response.headers.append(field)
    }
    return response
  }

  private static func signIn(_ request: ServerRequest) -> ServerResponse {
    let segments = request.path ?? []
    let query = request.query.fields.map { ($0.name, Optional($0.value)) }
    let next = request.method == "GET" ? Path(segments, query: query).text : "/"
    let path = Path(["login"], query: [("next", next == "/" ? nil : next)])
    return finish(.redirect(to: path.text), request)
  }

  private static func page(_ problem: Problem) -> ServerResponse {
    var response = ServerResponse.page(ProblemPage(problem: problem).markup, status: problem.status)
    response.headers += problem.headers
    return response
  }
}

/// Runs `body`, turning the engine's error into a problem.
func problems<T>(_ body: () throws(EngineError) -> T) throws(Problem) -> T {
  do {
    return try body()
  } catch {
    throw Problem(error)
  }
}
