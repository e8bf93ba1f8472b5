/// How the value of a slot becomes one order-preserving 64-bit key, so that each condition on the
/// slot is a comparison of integers, exactly equal to the comparison of the values.
public enum KeyEncoding: Hashable, Sendable {
  /// false is 0, true is 1.
  case boolean
  /// A string's index among the declared values of the slot's input.
  case declared
  /// The value's measure as a whole number: days of a date, months of a `yearMonthDuration`.
  case whole
  /// `floor(x * 10^digits) * 2`, plus 1 when anything is left, of the value's measure `x`;
  /// saturating. `digits` is the most fraction digits among the constants that the slot meets.
  case scaled(digits: Int)
  /// `2 * r` when the value equals the constant number `r` of this sorted list, otherwise
  /// `2 * r - 1` with `r` the number of constants below the value: for strings, and for
  /// constants that no scale fits.
  case ranked([Value])

  /// The key of a missing value. No encoding gives it to a value that is there.
  public static let missingKey = Int64.min

  /// The keys of values that are there: every other key is out of bounds.
  public func keys(declaredValues count: Int) -> ClosedRange<Int64> {
    switch self {
    case .boolean: 0...1
    case .declared: 0...Int64(max(count, 1) - 1)
    case .whole, .scaled: KeyEncoding.leastKey...KeyEncoding.greatestKey
    case .ranked(let constants): -1...Int64(2 * constants.count - 1)
    }
  }

  /// Least key of a value that is there.
  public static let leastKey = Int64.min + 2
  /// Greatest key of a value.
  public static let greatestKey = Int64.max - 1

  /// The key of `value`; `missingKey` for null and for a value that the slot's constants can't be
  /// compared with.
  ///
  /// - Parameter declared: the declared values of the slot's input, sorted.
  public func key(of value: Value, declared: [String] = []) -> Int64 {
    switch self {
    case .boolean:
      if case .boolean(let flag) = value { return flag ? 1 : 0 }
      return Self.missingKey
    case .declared:
      guard case .string(let text) = value, let index = declared.sortedIndex(of: text) else {
        return Self.missingKey
      }
      return Int64(index)
    case .whole:
      guard let measure = value.measure else { return Self.missingKey }
      return Self.clamp(measure.scaledKey(digits: 0) >> 1)
    case .scaled(let digits):
      guard let measure = value.measure else { return Self.missingKey }
      return Self.clamp(measure.scaledKey(digits: digits))
    case .ranked(let constants):
      return Self.rank(of: value, in: constants)
    }
  }

  /// The encoding of a slot of `type` whose values are compared with `constants`.
  ///
  /// - Parameter isDeclared: true for a string input that declares its values.
  package init(_ type: ValueType, constants: [Value], isDeclared: Bool = false) {
    switch type {
    case .boolean: self = .boolean
    case .string: self = isDeclared ? .declared : .ranked(Self.sorted(constants))
    case .date, .yearMonthDuration: self = .whole
    case .number, .time, .dateTime, .dayTimeDuration:
      let digits = constants.compactMap { $0.measure?.fractionDigits }.max() ?? 0
      let fits = constants.allSatisfy { constant in
        constant.measure.map { Self.fits($0, digits: digits) } ?? true
      }
      self = fits ? .scaled(digits: digits) : .ranked(Self.sorted(constants))
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

  @inline(__always)
  static func clamp(_ key: Int64) -> Int64 { min(max(key, leastKey), greatestKey) }

  private static func rank(of value: Value, in constants: [Value]) -> Int64 {
    guard value != .null else { return missingKey }
    var low = 0
    var high = constants.count
    while low < high {
      let middle = (low + high) / 2
      guard let order = value.order(to: constants[middle]) else { return missingKey }
      if order == 0 { return Int64(2 * middle) }
      if order < 0 { high = middle } else { low = middle + 1 }
    }
    return Int64(2 * low - 1)
  }
}

extension Value {
  /// Negative, zero or positive as this value is below, equal to or above `other`; nil for
  /// values of different types, nulls and booleans.
  public func order(to other: Value) -> Int? {
    if case .string(let a) = self, case .string(let b) = other {
      return a == b && a.utf8.elementsEqual(b.utf8) ? 0 : a.precedesInUTF8(b) ? -1 : 1
    }
    guard type == other.type, let a = measure, let b = other.measure else { return nil }
    return a == b ? 0 : a < b ? -1 : 1
  }

  /// For times: whether the value carries an offset from UTC; nil for every other type.
  public var hasOffset: Bool? {
    switch self {
    case .time(let time): time.offset != nil
    case .dateTime(let dateTime): dateTime.time.offset != nil
    default: nil
    }
  }
}

extension [String] {
  /// Binary search in a list sorted by UTF-8 bytes.
  package func sortedIndex(of text: String) -> Int? {
    var low = 0
    var high = count
    while low < high {
      let middle = (low + high) / 2
      if self[middle].precedesInUTF8(text) { low = middle + 1 } else { high = middle }
    }
    return low < count && self[low].utf8.elementsEqual(text.utf8) ? low : nil
  }
}
