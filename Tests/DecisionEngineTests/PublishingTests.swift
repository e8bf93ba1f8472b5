import CanonicalJSON
import DecisionEngine
import Ledger
import RuleProgram
import Testing

@Suite("Publishing")
struct PublishingTests {
  private func problems(_ body: () throws -> Void) throws -> [PublicationProblem] {
    do {
      try body()
      return []
    } catch EngineError.notPublishable(let problems) {
      return problems
    }
  }

  @Test("releases are entries, models first, and loading them gives back what was published")
  func releases() throws {
    let engine = try Samples.engine()
    let releases = try engine.releases()
    #expect(
      releases.map { "\($0.kind) \($0.reference)" } == [
        "model risk@1.0.0", "ruleset credit@1.0.0", "ruleset stock@1.0.0", "pipeline loans@1.0.0",
        "pipeline top@1.0.0",
      ])
    let ruleSet = try engine.ruleSet(Samples.reference("credit@1.0.0"))
    #expect(ruleSet.program == Samples.credit)
    #expect(ruleSet.wording == Samples.creditWording("1.0.0"))
    #expect(ruleSet.source == "<ruleset credit 1.0.0 >")
    #expect(releases[0].registration?.owner == "risk team")
    #expect(try engine.pipeline(Samples.reference("top@1.0.0")) == Samples.shopPipeline())
    #expect(try engine.audit() == [])
  }

  @Test("the same content again is left alone; other content under its version is refused")
  func again() throws {
    let engine = try Samples.engine()
    let before = try engine.store.size()
    let same = try engine.publish([
      try Samples.publication(Samples.credit, Samples.creditWording("1.0.0"))
    ])
    #expect(same.map(\.isNew) == [false])
    #expect(same[0].release.index == 1)
    #expect(try engine.store.size() == before)
    let found = try problems {
      _ = try engine.publish([
        try Samples.publication(Samples.credit, Samples.creditWording("1.0.0"), source: "other")
      ])
    }
    #expect(found.map(\.code) == [.versionTaken])
  }

  @Test("a leaf ID keeps outcome and adverse flag, and never comes back")
  func leafContract() throws {
    let engine = Engine(store: try Samples.store())
    func publish(_ version: String, _ program: Program) throws {
      _ = try engine.publish([
        try Samples.publication(program, Samples.twoLeavesWording("s", version))
      ])
    }
    try publish("1.0.0", Samples.twoLeaves(low: ("A", "no"), high: ("B", "yes")))
    try publish("2.0.0", Samples.twoLeaves(low: ("A", "no"), high: ("C", "yes")))
    let outcome = try problems {
      try publish("3.0.0", Samples.twoLeaves(low: ("A", "yes"), high: ("B", "no")))
    }
    #expect(outcome.map(\.code) == [.leafOutcome, .leafReused, .leafOutcome])
    let adverse = try problems {
      try publish(
        "3.0.0", Samples.twoLeaves(low: ("A", "no"), high: ("C", "yes"), adverse: ["no"]))
    }
    #expect(adverse.map(\.code) == [.leafAdverse])
    #expect(try engine.releases().count == 2)
  }

  @Test("nothing is published when one item is refused")
  func allOrNothing() throws {
    let engine = Engine(store: try Samples.store())
    let found = try problems {
      _ = try engine.publish([
        try Samples.publication(
          Samples.twoLeaves(low: ("A", "no"), high: ("B", "yes")),
          Samples.twoLeavesWording("stock", "1.0.0")),
        Samples.publication(try Samples.shopPipeline()),
      ])
    }
    #expect(found.map(\.code) == [.unknownReference, .pipeline])
    #expect(found[0].message.contains("risk@1.0.0"))
    #expect(found[1].message.contains("no outcome `discard`"))
    #expect(try engine.store.size() == 0)
  }

  @Test("a pipeline's parts must fit together")
  func pipelineChecks() throws {
    let engine = try Samples.engine()
    func check(
      _ stages: [PipelineDefinition.Stage], candidates: PipelineDefinition.Candidates? = nil
    ) throws -> String {
      try problems {
        _ = try engine.publish([
          Samples.publication(
            PipelineDefinition(
              id: "p", version: "1", title: nil, candidates: candidates, stages: stages))
        ])
      }.map(\.message).joined(separator: "|")
    }
    let stock = try Samples.reference("stock@1.0.0")
    let risk = try Samples.reference("risk@1.0.0")
    let inProducts = PipelineDefinition.Candidates(array: "products", key: "sku")
    #expect(try check([]).contains("no `rules` stage"))
    #expect(
      try check([.rules(ruleset: stock, discard: []), .rules(ruleset: stock, discard: [])])
        .contains("runs twice"))
    #expect(
      try check([
        .rules(ruleset: stock, discard: []), .rank(by: "stock", descending: true, keep: 1),
      ])
      .contains("no candidates"))
    #expect(
      try check(
        [.rules(ruleset: stock, discard: []), .rank(by: "nothing", descending: true, keep: 1)],
        candidates: inProducts
      ).contains("no stage gives"))
    #expect(
      try check([.rules(ruleset: stock, discard: []), .score(model: risk, into: "stock")])
        .contains("only a later stage gives"))
    #expect(
      try check(
        [.rules(ruleset: stock, discard: [])],
        candidates: .init(array: "stock", key: "sku")
      ).contains("names the candidates"))
    let arms: [PipelineDefinition.Arm] = [
      .init(id: "a", share: 50, model: risk, into: "x"),
      .init(id: "b", share: 49, model: nil, into: "x"),
    ]
    #expect(
      try check([
        .experiment(.init(id: "e", unit: "u", arms: arms)), .rules(ruleset: stock, discard: []),
      ]).contains("don't add up to 100"))
  }

  @Test("a version is in force from its date until a later one's")
  func inForce() throws {
    let store = try Samples.store()
    let start = try #require(Instant("2026-01-01"))
    let engine = Engine(store: store, clock: { start })
    func publish(_ version: String, from: Instant?) throws {
      _ = try engine.publish(
        [
          try Samples.publication(
            Samples.twoLeaves(low: ("A", "no"), high: ("B", "yes")),
            Samples.twoLeavesWording("s", version))
        ], from: from)
    }
    let june = try #require(Instant("2026-06-01T00:00:00+02:00"))
    try publish("1.0.0", from: nil)
    try publish("2.0.0", from: june)
    let before = Instant(milliseconds: june.milliseconds - 1)
    #expect(try engine.inForce(.ruleset, id: "s", at: before)?.version == "1.0.0")
    #expect(try engine.inForce(.ruleset, id: "s", at: june)?.version == "2.0.0")
    #expect(
      try engine.inForce(.ruleset, id: "s", at: Instant(milliseconds: start.milliseconds - 1))
        == nil)
    let past = try problems { try publish("3.0.0", from: Instant(milliseconds: 0)) }
    #expect(past.map(\.code) == [.past])
  }

  @Test("releases that another engine published meanwhile are seen")
  func otherWriter() throws {
    let store = try Samples.store()
    let first = Engine(store: store)
    #expect(throws: EngineError.unknownRelease(.pipeline, "loans")) {
      try first.decide([Samples.request()], pipeline: "loans")
    }
    _ = try Samples.engine(store)
    #expect(try first.answer(Samples.request()).isRefusal == false)
  }
}

@Suite("Instants and case IDs")
struct InstantTests {
  @Test("texts read back as the same moment")
  func roundTrip() throws {
    for milliseconds: Int64 in [0, -1, 951_782_400_000, 1_795_508_130_125, -62_167_219_200_000] {
      let instant = Instant(milliseconds: milliseconds)
      #expect(Instant(instant.description) == instant)
    }
    #expect(Instant(milliseconds: 951_782_400_000).description == "2000-02-29T00:00:00.000Z")
    #expect(Instant("2026-11-24T10:15:30.1239+02:00")?.description == "2026-11-24T08:15:30.123Z")
    for text in ["", "2026", "2026-02-29", "2026-01-01T24:00:00Z", "2026-01-01T00:00:00", "x"] {
      #expect(Instant(text) == nil)
    }
  }

  @Test("a case ID has 1 to 200 characters without controls")
  func caseIDs() {
    #expect(CaseID.isValid("C-1"))
    #expect(CaseID.isValid(String(repeating: "ü", count: 200)))
    for text in ["", "a\nb", "\u{7F}", "\u{85}", "\u{2028}", String(repeating: "x", count: 201)] {
      #expect(!CaseID.isValid(text))
    }
  }
}
