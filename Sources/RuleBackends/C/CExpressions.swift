import RuleProgram

/// Expressions as straight-line C: each instruction that computes becomes one constant.
///
/// Exact or not at all: decimals are compared, chosen and negated, but never added or divided;
/// integers (days, months, nanoseconds, whole numbers) are computed where their ranges prove that
/// 64 bits hold them.
struct CExpressions {
  let program: Program
  let prefix: String
  /// How the row's field of each input is written.
  let fields: [String]
  /// The statements so far.
  private(set) var lines: [String] = []
  /// What each derived value became; a part that can't be expressed stays a refusal.
  private var derived: [Int: Result<COperand, Inexpressible>] = [:]
  /// Every refusal, in the order of discovery.
  private(set) var refusals: [Inexpressible] = []
  private var count = 0

  /// Nothing yet, for `program`.
  init(_ program: Program, prefix: String, fields: [String]) {
    self.program = program
    self.prefix = prefix
    self.fields = fields
  }

  /// The value of expression number `index`, on behalf of `part`.
  mutating func operand(ofExpression index: Int, in part: Inexpressible.Part)
    throws(Inexpressible) -> COperand
  {
    var stack: [COperand] = []
    for instruction in program.expressions[index].instructions {
      let operand = instruction.operand
      switch instruction.operation {
      case .constant: stack.append(.constant(program.constants[operand]))
      case .input: stack.append(try input(operand, part))
      case .derived: stack.append(try self.derived(operand))
      case .null: stack.append(.null)
      case .copy: stack.append(stack[stack.count - 1 - operand])
      case .nip: stack.remove(at: stack.count - 2)
      default:
        let arguments = Array(stack.suffix(instruction.arity))
        stack.removeLast(instruction.arity)
        stack.append(try apply(instruction, arguments, part))
      }
    }
    return stack.last ?? .null
  }

  /// The derived value number `index`.
  mutating func derived(_ index: Int) throws(Inexpressible) -> COperand {
    if let known = derived[index] { return try known.get() }
    do throws(Inexpressible) {
      let result = try operand(
        ofExpression: program.derived[index].expression, in: .derived(index))
      derived[index] = .success(result)
      return result
    } catch {
      if derived[index] == nil, !refusals.contains(error) { refusals.append(error) }
      derived[index] = .failure(error)
      throw error
    }
  }

  /// The input number `index`.
  func input(_ index: Int, _ part: Inexpressible.Part) throws(Inexpressible) -> COperand {
    let input = program.inputs[index]
    let field = fields[index]
    switch input.type {
    case .number: return .double(field)
    case .string: return .text(field)
    case .boolean: return .boolean(field)
    case .date, .yearMonthDuration, .dayTimeDuration:
      return .integer(CInteger(text: field, type: input.type, range: input.integerRange))
    case .time, .dateTime:
      guard input.offset != .any else {
        throw Inexpressible(
          "arithmetic on `\(input.name)`, which may come with or without an offset from UTC",
          in: part)
      }
      return .integer(
        CInteger(
          text: field, type: input.type, range: input.integerRange, offset: input.offset))
    }
  }

  /// The statements without those whose value nothing uses, `further` statements included.
  func lines(usedBy further: [String]) -> [String] {
    var used = Set(further.flatMap(CText.words))
    var kept: [String] = []
    for line in lines.reversed() {
      let words = CText.words(line)
      // const TYPE NAME = EXPRESSION;
      guard words.count > 2, used.contains(words[2]) else { continue }
      used.formUnion(words.dropFirst(3))
      kept.append(line)
    }
    return kept.reversed()
  }

  // MARK: - Building

  /// Names the value of a C expression.
  mutating func define(_ type: String, _ expression: String) -> String {
    let name = "t\(count)"
    count += 1
    lines.append("const \(type) \(name) = \(expression);")
    return name
  }

  /// A call of `helper`.
  func call(_ helper: CHelper, _ arguments: String...) -> String {
    "\(prefix)_\(helper.name)(\(arguments.joined(separator: ", ")))"
  }

  /// Names a new integer.
  mutating func integer(
    _ expression: String, _ type: ValueType, _ range: ClosedRange<Int64>, isClipped: Bool = false,
    offset: Program.OffsetRule = .any
  ) -> COperand {
    .integer(
      CInteger(
        text: define("int64_t", expression), type: type, range: range, isClipped: isClipped,
        offset: offset))
  }

  /// Names a new boolean.
  mutating func boolean(_ expression: String) -> COperand {
    .boolean(define("int32_t", expression))
  }

  /// A boolean operand as a C expression.
  func booleanText(_ operand: COperand) -> String {
    switch operand {
    case .boolean(let text): text
    case .constant(.boolean(let flag)): flag ? "1" : "0"
    default: "-1"
    }
  }

  // MARK: - Operations

  private mutating func apply(
    _ instruction: Instruction, _ arguments: [COperand], _ part: Inexpressible.Part
  ) throws(Inexpressible) -> COperand {
    let operation = instruction.operation
    if let folded = Self.folded(instruction, arguments) { return folded }
    switch operation {
    case .and: return connective(.and, arguments)
    case .or: return connective(.or, arguments)
    case .not: return boolean(call(.not, booleanText(arguments[0])))
    case .select: return try select(arguments, part)
    case .equal, .notEqual, .less, .lessOrEqual, .greater, .greaterOrEqual:
      return try compare(operation, arguments[0], arguments[1], part)
    case .contains: return try search(.containsText, arguments, part)
    case .startsWith: return try search(.startsText, arguments, part)
    case .endsWith: return try search(.endsText, arguments, part)
    case .stringLength:
      let text = call(.lengthText, try self.text(arguments[0], part))
      return integer(text, .number, 0...(1 << 50))
    default: return try arithmetic(instruction, arguments, part)
    }
  }

  private mutating func connective(_ helper: CHelper, _ arguments: [COperand]) -> COperand {
    boolean(call(helper, booleanText(arguments[0]), booleanText(arguments[1])))
  }

  private mutating func search(
    _ helper: CHelper, _ arguments: [COperand], _ part: Inexpressible.Part
  ) throws(Inexpressible) -> COperand {
    boolean(call(helper, try text(arguments[0], part), try text(arguments[1], part)))
  }

  /// What is known without a row: operations on constants, and all that null makes null.
  private static func folded(_ instruction: Instruction, _ arguments: [COperand]) -> COperand? {
    var values: [Value] = []
    for argument in arguments {
      switch argument {
      case .constant(let value): values.append(value)
      case .null: values.append(.null)
      default: break
      }
    }
    guard values.count == arguments.count, !arguments.isEmpty else { return nil }
    let value: Value
    switch (instruction.operation, values.count) {
    case (.property, _):
      guard let raw = UInt8(exactly: instruction.operand),
        let property = TemporalProperty(rawValue: raw)
      else { return .null }
      value = FEEL.property(values[0], property)
    case (.matches, _): return nil
    case (_, 1): value = instruction.operation.value(of: values[0])
    case (_, 2): value = instruction.operation.value(of: values[0], values[1])
    default: value = instruction.operation.value(of: values)
    }
    return value == .null ? .null : .constant(value)
  }

  private mutating func select(
    _ arguments: [COperand], _ part: Inexpressible.Part
  ) throws(Inexpressible) -> COperand {
    let condition = booleanText(arguments[0])
    let choice = { (a: String, b: String) in "\(condition) == 1 ? \(a) : \(b)" }
    switch try unified(arguments[1], arguments[2], part) {
    case .booleans(let a, let b): return boolean(choice(a, b))
    case .doubles(let a, let b): return .double(define("double", choice(a, b)))
    case .texts(let a, let b): return .text(define("\(prefix)_text", choice(a, b)))
    case .integers(let a, let b):
      guard a.offset == b.offset, a.type == b.type else {
        throw Inexpressible("a choice between times with and without an offset", in: part)
      }
      let range =
        min(a.range.lowerBound, b.range.lowerBound)...max(a.range.upperBound, b.range.upperBound)
      return integer(
        choice(a.text, b.text), a.type, range, isClipped: a.isClipped || b.isClipped,
        offset: a.offset)
    }
  }
}
