extension FEEL {
  /// FEEL's `=` (DMN 1.5 table 42 and §10.3.2.13): `null = null` is true, null and any other value
  /// are unequal, and values of different types, or a local time and one with an offset, have no
  /// answer.
  public static func equal(_ left: Value, _ right: Value) -> Value {
    if left.type == nil || right.type == nil {
      return .boolean(left.type == nil && right.type == nil)
    }
    if case .boolean(let left) = left, case .boolean(let right) = right {
      return .boolean(left == right)
    }
    return value(order(left, right).map { $0 == 0 })
  }

  /// FEEL's `!=`: the opposite of `=`, null where that is null.
  public static func notEqual(_ left: Value, _ right: Value) -> Value {
    not(equal(left, right))
  }

  /// FEEL's `<`; null if an operand is null, of another type or a boolean.
  public static func less(_ left: Value, _ right: Value) -> Value {
    value(order(left, right).map { $0 < 0 })
  }

  /// FEEL's `<=`.
  public static func lessOrEqual(_ left: Value, _ right: Value) -> Value {
    value(order(left, right).map { $0 <= 0 })
  }

  /// FEEL's `>`.
  public static func greater(_ left: Value, _ right: Value) -> Value {
    value(order(left, right).map { $0 > 0 })
  }

  /// FEEL's `>=`.
  public static func greaterOrEqual(_ left: Value, _ right: Value) -> Value {
    value(order(left, right).map { $0 >= 0 })
  }

  /// FEEL's `between … and …`: `value >= low and value <= high`.
  public static func between(_ value: Value, _ low: Value, _ high: Value) -> Value {
    and(greaterOrEqual(value, low), lessOrEqual(value, high))
  }

  /// FEEL's `in` an interval whose ends belong to it or not.
  public static func inside(
    _ value: Value, low: Value, closedLow: Bool, high: Value, closedHigh: Bool
  ) -> Value {
    and(
      closedLow ? greaterOrEqual(value, low) : greater(value, low),
      closedHigh ? lessOrEqual(value, high) : less(value, high))
  }

  /// -1, 0 or 1 as `left` is before, equal to or after `right`; `nil` where FEEL doesn't order
  /// them. Strings go by Unicode scalars, times and date-times by UTC.
  public static func order(_ left: Value, _ right: Value) -> Int? {
    switch (left, right) {
    case (.number(let left), .number(let right)): left.compare(right)
    case (.string(let left), .string(let right)): order(left, right)
    case (.date(let left), .date(let right)): order(left.dayNumber, right.dayNumber)
    case (.time(let left), .time(let right)): left.compare(right)
    case (.dateTime(let left), .dateTime(let right)): left.compare(right)
    case (.dayTimeDuration(let left), .dayTimeDuration(let right)):
      order(left.nanoseconds, right.nanoseconds)
    case (.yearMonthDuration(let left), .yearMonthDuration(let right)):
      order(left.months, right.months)
    default: nil
    }
  }

  /// The order of two texts by Unicode scalars, which is that of their UTF-8 bytes.
  static func order(_ left: String, _ right: String) -> Int {
    if left.utf8.elementsEqual(right.utf8) { return 0 }
    return left.utf8.lexicographicallyPrecedes(right.utf8) ? -1 : 1
  }

  private static func order<T: FixedWidthInteger>(_ left: T, _ right: T) -> Int {
    left == right ? 0 : (left < right ? -1 : 1)
  }
}
