import RuleProgram

/// Which inputs each slot depends on, through derived values too.
struct InputReaders: Sendable {
  private let ofSlot: [Set<Int>]
  /// For each expression, the inputs that it depends on.
  let ofExpression: [Set<Int>]

  init(_ program: Program) {
    var derived: [Set<Int>] = []
    let inputs = { (code: Code, derived: [Set<Int>]) -> Set<Int> in
      var found: Set<Int> = []
      for instruction in code.instructions {
        if instruction.operation == .input { found.insert(instruction.operand) }
        if instruction.operation == .derived, derived.indices.contains(instruction.operand) {
          found.formUnion(derived[instruction.operand])
        }
      }
      return found
    }
    for item in program.derived {
      derived.append(inputs(program.expressions[item.expression], derived))
    }
    let ofExpression = program.expressions.map { inputs($0, derived) }
    self.ofExpression = ofExpression
    ofSlot = program.slots.map { slot in
      switch slot.source {
      case .input(let index): [index]
      case .derived(let index): derived[index]
      case .expression(let index): ofExpression[index]
      }
    }
  }

  /// The inputs that slot number `slot` depends on.
  func inputs(ofSlot slot: Int) -> Set<Int> { ofSlot[slot] }

  /// The inputs that any of `slots` depends on.
  func inputs(ofSlots slots: [Int]) -> Set<Int> {
    slots.reduce(into: Set()) { $0.formUnion(ofSlot[$1]) }
  }
}

extension Value {
  /// True for values that people meet: not a number or length of time of absurd size or precision.
  var isOrdinary: Bool {
    switch self {
    case .null: return false
    case .number, .dayTimeDuration, .yearMonthDuration:
      guard let measure else { return false }
      let text = measure.description.utf8
      return text.count <= 10 && !text.contains(UInt8(ascii: "E"))
    case .date(let date): return (1900...2100).contains(date.year)
    case .dateTime(let dateTime): return (1900...2100).contains(dateTime.date.year)
    case .string, .boolean, .time: return true
    }
  }
}

/// For each input the values that are likely to decide something: the constants that it meets in
/// expressions, and what lies just beside them.
struct CandidateValues {
  private let values: [[Value]]
  private let sortedMeasures: [[Decimal128]]

  init(_ program: Program, _ readers: InputReaders) {
    var constants = [[Value]](repeating: [], count: program.inputs.count)
    for (code, inputs) in zip(program.expressions, readers.ofExpression) {
      let found = code.instructions.compactMap { instruction in
        instruction.operation == .constant ? program.constants[instruction.operand] : nil
      }
      for input in inputs { constants[input] += found }
    }
    var measures: [[Decimal128]] = []
    values = zip(program.inputs, constants).map { input, constants in
      let found = Self.measures(input, constants)
      measures.append(found)
      return Self.values(input, constants, found)
    }
    sortedMeasures = measures
  }

  /// Values worth a try for input number `input`.
  func values(of input: Int) -> [Value] { values[input] }

  /// Measures at which a cut of input number `input` may decide something, in ascending order.
  func measures(of input: Int) -> [Decimal128] { sortedMeasures[input] }

  private static func measures(_ input: Program.Input, _ constants: [Value]) -> [Decimal128] {
    guard input.type != .string, input.type != .boolean else { return [] }
    var found = constants.filter { $0.type == input.type }.compactMap(\.measure)
    if input.type == .number { found.append(Decimal128(0)) }
    return Array(Set(found)).sorted()
  }

  private static func values(
    _ input: Program.Input, _ constants: [Value], _ measures: [Decimal128]
  ) -> [Value] {
    switch input.type {
    case .boolean: return [.boolean(true), .boolean(false)]
    case .string:
      if !input.values.isEmpty { return input.values.map { .string($0) } }
      let texts = constants.filter { $0.type == .string }
      return texts + [.string("other"), .string("")]
    default:
      var found = measures.flatMap { measure in
        [0, 1, -1].compactMap { measure.adding(Decimal128($0)) }
      }
      if input.type == .number {
        found += [1, 2, 10, 100, 1_000, 10_000, 100_000].map { Decimal128($0) }
      } else {
        found += Self.everyday(input.type)
      }
      return found.compactMap {
        Value(measure: $0, type: input.type, inUTC: input.offset == .required)
      }
    }
  }

  /// Measures of ordinary values: days of this century and one in 1990, hours of a day, some days or months.
  private static func everyday(_ type: ValueType) -> [Decimal128] {
    switch type {
    case .date: [7_305, 10_957, 18_262, 20_454, 20_455, 20_485, 20_819].map { Decimal128($0) }
    case .dateTime: [1_767_225_600, 1_767_261_600, 1_767_312_000].map { Decimal128($0) }
    case .time: [0, 32_400, 43_200, 79_200].map { Decimal128($0) }
    case .dayTimeDuration: [0, 3_600, 86_400, 2_592_000].map { Decimal128($0) }
    case .yearMonthDuration: [0, 1, 12, 24, 120].map { Decimal128($0) }
    case .number, .string, .boolean: []
    }
  }
}
