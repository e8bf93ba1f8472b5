import RuleProgram

/// Two operands brought into one form.
enum CPair {
  case booleans(String, String)
  case doubles(String, String)
  case integers(CInteger, CInteger)
  case texts(String, String)
}

/// Comparisons, and what brings operands into one form.
extension CExpressions {
  mutating func compare(
    _ operation: RuleProgram.Operation, _ left: COperand, _ right: COperand,
    _ part: Inexpressible.Part
  ) throws(Inexpressible) -> COperand {
    switch operation {
    case .greater: return try compare(.less, right, left, part)
    case .greaterOrEqual: return try compare(.lessOrEqual, right, left, part)
    case .notEqual:
      let equal = try compare(.equal, left, right, part)
      return boolean(call(.not, booleanText(equal)))
    default: break
    }
    if case .null = left { return try compareNull(operation, right) }
    if case .null = right { return try compareNull(operation, left) }
    if case .constant(let value) = right, let measure = value.measure, isMeasured(left) {
      try requireComparable(left, value, part)
      return try compare(left, operation, measure, part)
    }
    if case .constant(let value) = left, let measure = value.measure, isMeasured(right) {
      try requireComparable(right, value, part)
      return try compareReversed(right, operation, measure, part)
    }
    return try comparePair(operation, try unified(left, right, part), part)
  }

  private func isMeasured(_ operand: COperand) -> Bool {
    switch operand {
    case .double, .integer: true
    default: false
    }
  }

  /// `x = null` asks whether x is there; an order with null is null.
  private mutating func compareNull(
    _ operation: RuleProgram.Operation, _ other: COperand
  ) throws(Inexpressible) -> COperand {
    guard operation == .equal else { return .null }
    switch other {
    case .null: return .constant(.boolean(true))
    case .constant: return .constant(.boolean(false))
    case .boolean(let text): return boolean("\(text) < 0")
    case .double(let text): return boolean("\(text) != \(text)")
    case .integer(let value): return boolean("\(value.text) == INT64_MIN")
    case .text(let text): return boolean("!\(text).bytes")
    }
  }

  private func requireComparable(
    _ operand: COperand, _ value: Value, _ part: Inexpressible.Part
  ) throws(Inexpressible) {
    guard case .integer(let integer) = operand, let hasOffset = value.hasOffset,
      hasOffset != (integer.offset == .required)
    else { return }
    throw Inexpressible("a comparison of times with and without an offset", in: part)
  }

  private mutating func comparePair(
    _ operation: RuleProgram.Operation, _ pair: CPair, _ part: Inexpressible.Part
  ) throws(Inexpressible) -> COperand {
    switch pair {
    case .booleans(let a, let b): return boolean(a == b ? "1" : "\(a) == \(b)")
    case .doubles(let a, let b):
      let helper: CHelper =
        operation == .equal ? .equalDouble : operation == .less ? .lessDouble : .lessOrEqualDouble
      return boolean(call(helper, a, b))
    case .texts(let a, let b):
      let helper: CHelper =
        operation == .equal ? .equalText : operation == .less ? .lessText : .lessOrEqualText
      return boolean(call(helper, a, b))
    case .integers(let a, let b):
      try requireExact([a, b], part)
      guard a.offset == b.offset else {
        throw Inexpressible("a comparison of times with and without an offset", in: part)
      }
      if operation == .equal {
        return boolean(a.text == b.text ? "1" : "\(a.text) == \(b.text)")
      }
      return boolean(
        call(operation == .less ? .lessInteger : .lessOrEqualInteger, a.text, b.text))
    }
  }

  // MARK: - Against constants

  /// `left operation constant`, for `=`, `<` and `<=`.
  private mutating func compare(
    _ left: COperand, _ operation: RuleProgram.Operation, _ constant: Decimal128,
    _ part: Inexpressible.Part
  ) throws(Inexpressible) -> COperand {
    switch operation {
    case .less: return boolean(try negated(atLeast(left, constant, part)))
    case .lessOrEqual: return boolean(try negated(above(left, constant, part)))
    default: return try equal(left, constant, part)
    }
  }

  /// `constant operation right`, for `=`, `<` and `<=`.
  private mutating func compareReversed(
    _ right: COperand, _ operation: RuleProgram.Operation, _ constant: Decimal128,
    _ part: Inexpressible.Part
  ) throws(Inexpressible) -> COperand {
    switch operation {
    case .less: return boolean(try above(right, constant, part))
    case .lessOrEqual: return boolean(try atLeast(right, constant, part))
    default: return try equal(right, constant, part)
    }
  }

  private mutating func negated(_ text: String) -> String { call(.not, text) }

  private mutating func equal(
    _ operand: COperand, _ constant: Decimal128, _ part: Inexpressible.Part
  ) throws(Inexpressible) -> COperand {
    let low = define("int32_t", try atLeast(operand, constant, part))
    let high = define("int32_t", try above(operand, constant, part))
    return boolean("\(low) == 1 && \(high) == 0")
  }

  private mutating func atLeast(
    _ operand: COperand, _ constant: Decimal128, _ part: Inexpressible.Part
  ) throws(Inexpressible) -> String {
    try condition(operand, part) { $0.atLeast(constant) }
  }

  private mutating func above(
    _ operand: COperand, _ constant: Decimal128, _ part: Inexpressible.Part
  ) throws(Inexpressible) -> String {
    try condition(operand, part) { $0.above(constant) }
  }

  private mutating func condition(
    _ operand: COperand, _ part: Inexpressible.Part, _ threshold: (CDomain) -> CThreshold
  ) throws(Inexpressible) -> String {
    let text: String
    let (known, helper): (String, CHelper)
    let found: CThreshold
    switch operand {
    case .double(let name):
      (text, known, helper) = (name, "\(name) != \(name)", .atLeastDouble)
      found = threshold(.doubles)
    case .integer(let integer):
      (text, known, helper) = (integer.text, "\(integer.text) == INT64_MIN", .atLeastInteger)
      found = threshold(integer.domain)
      if integer.isClipped, found == .always || found == .never {
        throw Inexpressible("a comparison beyond 64-bit nanoseconds", in: part)
      }
    default: return "-1"
    }
    switch found {
    case .always: return "\(known) ? -1 : 1"
    case .never: return "\(known) ? -1 : 0"
    case .from(let word): return call(helper, text, word.literal)
    }
  }

  // MARK: - One form

  /// Both operands in one form; constants become literals where C has them exactly.
  mutating func unified(
    _ left: COperand, _ right: COperand, _ part: Inexpressible.Part
  ) throws(Inexpressible) -> CPair {
    switch (left, right) {
    case (.boolean, _), (_, .boolean): return .booleans(booleanText(left), booleanText(right))
    case (.text, _), (_, .text): return .texts(try text(left, part), try text(right, part))
    case (.double, _), (_, .double):
      return .doubles(try double(left, part), try double(right, part))
    case (.integer(let a), _): return .integers(a, try integer(right, like: a, part))
    case (_, .integer(let b)): return .integers(try integer(left, like: b, part), b)
    default: return try unifiedConstants(left, right, part)
    }
  }

  private mutating func unifiedConstants(
    _ left: COperand, _ right: COperand, _ part: Inexpressible.Part
  ) throws(Inexpressible) -> CPair {
    for case .constant(let value) in [left, right] {
      switch value {
      case .boolean: return .booleans(booleanText(left), booleanText(right))
      case .string: return .texts(try text(left, part), try text(right, part))
      case .number: return .doubles(try double(left, part), try double(right, part))
      default:
        guard let type = value.type else { continue }
        let offset: Program.OffsetRule =
          value.hasOffset.map { $0 ? .required : .forbidden } ?? .any
        let model = CInteger(text: "", type: type, range: 0...0, offset: offset)
        return .integers(
          try integer(left, like: model, part), try integer(right, like: model, part))
      }
    }
    return .booleans("-1", "-1")
  }

  /// A number as a `double`.
  mutating func double(
    _ operand: COperand, _ part: Inexpressible.Part
  ) throws(Inexpressible) -> String {
    switch operand {
    case .double(let text): return text
    case .null: return call(.doubleOfInteger, "INT64_MIN")
    case .constant(.number(let number)):
      guard let double = Double(number.description), Decimal128(double) == number else {
        throw Inexpressible("the number \(number), which no double stands for", in: part)
      }
      return CText.literal(double)
    case .integer(let integer)
    where integer.type == .number && integer.range.lowerBound >= -(1 << 53)
      && integer.range.upperBound <= 1 << 53:
      return call(.doubleOfInteger, integer.text)
    default: throw Inexpressible("this number as a double", in: part)
    }
  }

  /// A text.
  mutating func text(
    _ operand: COperand, _ part: Inexpressible.Part
  ) throws(Inexpressible) -> String {
    switch operand {
    case .text(let text): return text
    case .constant(.string(let text)):
      guard text.utf8.count <= CLimits.textBytes else {
        throw Inexpressible("a text of more than \(CLimits.textBytes) bytes", in: part)
      }
      return define("\(prefix)_text", "{\(CText.literal(text)), \(text.utf8.count)}")
    default: return define("\(prefix)_text", "{NULL, 0}")
    }
  }

  /// A value like `model`, as an integer.
  func integer(
    _ operand: COperand, like model: CInteger, _ part: Inexpressible.Part
  ) throws(Inexpressible) -> CInteger {
    switch operand {
    case .integer(let integer): return integer
    case .null:
      var result = model
      (result.text, result.isClipped) = ("INT64_MIN", false)
      return result
    case .constant(let value):
      let scale = [.time, .dateTime, .dayTimeDuration].contains(model.type) ? 9 : 0
      let power = Decimal128(coefficient: 1, exponent: scale)
      guard let measure = value.measure, let power, let scaled = measure.multiplied(by: power),
        let whole = Int(exactly: scaled), CInteger.all.contains(Int64(whole))
      else {
        throw Inexpressible("the value \(value), which 64-bit integers don't hold", in: part)
      }
      var result = CInteger(
        text: CText.literal(Int64(whole)), type: model.type, range: Int64(whole)...Int64(whole))
      if let hasOffset = value.hasOffset { result.offset = hasOffset ? .required : .forbidden }
      return result
    default: throw Inexpressible("this value as an integer", in: part)
    }
  }

  /// Clipped values serve only comparisons with constants.
  func requireExact(
    _ integers: [CInteger], _ part: Inexpressible.Part
  ) throws(Inexpressible) {
    guard integers.allSatisfy({ !$0.isClipped }) else {
      throw Inexpressible("arithmetic that 64-bit nanoseconds may not hold", in: part)
    }
  }
}

/// What C99 promises of every compiler.
enum CLimits {
  /// The longest string literal (§5.2.4.1 promises 4,095 characters; escapes don't count).
  static let textBytes = 4_000
}
