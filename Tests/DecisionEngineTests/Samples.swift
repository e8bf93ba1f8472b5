import CanonicalJSON
import DecisionEngine
import Ledger
import RuleProgram

/// Releases made by hand, and ledgers in memory to publish them in.
enum Samples {
  /// A verified program; a fault fails the test that asked for it.
  static func verified(_ program: Program) throws -> VerifiedProgram {
    try VerifiedProgram(program)
  }

  /// DESIGN's consumer credit: a score band, then employment or the debt ratio.
  static var credit: Program {
    Program(
      inputs: [
        .init(name: "debt", type: .number, minimum: .number(0)),
        .init(name: "income", type: .number, minimum: .number(0)),
        .init(name: "job", type: .string, allowsMissing: true, values: ["employed", "none"]),
        .init(name: "score", type: .number, minimum: .number(0), maximum: .number(1000)),
      ],
      outcomes: [
        .init(name: "approve", isAdverse: false), .init(name: "decline", isAdverse: true),
        .init(name: "refer", isAdverse: false),
      ],
      outputs: [.init(name: "limit", type: .number)],
      reasons: ["R01", "R02", "R03"],
      derived: [.init(name: "debt_ratio", type: .number, expression: 0)],
      constants: [.number(3)],
      expressions: [
        Code([.init(.input, 0), .init(.input, 1), .init(.divide)]),
        Code([.init(.input, 1), .init(.constant, 0), .init(.multiply)]),
      ],
      slots: [
        .init(source: .input(3), type: .number, encoding: .scaled(digits: 0)),
        .init(source: .input(2), type: .string, encoding: .declared),
        .init(source: .derived(0), type: .number, encoding: .scaled(digits: 1)),
      ],
      nodes: [
        .init(
          slot: 0, cuts: [1000, 1240], children: [.leaf(0), .node(1), .node(2)], missing: nil),
        .init(slot: 1, cuts: [], children: [.leaf(1), .leaf(2)], missing: .leaf(3)),
        .init(slot: 2, cuts: [9], children: [.leaf(4), .leaf(5)], missing: .leaf(6)),
      ],
      leaves: [
        .init(id: "SCORE-LOW", outcome: 1, reasons: [1], sets: []),
        .init(id: "GRAY-REFER", outcome: 2, reasons: [], sets: []),
        .init(id: "GRAY-NO-INCOME", outcome: 1, reasons: [2], sets: []),
        .init(id: "GRAY-UNKNOWN", outcome: 2, reasons: [], sets: []),
        .init(id: "APPROVE", outcome: 0, reasons: [], sets: [.init(output: 0, expression: 1)]),
        .init(id: "BURDEN-HIGH", outcome: 1, reasons: [0], sets: []),
        .init(id: "BURDEN-UNKNOWN", outcome: 2, reasons: [], sets: []),
      ],
      root: .node(0))
  }

  private static func branch(_ tests: String, _ line: Int) -> Wording.Branch {
    .init(kind: .case, tests: tests, place: .init(line: line, column: 7))
  }

  private static func missing(_ line: Int) -> Wording.Branch {
    .init(kind: .missing, tests: "", place: .init(line: line, column: 7))
  }

  static func creditWording(_ version: String) -> Wording {
    Wording(
      id: "credit", version: version, title: "Consumer credit decision",
      authorities: [
        .init(text: "Credit policy CP-7", href: "https://policy.example", clause: "4.2")
      ],
      inputs: [
        .init(name: "score", label: "credit score", origin: "model"),
        .init(name: "income", label: "monthly net income", unit: "EUR"),
        .init(name: "debt", label: "monthly debt payments", unit: "EUR"),
        .init(
          name: "job", label: "employment",
          values: [.init(value: "none", label: "without work")]),
      ],
      derived: [
        .init(name: "debt_ratio", label: "debt-to-income ratio", expression: "debt / income")
      ],
      outcomes: [.init(name: "decline", label: "declined")],
      outputs: [.init(name: "limit", label: "credit limit", unit: "EUR")],
      reasons: [
        .init(name: "R01", label: "Debt payments are too high in relation to income"),
        .init(name: "R02", label: "The credit score is below the minimum"),
        .init(name: "R03", label: "Employment could not be verified"),
      ],
      nodes: [
        .init(
          id: "score-band", label: nil, on: "score", place: .init(line: 27, column: 5),
          justification: nil,
          branches: [branch("< 500", 28), branch("[500..620)", 29), branch(">= 620", 36)],
          branchOfChild: [0, 1, 2]),
        .init(
          id: "job", label: nil, on: "job", place: .init(line: 30, column: 9), justification: nil,
          branches: [branch("\"employed\"", 31), branch("\"none\"", 32), missing(33)],
          branchOfChild: [0, 1]),
        .init(
          id: "burden", label: nil, on: "debt_ratio", place: .init(line: 37, column: 9),
          justification: nil,
          branches: [branch("> 0.4", 38), branch("<= 0.4", 39), missing(42)],
          branchOfChild: [1, 0]),
      ],
      leaves: (0..<7).map { .init(line: 28 + $0, column: 9) })
  }

  /// Two leaves on one number: below the threshold `low`, else `high`.
  static func twoLeaves(
    input: String = "stock", threshold: Int64 = 1, low: (id: String, outcome: String),
    high: (id: String, outcome: String), adverse: Set<String> = []
  ) -> Program {
    let names = Set([low.outcome, high.outcome]).sorted()
    return Program(
      inputs: [.init(name: input, type: .number)],
      outcomes: names.map { .init(name: $0, isAdverse: adverse.contains($0)) },
      slots: [.init(source: .input(0), type: .number, encoding: .scaled(digits: 0))],
      nodes: [
        .init(slot: 0, cuts: [threshold * 2], children: [.leaf(0), .leaf(1)], missing: nil)
      ],
      leaves: [
        .init(
          id: low.id, outcome: names.firstIndex(of: low.outcome) ?? 0, reasons: [], sets: []),
        .init(
          id: high.id, outcome: names.firstIndex(of: high.outcome) ?? 0, reasons: [], sets: []),
      ],
      root: .node(0))
  }

  /// The wording of `twoLeaves`.
  static func twoLeavesWording(_ id: String, _ version: String, input: String = "stock") -> Wording
  {
    Wording(
      id: id, version: version, title: "Two leaves",
      nodes: [
        .init(
          id: nil, label: nil, on: input, place: .init(line: 9, column: 5), justification: nil,
          branches: [branch("< 1", 10), branch(">= 1", 11)], branchOfChild: [0, 1])
      ], leaves: [.init(line: 10, column: 9), .init(line: 11, column: 9)])
  }

  /// A rule set's publication; its source is told apart by `text`.
  static func publication(
    _ program: Program, _ wording: Wording, source text: String = ""
  ) throws -> Publication {
    let source = Array("<ruleset \(wording.id) \(wording.version) \(text)>".utf8)
    return .ruleSet(
      source: source, sourceDigest: ContentDigest(of: source), program: try verified(program),
      wording: wording)
  }

  static func publication(_ definition: PipelineDefinition) -> Publication {
    let source = Array("<pipeline \(definition.id) \(definition.version)>".utf8)
    return .pipeline(
      source: source, sourceDigest: ContentDigest(of: source), definition: definition)
  }

  static func publication(model id: String, _ version: String) -> Publication {
    let source = Array("<model \(id) \(version)>".utf8)
    return .model(
      source: source, sourceDigest: ContentDigest(of: source),
      definition: ModelDefinition(
        id: id, version: version, title: "A model", owner: "risk team",
        code: .init(href: "https://git.example/model", pin: "0123abcd")))
  }

  static func reference(_ text: String) throws -> PipelineDefinition.Reference {
    guard let reference = PipelineDefinition.Reference(text) else { throw SampleError(text) }
    return reference
  }

  struct SampleError: Error {
    var text: String
    init(_ text: String) { self.text = text }
  }

  /// Score by `risk@1.0.0`, then `credit@1.0.0`.
  static func creditPipeline() throws -> PipelineDefinition {
    PipelineDefinition(
      id: "loans", version: "1.0.0", title: "Loans", candidates: nil,
      stages: [
        .score(model: try reference("risk@1.0.0"), into: "score"),
        .rules(ruleset: try reference("credit@1.0.0"), discard: []),
      ])
  }

  /// DESIGN's three products for the top of the page.
  static func shopPipeline(keep: Int? = 2) throws -> PipelineDefinition {
    PipelineDefinition(
      id: "top", version: "1.0.0", title: "Top of the page",
      candidates: .init(array: "products", key: "sku"),
      stages: [
        .experiment(
          .init(
            id: "ranker", unit: "customer",
            arms: [
              .init(id: "champion", share: 90, model: try reference("risk@1.0.0"), into: "score"),
              .init(id: "random", share: 10, model: nil, into: "score"),
            ])),
        .rules(ruleset: try reference("stock@1.0.0"), discard: ["discard"]),
        .rank(by: "score", descending: true, keep: keep),
      ])
  }

  /// An empty ledger in memory.
  static func store() throws -> MemoryStore {
    try MemoryStore(key: try SigningKey(generatingFor: "test.example/log"))
  }

  /// A ledger with both pipelines published.
  static func engine(_ store: MemoryStore? = nil) throws -> Engine {
    let engine = Engine(store: try store ?? Self.store())
    _ = try engine.publish([
      publication(try creditPipeline()), publication(try shopPipeline()),
      try publication(credit, creditWording("1.0.0")),
      try publication(
        twoLeaves(low: ("OUT", "discard"), high: ("IN", "keep")),
        twoLeavesWording("stock", "1.0.0")),
      publication(model: "risk", "1.0.0"),
    ])
    return engine
  }

  /// A request for the credit pipeline.
  static func request(
    _ caseID: String? = nil, score: String = "611", income: String = "2000", job: String? = "none"
  ) -> [UInt8] {
    var text = caseID.map { "{\"case_id\":\"\($0)\"," } ?? "{"
    text += "\"inputs\":{\"income\":\(income),\"debt\":500"
    text += job.map { ",\"job\":\"\($0)\"}" } ?? "}"
    text += ",\"scores\":{\"risk@1.0.0\":\(score)}}"
    return Array(text.utf8)
  }
}

extension Engine {
  /// Decides one request and gives the answer.
  func answer(_ request: [UInt8], _ pipeline: String = "loans") throws -> Answer {
    guard let result = try decide([request], pipeline: pipeline).first else {
      throw Samples.SampleError("no answer")
    }
    return try result.get()
  }

  /// The entry at `index` as JSON.
  func entry(_ index: UInt64) throws -> JSON {
    guard let entry = try store.entry(at: index) else { throw Samples.SampleError("no entry") }
    return try JSON(parsing: entry.body)
  }

  /// What an audit with the engine's inspection finds.
  func audit() throws -> [AuditProblem] {
    var inspector = Inspector()
    return try store.audit(trusting: store.verifierKey) { inspector.inspect($0) }.problems
  }
}

extension Answer {
  /// The response as JSON.
  var response: JSON { get throws { try JSON(parsing: json) } }
}
