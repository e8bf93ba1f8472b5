import CanonicalJSON
import DecisionEngine
import RuleProgram
import Testing

@Suite("Principal reasons")
struct PrincipalReasonsTests {
  /// Decides one request by the credit pipeline under `policy`; the answer and the ledger.
  private func decide(
    _ policy: ReasonPolicy, score: String
  ) throws -> (engine: Engine, response: JSON, index: UInt64) {
    let engine = Engine(store: try Samples.store())
    var pipeline = try Samples.creditPipeline()
    pipeline.reasons = policy
    _ = try engine.publish([
      Samples.publication(pipeline),
      try Samples.publication(Samples.credit, Samples.creditWording("1.0.0")),
      Samples.publication(model: "risk", "1.0.0"),
    ])
    let answer = try engine.answer(Samples.request("C-1", score: score))
    return (engine, try answer.response, answer.index)
  }

  private func codes(_ policy: ReasonPolicy, score: String) throws -> [String] {
    let given = try decide(policy, score: score).response["principal_reasons"]?["reasons"]
    return (given?.array ?? []).compactMap { $0["code"]?.string }
  }

  private func scored(_ number: String, _ factors: String) -> String {
    "{\"score\":\(number),\"factors\":[\(factors)]}"
  }

  private let factors = """
    {"code":"K1","text":"Short history","contribution":-0.1},{"code":"K2","contribution":0.4},\
    {"code":"K3","text":"Many requests","contribution":-0.3},{"code":"K1","text":"Again"},\
    {"code":"K4","text":"Short history","contribution":-0.05},{"code":"K5","contribution":-0.01},\
    {"code":"K6","contribution":-0.001}
    """

  @Test("rules, factors or both give them, in order, without repeats, at most so many")
  func sources() throws {
    let score = scored("480", factors)
    #expect(try codes(ReasonPolicy(), score: score) == ["R02"])
    #expect(
      try codes(ReasonPolicy(source: .factors), score: score) == ["K1", "K2", "K3", "K5"])
    #expect(
      try codes(ReasonPolicy(source: .factors, maximum: 2, factors: .negative), score: score)
        == ["K3", "K1"])
    #expect(
      try codes(ReasonPolicy(source: .factors, factors: .positive), score: score) == ["K2"])
    #expect(
      try codes(ReasonPolicy(source: .both, maximum: 3, factors: .negative), score: score)
        == ["R02", "K3", "K1"])
  }

  @Test("the component that was failed gives them; a gray band both; else the rules")
  func component() throws {
    let policy = ReasonPolicy(
      source: .rules, isByComponent: true, factors: .negative,
      bands: [
        .init(give: .factors, leaves: ["SCORE-LOW"]),
        .init(
          give: .both, outcomes: ["decline"],
          score: .init(into: "score", from: 500, below: 620)),
      ])
    #expect(try codes(policy, score: scored("480", factors)).first == "K3")
    #expect(try codes(policy, score: scored("500", factors)).prefix(2) == ["R03", "K3"])
    #expect(try codes(policy, score: scored("619.9", factors)).prefix(2) == ["R03", "K3"])
    let (engine, response, index) = try decide(policy, score: scored("480", factors))
    #expect(response["principal_reasons"]?["policy"] == "component")
    #expect(response["principal_reasons"]?["basis"] == "factors")
    let recorded = try engine.entry(index)["principal_reasons"]
    #expect(recorded?["reasons"]?.array?.first == ["code": "K3", "from": "risk@1.0.0"])
    #expect(try engine.replay("C-1").verdict == .identical)
    #expect(try engine.audit().isEmpty)
    let note = try #require(try engine.explain("C-1").results[0].principal)
    #expect(note.reasons.first?.text == "Many requests")
    #expect(try engine.explain("C-1").results[0].scores[0].factors.count == 7)
  }

  @Test("without factors the rules give them, and the record says what was wanted")
  func withoutFactors() throws {
    let (_, response, _) = try decide(ReasonPolicy(source: .factors), score: "480")
    #expect(response["principal_reasons"]?["basis"] == "rules")
    #expect(response["principal_reasons"]?["wanted"] == "factors")
    #expect(response["principal_reasons"]?["reasons"]?.array?.count == 1)
  }

  @Test("an outcome that harms nobody has none; broken factors are refused by name")
  func others() throws {
    #expect(try decide(ReasonPolicy(), score: "700").response["principal_reasons"] == nil)
    for broken in ["{\"code\":\"\"}", "{\"code\":\"K\",\"contribution\":\"x\"}", "7", "{}"] {
      let (_, response, _) = try decide(ReasonPolicy(), score: scored("480", broken))
      #expect(response["type"] == "refusal")
      #expect(
        response["problems"]?.array?.first?["field"] == "scores.risk@1.0.0.factors", "\(broken)")
    }
    let (_, response, _) = try decide(ReasonPolicy(), score: "{\"factors\":[]}")
    #expect(response["problems"]?.array?.first?["code"] == "missing")
  }

  @Test("a band that names what no stage has can't be published")
  func bands() throws {
    for band in [
      ReasonPolicy.Band(give: .both, leaves: ["NOWHERE"]), .init(give: .both, outcomes: ["maybe"]),
      .init(give: .both, score: .init(into: "points", from: 1, below: nil)),
    ] {
      let policy = ReasonPolicy(source: .rules, isByComponent: true, bands: [band])
      #expect(throws: EngineError.self) { try decide(policy, score: "480") }
    }
  }
}
