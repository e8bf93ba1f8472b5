@testable import RuleAnalysis
@testable import RuleProgram
import SeededRandom

/// Makes random programs of one derived value and one expression over it, with regions and inputs.
struct ProgramMaker {
  private var random: SeededGenerator
  private var constants: [Value] = []
  private var inputs: [Program.Input] = []

  init(seed: UInt64) { random = SeededGenerator(seed: seed) }

  /// A program whose last slot is over expression 1, a derived value over expression 0.
  mutating func program() -> Program {
    constants = []
    inputs = ValueType.allCases.flatMap { type in (0..<2).map { input("\(type.name)\($0)", type) } }
    let first = typed(depth: 2, derived: nil)
    let second = typed(depth: 3, derived: first.type)
    var slots = inputs.indices.map { index in
      Program.Slot(
        source: .input(index), type: inputs[index].type, encoding: encoding(inputs[index]),
        offset: inputs[index].offset)
    }
    slots.append(
      Program.Slot(
        source: .expression(1), type: second.type,
        encoding: encoding(Program.Input(name: "", type: second.type))))
    return Program(
      inputs: inputs, outcomes: [Program.Outcome(name: "o", isAdverse: false)],
      derived: [Program.Derived(name: "d", type: first.type, expression: 0)],
      constants: constants, expressions: [Code(first.code), Code(second.code)], slots: slots,
      leaves: [Program.Leaf(id: "L", outcome: 0, reasons: [], sets: [])])
  }

  private mutating func input(_ name: String, _ type: ValueType) -> Program.Input {
    var input = Program.Input(name: name, type: type, allowsMissing: .random(using: &random))
    if type == .string, Bool.random(using: &random) { input.values = ["a", "b", "cc"] }
    if type == .time || type == .dateTime {
      input.offset = random.pick([.any, .forbidden, .required])
    } else if type != .string, type != .boolean, Bool.random(using: &random) {
      let bounds = [value(type), value(type)].sorted { ($0.order(to: $1) ?? 0) < 0 }
      (input.minimum, input.maximum) = (bounds[0], bounds[1])
    }
    return input
  }

  private mutating func encoding(_ input: Program.Input) -> KeyEncoding {
    switch input.type {
    case .boolean: return .boolean
    case .date, .yearMonthDuration: return .whole
    case .string:
      if !input.values.isEmpty { return .declared }
      return .ranked([.string("a"), .string("b")])
    default: return .scaled(digits: Int.random(in: 0...3, using: &random))
    }
  }

  // MARK: Expressions

  private typealias Typed = (code: [Instruction], type: ValueType)

  private mutating func typed(depth: Int, derived: ValueType?) -> Typed {
    if depth == 0 || Int.random(in: 0..<8, using: &random) == 0 { return leaf(derived) }
    while true {
      let operation = random.pick(Operation.allCases)
      guard operation.arity != 0, operation != .nip, operation != .matches else { continue }
      let count = operation.arity ?? Int.random(in: 1...3, using: &random)
      let arguments = (0..<count).map { _ in typed(depth: depth - 1, derived: derived) }
      let code = arguments.flatMap(\.code)
      if operation == .property {
        let property = random.pick(TemporalProperty.allCases)
        guard let type = property.type(on: arguments[0].type) else { continue }
        return (code + [Instruction(.property, Int(property.rawValue))], type)
      }
      guard case .type(let type) = operation.resultType(arguments.map(\.type)) else { continue }
      return (code + [Instruction(operation, operation.arity == nil ? count : 0)], type)
    }
  }

  private mutating func leaf(_ derived: ValueType?) -> Typed {
    switch Int.random(in: 0..<6, using: &random) {
    case 0:
      if let derived { return ([Instruction(.derived, 0)], derived) }
      fallthrough
    case 1, 2:
      let type = random.pick(ValueType.allCases)
      constants.append(value(type))
      return ([Instruction(.constant, constants.count - 1)], type)
    default:
      let index = Int.random(in: 0..<inputs.count, using: &random)
      return ([Instruction(.input, index)], inputs[index].type)
    }
  }

  // MARK: Values

  private mutating func value(_ type: ValueType) -> Value {
    let number = Int.random(in: -30...30, using: &random)
    let size = number.magnitude
    let offset = random.pick(["", "Z", "+02:00", "-11:30"])
    let text: String =
      switch type {
      case .number: "\(Self.number(&random))"
      case .string: random.pick(["a", "b", "cc", "", "2026-01-31", "ab", "10:00:00"])
      case .boolean: number < 0 ? "true" : "false"
      case .date: "20\(size + 10)-\(size % 3 + 10)-\(random.pick(["01", "28", "30", "31"]))"
      case .time: "\(size % 14 + 10):59:\(size + 10).5" + offset
      case .dateTime: "20\(size + 10)-02-\(size % 18 + 10)T23:15:\(size + 10)" + offset
      case .dayTimeDuration: (number < 0 ? "-" : "") + "P\(size)DT\(size)H0.25S"
      case .yearMonthDuration: (number < 0 ? "-" : "") + "P\(size)M"
      }
    return Value(parsing: text, as: type) ?? value(type)
  }

  /// Mostly small numbers, some of them huge, tiny or zero.
  static func number(_ random: inout SeededGenerator) -> Decimal128 {
    let digits = Int.random(in: -99...99, using: &random)
    let exponent = random.pick([0, 0, 0, -1, -2, 1, 3, 500, -500, -33])
    return Decimal128(
      negative: digits < 0, coefficient: UInt128(digits.magnitude), exponent: exponent)
      ?? Decimal128(digits)
  }

  /// A region whose slots are cut at random.
  mutating func region(_ analysis: RegionAnalysis, _ program: Program) -> Region {
    var region = analysis.whole
    for (index, slot) in program.slots.enumerated().dropLast() where Bool.random(using: &random) {
      let declared = program.inputs[index].values
      let (a, b) = (value(slot.type), value(slot.type))
      let keys = [slot.key(of: a, declared: declared), slot.key(of: b, declared: declared)].sorted()
      guard keys[0] != KeyEncoding.missingKey else { continue }
      let cut = region.keys[index].intersection(
        KeySet([keys[0]...keys[1]], includesMissing: .random(using: &random)))
      if !cut.isEmpty { region.keys[index] = cut }
    }
    return region
  }

  /// Inputs inside `region`; nil when none was found.
  mutating func inputs(_ program: Program, _ region: Region) -> [Value]? {
    var result: [Value] = []
    for (index, input) in program.inputs.enumerated() {
      var found: Value?
      for _ in 0..<60 where found == nil {
        let candidate =
          Int.random(in: 0..<6, using: &random) == 0 ? Value.null : candidate(input)
        let key = program.slots[index].key(of: candidate, declared: input.values)
        if isAccepted(candidate, input), region.keys[index].contains(key) { found = candidate }
      }
      let keys = region.keys[index]
      if found == nil,
        let witness = RegionAnalysis(program).witness(
          keys.present, slot: program.slots[index]), isAccepted(witness, input),
        keys.contains(program.slots[index].key(of: witness, declared: input.values))
      {
        found = witness
      }
      guard let value = found ?? (keys.includesMissing ? .null : nil) else { return nil }
      result.append(value)
    }
    return result
  }

  private mutating func candidate(_ input: Program.Input) -> Value {
    random.pick([
      value(input.type), input.minimum ?? value(input.type), input.maximum ?? value(input.type),
    ])
  }

  private func isAccepted(_ value: Value, _ input: Program.Input) -> Bool {
    if value == .null { return input.allowsMissing }
    if let minimum = input.minimum, (value.order(to: minimum) ?? 0) < 0 { return false }
    if let maximum = input.maximum, (value.order(to: maximum) ?? 0) > 0 { return false }
    if let hasOffset = value.hasOffset, input.offset != .any {
      return hasOffset == (input.offset == .required)
    }
    if case .string(let text) = value { return input.values.isEmpty || input.values.contains(text) }
    return true
  }
}
