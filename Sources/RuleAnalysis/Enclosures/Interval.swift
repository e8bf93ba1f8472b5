public import RuleProgram

/// An interval of exact numbers; nil ends are infinite.
///
/// Arithmetic on intervals is sound for arithmetic on decimals that rounds to 34 digits: rounding
/// never reverses an order, so the rounded ends still enclose every rounded result. An end that
/// rounding could reach from inside counts as closed.
public struct Interval: Hashable, Sendable {
  public var low: Decimal128?
  public var lowIsClosed: Bool
  public var high: Decimal128?
  public var highIsClosed: Bool

  /// The interval from `low` to `high`.
  public init(
    _ low: Decimal128?, _ high: Decimal128?, lowIsClosed: Bool = true, highIsClosed: Bool = true
  ) {
    self.low = low
    self.high = high
    self.lowIsClosed = lowIsClosed
    self.highIsClosed = highIsClosed
  }

  /// Every number.
  public static let everything = Interval(nil, nil)

  /// One number.
  public init(_ number: Decimal128) { self.init(number, number) }

  /// True when `number` lies inside.
  public func contains(_ number: Decimal128) -> Bool {
    if let low, number < low || (number == low && !lowIsClosed) { return false }
    if let high, high < number || (number == high && !highIsClosed) { return false }
    return true
  }

  /// True when both ends are finite.
  public var isBounded: Bool { low != nil && high != nil }

  /// The least interval around both.
  public func hull(_ other: Interval) -> Interval {
    var result = self
    if let a = low, let b = other.low {
      if b < a || (a == b && other.lowIsClosed) {
        result.low = b
        result.lowIsClosed = other.lowIsClosed
      }
    } else {
      result.low = nil
    }
    if let a = high, let b = other.high {
      if a < b || (a == b && other.highIsClosed) {
        result.high = b
        result.highIsClosed = other.highIsClosed
      }
    } else {
      result.high = nil
    }
    return result
  }

  var negated: Interval {
    Interval(
      high?.negated, low?.negated, lowIsClosed: highIsClosed, highIsClosed: lowIsClosed)
  }

  /// The result and whether it can overflow. An infinite end stands for the greatest input
  /// (`Binding.greatestInputExponent`) only in `bounded`, so here it simply stays infinite.
  func adding(_ other: Interval) -> Interval {
    Interval(Self.sum(low, other.low), Self.sum(high, other.high))
  }

  func multiplied(by other: Interval) -> Interval {
    guard let a = low, let b = high, let c = other.low, let d = other.high else {
      return unboundedProduct(other)
    }
    return Self.enclosing([a, b].flatMap { x in [c, d].map { x.multiplied(by: $0) } })
  }

  /// Signs are all that is kept of a product with an infinite factor.
  private func unboundedProduct(_ other: Interval) -> Interval {
    let zero = Decimal128(0)
    switch (sign, other.sign) {
    case (.positive, .positive), (.negative, .negative): return Interval(zero, nil)
    case (.positive, .negative), (.negative, .positive): return Interval(nil, zero)
    default: return .everything
    }
  }

  /// The quotients by every divisor but zero.
  func divided(by other: Interval) -> Interval {
    let zero = Decimal128(0)
    if let a = low, let b = high, let c = other.low, let d = other.high, zero < c || d < zero {
      return Self.enclosing([a, b].flatMap { x in [c, d].map { x.divided(by: $0) } })
    }
    return unboundedProduct(other)
  }

  enum Sign { case positive, negative, both }

  /// Zero counts to either side.
  var sign: Sign {
    let zero = Decimal128(0)
    if let low, zero <= low { return .positive }
    if let high, high <= zero { return .negative }
    return .both
  }

  private static func sum(_ a: Decimal128?, _ b: Decimal128?) -> Decimal128? {
    guard let a, let b else { return nil }
    return a.adding(b)
  }

  private static func enclosing(_ numbers: [Decimal128?]) -> Interval {
    let known = numbers.compactMap { $0 }
    guard known.count == numbers.count, let low = known.min(), let high = known.max() else {
      return .everything
    }
    return Interval(low, high)
  }

  /// The interval of `transform` of every number, for a transform that never reverses an order.
  func monotone(_ transform: (Decimal128) -> Decimal128?) -> Interval {
    Interval(low.flatMap(transform), high.flatMap(transform))
  }
}
