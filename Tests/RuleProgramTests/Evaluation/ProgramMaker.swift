import RuleProgram
import SeededRandom
import Testing

/// A tree over values: what a program means, before there are keys.
indirect enum NaiveTree {
  case leaf(Int)
  /// `children[i]` takes the values that pass exactly `i` of the ascending cut points.
  case split(slot: Int, cuts: [NaiveCut], children: [NaiveTree], missing: NaiveTree?)
  /// `children[i]` takes the value `values[i]`.
  case table(slot: Int, values: [Value], children: [NaiveTree], missing: NaiveTree?)

  /// The leaf that a row with these slot values reaches.
  func leaf(of values: [Value]) -> Int? {
    switch self {
    case .leaf(let number): return number
    case .split(let slot, let cuts, let children, let missing):
      if values[slot] == .null { return missing?.leaf(of: values) }
      return children[cuts.count { $0.isPassed(by: values[slot]) }].leaf(of: values)
    case .table(let slot, let known, let children, let missing):
      if values[slot] == .null { return missing?.leaf(of: values) }
      return known.firstIndex(of: values[slot]).flatMap { children[$0].leaf(of: values) }
    }
  }
}

/// A cut point: values `>= value` pass it, or `> value`.
struct NaiveCut {
  var value: Value
  var isInclusive: Bool

  func isPassed(by other: Value) -> Bool {
    let order = Self.compare(other, value)
    return order > 0 || (order == 0 && isInclusive)
  }

  /// The order of two values, by their texts or parts, not by the module's measures.
  static func compare(_ left: Value, _ right: Value) -> Int {
    switch (left, right) {
    case (.number(let a), .number(let b)):
      TestData.compareDigits(a.description, b.description)
    case (.string(let a), .string(let b)):
      order(a.unicodeScalars.map { Int($0.value) }, b.unicodeScalars.map { Int($0.value) })
    case (.date(let a), .date(let b)): order([a.year, a.month, a.day], [b.year, b.month, b.day])
    case (.dateTime(let a), .dateTime(let b)): order(utc(a), utc(b))
    default: 0
    }
  }

  private static func order(_ a: [Int], _ b: [Int]) -> Int {
    a == b ? 0 : a.lexicographicallyPrecedes(b) ? -1 : 1
  }

  /// Year, month, minutes of the month, second, nanosecond; days stay inside their month here.
  private static func utc(_ moment: DateTime) -> [Int] {
    let (date, time) = (moment.date, moment.time)
    let minutes = (date.day * 24 + time.hour) * 60 + time.minute - (time.offset ?? 0) / 60
    return [date.year, date.month, minutes, time.second, time.nanosecond]
  }
}

/// Makes random programs over a fixed set of inputs, and rows for them.
struct ProgramMaker {
  var generator: SeededGenerator
  private var constants: [[Value]] = []
  private var encodings: [KeyEncoding] = []
  private var nodes: [Program.Node] = []
  private var leafCount = 0
  private var digits = 0

  init(generator: SeededGenerator) { self.generator = generator }

  private static let strings = ["", "a", "ab", "b", "e\u{301}", "\u{E9}", "\u{FFFF}", "\u{10000}"]
  private static let declared = ["A", "B", "C", "\u{E9}"]

  private static let inputs: [Program.Input] = [
    .init(name: "a", type: .number), .init(name: "b", type: .number, allowsMissing: true),
    .init(name: "c", type: .date, allowsMissing: true),
    .init(name: "d", type: .string, allowsMissing: true),
    .init(name: "e", type: .string, allowsMissing: true, values: declared),
    .init(name: "f", type: .boolean, allowsMissing: true),
    .init(name: "g", type: .dateTime, allowsMissing: true, offset: .required),
  ]

  /// What each slot looks at: the inputs, then a + b, which is missing where b is.
  private static let types: [ValueType] = inputs.map(\.type) + [.number]

  /// A random program and the tree that it stands for.
  mutating func program() -> (Program, NaiveTree) {
    digits = generator.int(0...8)
    constants = Self.types.indices.map { slot in
      var values: [Value] = []
      for _ in 0..<4 {
        let value = self.value(slot)
        if !values.contains(where: { NaiveCut.compare($0, value) == 0 }) { values.append(value) }
      }
      return values.sorted { NaiveCut.compare($0, $1) < 0 }
    }
    encodings = Self.types.indices.map { encoding($0) }
    nodes = []
    leafCount = 0
    let (tree, root) = subtree(depth: 0)
    let program = Program(
      inputs: Self.inputs, outcomes: [.init(name: "yes", isAdverse: false)],
      derived: [.init(name: "sum", type: .number, expression: 0)],
      expressions: [Code([.init(.input, 0), .init(.input, 1), .init(.add)])],
      slots: Self.types.indices.map { slot in
        .init(
          source: slot < Self.inputs.count ? .input(slot) : .derived(0), type: Self.types[slot],
          encoding: encodings[slot], offset: Self.types[slot] == .dateTime ? .required : .any)
      },
      nodes: nodes,
      leaves: (0..<leafCount).map { .init(id: "L\($0)", outcome: 0, reasons: [], sets: []) },
      root: root)
    return (program, tree)
  }

  private mutating func encoding(_ slot: Int) -> KeyEncoding {
    switch Self.types[slot] {
    case .boolean: .boolean
    case .string: slot == 4 ? .declared : .ranked(constants[slot])
    case .date: generator.once(in: 2) ? .whole : .scaled(digits: 0)
    case .dateTime: generator.once(in: 2) ? .scaled(digits: 3) : .ranked(constants[slot])
    default: generator.once(in: 2) ? .scaled(digits: digits) : .ranked(constants[slot])
    }
  }

  private mutating func subtree(depth: Int) -> (NaiveTree, Program.Target) {
    if depth > 0, depth == 5 || generator.once(in: 3) {
      leafCount += 1
      return (.leaf(leafCount - 1), .leaf(leafCount - 1))
    }
    let slot = generator.int(0...Self.types.count - 1)
    let place = nodes.count
    nodes.append(.init(slot: slot, cuts: [], children: [], missing: nil))
    var cuts: [NaiveCut] = []
    var known: [Value] = []
    if slot == 4 {
      known = Self.declared.map(Value.string)
    } else if slot == 5 {
      known = [.boolean(false), .boolean(true)]
    } else {
      cuts = self.cuts(slot)
      // No value lies between `> c` and `>= d` when d is the day after c: one cut does.
      var keys: [Int64] = []
      for (index, cut) in cuts.enumerated().reversed() {
        let key = encodings[slot].key(of: cut.value) + (cut.isInclusive ? 0 : 1)
        if key == keys.first { cuts.remove(at: index) } else { keys.insert(key, at: 0) }
      }
      nodes[place].cuts = keys
    }
    var children: [NaiveTree] = []
    for _ in 0..<(known.isEmpty ? cuts.count + 1 : known.count) {
      let (tree, target) = subtree(depth: depth + 1)
      children.append(tree)
      nodes[place].children.append(target)
    }
    var missing: NaiveTree?
    if slot != 0 {
      let (tree, target) = subtree(depth: depth + 1)
      missing = tree
      nodes[place].missing = target
    }
    return known.isEmpty
      ? (.split(slot: slot, cuts: cuts, children: children, missing: missing), .node(place))
      : (.table(slot: slot, values: known, children: children, missing: missing), .node(place))
  }

  /// Some of the slot's constants as cut points, in order; now and then both at one constant.
  private mutating func cuts(_ slot: Int) -> [NaiveCut] {
    var cuts: [NaiveCut] = []
    for constant in constants[slot] {
      let choice = generator.int(0...3)
      if choice & 1 != 0 { cuts.append(.init(value: constant, isInclusive: true)) }
      if choice & 2 != 0 { cuts.append(.init(value: constant, isInclusive: false)) }
    }
    return cuts
  }

  /// A value for a slot, coarse enough to be hit by chance.
  private mutating func value(_ slot: Int) -> Value {
    switch Self.types[slot] {
    case .number:
      return number(generator.plainNumber(fraction: digits, digits: generator.int(1...digits + 2)))
    case .string: return .string(Self.strings.randomElement(using: &generator) ?? "")
    case .date: return v("2026-0\(generator.int(1...3))-1\(generator.int(0...9))")
    case .dateTime:
      let hour = generator.int(10...13)
      let offset = ["Z", "+02:00", "-01:30"].randomElement(using: &generator) ?? "Z"
      return v("2026-01-15T\(hour):\(generator.once(in: 2) ? "00" : "30"):00\(offset)")
    default: return .null
    }
  }

  /// One value for each input: constants, values beside them, others, missing ones.
  mutating func row() -> [Value] {
    Self.inputs.indices.map { input in
      if input != 0, generator.once(in: 8) { return .null }
      if input == 4 { return .string(Self.declared.randomElement(using: &generator) ?? "A") }
      if input == 5 { return .boolean(generator.once(in: 2)) }
      let near = generator.once(in: 2) ? constants[input].randomElement(using: &generator) : nil
      guard case .number(let limit) = near else { return near ?? value(input) }
      let step = ["0", "1E-12", "-1E-12", "1E-20"].randomElement(using: &generator) ?? "0"
      return .number(Decimal128(step).flatMap { limit.adding($0) } ?? limit)
    }
  }

  /// The values that the slots see in a row.
  func slotValues(_ row: [Value]) -> [Value] {
    guard case .number(let a) = row[0], case .number(let b) = row[1] else { return row + [.null] }
    return row + [a.adding(b).map(Value.number) ?? .null]
  }
}
