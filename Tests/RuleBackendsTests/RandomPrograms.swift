import RuleProgram
import SeededRandom

/// Draws programs: inputs of all types, expressions, and a tree over them.
struct ProgramSource {
  private var random: SeededGenerator
  private var program = Program()
  private var usesOffsets = false

  init(seed: UInt64) { random = SeededGenerator(seed: seed) }

  /// A program with about `leaves` leaves.
  mutating func program(leaves: Int) throws -> VerifiedProgram {
    program = Program()
    usesOffsets = random.one(in: 2)
    drawInputs()
    drawDerived()
    drawSlots()
    program.outcomes = [
      Program.Outcome(name: "no", isAdverse: true), Program.Outcome(name: "yes", isAdverse: false),
    ]
    program.reasons = ["A1", "B2", "C3"]
    if leaves > 1, !program.slots.isEmpty {
      program.root = drawTree(leaves)
    } else {
      program.root = drawLeaf()
    }
    dropUnusedSlots()
    return try VerifiedProgram(program)
  }

  // MARK: - Declarations

  private mutating func drawInputs() {
    var inputs: [Program.Input] = []
    for index in 0..<random.int(3...9) {
      let type = random.pick(ValueType.allCases + [.number, .number, .string, .date])
      var input = Program.Input(name: "x\(index)", type: type)
      input.allowsMissing = random.one(in: 2)
      switch type {
      case .time, .dateTime: input.offset = usesOffsets ? .required : .forbidden
      case .string where random.one(in: 2): input.values = ["a", "ab", "b", "cé", "zz"]
      default: break
      }
      if type != .string, type != .boolean, random.one(in: 8) {
        input.minimum = constant(type)
        if random.one(in: 2) { input.maximum = constant(type) }
        if let low = input.minimum, let high = input.maximum, (low.order(to: high) ?? 0) > 0 {
          (input.minimum, input.maximum) = (high, low)
        }
      }
      inputs.append(input)
    }
    program.inputs = inputs
  }

  private mutating func drawDerived() {
    for index in 0..<random.int(0...4) {
      let type = random.pick(ValueType.allCases + [.boolean, .boolean, .boolean, .number])
      let code = code(type, 3)
      program.expressions.append(Code(code))
      program.derived.append(
        Program.Derived(
          name: "d\(index)", type: type, expression: program.expressions.count - 1))
    }
  }

  private mutating func drawSlots() {
    for (index, input) in program.inputs.enumerated() where !random.one(in: 5) {
      let encoding = encoding(input.type, isDeclared: !input.values.isEmpty)
      guard let encoding else { continue }
      program.slots.append(
        Program.Slot(
          source: .input(index), type: input.type, encoding: encoding, offset: input.offset))
    }
    let offset: Program.OffsetRule = usesOffsets ? .required : .forbidden
    for (index, item) in program.derived.enumerated() {
      guard let encoding = encoding(item.type, isDeclared: false) else { continue }
      let isTime = item.type == .time || item.type == .dateTime
      program.slots.append(
        Program.Slot(
          source: .derived(index), type: item.type, encoding: encoding,
          offset: isTime ? offset : .any))
    }
    for _ in 0..<random.int(0...3) {
      program.expressions.append(Code(code(.boolean, 3)))
      program.slots.append(
        Program.Slot(
          source: .expression(program.expressions.count - 1), type: .boolean, encoding: .boolean))
    }
  }

  private mutating func encoding(_ type: ValueType, isDeclared: Bool) -> KeyEncoding? {
    var constants = (0..<random.int(1...4)).map { _ in constant(type) }
    if type == .number, random.one(in: 6) {
      // Constants that no scale fits: the slot is ranked.
      constants += [1e-25, 1e30].map { Value.number(Decimal128($0) ?? .one) }
    }
    return KeyEncoding(type, constants: constants, isDeclared: isDeclared)
  }

  private mutating func constant(_ type: ValueType) -> Value {
    let zone = usesOffsets ? "Z" : ""
    let text: String
    switch type {
    case .number:
      text = random.pick([
        "0", "1", "0.1", "0.3", "-2.5", "500", "0.05", "19.99", "1234567.891", "9007199254740993",
        "0.3333333333333333333333333333333333", "\(random.int(-999...999)).\(random.int(0...99))",
      ])
    case .string: text = random.pick(["a", "ab", "abc", "é", "zz", "", "a\"?\\b", "🙂"])
    case .boolean: text = random.pick(["true", "false"])
    case .date:
      text = random.pick(["2024-02-29", "2000-12-31", "1970-01-01", "2025-06-30", "9999-12-31"])
    case .time: text = random.pick(["00:00:00", "12:30:00", "23:59:59.999999999"]) + zone
    case .dateTime:
      text =
        random.pick(["2024-02-29T12:00:00", "2025-01-01T00:00:00", "9999-12-31T23:59:59"]) + zone
    case .dayTimeDuration: text = random.pick(["PT0S", "P3D", "PT1.5S", "-P1DT2H", "P400D"])
    case .yearMonthDuration: text = random.pick(["P0M", "P18Y", "P1Y6M", "-P3M"])
    }
    return Value(parsing: text, as: type) ?? .boolean(false)
  }

  // MARK: - Expressions

  private mutating func push(_ type: ValueType) -> [Instruction] {
    let inputs = program.inputs.indices.filter { program.inputs[$0].type == type }
    let derived = program.derived.indices.filter { program.derived[$0].type == type }
    switch random.int(0...9) {
    case 0...5 where !inputs.isEmpty: return [Instruction(.input, random.pick(inputs))]
    case 6...7 where !derived.isEmpty: return [Instruction(.derived, random.pick(derived))]
    case 8 where random.one(in: 3): return [Instruction(.null)]
    default:
      program.constants.append(constant(type))
      return [Instruction(.constant, program.constants.count - 1)]
    }
  }

  private mutating func code(_ type: ValueType, _ depth: Int) -> [Instruction] {
    guard depth > 0, !random.one(in: 4) else { return push(type) }
    if random.one(in: 5) {
      return code(.boolean, depth - 1) + code(type, depth - 1) + code(type, depth - 1)
        + [Instruction(.select)]
    }
    switch type {
    case .boolean: return condition(depth)
    case .number: return number(depth)
    case .date:
      let duration: ValueType = random.one(in: 2) ? .dayTimeDuration : .yearMonthDuration
      return code(.date, depth - 1) + push(duration)
        + [Instruction(random.pick([.add, .subtract]))]
    case .dayTimeDuration:
      let point = random.pick([ValueType.date, .dateTime, .time])
      return random.one(in: 3)
        ? push(.dayTimeDuration) + [Instruction(random.pick([.negate, .abs]))]
        : push(point) + push(point) + [Instruction(.subtract)]
    case .yearMonthDuration:
      return random.one(in: 2)
        ? push(.date) + push(.date) + [Instruction(.yearsAndMonths)]
        : push(type) + push(type) + [Instruction(random.pick([.add, .subtract]))]
    case .dateTime: return push(.dateTime) + push(.dayTimeDuration) + [Instruction(.add)]
    case .time, .string: return push(type)
    }
  }

  private mutating func condition(_ depth: Int) -> [Instruction] {
    switch random.int(0...9) {
    case 0...1:
      return code(.boolean, depth - 1) + code(.boolean, depth - 1)
        + [Instruction(random.pick([.and, .or]))]
    case 2: return code(.boolean, depth - 1) + [Instruction(.not)]
    case 3:
      return push(.string) + push(.string)
        + [Instruction(random.pick([.contains, .startsWith, .endsWith]))]
    case 4:
      let type = random.pick(ValueType.allCases)
      return code(type, depth - 1) + [
        Instruction(.null), Instruction(random.pick([.equal, .notEqual])),
      ]
    default:
      let type = random.pick(ValueType.allCases.filter { $0 != .boolean } + [.number, .number])
      let operations: [RuleProgram.Operation] = [
        .equal, .notEqual, .less, .lessOrEqual, .greater, .greaterOrEqual,
      ]
      return code(type, depth - 1) + code(type, depth - 1) + [Instruction(random.pick(operations))]
    }
  }

  private mutating func number(_ depth: Int) -> [Instruction] {
    switch random.int(0...5) {
    case 0: return code(.number, depth - 1) + [Instruction(random.pick([.negate, .abs]))]
    case 1: return push(.string) + [Instruction(.stringLength)]
    case 2: return property([.year, .month, .day, .weekday], .date)
    case 3: return property([.years, .months], .yearMonthDuration)
    case 4: return property([.days, .hours, .minutes], .dayTimeDuration)
    default:
      return property([.year, .month], .date) + property([.years, .months], .yearMonthDuration)
        + [Instruction(random.pick([.add, .subtract, .multiply]))]
    }
  }

  private mutating func property(
    _ properties: [TemporalProperty], _ type: ValueType
  ) -> [Instruction] {
    push(type) + [Instruction(.property, Int(random.pick(properties).rawValue))]
  }

  // MARK: - The tree

  private mutating func drawLeaf() -> Program.Target {
    let index = program.leaves.count
    let reasons = [0, 1, 2].filter { _ in random.one(in: 3) }
    program.leaves.append(
      Program.Leaf(id: "L\(index)", outcome: random.int(0...1), reasons: reasons, sets: []))
    return .leaf(index)
  }

  private mutating func drawTree(_ leaves: Int) -> Program.Target {
    guard leaves > 1 else { return drawLeaf() }
    let slot = random.int(0...(program.slots.count - 1))
    let place = program.nodes.count
    program.nodes.append(Program.Node(slot: slot, cuts: [], children: [], missing: nil))
    var node = program.nodes[place]
    var count = 2
    switch program.slots[slot].encoding {
    case .boolean: break
    case .declared:
      if case .input(let input) = program.slots[slot].source {
        count = program.inputs[input].values.count
      }
    default:
      node.cuts = cuts(program.slots[slot])
      count = node.cuts.count + 1
    }
    for _ in 0..<count {
      if let known = node.children.isEmpty ? nil : random.pick(node.children), random.one(in: 4) {
        node.children.append(known)
      } else {
        node.children.append(drawTree(leaves / count))
      }
    }
    if !random.one(in: 8) {
      node.missing = random.one(in: 4) ? random.pick(node.children) : drawTree(leaves / (count * 2))
    }
    program.nodes[place] = node
    return .node(place)
  }

  private mutating func cuts(_ slot: Program.Slot) -> [Int64] {
    var cuts: Set<Int64> = []
    for _ in 0..<random.int(1...6) {
      var key = slot.key(of: constant(slot.type))
      if case .ranked = slot.encoding { key = Int64(random.int(-1...8)) }
      if key == KeyEncoding.missingKey { continue }
      cuts.insert(key + Int64(random.int(0...1)))
    }
    let keys = slot.encoding.keys(declaredValues: 0)
    let valid = cuts.filter { keys.lowerBound < $0 && $0 <= keys.upperBound }
    return valid.isEmpty ? [keys.lowerBound + 1] : valid.sorted()
  }

  /// The drawing of a tree may leave slots aside; a compiler never does.
  private mutating func dropUnusedSlots() {
    let used = Set(program.nodes.map(\.slot)).sorted()
    program.slots = used.map { program.slots[$0] }
    for index in program.nodes.indices {
      program.nodes[index].slot = used.firstIndex(of: program.nodes[index].slot) ?? 0
    }
  }
}
