import RuleProgram

/// Arithmetic over enclosures. Dates count in days, times and their durations in seconds, the
/// other durations in months: sums that mix them are enclosed roughly, in the unit of the result.
extension AbstractInterpreter {
  static func arithmetic(
    _ operation: Operation, _ a: [AbstractValue], anyNull: Bool
  ) -> AbstractValue {
    let result = operation.resultType(a.map(\.type))
    guard case .type(let type) = result else { return AbstractValue(.null) }
    if type == .string { return .anything(.string, mayBeNull: anyNull) }
    if a.count == 2, a.contains(where: { $0.type != .number }) {
      return temporal(operation, a[0], a[1], type, anyNull: anyNull)
    }
    return plain(operation, a, type, anyNull: anyNull)
  }

  /// Numbers, and what keeps its unit: the negation of a duration.
  private static func plain(
    _ operation: Operation, _ a: [AbstractValue], _ type: ValueType, anyNull: Bool
  ) -> AbstractValue {
    let zero = Decimal128(0)
    let x = a[0].interval
    let y = a.count > 1 ? a[1].interval : .everything
    switch operation {
    case .add: return enclosed(x.adding(y), type, anyNull)
    case .subtract: return enclosed(x.adding(y.negated), type, anyNull)
    case .multiply: return enclosed(x.multiplied(by: y), type, anyNull)
    case .divide: return enclosed(x.divided(by: y), type, anyNull || y.contains(zero))
    case .negate: return enclosed(x.negated, type, anyNull)
    case .abs: return enclosed(absolute(x), type, anyNull)
    case .floor: return enclosed(x.monotone { $0.rounded(scale: 0, mode: .floor) }, type, anyNull)
    case .ceiling:
      return enclosed(x.monotone { $0.rounded(scale: 0, mode: .ceiling) }, type, anyNull)
    case .roundUp, .roundDown, .roundHalfUp, .roundHalfDown, .roundHalfEven:
      return rounded(operation, x, y, mayBeNull: anyNull)
    case .squareRoot:
      let isNegative = x.low.map { $0 < zero } ?? true
      return AbstractValue(.number, .numbers(Interval(zero, nil)), mayBeNull: anyNull || isNegative)
    default: return .anything(type)
    }
  }

  /// Sums and differences with a date, time or duration in them, products and quotients of durations.
  private static func temporal(
    _ operation: Operation, _ a: AbstractValue, _ b: AbstractValue, _ type: ValueType,
    anyNull: Bool
  ) -> AbstractValue {
    let isUnlike = a.mayBeIncomparable(with: b)
    var x = inUnit(of: type, a)
    var y = inUnit(of: type, b)
    if type == .number { (x, y) = (a.interval, b.interval) }
    var result: AbstractValue
    switch operation {
    case .add: result = enclosed(x.adding(y), type, anyNull)
    case .subtract: result = enclosed(x.adding(y.negated), type, anyNull || isUnlike)
    case .multiply: result = enclosed(widened(x.multiplied(by: y)), type, anyNull)
    case .divide:
      result = enclosed(
        widened(x.divided(by: y)), type, anyNull || y.contains(Decimal128(0)))
    default: result = .anything(type)
    }
    if type == .time {
      // A time wraps around midnight: it can't leave its day.
      result = .anything(.time, mayBeNull: anyNull)
    }
    result.offset = a.type == type ? a.offset : b.type == type ? b.offset : .any
    return result
  }

  /// The interval of `value` in the unit in which `type` is measured, a little wider where the
  /// units don't fit exactly.
  private static func inUnit(of type: ValueType, _ value: AbstractValue) -> Interval {
    let day = Interval(Decimal128(86_400))
    switch (value.type, type) {
    case (.date, .dayTimeDuration): return value.interval.multiplied(by: day)
    case (.dayTimeDuration, .date): return widened(value.interval.divided(by: day))
    case (.yearMonthDuration, .date):
      return widened(value.interval.multiplied(by: Interval(Decimal128(27), Decimal128(32))))
    case (.yearMonthDuration, .dateTime):
      return widened(
        value.interval.multiplied(by: Interval(Decimal128(2_300_000), Decimal128(2_800_000))))
    default: return value.interval
    }
  }

  /// One unit more on either side, for results that are rounded to whole units, and one month's
  /// worth of days for the clipping at a month's end.
  private static func widened(_ interval: Interval) -> Interval {
    let margin = Decimal128(40)
    return Interval(
      interval.low?.subtracting(margin), interval.high?.adding(margin))
  }

  private static func enclosed(
    _ interval: Interval, _ type: ValueType, _ mayBeNull: Bool
  ) -> AbstractValue {
    AbstractValue(
      type, .numbers(interval), mayBeNull: mayBeNull || mayOverflow(interval, type))
  }

  /// True when a result in `interval` could lie outside what its type holds. The bounds leave room:
  /// what is inside them is certainly held.
  private static func mayOverflow(_ interval: Interval, _ type: ValueType) -> Bool {
    let limit: Decimal128? =
      switch type {
      case .date: Decimal128(300_000_000_000)
      case .dateTime: Decimal128(30_000_000_000_000_000)
      case .dayTimeDuration, .yearMonthDuration: Decimal128(1_000_000_000_000_000_000)
      default: Decimal128(negative: false, coefficient: 1, exponent: 6000)
      }
    guard let limit, let low = interval.low, let high = interval.high else { return true }
    return low < limit.negated || limit < high
  }

  private static func absolute(_ x: Interval) -> Interval {
    let zero = Decimal128(0)
    if let low = x.low, zero <= low { return x }
    if let high = x.high, high <= zero { return x.negated }
    guard let low = x.low, let high = x.high else { return Interval(zero, nil) }
    return Interval(zero, max(low.negated, high))
  }

  /// Rounding to a known scale keeps order; to an unknown scale, nothing is known.
  private static func rounded(
    _ operation: Operation, _ x: Interval, _ scale: Interval, mayBeNull: Bool
  ) -> AbstractValue {
    guard let low = scale.low, low == scale.high else { return .anything(.number) }
    let round = { (number: Decimal128) -> Decimal128? in
      guard case .number(let result) = operation.value(of: .number(number), .number(low)) else {
        return nil
      }
      return result
    }
    let result = x.monotone(round)
    return enclosed(result, .number, mayBeNull)
  }

  static func extreme(
    _ operation: Operation, _ a: [AbstractValue], anyNull: Bool
  ) -> AbstractValue {
    guard var result = a.first else { return AbstractValue(.null) }
    for value in a.dropFirst() { result = result.union(value) }
    result.mayBeNull = anyNull || a.dropFirst().contains { $0.mayBeIncomparable(with: a[0]) }
    return result
  }

  static func sum(_ a: [AbstractValue], anyNull: Bool) -> AbstractValue {
    guard let first = a.first else { return AbstractValue(.null) }
    let total = a.dropFirst().reduce(first.interval) { $0.adding($1.interval) }
    return enclosed(total, first.type ?? .number, anyNull)
  }

  static func difference(_ a: [AbstractValue], anyNull: Bool) -> AbstractValue {
    AbstractValue(
      .yearMonthDuration,
      .numbers(Interval(Decimal128(-30_000_000_000), Decimal128(30_000_000_000))),
      mayBeNull: anyNull || !a.allSatisfy { $0.interval.isBounded })
  }

  static func property(
    _ operand: Int, of type: ValueType?, anyNull: Bool
  ) -> AbstractValue {
    let property = UInt8(exactly: operand).flatMap(TemporalProperty.init(rawValue:))
    guard let bounds = property?.bounds else {
      return .anything(type.flatMap { property?.type(on: $0) })
    }
    return AbstractValue(
      .number,
      .numbers(
        Interval(bounds.low.map { Decimal128($0) }, bounds.high.map { Decimal128($0) })),
      mayBeNull: anyNull)
  }
}

extension TemporalProperty {
  /// The least and greatest value of a property that every value of its types has; nil for one
  /// that may be null.
  fileprivate var bounds: (low: Int?, high: Int?)? {
    switch self {
    case .year, .years, .days: (nil, nil)
    case .month: (1, 12)
    case .day: (1, 31)
    case .weekday: (1, 7)
    case .hour: (0, 23)
    case .minute, .second: (0, 60)
    case .months: (-11, 11)
    case .hours: (-23, 23)
    case .minutes, .seconds: (-60, 60)
    default: nil
    }
  }
}
