import RuleProgram
import SeededRandom

/// A random tree over three numbers, a text and two derived values, right or wrong, together with every
/// row that can tell its regions apart: what the compiler says of it can be counted.
///
/// Cuts are whole numbers. The lines `a = i`, `b = i`, `a + b = i` and `a - b = i` cut the plane into
/// triangles whose inside, edges and corners all hold points with multiples of a quarter as coordinates,
/// so rows of quarters meet everything.
struct TreeTrial {
  /// What a split looks at: values in quarters.
  enum Slot: Int, CaseIterable {
    case a, b, c, k, s, d

    var name: String { ["a", "b", "c", "k", "a + b", "d"][rawValue] }

    /// The least and the greatest cut.
    var cuts: ClosedRange<Int> {
      switch self {
      case .a, .b, .c: 0...3
      case .k: 0...2
      case .s: 0...6
      case .d: -3...3
      }
    }
  }

  /// The values that pass one test, in quarters; nil ends are open.
  struct Test {
    var low: (value: Int, isClosed: Bool)?
    var high: (value: Int, isClosed: Bool)?

    func holds(_ value: Int) -> Bool {
      if let low, value < low.value || (value == low.value && !low.isClosed) { return false }
      if let high, value > high.value || (value == high.value && !high.isClosed) { return false }
      return true
    }
  }

  indirect enum Node {
    case leaf
    case split(Split)
  }

  struct Split {
    var slot: Slot
    var cases: [(tests: [Test], child: Node)]
    var otherwise: Node?
    var missing: Node?
  }

  private(set) var root = Node.leaf
  private(set) var xml = ""
  private var random: SeededGenerator
  private var leaves = 0
  private var lines = ""

  init(seed: UInt64) {
    random = SeededGenerator(seed: seed)
    root = node(depth: 0)
    write(root)
    xml = """
      <ruleset xmlns="urn:leafproof:ruleset:1" id="trial" version="1.0.0">
      <inputs>
      <input name="a" type="number" min="0" max="3"/>
      <input name="b" type="number" min="0" max="3"/>
      <input name="c" type="number" min="0" max="3" missing="allowed"/>
      <input name="k" type="string"><value>p</value><value>q</value><value>r</value></input>
      <derived name="d" type="number">a - b</derived>
      </inputs>
      <outcomes><outcome name="yes"/><outcome name="no"/></outcomes>
      <tree>
      \(lines)</tree>
      </ruleset>
      """
  }

  // MARK: - Making

  private mutating func node(depth: Int) -> Node {
    if depth > 0, depth > 3 || Int.random(in: 0..<5, using: &random) < 2 { return .leaf }
    let slot = random.pick(Slot.allCases)
    var cuts: Set<Int> = []
    for _ in 0..<Int.random(in: 1...3, using: &random) {
      cuts.insert(Int.random(in: slot.cuts, using: &random))
    }
    var tests = slot == .k ? texts() : ranges(cuts.sorted())
    disturb(&tests, slot)
    var split = Split(slot: slot, cases: [])
    for test in tests { split.cases.append((test, node(depth: depth + 1))) }
    if Int.random(in: 0..<3, using: &random) == 0 {
      if split.cases.count > 1 {
        split.cases.remove(at: Int.random(in: 0..<split.cases.count, using: &random))
      }
      split.otherwise = node(depth: depth + 1)
    }
    let wantsMissing = slot == .c
    if Int.random(in: 0..<12, using: &random) == 0 ? !wantsMissing : wantsMissing {
      split.missing = node(depth: depth + 1)
    }
    return .split(split)
  }

  private mutating func texts() -> [[Test]] {
    let texts = (0...2).map { Test(low: ($0 * 4, true), high: ($0 * 4, true)) }
    return Bool.random(using: &random) ? texts.map { [$0] } : [[texts[0], texts[2]], [texts[1]]]
  }

  /// Tests that are disjoint and complete.
  private mutating func ranges(_ cuts: [Int]) -> [[Test]] {
    var result: [[Test]] = []
    var low: (value: Int, isClosed: Bool)?
    for cut in cuts {
      let takesCut = Bool.random(using: &random)
      result.append([Test(low: low, high: (cut * 4, takesCut))])
      low = (cut * 4, !takesCut)
    }
    result.append([Test(low: low)])
    if result.count > 2, Int.random(in: 0..<4, using: &random) == 0 {
      result[0] += result.removeLast()
    }
    return result
  }

  /// Makes something wrong, now and then.
  private mutating func disturb(_ tests: inout [[Test]], _ slot: Slot) {
    guard Int.random(in: 0..<4, using: &random) == 0,
      let place = tests.indices.randomElement(using: &random)
    else { return }
    switch Int.random(in: 0..<4, using: &random) {
    case 0 where tests.count > 1: tests.remove(at: place)
    case 1: tests.append(tests[place])
    case 2 where slot != .k:
      let step = random.pick([-4, 4])
      if let low = tests[place][0].low { tests[place][0].low = (low.value + step, low.isClosed) }
    default:
      guard slot != .k else { return }
      if let high = tests[place][0].high { tests[place][0].high = (high.value, !high.isClosed) }
    }
  }

  // MARK: - Writing

  private mutating func write(_ node: Node) {
    guard case .split(let split) = node else {
      leaves += 1
      lines += "<leaf id=\"L\(leaves)\" outcome=\"\(leaves % 3 == 0 ? "no" : "yes")\"/>"
      return
    }
    lines += "\n<split on=\"\(split.slot.name)\">"
    for item in split.cases {
      let tests = item.tests.map { Self.text($0, split.slot) }.joined(separator: ", ")
      lines += "<case is='\(tests)'>"
      write(item.child)
      lines += "</case>"
    }
    for (name, child) in [("otherwise", split.otherwise), ("missing", split.missing)] {
      guard let child else { continue }
      lines += "<\(name)>"
      write(child)
      lines += "</\(name)>"
    }
    lines += "</split>\n"
  }

  private static func text(_ test: Test, _ slot: Slot) -> String {
    if slot == .k { return "\"\(["p", "q", "r"][(test.low?.value ?? 0) / 4])\"" }
    switch (test.low, test.high) {
    case (nil, nil): return "-"
    case (let low?, nil): return (low.isClosed ? ">= " : "> ") + "\(low.value / 4)"
    case (nil, let high?): return (high.isClosed ? "&lt;= " : "&lt; ") + "\(high.value / 4)"
    case (let low?, let high?):
      return (low.isClosed ? "[" : "(") + "\(low.value / 4)..\(high.value / 4)"
        + (high.isClosed ? "]" : ")")
    }
  }

  // MARK: - Counting

  /// A row: values in quarters, `c` nil where it is missing.
  struct Row {
    var a: Int
    var b: Int
    var c: Int?
    var k: Int

    func value(_ slot: Slot) -> Int? {
      switch slot {
      case .a: a
      case .b: b
      case .c: c
      case .k: k
      case .s: a + b
      case .d: a - b
      }
    }
  }

  /// Every row that can tell regions apart.
  static let rows: [Row] = (0...12).flatMap { a in
    (0...12).flatMap { b in
      ([nil] + (0...6).map { $0 * 2 }).flatMap { (c: Int?) in
        (0...2).map { Row(a: a, b: b, c: c, k: $0 * 4) }
      }
    }
  }
}
