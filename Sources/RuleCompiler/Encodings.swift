import RuleProgram

extension Draft {
  /// Chooses how each slot's values become keys, now that all constants are known.
  mutating func chooseEncodings() {
    for index in slots.indices {
      slots[index].offset = offset(of: slots[index])
      slots[index].encoding = encoding(of: slots[index])
    }
  }

  /// An input's rule is its declaration's; otherwise it follows from the constants.
  private func offset(of slot: DraftSlot) -> Program.OffsetRule {
    if case .input(let index) = slot.source, declarations.inputs[index].offset != .any {
      return declarations.inputs[index].offset
    }
    guard let hasOffset = slot.constants.lazy.compactMap(\.hasOffset).first else { return .any }
    return hasOffset ? .required : .forbidden
  }

  /// The inputs as the program declares them: a time that is compared with constants must carry an
  /// offset exactly when they do.
  var inputs: [Program.Input] {
    var inputs = declarations.inputs
    for slot in slots {
      if case .input(let index) = slot.source, inputs[index].offset == .any {
        inputs[index].offset = slot.offset
      }
    }
    return inputs
  }

  private func encoding(of slot: DraftSlot) -> KeyEncoding {
    switch slot.type {
    case .boolean: return .boolean
    case .string:
      if case .input(let index) = slot.source, !declarations.inputs[index].values.isEmpty {
        return .declared
      }
      return .ranked(Self.sorted(slot.constants))
    case .date, .yearMonthDuration: return .whole
    case .number, .time, .dateTime, .dayTimeDuration:
      let digits = slot.constants.compactMap { $0.measure?.fractionDigits }.max() ?? 0
      let fits = slot.constants.allSatisfy { constant in
        constant.measure.map { Self.fits($0, digits: digits) } ?? true
      }
      return fits ? .scaled(digits: digits) : .ranked(Self.sorted(slot.constants))
    }
  }

  /// True when `number * 10^digits` stays far below the keys' saturation.
  private static func fits(_ number: Decimal128, digits: Int) -> Bool {
    guard digits <= 18 else { return false }
    let limit = Decimal128(
      negative: false, coefficient: 1_000_000_000_000_000_000, exponent: -digits)
    return limit.map { number.magnitude <= $0 } ?? false
  }

  private static func sorted(_ constants: [Value]) -> [Value] {
    var result: [Value] = []
    for constant in constants.sorted(by: { ($0.order(to: $1) ?? 0) < 0 })
    where result.last?.order(to: constant) != 0 {
      result.append(constant)
    }
    return result
  }
}
