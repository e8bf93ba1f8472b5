import CanonicalJSON
import DecisionEngine
import Ledger

/// Deciding over HTTP, and whether the server can.
enum DecisionAPI {
  /// The most requests of one batch.
  static let batchLimit = 10_000

  /// The process lives.
  static func health(
    _ service: Service, _ request: ServerRequest, _: [String], _: Service.Visitor
  ) async throws(Problem) -> ServerResponse {
    .json(["status": "ok"])
  }

  /// The ledger can be read.
  static func ready(
    _ service: Service, _ request: ServerRequest, _: [String], _: Service.Visitor
  ) async throws(Problem) -> ServerResponse {
    do throws(LedgerError) {
      _ = try service.engine.store.size()
      _ = try service.engine.store.latestCheckpoint()
    } catch {
      var problem = Problem(error)
      problem.status = 503
      throw problem
    }
    return .json(["status": "ready"])
  }

  /// Decides one request or a batch. The answer leaves when everything in it is durable.
  static func decide(
    _ service: Service, _ request: ServerRequest, _ parameters: [String], _: Service.Visitor
  ) async throws(Problem) -> ServerResponse {
    let json = try request.json()
    if json.array == nil { return try await one(service, request.body, parameters[0]) }
    return try batch(service, JSONElements.split(request.body), parameters[0])
  }

  private static func one(
    _ service: Service, _ body: [UInt8], _ pipeline: String
  ) async throws(Problem) -> ServerResponse {
    let answer: Answer
    do {
      answer = try await service.engine.decide(body, pipeline: pipeline, through: service.commit)
    } catch {
      throw Problem(error)
    }
    let place = Path(["v1", "decisions", answer.caseID]).text
    if answer.isRefusal { throw refusal(answer) }
    return .json(answer.json + [0x0A], status: answer.isEarlier ? 200 : 201)
      .with("location", place)
  }

  /// The problem that a refusal is; the refusal itself, as it was recorded, is a member.
  private static func refusal(_ answer: Answer) -> Problem {
    var problem = Problem(
      422, "refused", "The request can't be decided",
      "the refusal was recorded as entry \(answer.index); `refusal` lists its problems")
    if let json = try? JSON(parsing: answer.json) {
      problem.members = [JSON.Member("refusal", json)]
    }
    return problem
  }

  private static func batch(
    _ service: Service, _ requests: [[UInt8]], _ pipeline: String
  ) throws(Problem) -> ServerResponse {
    guard requests.count <= batchLimit else {
      throw Problem(
        413, "batch-too-large", "The batch is too large",
        "at most \(batchLimit) requests are taken at once")
    }
    let answers = try problems { () throws(EngineError) in
      try service.engine.decide(requests, pipeline: pipeline)
    }
    var body: [UInt8] = [UInt8(ascii: "[")]
    for (number, answer) in answers.enumerated() {
      body += (number == 0 ? "\n" : ",\n").utf8
      switch answer {
      case .success(let answer): body += answer.json
      case .failure(let error): body += Problem(error).json.compactBytes
      }
    }
    return .json(body + Array("\n]\n".utf8))
  }
}

/// The elements of a JSON array as they were received, byte for byte.
enum JSONElements {
  /// Splits `bytes`, which hold a valid JSON array.
  static func split(_ bytes: [UInt8]) -> [[UInt8]] {
    var elements: [[UInt8]] = []
    var depth = 0
    var start = 0
    var isString = false
    var isEscaped = false
    for (place, byte) in bytes.enumerated() {
      if isString {
        if isEscaped {
          isEscaped = false
        } else if byte == UInt8(ascii: "\\") {
          isEscaped = true
        } else if byte == UInt8(ascii: "\"") {
          isString = false
        }
        continue
      }
      switch byte {
      case UInt8(ascii: "\""): isString = true
      case UInt8(ascii: "["), UInt8(ascii: "{"):
        depth += 1
        if depth == 1 { start = place + 1 }
      case UInt8(ascii: "]"), UInt8(ascii: "}"):
        depth -= 1
        if depth == 0 { append(bytes[start..<place], to: &elements) }
      case UInt8(ascii: ",") where depth == 1:
        append(bytes[start..<place], to: &elements)
        start = place + 1
      default: continue
      }
    }
    return elements
  }

  private static func append(_ bytes: ArraySlice<UInt8>, to elements: inout [[UInt8]]) {
    let isSpace: (UInt8) -> Bool = { $0 == 0x20 || $0 == 0x0A || $0 == 0x0D || $0 == 0x09 }
    guard let first = bytes.firstIndex(where: { !isSpace($0) }),
      let last = bytes.lastIndex(where: { !isSpace($0) })
    else { return }
    elements.append(Array(bytes[first...last]))
  }
}
