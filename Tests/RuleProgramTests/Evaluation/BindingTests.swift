import RuleProgram
import Testing

/// Which rows are refused, and why: `FORMAT.md`, Binding.
@Suite struct BindingTests {
  /// A row that the sample accepts.
  static let good: [String: String] = [
    "amount": "30", "due": "2026-01-31", "job": "\"none\"", "name": "\"Abc\"", "term": "P1Y",
    "vip": "true", "when": "2026-01-31T10:00:00Z",
  ]

  /// The refusals of `good` with some fields changed, as `input code`; `null` is missing.
  private func refusals(_ changes: [String: String]) throws -> [String] {
    let evaluator = Evaluator(try VerifiedProgram(Samples.everything))
    var binding = Binding(evaluator)
    binding.begin()
    let row = Self.good.merging(changes) { $1 }
    for name in row.keys.sorted() {
      let index = try #require(evaluator.program.inputIndex(name))
      binding.bind(index, value: v(row[name] ?? "null"))
    }
    let leaf = binding.evaluate()
    #expect((leaf == nil) == !binding.refusals.isEmpty)
    return binding.refusals.map { "\($0.input) \($0.problem.code)" }
  }

  @Test("a good row reaches a leaf")
  func accepted() throws { #expect(try refusals([:]) == []) }

  @Test(
    "each field is refused for its own reason",
    arguments: [
      ("amount", "null", "missing"), ("amount", "\"1\"", "wrong-type"),
      ("amount", "true", "wrong-type"), ("amount", "-0.0000000001", "below-minimum"),
      ("amount", "1000.5000000000000000000000000001", "above-maximum"),
      ("amount", "1.000000000000000000000000000000001E+1000", "too-large"),
      ("amount", "9E-1001", "too-large"), ("due", "\"2026-01-31\"", "wrong-type"),
      ("due", "2031-01-01", "above-maximum"), ("due", "-200000-01-01", "too-large"),
      ("job", "\"None\"", "undeclared-value"), ("job", "null", "missing"),
      ("job", "1", "wrong-type"), ("term", "P83333333Y5M", "too-large"),
      ("term", "P1D", "wrong-type"), ("vip", "1", "wrong-type"),
      ("when", "2026-01-31T10:00:00", "offset-required"), ("when", "2026-01-31", "wrong-type"),
      ("when", "200000-01-31T10:00:00Z", "too-large"),
    ])
  func refused(field: String, text: String, code: String) throws {
    #expect(try refusals([field: text]) == ["\(field) \(code)"])
  }

  @Test(
    "what lies on a bound, or may be missing, is accepted",
    arguments: [
      ("amount", "0"), ("amount", "1000.50"), ("due", "null"), ("due", "2030-12-31"),
      ("name", "null"), ("name", "\"\""), ("term", "P83333333Y4M"), ("amount", "1E-1000"),
    ])
  func onTheBound(field: String, text: String) throws {
    #expect(try refusals([field: text]) == [])
  }

  @Test("all refused fields are listed, fields that were never bound as missing")
  func all() throws {
    let evaluator = Evaluator(try VerifiedProgram(Samples.everything))
    var binding = Binding(evaluator)
    binding.begin()
    binding.bind(0, number: -1)
    #expect(binding.evaluate() == nil)
    let codes = binding.refusals.map { "\($0.input) \($0.problem.code)" }
    #expect(
      codes == [
        "amount below-minimum", "job missing", "term missing", "vip missing", "when missing",
      ])
  }

  @Test("a binding forgets the row before")
  func reuse() throws {
    let evaluator = Evaluator(try VerifiedProgram(Samples.everything))
    var binding = Binding(evaluator)
    var leaves: [Int?] = []
    for row in [[:], ["amount": "7000"], ["due": "null", "job": "\"employed\""], [:]] {
      binding.begin()
      for (name, text) in Self.good.merging(row, uniquingKeysWith: { $1 }) {
        let index = try #require(evaluator.program.inputIndex(name))
        if text != "null" { binding.bind(index, value: v(text)) }
      }
      leaves.append(binding.evaluate())
    }
    #expect(leaves[0] != nil && leaves[0] == leaves[3])
    #expect(leaves[1] == nil)
    #expect(leaves[2] == 3)
  }

  @Test("a refusal names what is wrong, never the value that was refused")
  func privacy() throws {
    let secret = "Erika Mustermann 4711"
    let evaluator = Evaluator(try VerifiedProgram(Samples.everything))
    var binding = Binding(evaluator)
    binding.begin()
    for index in evaluator.program.inputs.indices { binding.bind(index, value: .string(secret)) }
    _ = binding.evaluate()
    #expect(binding.refusals.count == 6)
    for refusal in binding.refusals {
      #expect(!refusal.problem.text.contains("4711") && !refusal.problem.text.isEmpty)
    }
  }

  @Test(
    "CSV cells: an empty one is missing, others are read by the input's type",
    arguments: [
      (0, "", "missing"), (0, "1e2", nil), (0, "0x10", "wrong-type"), (0, "1,5", "wrong-type"),
      (0, " 1", "wrong-type"), (0, "NaN", "wrong-type"), (0, "-1", "below-minimum"),
      (1, "", nil), (1, "31.01.2026", "wrong-type"), (2, "none", nil),
      (2, "non", "undeclared-value"),
      (5, "TRUE", "wrong-type"), (6, "2026-01-31T10:00:00", "offset-required"),
    ] as [(Int, String, String?)])
  func cells(input: Int, text: String, code: String?) throws {
    var binding = Binding(Evaluator(try VerifiedProgram(Samples.everything)))
    binding.begin()
    let bytes = Array(text.utf8)
    binding.bind(input, text: bytes.span)
    #expect(binding.refusals.map(\.problem.code) == (code.map { [$0] } ?? []))
  }

  @Test("bytes that aren't UTF-8, and texts of more than 1 MiB, are refused")
  func hugeText() throws {
    var binding = Binding(Evaluator(try VerifiedProgram(Samples.everything)))
    let name = 3
    for (bytes, code) in [
      ([0x41, 0xFF], "wrong-type"), ([UInt8](repeating: 0x41, count: (1 << 20) + 1), "too-large"),
      ([UInt8](repeating: 0x41, count: 1 << 20), nil),
    ] as [([UInt8], String?)] {
      binding.begin()
      binding.bind(name, text: bytes.span)
      #expect(binding.refusals.first?.problem.code == code)
    }
    binding.begin()
    binding.bind(name, value: .string(String(repeating: "é", count: (1 << 19) + 1)))
    #expect(binding.refusals.map(\.problem) == [.tooLarge])
  }

  @Test("outputs are computed for the row that was evaluated")
  func outputs() throws {
    var binding = Binding(Evaluator(try VerifiedProgram(Samples.everything)))
    binding.begin()
    for (index, text) in [
      "30", "null", "\"employed\"", "null", "P1Y", "true",
      "2026-01-31T10:00:00Z",
    ].enumerated() { binding.bind(index, value: v(text)) }
    let reached = binding.evaluate()
    let leaf = try #require(reached)
    #expect(leaf == 3)
    let outputs = binding.outputs(ofLeaf: leaf)
    #expect(outputs.map(\.output) == [0, 1])
    #expect(outputs.map(\.value) == [v("5"), .null], "null + text is null")
    #expect(binding.derived == [v("10"), v("5")])
  }
}
