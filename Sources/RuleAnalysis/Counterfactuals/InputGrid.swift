import RuleProgram

/// The values that one input may take in a counterfactual, numbered in ascending order: a grid of
/// steps, a list of declared values, or false and true.
struct InputGrid {
  /// The numbers of the values, without the present one's direction rules.
  let range: ClosedRange<Int64>
  /// The number of the present value; nil when it is missing or lies off the grid.
  let present: Int64?
  /// How much one step costs.
  let stepCost: Double
  private let kind: Kind

  private enum Kind {
    case measures(step: Decimal128, type: ValueType, inUTC: Bool)
    case texts([String])
    case booleans
  }

  /// The most steps between the ends of a grid.
  private static let stepLimit: Int64 = 1_000_000_000_000

  /// The grid of `input` for a row whose value is `value`; nil when it can't move.
  ///
  /// - Parameter constants: what the rules compare the input with.
  init?(
    _ input: Program.Input, value: Value, constants: [Value], _ rule: Actionability
  ) {
    switch input.type {
    case .boolean:
      kind = .booleans
      present = value == .boolean(true) ? 1 : value == .boolean(false) ? 0 : nil
      range = 0...1
      stepCost = rule.weight
    case .string:
      let texts =
        input.values.isEmpty
        ? Self.texts(constants + [value]) : input.values
      guard texts.count > 1 else { return nil }
      kind = .texts(texts)
      if case .string(let text) = value {
        present = texts.firstIndex { $0.utf8.elementsEqual(text.utf8) }.map { Int64($0) }
      } else {
        present = nil
      }
      range = 0...Int64(texts.count - 1)
      stepCost = rule.weight
    default:
      guard let grid = Self.steps(input, value, constants, rule) else { return nil }
      kind = .measures(
        step: grid.step, type: input.type, inUTC: value.hasOffset ?? (input.offset == .required))
      (range, present, stepCost) = (grid.range, grid.present, grid.cost)
    }
  }

  /// The value with a number.
  func value(_ number: Int64) -> Value? {
    switch kind {
    case .booleans: return .boolean(number == 1)
    case .texts(let texts):
      return texts.indices.contains(Int(number)) ? .string(texts[Int(number)]) : nil
    case .measures(let step, let type, let inUTC):
      return Decimal128(Int(number)).multiplied(by: step)
        .flatMap { Value(measure: $0, type: type, inUTC: inUTC) }
    }
  }

  /// An enclosure of the values with the numbers `numbers`.
  func enclosure(_ numbers: ClosedRange<Int64>) -> AbstractValue {
    switch kind {
    case .booleans:
      return AbstractValue(
        .boolean,
        .booleans(canBeFalse: numbers.contains(0), canBeTrue: numbers.contains(1)),
        mayBeNull: false)
    case .texts(let texts):
      return AbstractValue(
        .string, .strings(Set(numbers.map { texts[Int($0)] })), mayBeNull: false)
    case .measures(let step, let type, let inUTC):
      let offset: Program.OffsetRule =
        type == .time || type == .dateTime ? (inUTC ? .required : .forbidden) : .any
      let ends = [numbers.lowerBound, numbers.upperBound].map {
        Decimal128(Int($0)).multiplied(by: step)
      }
      return AbstractValue(
        type, .numbers(Interval(ends[0], ends[1])), mayBeNull: false, offset: offset)
    }
  }

  /// What it costs to go from the present value to number `number`.
  func cost(_ number: Int64) -> Double {
    guard let present else { return stepCost }
    if number == present { return 0 }
    if case .texts = kind { return stepCost }
    return stepCost * Double(number.distance(from: present))
  }

  /// True when values that are further away don't cost more.
  var isUnordered: Bool {
    if case .texts = kind { return true }
    return false
  }

  private static func texts(_ values: [Value]) -> [String] {
    let texts = values.compactMap { value -> String? in
      if case .string(let text) = value { return text }
      return nil
    }
    return Set(texts).sorted { $0.precedesInUTF8($1) }
  }

  private static func steps(
    _ input: Program.Input, _ value: Value, _ constants: [Value], _ rule: Actionability
  ) -> (step: Decimal128, range: ClosedRange<Int64>, present: Int64?, cost: Double)? {
    let measures = constants.compactMap(\.measure)
    let known = measures + [value, input.minimum, input.maximum].compactMap { $0?.measure }
    let digits = min(known.map(\.fractionDigits).max() ?? 0, 9)
    let finest = Decimal128(negative: false, coefficient: 1, exponent: -digits)
    guard let step = rule.step ?? finest, Decimal128(0) < step else { return nil }
    let far = Decimal128(Int(stepLimit)).multiplied(by: step)
    let low = input.minimum?.measure ?? far?.negated
    let high = input.maximum?.measure ?? far
    guard let low, let high, let first = number(low, step, .ceiling),
      let last = number(high, step, .floor), first <= last
    else { return nil }
    let span = range(of: input, measures, value)
    let present = value.measure.flatMap { measure in
      number(measure, step, .floor).flatMap { Decimal128(Int($0)).multiplied(by: step) == measure ? $0 : nil }
    }
    let cost = rule.weight * step.roughDouble / max(span.roughDouble, step.roughDouble)
    return (step, first...last, present, cost)
  }

  private static func number(
    _ measure: Decimal128, _ step: Decimal128, _ mode: RoundingMode
  ) -> Int64? {
    let limit = Decimal128(Int(stepLimit))
    guard let count = measure.divided(by: step)?.rounded(scale: 0, mode: mode) else { return nil }
    if limit < count { return stepLimit }
    if count < limit.negated { return -stepLimit }
    return Int64(count.description)
  }

  /// The length over which the input is meant to vary: its declared bounds, else what its constants
  /// and its value span.
  private static func range(
    of input: Program.Input, _ constants: [Decimal128], _ value: Value
  ) -> Decimal128 {
    let known = constants + [value.measure].compactMap { $0 }
    let low = input.minimum?.measure ?? known.min() ?? Decimal128(0)
    let high = input.maximum?.measure ?? known.max() ?? Decimal128(1)
    let length = high.subtracting(low) ?? Decimal128(1)
    return length == Decimal128(0) ? max(high.magnitude, Decimal128(1)) : length
  }
}

extension Int64 {
  /// How many steps lie between two numbers.
  fileprivate func distance(from other: Int64) -> UInt64 {
    self > other ? UInt64(self - other) : UInt64(other - self)
  }
}

extension Decimal128 {
  /// The number as a double, for ordering costs only.
  fileprivate var roughDouble: Double { Double(description) ?? .greatestFiniteMagnitude }
}
