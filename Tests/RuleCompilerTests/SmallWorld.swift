import RuleCompiler
import RuleProgram
import SeededRandom

/// Random small rule sets over three numbers and a text whose every region can be met by counting: the
/// cuts are whole numbers from 1 to 3, so whole and half numbers from 0 to 4 meet everything.
struct SmallWorld {
  let text: String
  let program: VerifiedProgram

  /// The values of each input that tell all regions apart, in the order of the program's inputs.
  static let halves: [Value] = (0...8).map { .number(Self.decimal("\($0 / 2).\($0 % 2 * 5)")) }
  static let wholes: [Value] = (0...4).map { .number(Self.decimal("\($0)")) }
  static let texts: [Value] = ["p", "q", "r"].map { .string($0) }

  private static func decimal(_ text: String) -> Decimal128 { Decimal128(text) ?? Decimal128(0) }

  /// A rule set with about `leaves` leaves; nil when the random one doesn't compile.
  init?(leaves: Int, isComputed: Bool, _ random: inout SeededGenerator, properties: String = "") {
    let names =
      isComputed ? Maker.bounds : Maker.bounds.filter { ["a", "b", "c", "k"].contains($0.key) }
    var maker = Maker(random: random)
    let tree = maker.node(leaves, names)
    random = maker.random
    text = """
      <ruleset xmlns="urn:leafproof:ruleset:1" id="small" version="1.0.0">
      <inputs>
      <input name="a" type="number" min="0" max="4"/>
      <input name="b" type="number" min="0" max="4"/>
      <input name="c" type="number" min="0" max="4" missing="allowed"/>
      <input name="k" type="string"><value>p</value><value>q</value><value>r</value></input>
      <derived name="s" type="number">a + b</derived>
      <derived name="d" type="number">a - b</derived>
      <derived name="m" type="number">max(a, 2) * 2 - c</derived>
      </inputs>
      <outcomes><outcome name="bad"/><outcome name="fair"/><outcome name="good"/></outcomes>
      <properties>\(properties)</properties>
      <tree>\(tree)</tree>
      </ruleset>
      """
    let compiled = Compiled(text)
    // Branches that nothing can reach are errors; here they do no harm.
    let trial = properties.isEmpty ? compiled.trial : nil
    guard let program = compiled.result?.program ?? trial?.program,
      trial?.faults.isEmpty ?? true
    else { return nil }
    self.program = program
  }

  /// All rows over `numbers`, missing ones included.
  func rows(_ numbers: [Value]) -> [[Value]] {
    numbers.flatMap { a in
      numbers.flatMap { b in
        (numbers + [.null]).flatMap { c in Self.texts.map { [a, b, c, $0] } }
      }
    }
  }

  /// The leaf of a row.
  func leaf(_ row: [Value], _ binding: inout Binding) -> Int? {
    binding.begin()
    for (index, value) in row.enumerated() { binding.bind(index, value: value) }
    return binding.evaluate()
  }

  private struct Maker {
    var random: SeededGenerator
    private var count = 0

    init(random: SeededGenerator) { self.random = random }

    /// A tree of about `leaves` leaves; `bounds` are the cuts that still make a difference to each number.
    mutating func node(
      _ leaves: Int, _ bounds: [String: ClosedRange<Int>]
    ) -> String {
      let names = bounds.keys.sorted()
      guard leaves > 1, let name = names.randomElement(using: &random), let cuts = bounds[name]
      else { return leaf() }
      var rest = bounds
      guard name != "k" else {
        rest["k"] = nil
        let text = ["p", "q", "r"].randomElement(using: &random) ?? "p"
        return split("k", "\"\(text)\"", node(leaves / 2, rest), node(leaves - leaves / 2, rest))
      }
      let cut = Int.random(in: cuts, using: &random)
      let sign = Bool.random(using: &random) ? "&lt;" : "&lt;="
      rest[name] = cuts.lowerBound < cut ? cuts.lowerBound...(cut - 1) : nil
      let low = node(leaves / 2, rest)
      rest[name] = cut < cuts.upperBound ? (cut + 1)...cuts.upperBound : nil
      return split(name, "\(sign) \(cut)", low, node(leaves - leaves / 2, rest))
    }

    static let bounds = [
      "a": 1...3, "b": 1...3, "c": 1...3, "k": 0...0, "s": 2...6, "d": -2...2, "m": 1...7,
    ]

    private mutating func split(
      _ name: String, _ tests: String, _ first: String, _ second: String
    ) -> String {
      let missing = name == "c" || name == "m" ? "<missing>\(leaf())</missing>" : ""
      return "<split on=\"\(name)\"><case is='\(tests)'>\(first)</case>"
        + "<otherwise>\(second)</otherwise>\(missing)</split>"
    }

    private mutating func leaf() -> String {
      count += 1
      let outcome = ["bad", "fair", "good"].randomElement(using: &random) ?? "bad"
      return "<leaf id=\"L\(count)\" outcome=\"\(outcome)\"/>"
    }
  }
}
