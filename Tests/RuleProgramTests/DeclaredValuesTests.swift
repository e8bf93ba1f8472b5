import RuleProgram
import Testing

/// Texts are found among an input's declared values by their bytes, whichever way they are bound.
struct DeclaredValuesTests {
  /// Values that share prefixes of eight bytes and more, differ only in length, or aren't ASCII.
  private static let values = [
    "a", "ab", "abcdefgh", "abcdefghi", "abcdefghj", "abcdefghjk", "self_employed",
    "self_employed_abroad", "zürich", "zürich-stadt", "\u{10FFFF}",
  ]

  /// Texts that are near to a value and are none.
  private static let others = [
    "A", "a\u{0}", "ab\u{0}\u{0}", "abc", "abcdefg", "abcdefgh\u{0}", "abcdefghjj", "abcdefghjl",
    "self_employee", "self_employed_", "zurich", "zu\u{308}rich", "zzzzzzzzzzz",
  ]

  /// A program with one leaf for each value.
  private static func binding(_ values: [String] = values) throws -> Binding {
    let leaves = values.indices.map {
      Program.Leaf(id: "L\($0 + 10)", outcome: 0, reasons: [], sets: [])
    }
    let program = Program(
      inputs: [Program.Input(name: "text", type: .string, values: values)],
      outcomes: [Program.Outcome(name: "done", isAdverse: false)],
      slots: [Program.Slot(source: .input(0), type: .string, encoding: .declared)],
      nodes: [
        Program.Node(
          slot: 0, cuts: [], children: values.indices.map { .leaf($0) }, missing: nil)
      ],
      leaves: leaves, root: .node(0))
    return Binding(Evaluator(try VerifiedProgram(program)))
  }

  private static func bind(_ text: String, _ binding: inout Binding, asValue: Bool) -> Int? {
    binding.begin()
    if asValue {
      binding.bind(0, value: .string(text))
    } else {
      let bytes = Array(text.utf8)
      binding.bind(0, text: bytes.span)
    }
    return binding.evaluate()
  }

  @Test(arguments: [false, true])
  func eachValueReachesItsLeaf(asValue: Bool) throws {
    var binding = try Self.binding()
    for (index, value) in Self.values.enumerated() {
      #expect(Self.bind(value, &binding, asValue: asValue) == index, "\(value)")
    }
  }

  @Test(arguments: [false, true])
  func whatIsNoValueIsRefused(asValue: Bool) throws {
    var binding = try Self.binding()
    for text in Self.others {
      #expect(Self.bind(text, &binding, asValue: asValue) == nil, "\(text)")
      #expect(binding.refusals == [Binding.Refusal(input: "text", problem: .undeclared)])
    }
  }

  /// Few values and many, all different within their first eight bytes.
  private static let lists = [
    ["a", "b"], ["no", "nobody", "none", "self_employed", "z\u{FC}rich", "\u{10FFFF}"],
    (10..<90).map { "value_\($0)" },
  ]

  @Test(arguments: lists)
  func eachTextIsFoundOrNot(values: [String]) throws {
    var binding = try Self.binding(values)
    let texts = values.flatMap { value in
      [value, value + "\u{0}", value + "x", "x" + value, String(value.dropLast())]
    }
    for text in texts where !text.isEmpty {
      let expected = values.firstIndex { $0.utf8.elementsEqual(text.utf8) }
      #expect(Self.bind(text, &binding, asValue: false) == expected, "\(text)")
      #expect(Self.bind(text, &binding, asValue: true) == expected, "\(text)")
    }
  }

  @Test func bytesThatAreNoTextAreOfTheWrongType() throws {
    var binding = try Self.binding()
    binding.begin()
    let bytes: [UInt8] = [0x61, 0xFF]
    binding.bind(0, text: bytes.span)
    #expect(binding.evaluate() == nil)
    #expect(binding.refusals == [Binding.Refusal(input: "text", problem: .wrongType(.string))])
  }
}
