import RuleProgram
import Testing

/// Programs made by hand.
enum Samples {
  /// A program with every kind of part: all encodings and sources, a pattern, a derived value, an
  /// output, targets of missing values.
  static var everything: Program {
    Program(
      inputs: [
        .init(name: "amount", type: .number, minimum: v("0"), maximum: v("1000.5")),
        .init(name: "due", type: .date, allowsMissing: true, maximum: v("2030-12-31")),
        .init(name: "job", type: .string, values: ["employed", "none"]),
        .init(name: "name", type: .string, allowsMissing: true),
        .init(name: "term", type: .yearMonthDuration),
        .init(name: "vip", type: .boolean),
        .init(name: "when", type: .dateTime, offset: .required),
      ],
      outcomes: [.init(name: "no", isAdverse: true), .init(name: "yes", isAdverse: false)],
      outputs: [.init(name: "limit", type: .number), .init(name: "note", type: .string)],
      reasons: ["R1", "R2"],
      derived: [
        .init(name: "third", type: .number, expression: 0),
        .init(name: "sixth", type: .number, expression: 1),
      ],
      constants: [v("3"), v("2"), v("\"é\""), v("P1Y"), v("-1.5E-30")],
      patterns: [.init(pattern: "^a.*(b|c)", flags: "i")],
      expressions: [
        Code([.init(.input, 0), .init(.constant, 0), .init(.divide)]),
        Code([.init(.derived, 0), .init(.constant, 1), .init(.divide)]),
        Code([.init(.input, 3), .init(.matches, 0)]),
        Code([.init(.derived, 1), .init(.constant, 4), .init(.maximum, 2)]),
        Code([.init(.input, 3), .init(.constant, 2), .init(.add)]),
        Code([.init(.input, 1), .init(.property, 1)]),
      ],
      slots: slots, nodes: nodes,
      leaves: (0..<16).map { index in
        .init(
          id: "LEAF-\(index)", outcome: index % 2, reasons: index % 2 == 0 ? [1, 0] : [],
          sets: index == 3
            ? [.init(output: 0, expression: 3), .init(output: 1, expression: 4)] : [])
      },
      root: .node(0))
  }

  private static var slots: [Program.Slot] {
    [
      .init(source: .input(0), type: .number, encoding: .scaled(digits: 1)),
      .init(source: .input(1), type: .date, encoding: .whole),
      .init(source: .input(2), type: .string, encoding: .declared),
      .init(source: .expression(2), type: .boolean, encoding: .boolean),
      .init(source: .derived(0), type: .number, encoding: .ranked([v("0.4"), v("3")])),
      .init(
        source: .input(6), type: .dateTime, encoding: .scaled(digits: 0), offset: .required),
      .init(source: .input(3), type: .string, encoding: .ranked([v("\"m\"")])),
      .init(source: .expression(5), type: .number, encoding: .scaled(digits: 0)),
    ]
  }

  private static var nodes: [Program.Node] {
    [
      .init(
        slot: 0, cuts: [-20, 1000, 1001], children: [.leaf(0), .node(1), .leaf(0), .leaf(1)],
        missing: nil),
      .init(slot: 2, cuts: [], children: [.node(2), .node(3)], missing: nil),
      .init(slot: 1, cuts: [20_000], children: [.leaf(2), .node(7)], missing: .leaf(3)),
      .init(slot: 3, cuts: [], children: [.leaf(4), .node(4)], missing: .leaf(5)),
      .init(slot: 4, cuts: [0, 3], children: [.leaf(6), .leaf(7), .node(5)], missing: .leaf(8)),
      .init(slot: 5, cuts: [3_500_000_000], children: [.leaf(9), .node(6)], missing: nil),
      .init(slot: 6, cuts: [1], children: [.leaf(10), .leaf(11)], missing: .leaf(12)),
      .init(slot: 7, cuts: [4052], children: [.leaf(13), .leaf(14)], missing: .leaf(15)),
    ]
  }

  /// One leaf, no split.
  static var constant: Program {
    Program(
      outcomes: [.init(name: "yes", isAdverse: false)],
      leaves: [.init(id: "ONLY", outcome: 0, reasons: [], sets: [])], root: .leaf(0))
  }

  /// The wording of `everything`, with something in each field.
  static var wording: Wording {
    Wording(
      id: "sample", version: "1.0.0", language: "fr", title: "Sample",
      titles: [.init(language: "de", text: "Probe"), .init(language: "en", text: "Sample")],
      authorities: [.init(text: "Policy", href: "https://policy.example", clause: "4.2")],
      inputs: [
        .init(
          name: "amount", label: "Amount", unit: "EUR", origin: "model", isProtected: true,
          values: [
            .init(
              value: "none", label: "without work",
              labels: [.init(language: "de", text: "ohne Arbeit")])
          ], labels: [.init(language: "de", text: "Betrag")],
          change: .init(direction: .decreaseOnly, step: 50, cost: Decimal128("0.5")))
      ],
      derived: [.init(name: "third", expression: "amount / 3")],
      outcomes: [.init(name: "no", label: "declined")], outputs: [.init(name: "limit")],
      reasons: [.init(name: "R1", label: "Too much")],
      nodes: everything.nodes.map { node in
        .init(
          id: "split", label: nil, labels: [.init(language: "de", text: "Frage")], on: "amount",
          place: .init(line: 300, column: 7),
          justification: "why",
          branches: [
            .init(kind: .case, tests: "< 5", place: .init(line: 4, column: 5)),
            .init(kind: .otherwise, tests: "", place: .init(line: 5, column: 5)),
            .init(kind: .missing, tests: "", place: .init(line: 6, column: 5)),
          ], branchOfChild: node.children.map { _ in 1 })
      },
      leaves: everything.leaves.map { _ in .init(line: 9, column: 1) })
  }

  /// A pipeline with each kind of stage.
  static var pipeline: PipelineDefinition {
    PipelineDefinition(
      id: "top", version: "1.2.0", title: "Top of page",
      candidates: .init(array: "products", key: "sku"),
      stages: [
        .score(model: .init(id: "affinity", version: "2.1.0"), into: "score"),
        .experiment(
          .init(
            id: "x", unit: "customer",
            arms: [
              .init(
                id: "a", share: 98, model: .init(id: "affinity", version: "2.2.0"),
                into: "score"),
              .init(id: "random", share: 2, model: nil, into: "score"),
            ])),
        .rules(ruleset: .init(id: "stock", version: "1.0.0"), discard: ["drop"]),
        .rank(by: "score", descending: true, keep: 3),
      ],
      reasons: ReasonPolicy(
        source: .rules, isByComponent: true, maximum: 3, factors: .negative,
        bands: [
          .init(give: .factors, outcomes: ["no"], leaves: ["LOW"]),
          .init(give: .both, score: .init(into: "score", from: -1, below: Decimal128("0.5"))),
        ]))
  }

  /// A registration with each field.
  static var model: ModelDefinition {
    ModelDefinition(
      id: "affinity", version: "2.1.0", title: "Affinity", owner: "Data science",
      artifact: .init(href: "models/a.onnx", pin: "sha256:00"),
      code: .init(href: "https://code.example/a", pin: nil), data: nil)
  }
}
