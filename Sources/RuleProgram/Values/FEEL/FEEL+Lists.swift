extension FEEL {
  /// FEEL's `min`: the smallest of values of one ordered type; null for no values, for null among
  /// them and for values that have no order.
  public static func min(_ values: [Value]) -> Value {
    extreme(values, 1)
  }

  /// FEEL's `max`: the largest of values of one ordered type, null as for `min`.
  public static func max(_ values: [Value]) -> Value {
    extreme(values, -1)
  }

  /// FEEL's `sum` of numbers, added from the first to the last; null for no values and for any
  /// that isn't a number.
  public static func sum(_ values: [Value]) -> Value {
    guard let first = values.first, case .number = first else { return .null }
    return values.dropFirst().reduce(first) { sum, next in
      guard case .number = next else { return .null }
      return add(sum, next)
    }
  }

  /// FEEL's `count`: how many values there are, nulls included.
  public static func count(_ values: [Value]) -> Value {
    .number(Decimal128(values.count))
  }

  /// The value that all others follow (`side` 1) or precede (-1).
  private static func extreme(_ values: [Value], _ side: Int) -> Value {
    guard var best = values.first, order(best, best) != nil else { return .null }
    for next in values.dropFirst() {
      guard let order = order(best, next) else { return .null }
      if order == side { best = next }
    }
    return best
  }
}
