import Foundation
import NaiveEvaluation
import RuleBackends
import RuleCompiler
import RuleProgram
import RuleSyntax

/// A program with rows of every kind, and what the evaluator makes of them.
struct SQLCase {
  var name: String
  var program: VerifiedProgram
  var doubles: Set<String> = []
  var isRandom = false
  /// The digits of number columns in SQLite, where the usual ones leave no room for the products.
  var digits: (precision: Int, scale: Int)?
  /// False for rule sets with outputs that SQL can't express.
  var hasOutputs = true
  /// True: half of the numbers are small and whole, so that quotients of them are often equal.
  var hasSmallNumbers = false
  var rows: [[Value]] = []
  /// Leaf ID and outcome of each row, as the queries print them.
  var expected: [String] = []

  /// A second evaluator, which walks the source; nil for programs that have none.
  var naive: NaiveEvaluator?

  /// The leaf that the naive evaluator finds for row number `index`, which is not refused.
  func naiveLeaf(_ index: Int) -> NaiveEvaluator.Answer? {
    let names = program.program.inputs.map(\.name)
    return naive?.leaf(Dictionary(zip(names, rows[index])) { first, _ in first })
  }

  /// Fills in `count` rows: thresholds, values beside them, random, missing and refused ones. Most
  /// are another row that reached a leaf first, a few of its values drawn anew: so deep leaves are
  /// reached too.
  mutating func fill(_ count: Int, _ random: inout SQLRandom) {
    let program = program.program
    let pools = program.inputs.indices.map { pool(of: $0) }
    var binding = Binding(Evaluator(self.program))
    var firsts: [[Value]] = []
    var reached: Set<Int> = []
    for _ in 0..<count {
      let base = random.chance(4) ? nil : firsts.randomElement(using: &random)
      var row: [Value] = []
      binding.begin()
      for index in program.inputs.indices {
        var value = base?[index] ?? .null
        if base == nil || random.chance(max(2, program.inputs.count / 2)) {
          value = random.value(for: program.inputs[index], pools[index], isDouble(index))
          value = fitting(value, &random)
        }
        row.append(value)
        binding.bind(index, value: value)
      }
      rows.append(row)
      let leaf = binding.evaluate()
      if let leaf, reached.insert(leaf).inserted { firsts.append(row) }
      expected.append(answer(leaf.map { ($0, binding.outputs(ofLeaf: $0)) }))
    }
  }

  /// Leaf ID, outcome and outputs of a row, as the queries print them.
  private func answer(_ decided: (leaf: Int, outputs: [(Int, Value)])?) -> String {
    var fields = ["", "refused"] + outputs.map { _ in "" }
    if let (leaf, values) = decided {
      fields[0] = program.program.leaves[leaf].id
      fields[1] = program.program.outcome(ofLeaf: leaf).name
      for (output, value) in values where hasOutputs { fields[2 + output] = Self.text(value) }
    }
    return fields.joined(separator: "|")
  }

  private var outputs: [Program.Output] { hasOutputs ? program.program.outputs : [] }

  /// A value as a query shows it: durations as their seconds or months.
  private static func text(_ value: Value) -> String {
    switch value {
    case .null: ""
    case .number, .dayTimeDuration, .yearMonthDuration:
      value.measure?.normalized.description ?? ""
    default: value.description
    }
  }

  /// What a query answers for one row, its numbers and booleans as `text` writes them.
  func normalized(_ fields: ArraySlice<Substring>) -> String {
    let outputs = self.outputs
    return fields.enumerated().map { place, field in
      guard place >= 2 else { return String(field) }
      switch outputs[place - 2].type {
      case .number, .dayTimeDuration, .yearMonthDuration:
        return Decimal128(field)?.normalized.description ?? String(field)
      case .boolean:
        return ["1", "t", "True"].contains(field)
          ? "true" : ["0", "f", "False"].contains(field) ? "false" : String(field)
      default: return String(field)
      }
    }.joined(separator: "|")
  }

  /// `value`, with no more digits than the columns take, and small now and then where asked for.
  private func fitting(_ value: Value, _ random: inout SQLRandom) -> Value {
    guard case .number(let number) = value, let digits else { return value }
    if hasSmallNumbers, random.chance(2) {
      return .number(Decimal128(Int.random(in: -12...12, using: &random)))
    }
    let limit = Decimal128(coefficient: 1, exponent: digits.precision - digits.scale) ?? .one
    let rounded = number.rounded(scale: digits.scale, mode: .halfEven) ?? number
    return .number(rounded.magnitude < limit ? rounded : 1)
  }

  private func isDouble(_ index: Int) -> Bool {
    doubles.contains(program.program.inputs[index].name)
  }

  /// The constants near which input number `index` decides something.
  private func pool(of index: Int) -> [Value] {
    let program = program.program
    var found = [program.inputs[index].minimum, program.inputs[index].maximum].compactMap { $0 }
    for node in program.nodes {
      guard program.slots[node.slot].source == .input(index) else { continue }
      found += node.cuts.compactMap { program.lowerBound($0, program.slots[node.slot])?.value }
    }
    return found + program.constants.filter { $0.type == program.inputs[index].type }
  }
}

/// A repeatable source of rows and programs.
struct SQLRandom: RandomNumberGenerator {
  private var state: UInt64
  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  mutating func chance(_ parts: Int) -> Bool { Int.random(in: 0..<parts, using: &self) == 0 }

  mutating func value(for input: Program.Input, _ pool: [Value], _ isDouble: Bool) -> Value {
    if chance(input.allowsMissing ? 6 : 120) { return .null }
    if input.type == .string { return string(input, pool) }
    if input.type == .boolean { return .boolean(Bool.random(using: &self)) }
    if chance(200) { return far(input.type) }
    guard let near = pool.randomElement(using: &self), let measure = near.measure, !chance(4) else {
      return anyValue(input, isDouble)
    }
    return beside(measure, input, isDouble)
  }

  private mutating func string(_ input: Program.Input, _ pool: [Value]) -> Value {
    if chance(150) { return .string("not \\ one's") }
    if let text = input.values.randomElement(using: &self) { return .string(text) }
    guard case .string(let text)? = pool.randomElement(using: &self) else { return .string("x") }
    switch Int.random(in: 0..<6, using: &self) {
    case 0: return .string(text + "a")
    case 1: return .string(String(text.dropLast()))
    case 2: return .string("é" + text)
    case 3: return .string(text.uppercased())
    default: return .string(text)
    }
  }

  private mutating func beside(
    _ measure: Decimal128, _ input: Program.Input, _ isDouble: Bool
  ) -> Value {
    if isDouble, let double = Double(measure.description) {
      let choice = [double, double.nextUp, double.nextDown, double.nextUp.nextUp]
      return choice.randomElement(using: &self).flatMap { Decimal128($0) }.map { .number($0) }
        ?? .null
    }
    let digits = input.type == .number ? 4 : 0
    let step = Decimal128(
      negative: Bool.random(using: &self),
      coefficient: UInt128(Int.random(in: 0...2, using: &self)),
      exponent: -digits)
    let moved = step.flatMap { measure.adding($0) } ?? measure
    let rounded = moved.rounded(scale: digits, mode: .halfEven) ?? moved
    return Value(measure: rounded, type: input.type, inUTC: false) ?? anyValue(input, isDouble)
  }

  /// A value near the ends of what columns hold, which most rule sets refuse.
  private mutating func far(_ type: ValueType) -> Value {
    let sign = Bool.random(using: &self) ? 1 : -1
    switch type {
    case .number: return .number(Decimal128(sign * 99_999_999_999))
    case .date:
      return CalendarDate(dayNumber: sign > 0 ? 2_932_896 : -680_000).map { .date($0) } ?? .null
    case .dayTimeDuration:
      return .dayTimeDuration(DayTimeDuration(seconds: Int64(sign) * 999_999_999_999))
    case .yearMonthDuration:
      return .yearMonthDuration(YearMonthDuration(months: sign * 999_999_999))
    default: return .null
    }
  }

  private mutating func anyValue(_ input: Program.Input, _ isDouble: Bool) -> Value {
    func whole(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &self) }
    switch input.type {
    case .number:
      if isDouble { return .number(Decimal128(Double.random(in: -50...1050, using: &self)) ?? 0) }
      let exponent = [0, -2, -4].randomElement(using: &self) ?? 0
      return .number(
        Decimal128(
          negative: chance(8), coefficient: UInt128(whole(0...99_999_999)), exponent: exponent) ?? 0
      )
    case .date: return CalendarDate(dayNumber: whole(-40_000...60_000)).map { .date($0) } ?? .null
    case .time:
      return ClockTime(nanosecondOfDay: whole(0...86_399) * 1_000_000_000).map { .time($0) }
        ?? .null
    case .dateTime:
      let date = CalendarDate(dayNumber: whole(10_000...30_000))
      let time = ClockTime(nanosecondOfDay: whole(0...86_399) * 1_000_000_000)
      guard let date, let time else { return .null }
      return .dateTime(DateTime(date: date, time: time))
    case .dayTimeDuration:
      return .dayTimeDuration(DayTimeDuration(seconds: Int64(whole(-1000...9_000_000))))
    case .yearMonthDuration: return .yearMonthDuration(YearMonthDuration(months: whole(-30...700)))
    case .string, .boolean: return .null
    }
  }
}

/// Programs to run.
extension SQLCase {
  /// A tree of about `leaves` leaves over inputs of every type.
  static func random(leaves: Int, _ random: inout SQLRandom) throws -> SQLCase {
    var maker = SQLTreeMaker(random: random)
    let program = maker.make(leaves)
    random = maker.random
    return SQLCase(
      name: "random tree of \(leaves)", program: try VerifiedProgram(program), doubles: ["double"],
      isRandom: true)
  }

  /// A tree of `leaves` leaves in which every split has one leaf and goes on.
  static func chain(_ leaves: Int) throws -> SQLCase {
    var program = Program(
      inputs: [.init(name: "a", type: .number), .init(name: "b", type: .number)],
      outcomes: ["no", "yes"].map { .init(name: $0, isAdverse: false) })
    program.slots = (0..<2).map {
      .init(source: .input($0), type: .number, encoding: .scaled(digits: 0))
    }
    for index in 0..<leaves {
      program.leaves.append(.init(id: "C\(index)", outcome: index % 2, reasons: [], sets: []))
      guard index + 1 < leaves else { break }
      let last = index + 2 == leaves
      let next: Program.Target = last ? .leaf(index + 1) : .node(index + 1)
      let isLow = index % 4 < 2
      let cut = Int64(isLow ? index : 2 * leaves - index) * 20
      program.nodes.append(
        .init(
          slot: index % 2, cuts: [cut],
          children: isLow ? [.leaf(index), next] : [next, .leaf(index)], missing: nil))
    }
    program.root = .node(0)
    return SQLCase(name: "chain of \(leaves)", program: try VerifiedProgram(program))
  }

  /// The rule set at `path` below the project's folder.
  static func shipped(_ path: String, digits: (Int, Int)? = nil, outputs: Bool = true) throws
    -> SQLCase
  {
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    var item = try compile(SourceText.load(path: root.appending(path: path).path), path)
    (item.digits, item.hasOutputs) = (digits, outputs)
    return item
  }

  /// The rule set of this XML.
  static func xml(_ name: String, _ xml: String, digits: (Int, Int)? = nil) throws -> SQLCase {
    var item = try compile(SourceText(path: name, bytes: Array(xml.utf8)), name)
    item.digits = digits
    return item
  }

  struct NoProgram: Error { var messages: [String] }

  private static func compile(_ source: SourceText, _ name: String) throws -> SQLCase {
    let document = parseDocument(source)
    guard case .ruleSet(let syntax)? = document.document else {
      throw NoProgram(messages: document.diagnostics.map(\.message))
    }
    let compilation = RuleCompiler.compile(syntax, source: source)
    guard let result = compilation.result else {
      throw NoProgram(messages: compilation.diagnostics.map(\.message))
    }
    return SQLCase(name: name, program: result.program, naive: NaiveEvaluator(syntax))
  }
}

/// Makes random trees: every encoding, n-ary splits, missing branches.
struct SQLTreeMaker {
  var random: SQLRandom
  private var program = Program()

  init(random: SQLRandom) { self.random = random }

  private static let strings = ["", "a", "b'c", "back\\slash", "d", "é", "Ω", "𝄞"]

  mutating func make(_ leaves: Int) -> Program {
    let types: [(String, ValueType)] = [
      ("amount", .number), ("date", .date), ("double", .number), ("flag", .boolean),
      ("free", .string), ("kind", .string), ("maybe", .number), ("moment", .dateTime),
      ("months", .yearMonthDuration), ("span", .dayTimeDuration), ("time", .time),
    ]
    program.outcomes = ["approve", "decline", "refer"].map { .init(name: $0, isAdverse: false) }
    for (name, type) in types {
      var input = Program.Input(
        name: name, type: type, allowsMissing: name != "amount" && name != "kind")
      if name == "kind" { input.values = (10..<30).map { "k\($0)'" } }
      if name == "amount" { input.minimum = .number(0) }
      if type == .time || type == .dateTime { input.offset = .forbidden }
      let encoding = KeyEncoding(type, constants: constants(type), isDeclared: name == "kind")
      program.slots.append(
        .init(
          source: .input(program.inputs.count), type: type, encoding: encoding, offset: input.offset
        ))
      program.inputs.append(input)
    }
    program.root = grow(leaves)
    return program
  }

  /// What fixes the scale of the keys.
  private func constants(_ type: ValueType) -> [Value] {
    switch type {
    case .string: Self.strings.map { .string($0) }
    case .number: [.number(Decimal128("0.001") ?? 0)]
    case .time: [.time(.midnight)]
    default: []
    }
  }

  private mutating func grow(_ leaves: Int) -> Program.Target {
    guard leaves > 1 else {
      let outcome = Int.random(in: 0..<3, using: &random)
      program.leaves.append(
        .init(id: "L-\(program.leaves.count)", outcome: outcome, reasons: [], sets: []))
      return .leaf(program.leaves.count - 1)
    }
    let slot = Int.random(in: program.slots.indices, using: &random)
    let index = program.nodes.count
    program.nodes.append(.init(slot: slot, cuts: [], children: [], missing: nil))
    let mayMiss = program.inputs[slot].allowsMissing
    var parts = min(leaves, Int.random(in: 2...4, using: &random))
    if program.slots[slot].encoding == .boolean { parts = 2 }
    var cuts = Set<Int64>()
    while cuts.count < parts - 1, !program.slots[slot].encoding.isTable { cuts.insert(cut(slot)) }
    var rest = max(0, leaves - parts - (mayMiss ? 1 : 0))
    var targets: [Program.Target] = []
    for part in 0..<parts {
      let share = part == parts - 1 ? rest : Int.random(in: 0...rest, using: &random)
      rest -= share
      targets.append(grow(1 + share))
    }
    // One subtree may take several ranges.
    if !program.slots[slot].encoding.isTable, random.chance(3) {
      targets.append(targets[0])
      while cuts.count < parts { cuts.insert(cut(slot)) }
    }
    program.nodes[index].cuts = cuts.sorted()
    program.nodes[index].children = children(targets, slot)
    program.nodes[index].missing = mayMiss ? (random.chance(4) ? targets[0] : grow(1)) : nil
    return .node(index)
  }

  private mutating func children(_ targets: [Program.Target], _ slot: Int) -> [Program.Target] {
    guard case .declared = program.slots[slot].encoding else {
      return targets
    }
    var result = program.inputs[slot].values.map { _ in
      targets.randomElement(using: &random) ?? targets[0]
    }
    for (place, target) in targets.enumerated() { result[place] = target }
    return result
  }

  private mutating func cut(_ slot: Int) -> Int64 {
    func whole(_ range: ClosedRange<Int64>) -> Int64 { Int64.random(in: range, using: &random) }
    switch program.slots[slot].encoding {
    case .ranked(let values): return whole(0...Int64(2 * values.count - 1))
    case .whole: return whole(program.slots[slot].type == .date ? -30_000...50_000 : -20...600)
    default: break
    }
    switch program.slots[slot].type {
    case .time: return whole(0...172_799)
    case .dateTime: return whole(1_800_000_000...5_000_000_000)
    case .dayTimeDuration: return whole(-1000...17_000_000)
    default: return whole(0...2_000_000)
    }
  }
}
