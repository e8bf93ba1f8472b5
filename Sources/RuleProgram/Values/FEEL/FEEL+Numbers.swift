extension FEEL {
  /// FEEL's `abs` of a number or duration.
  public static func abs(_ operand: Value) -> Value {
    switch operand {
    case .number(let number): .number(number.magnitude)
    case .dayTimeDuration(let duration): duration.nanoseconds < 0 ? negate(operand) : operand
    case .yearMonthDuration(let duration): duration.months < 0 ? negate(operand) : operand
    default: .null
    }
  }

  /// FEEL's `floor(n)` and `floor(n, scale)`.
  public static func floor(_ operand: Value, scale: Value = .number(.zero)) -> Value {
    round(operand, scale, .floor)
  }

  /// FEEL's `ceiling(n)` and `ceiling(n, scale)`.
  public static func ceiling(_ operand: Value, scale: Value = .number(.zero)) -> Value {
    round(operand, scale, .ceiling)
  }

  /// FEEL's `decimal`, `round up`, `round down`, `round half up` and so on: a number rounded to
  /// `scale` digits after the point. `scale` is an integer from -6111 through 6176 (DMN 1.5
  /// table 74), or the result is null.
  public static func round(_ operand: Value, _ scale: Value, _ mode: RoundingMode) -> Value {
    guard case .number(let number) = operand, let scale = integer(scale),
      (-6111...6176).contains(scale)
    else { return .null }
    return value(number.rounded(scale: scale, mode: mode))
  }

  /// FEEL's `modulo`: `dividend - divisor * floor(dividend / divisor)`.
  public static func modulo(_ dividend: Value, _ divisor: Value) -> Value {
    guard case .number(let dividend) = dividend, case .number(let divisor) = divisor else {
      return .null
    }
    return value(dividend.modulo(divisor))
  }

  /// FEEL's `sqrt`; null for negative numbers.
  public static func sqrt(_ operand: Value) -> Value {
    guard case .number(let number) = operand else { return .null }
    return value(number.squareRoot)
  }
}
