extension FEEL {
  /// FEEL's `and` (DMN 1.5 table 50): false if an operand is false, else true if both are true,
  /// else null. Any value that isn't a boolean counts as null.
  public static func and(_ left: Value, _ right: Value) -> Value {
    switch (left, right) {
    case (.boolean(false), _), (_, .boolean(false)): .boolean(false)
    case (.boolean(true), .boolean(true)): .boolean(true)
    default: .null
    }
  }

  /// FEEL's `or`: true if an operand is true, else false if both are false, else null.
  public static func or(_ left: Value, _ right: Value) -> Value {
    switch (left, right) {
    case (.boolean(true), _), (_, .boolean(true)): .boolean(true)
    case (.boolean(false), .boolean(false)): .boolean(false)
    default: .null
    }
  }

  /// FEEL's `not(…)`: null for anything but a boolean.
  public static func not(_ operand: Value) -> Value {
    if case .boolean(let flag) = operand { return .boolean(!flag) }
    return .null
  }
}
