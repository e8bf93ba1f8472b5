import RuleProgram

/// The values that one input may take in a counterfactual, numbered in ascending order: a grid of
/// steps, a list of texts, or false and true.
struct InputGrid {
  /// The numbers below the present value that may be taken, and those above it; for a missing value
  /// and for texts all are above. Empty ones are left out.
  let sides: [ClosedRange<Int64>]
  private let kind: Kind
  private let cost: Cost

  private enum Kind {
    case measures(step: Decimal128, type: ValueType, inUTC: Bool)
    case texts([String])
    case booleans
  }

  /// What a change costs: `fixed`, or for ordered values `perStep` for each step from `present`.
  private struct Cost {
    var fixed: Double
    var perStep: Double = 0
    var present: Double?
  }

  /// The most steps from zero.
  private static let stepLimit: Int64 = 1_000_000_000_000

  /// The grid of `input` for a row whose value is `value`; nil when it can't move.
  ///
  /// - Parameter constants: what the rules compare the input with.
  init?(_ input: Program.Input, value: Value, constants: [Value], _ rule: Actionability) {
    guard rule.direction != .fixed else { return nil }
    cost = Self.cost(input, value, constants, rule)
    switch input.type {
    case .boolean:
      kind = .booleans
      sides = Self.sides(rule.direction, at: value)
    case .string:
      guard rule.direction == .either else { return nil }
      let texts = input.values.isEmpty ? Self.texts(constants) : input.values
      kind = .texts(texts)
      sides = Self.others(texts, value)
    default:
      guard let step = Self.step(input, value, constants, rule) else { return nil }
      kind = .measures(
        step: step, type: input.type, inUTC: value.hasOffset ?? (input.offset == .required))
      sides = Self.sides(input, value, step, rule.direction)
    }
    if sides.isEmpty { return nil }
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
      let isClock = type == .time || type == .dateTime
      let ends = [numbers.lowerBound, numbers.upperBound].map {
        Decimal128(Int($0)).multiplied(by: step)
      }
      return AbstractValue(
        type, .numbers(Interval(ends[0], ends[1])), mayBeNull: false,
        offset: isClock ? (inUTC ? .required : .forbidden) : .any)
    }
  }

  /// What it costs to take the value with a number.
  func cost(_ number: Int64) -> Double {
    guard let present = cost.present else { return cost.fixed }
    return cost.perStep * abs(Double(number) - present)
  }

  /// The number in `numbers` that costs least.
  func nearest(in numbers: ClosedRange<Int64>) -> Int64 {
    cost(numbers.lowerBound) <= cost(numbers.upperBound) ? numbers.lowerBound : numbers.upperBound
  }

  /// The number in `ranges` that costs least; nil when there is none.
  func nearest(in ranges: [ClosedRange<Int64>]) -> Int64? {
    ranges.map { nearest(in: $0) }.min { cost($0) < cost($1) }
  }

  /// The numbers in `ranges` whose values have keys in `keys`, as slot number `slot` of `program` sees
  /// them.
  func numbers(
    in ranges: [ClosedRange<Int64>], with keys: KeySet, _ program: Program, _ slot: Int
  ) -> [ClosedRange<Int64>] {
    guard case .measures = kind else {
      return ranges.flatMap { range in
        range.filter { number in
          value(number).map { keys.contains(program.key(of: $0, slot: slot)) } ?? false
        }.map { $0...$0 }
      }
    }
    guard let sample = ranges.first.flatMap({ value(nearest(in: $0)) }) else { return [] }
    // A time with an offset from UTC where the slot takes none, or the reverse, counts as missing.
    if program.key(of: sample, slot: slot) == KeyEncoding.missingKey {
      return keys.includesMissing ? ranges : []
    }
    let parts = keys.ranges.compactMap { part(of: $0, program, program.slots[slot]) }
    return ranges.flatMap { range in
      parts.compactMap { part in
        let low = max(range.lowerBound, part.lowerBound)
        let high = min(range.upperBound, part.upperBound)
        return low <= high ? low...high : nil
      }
    }
  }

  /// The numbers whose values have keys in `keys`.
  private func part(
    of keys: ClosedRange<Int64>, _ program: Program, _ slot: Program.Slot
  ) -> ClosedRange<Int64>? {
    func first(_ key: Int64) -> Int64? {
      guard let bound = program.lowerBound(key, slot), let measure = bound.value.measure else {
        return nil
      }
      return self.first(from: measure, closed: bound.isClosed)
    }
    let low = first(keys.lowerBound) ?? -Self.stepLimit
    let high =
      keys.upperBound == Int64.max ? Self.stepLimit : first(keys.upperBound + 1).map { $0 - 1 }
    let end = high ?? Self.stepLimit
    return low <= end ? low...end : nil
  }

  /// The least number whose value's measure is `measure` or more (beyond it, if it isn't `closed`);
  /// nil for texts and booleans, and where that is out of reach.
  func first(from measure: Decimal128, closed: Bool) -> Int64? {
    guard case .measures(let step, _, _) = kind,
      let number = Self.number(measure, step, .ceiling)
    else { return nil }
    if !closed, Decimal128(Int(number)).multiplied(by: step) == measure { return number + 1 }
    return number
  }
}

/// How grids are made.
extension InputGrid {
  private static func texts(_ values: [Value]) -> [String] {
    let texts = values.compactMap { value -> String? in
      if case .string(let text) = value { return text }
      return nil
    }
    return Set(texts).sorted { $0.precedesInUTF8($1) }
  }

  /// The runs of texts that are not the present one.
  private static func others(_ texts: [String], _ value: Value) -> [ClosedRange<Int64>] {
    var present: Int64?
    if case .string(let text) = value {
      present = texts.firstIndex { $0.utf8.elementsEqual(text.utf8) }.map { Int64($0) }
    }
    return texts.isEmpty ? [] : sides(0...Int64(texts.count - 1), at: present)
  }

  private static func sides(
    _ all: ClosedRange<Int64>, at present: Int64?
  ) -> [ClosedRange<Int64>] {
    guard let present else { return [all] }
    var sides: [ClosedRange<Int64>] = []
    if all.lowerBound < present { sides.append(all.lowerBound...(present - 1)) }
    if present < all.upperBound { sides.append((present + 1)...all.upperBound) }
    return sides
  }

  /// False is below true.
  private static func sides(
    _ direction: Actionability.Direction, at value: Value
  ) -> [ClosedRange<Int64>] {
    sides(0...1, at: value == .null ? nil : (value == .boolean(true) ? 1 : 0)).filter { side in
      switch direction {
      case .either: true
      case .increaseOnly: value == .null || side.lowerBound == 1
      case .decreaseOnly: value == .null || side.lowerBound == 0
      case .fixed: false
      }
    }
  }

  private static func sides(
    _ input: Program.Input, _ value: Value, _ step: Decimal128,
    _ direction: Actionability.Direction
  ) -> [ClosedRange<Int64>] {
    let low = input.minimum?.measure.flatMap { number($0, step, .ceiling) } ?? -stepLimit
    let high = input.maximum?.measure.flatMap { number($0, step, .floor) } ?? stepLimit
    guard low <= high else { return [] }
    guard let measure = value.measure, let floor = number(measure, step, .floor),
      let ceiling = number(measure, step, .ceiling)
    else { return [low...high] }
    let isOnGrid = floor == ceiling
    var sides: [ClosedRange<Int64>] = []
    let below = isOnGrid ? floor - 1 : floor
    let above = isOnGrid ? ceiling + 1 : ceiling
    if direction != .increaseOnly, low <= below { sides.append(low...min(below, high)) }
    if direction != .decreaseOnly, above <= high { sides.append(max(above, low)...high) }
    return sides
  }

  /// The stated step, else the finest that the constants, the bounds and the value tell apart.
  private static func step(
    _ input: Program.Input, _ value: Value, _ constants: [Value], _ rule: Actionability
  ) -> Decimal128? {
    if let step = rule.step { return Decimal128(0) < step ? step : nil }
    let known = (constants + [value, input.minimum ?? .null, input.maximum ?? .null])
      .filter { $0.type == input.type }.compactMap(\.measure)
    let digits = min(known.map(\.fractionDigits).max() ?? 0, 9)
    return Decimal128(negative: false, coefficient: 1, exponent: -digits)
  }

  private static func number(
    _ measure: Decimal128, _ step: Decimal128, _ mode: RoundingMode
  ) -> Int64? {
    let limit = Decimal128(Int(stepLimit))
    guard let count = measure.divided(by: step)?.rounded(scale: 0, mode: mode) else { return nil }
    if limit < count { return stepLimit }
    if count < limit.negated { return -stepLimit }
    return Double(count.description).map { Int64($0) }
  }

  private static func cost(
    _ input: Program.Input, _ value: Value, _ constants: [Value], _ rule: Actionability
  ) -> Cost {
    guard let measure = value.measure, let step = step(input, value, constants, rule) else {
      return Cost(fixed: rule.weight)
    }
    let span = max(length(of: input, constants, measure).roughDouble, step.roughDouble)
    return Cost(
      fixed: rule.weight, perStep: rule.weight * step.roughDouble / span,
      present: measure.roughDouble / step.roughDouble)
  }

  /// The length over which the input is meant to vary: its declared bounds, else what its constants
  /// and its value span.
  private static func length(
    of input: Program.Input, _ constants: [Value], _ measure: Decimal128
  ) -> Decimal128 {
    let known = constants.filter { $0.type == input.type }.compactMap(\.measure) + [measure]
    let low = input.minimum?.measure ?? known.min() ?? Decimal128(0)
    let high = input.maximum?.measure ?? known.max() ?? Decimal128(1)
    let length = high.subtracting(low) ?? Decimal128(1)
    return length == Decimal128(0) ? max(high.magnitude, Decimal128(1)) : length
  }
}

extension Decimal128 {
  /// The number as a double, for ordering costs only.
  fileprivate var roughDouble: Double { Double(description) ?? .greatestFiniteMagnitude }
}
