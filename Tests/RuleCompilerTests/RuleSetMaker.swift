import RuleProgram
import SeededRandom

/// Makes random rule sets that are right: their cases disjoint and complete, every branch reachable. For
/// that, a path looks at one value only of those computed from the same inputs.
///
/// The values of a slot fall into cells: each constant of its pool, and what lies between two of
/// them. A split deals out the cells that can reach it.
struct RuleSetMaker {
  private var random: SeededGenerator
  private(set) var slots: [Slot] = []
  private var leaves = 0
  private var budget = 0

  /// What splits look at.
  struct Slot {
    var on: String
    var type: ValueType
    var canBeMissing: Bool
    /// Ascending; for booleans and declared strings each value is a cell of its own.
    var constants: [Value]
    var isTable: Bool

    var cells: [Int] { Array(0..<(isTable ? constants.count : 2 * constants.count + 1)) }
  }

  /// What can reach a place: the cells of each slot, and whether its value may be missing.
  private struct Region {
    var cells: [[Int]]
    var missing: [Bool]
    /// The slot over `x0` and `x1` that the path looks at.
    var pair: Int?
  }

  private static let pairSlots: Set<String> = ["ratio", "total", "x0 > x1", "x0 / x1 in [2..3)"]

  init(seed: UInt64) {
    random = SeededGenerator(seed: seed)
    slots = [
      slot("n0", .number, missing: true), slot("n1", .number), slot("n2", .number),
      slot("d", .date), slot("t", .time), slot("dt", .dateTime), slot("dd", .dayTimeDuration),
      slot("ym", .yearMonthDuration, missing: true), slot("text", .string),
      Slot(
        on: "kind", type: .string, canBeMissing: true,
        constants: ["a", "b", "c", "d", "e"].map(Value.string), isTable: true),
      Slot(on: "flag", type: .boolean, canBeMissing: true, constants: Self.flags, isTable: true),
      slot("ratio", .number, missing: true), slot("total", .number),
      Slot(
        on: "waited", type: .dayTimeDuration, canBeMissing: false, constants: Self.days,
        isTable: false),
      Slot(
        on: "x0 > x1", type: .boolean, canBeMissing: false, constants: Self.flags, isTable: true),
      Slot(
        on: "x0 / x1 in [2..3)", type: .boolean, canBeMissing: true, constants: Self.flags,
        isTable: true),
    ]
  }

  /// Whole days, with one between any two.
  private static let days = ["-P4D", "P0D", "P2D", "P30D"].compactMap {
    Value(parsing: $0, as: .dayTimeDuration)
  }

  private static let flags: [Value] = [.boolean(false), .boolean(true)]

  /// The inputs with their types and whether they may be missing.
  static let inputs: [(name: String, type: ValueType, missing: Bool)] = [
    ("n0", .number, true), ("n1", .number, false), ("n2", .number, false), ("d", .date, false),
    ("t", .time, false), ("dt", .dateTime, false), ("dd", .dayTimeDuration, false),
    ("ym", .yearMonthDuration, true), ("text", .string, false), ("kind", .string, true),
    ("flag", .boolean, true), ("x0", .number, false), ("x1", .number, false), ("day", .date, false),
  ]

  private mutating func slot(_ on: String, _ type: ValueType, missing: Bool = false) -> Slot {
    Slot(
      on: on, type: type, canBeMissing: missing, constants: constants(type), isTable: false)
  }

  private mutating func constants(_ type: ValueType) -> [Value] {
    let count = Int.random(in: 1...6, using: &random)
    let all = (0..<count).compactMap { _ in constant(type) }
    var result: [Value] = []
    for value in all.sorted(by: { (FEEL.order($0, $1) ?? 0) < 0 })
    where result.last.map({ FEEL.order($0, value) != 0 }) ?? true {
      result.append(value)
    }
    return result
  }

  private mutating func constant(_ type: ValueType) -> Value? {
    let number = Int.random(in: -40...40, using: &random)
    let text: String =
      switch type {
      case .number: numberText()
      case .string: String("klmnop".randomElement(using: &random) ?? "k") + "\(number)"
      // Every other day, so that a day lies between any two.
      case .date:
        "20\(number.magnitude % 30 + 10)-0\(number.magnitude % 9 + 1)-\(number & 1 == 0 ? 11 : 13)"
      case .time: "\(number.magnitude % 10 + 10):30:00" + fraction()
      case .dateTime:
        "2026-01-\(number.magnitude % 18 + 10)T10:00:00" + fraction()
          + random.pick(["Z", "+02:00"])
      case .dayTimeDuration:
        (number < 0 ? "-" : "") + "PT\(number.magnitude)H0.\(number.magnitude + 1)S"
      case .yearMonthDuration: "P\(2 * number.magnitude)M"
      case .boolean: "true"
      }
    return Value(parsing: text, as: type)
  }

  private mutating func fraction() -> String {
    random.pick(["", ".5", ".000000001", ".123456789"])
  }

  /// Up to 11 fraction digits; now and then so large that no scale fits all.
  private mutating func numberText() -> String {
    let digits = Int.random(in: 0...11, using: &random)
    let whole = random.pick([0, 1, 7, 500, 620, 1_000_000, 999_999_999_999_999])
    let fraction = (0..<digits).map { _ in String(Int.random(in: 0...9, using: &random)) }.joined()
    return random.pick(["", "", "-"]) + "\(whole)" + (digits > 0 ? "." + fraction : "")
  }

  /// The rule set's XML with about `leaves` leaves.
  mutating func ruleSet(leaves target: Int) -> String {
    leaves = 0
    budget = target
    let region = Region(cells: slots.map(\.cells), missing: slots.map(\.canBeMissing))
    let tree = node(target, region, depth: 0)
    let inputs = Self.inputs.map { input in
      let values = input.name == "kind" ? "abcde".map { "<value>\($0)</value>" }.joined() : ""
      let missing = input.missing ? " missing=\"allowed\"" : ""
      return
        "<input name=\"\(input.name)\" type=\"\(input.type.name)\"\(missing)>\(values)</input>\n"
    }
    return """
      <ruleset xmlns="urn:leafproof:ruleset:1" id="random" version="1.0.0">
      <inputs>\(inputs.joined())
      <derived name="ratio" type="number">x0 / x1</derived>
      <derived name="total" type="number">x0 * 0.1 + x1</derived>
      <derived name="waited" type="dayTimeDuration">day - @"2026-01-01"</derived>
      </inputs>
      <outcomes><outcome name="yes"/><outcome name="no" adverse="true"/></outcomes>
      <reasons><reason code="R">R</reason></reasons>
      <tree>\(tree)</tree>
      </ruleset>
      """
  }

  private mutating func node(_ size: Int, _ region: Region, depth: Int) -> String {
    let open = slots.indices.filter { slot in
      let isFree = region.pair == nil || region.pair == slot
      return region.cells[slot].count > 1 && (isFree || !Self.pairSlots.contains(slots[slot].on))
    }
    guard size > 1, depth < 40, let slot = open.randomElement(using: &random) else { return leaf() }
    let groups = deal(region.cells[slot], into: min(size, Int.random(in: 2...5, using: &random)))
    let hasMissing = region.missing[slot]
    var region = region
    if Self.pairSlots.contains(slots[slot].on) { region.pair = slot }
    let part = max(1, size / (groups.count + (hasMissing ? 1 : 0)))
    let other = Bool.random(using: &random) ? groups.indices.randomElement(using: &random) : nil
    var branches: [String] = []
    for (index, cells) in groups.enumerated() {
      var inner = region
      inner.cells[slot] = cells
      inner.missing[slot] = false
      let child = node(part, inner, depth: depth + 1)
      branches.append(
        index == other
          ? "<otherwise>\(child)</otherwise>"
          : "<case is='\(tests(cells, region.cells[slot], slots[slot]))'>\(child)</case>\n")
    }
    if hasMissing {
      var inner = region
      inner.cells[slot] = []
      branches.append("<missing>\(node(part, inner, depth: depth + 1))</missing>")
    }
    branches.shuffle(using: &random)
    let on = slots[slot].on.replacing("<", with: "&lt;")
    return "<split on=\"\(on)\">\(branches.joined())</split>"
  }

  private mutating func leaf() -> String {
    leaves += 1
    return Bool.random(using: &random)
      ? "<leaf id=\"L\(leaves)\" outcome=\"yes\"/>"
      : "<leaf id=\"L\(leaves)\" outcome=\"no\" reasons=\"R\"/>"
  }

  /// Deals `cells` into groups: mostly into neighbours, sometimes at random.
  private mutating func deal(_ cells: [Int], into count: Int) -> [[Int]] {
    let count = min(count, cells.count)
    var groups = Array(repeating: [Int](), count: count)
    let isMixed = Int.random(in: 0..<4, using: &random) == 0
    for (index, cell) in cells.enumerated() {
      let group =
        isMixed && index >= count
        ? Int.random(in: 0..<count, using: &random)
        : isMixed ? index : index * count / cells.count
      groups[group].append(cell)
    }
    return groups
  }

  /// The unary tests for `cells`, which are some of `reachable`.
  private mutating func tests(_ cells: [Int], _ reachable: [Int], _ slot: Slot) -> String {
    if slot.isTable { return cells.map { slot.constants[$0].feelLiteral }.joined(separator: ", ") }
    var runs: [ClosedRange<Int>] = []
    for cell in cells {
      if let last = runs.last, last.upperBound + 1 == cell {
        runs[runs.count - 1] = last.lowerBound...cell
      } else {
        runs.append(cell...cell)
      }
    }
    // What can't get here may be taken along: nobody sees a difference.
    let last = 2 * slot.constants.count
    if runs[0].lowerBound == reachable[0], Bool.random(using: &random) {
      runs[0] = 0...runs[0].upperBound
    }
    let end = runs.count - 1
    if runs[end].upperBound == reachable[reachable.count - 1], Bool.random(using: &random) {
      runs[end] = runs[end].lowerBound...last
    }
    return runs.map { test($0, slot) }.joined(separator: ", ")
  }

  private mutating func test(_ run: ClosedRange<Int>, _ slot: Slot) -> String {
    let lowClosed = run.lowerBound % 2 == 1
    let highClosed = run.upperBound % 2 == 1
    let low = run.lowerBound == 0 ? nil : slot.constants[(run.lowerBound - 1) / 2].feelLiteral
    let high =
      run.upperBound == 2 * slot.constants.count
      ? nil : slot.constants[run.upperBound / 2].feelLiteral
    switch (low, high) {
    case (nil, nil): return "-"
    case (let low?, nil): return (lowClosed ? ">= " : "> ") + low
    case (nil, let high?): return (highClosed ? "&lt;= " : "&lt; ") + high
    case (let low?, let high?):
      if run.count == 1, lowClosed { return low }
      return (lowClosed ? "[" : random.pick(["(", "]"])) + low + ".." + high
        + (highClosed ? "]" : random.pick([")", "["]))
    }
  }
}

/// Rows for such rule sets.
struct RowMaker {
  private var random: SeededGenerator
  private let slots: [RuleSetMaker.Slot]

  init(seed: UInt64, slots: [RuleSetMaker.Slot]) {
    random = SeededGenerator(seed: seed)
    self.slots = slots
  }

  /// A row: values on the constants, a trifle beside them, or far away; missing ones are null.
  mutating func row() -> [String: Value] {
    var row: [String: Value] = [:]
    for input in RuleSetMaker.inputs {
      if input.missing, Int.random(in: 0..<6, using: &random) == 0 {
        row[input.name] = .null
      } else {
        row[input.name] = value(input.name, input.type)
      }
    }
    if Bool.random(using: &random) { aimAtRatio(&row) }
    return row
  }

  /// Makes `x0 / x1` meet a constant of `ratio` where a short divisor allows it.
  private mutating func aimAtRatio(_ row: inout [String: Value]) {
    guard let slot = slots.first(where: { $0.on == "ratio" }),
      let target = slot.constants.randomElement(using: &random)
    else { return }
    let divisor = Value.number(Decimal128(random.pick([1, 2, 4, -5, 0])))
    row["x0"] = beside(FEEL.multiply(target, divisor))
    row["x1"] = divisor
  }

  private mutating func value(_ name: String, _ type: ValueType) -> Value {
    if type == .boolean { return .boolean(.random(using: &random)) }
    let pools = slots.filter { $0.type == type && ($0.on == name || type == .number) }
    guard let pool = pools.randomElement(using: &random),
      let constant = pool.constants.randomElement(using: &random)
    else { return Value(parsing: random.pick(["2025-12-30", "2026-03-01"]), as: type) ?? .null }
    return pool.isTable ? constant : beside(constant)
  }

  /// `value`, or its neighbour, or the same moment under another offset.
  private mutating func beside(_ value: Value) -> Value {
    let step = random.pick([0, 0, 1, -1, 1_000_000_007])
    switch value {
    case .number:
      guard let least = Decimal128(negative: false, coefficient: 1, exponent: -12) else {
        return value
      }
      return FEEL.add(value, FEEL.multiply(.number(least), .number(Decimal128(step))))
    case .string(let text):
      return .string(step == 0 ? text : step > 0 ? text + "!" : String(text.dropLast()))
    case .date, .time, .dateTime, .dayTimeDuration:
      let unit = value.type == .date ? "P1D" : "PT0.000000001S"
      let count = value.type == .date ? step % 1_000 : step
      let shift = FEEL.multiply(
        Value(parsing: unit, as: .dayTimeDuration) ?? .null, .number(Decimal128(count)))
      return moved(FEEL.add(value, shift))
    case .yearMonthDuration:
      return FEEL.add(
        value,
        Value(parsing: step < 0 ? "-P1M" : step > 0 ? "P1M" : "P0M", as: .yearMonthDuration)
          ?? .null)
    case .null, .boolean: return value
    }
  }

  private mutating func moved(_ value: Value) -> Value {
    guard case .dateTime(let moment) = value, moment.time.offset == 0,
      Bool.random(using: &random)
    else { return value }
    let later = FEEL.add(value, Value(parsing: "PT2H", as: .dayTimeDuration) ?? .null)
    return Value(parsing: later.description.replacing("Z", with: "+02:00"), as: .dateTime) ?? value
  }
}
