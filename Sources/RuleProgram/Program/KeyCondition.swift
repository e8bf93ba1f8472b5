/// From keys back to conditions on values: what makes a path readable.
extension Program {
  /// One end of a range of values.
  public struct Bound: Hashable, Sendable {
    /// The value at the end.
    public var value: Value
    /// True when the value itself belongs to the range.
    public var isClosed: Bool

    /// An end at `value`.
    public init(_ value: Value, isClosed: Bool) {
      self.value = value
      self.isClosed = isClosed
    }
  }

  /// The values whose keys lie in `keys`, as FEEL unary tests: `< 500`, `[500..620)`, `"employed"`.
  public func condition(on slot: Slot, keys: ClosedRange<Int64>) -> String {
    switch slot.encoding {
    case .boolean:
      return keys.lowerBound == keys.upperBound ? (keys.lowerBound == 1 ? "true" : "false") : "-"
    case .declared:
      guard case .input(let index) = slot.source else { return "-" }
      let values = inputs[index].values
      return keys.filter { values.indices.contains(Int($0)) }
        .map { Value.string(values[Int($0)]).feelLiteral }.joined(separator: ", ")
    case .whole, .scaled, .ranked:
      let low = lowerBound(keys.lowerBound, slot)
      let high = upperBound(keys.upperBound, slot)
      return Self.interval(low, high)
    }
  }

  private static func interval(_ low: Bound?, _ high: Bound?) -> String {
    switch (low, high) {
    case (nil, nil): return "-"
    case (let low?, nil): return "\(low.isClosed ? ">=" : ">") \(low.value.feelLiteral)"
    case (nil, let high?): return "\(high.isClosed ? "<=" : "<") \(high.value.feelLiteral)"
    case (let low?, let high?):
      if low.isClosed, high.isClosed, low.value == high.value { return low.value.feelLiteral }
      return (low.isClosed ? "[" : "(") + low.value.feelLiteral + ".." + high.value.feelLiteral
        + (high.isClosed ? "]" : ")")
    }
  }

  /// The least value whose key is `key` or more; nil when there is none.
  public func lowerBound(_ key: Int64, _ slot: Slot) -> Bound? {
    switch slot.encoding {
    case .boolean, .declared: return nil
    case .whole:
      guard key > KeyEncoding.leastKey else { return nil }
      return Value(measure: Decimal128(Int(key)), like: slot).map { Bound($0, isClosed: true) }
    case .scaled(let digits):
      // A saturated key stands for everything beyond it, the value that it spells included.
      let keys = Decimal128.scaledKeyBounds
      guard key > keys.lowerBound else { return nil }
      let isClosed = key & 1 == 0 || key >= keys.upperBound
      return scaledValue(min(key, keys.upperBound) >> 1, digits, slot).map {
        Bound($0, isClosed: isClosed)
      }
    case .ranked(let constants):
      guard key >= 0 else { return nil }
      // A cut may lie beyond the keys that values have.
      let key = min(key, Int64(2 * constants.count - 1))
      return Bound(constants[Int(key >> 1)], isClosed: key & 1 == 0)
    }
  }

  /// The greatest value whose key is `key` or less; nil when there is none.
  public func upperBound(_ key: Int64, _ slot: Slot) -> Bound? {
    switch slot.encoding {
    case .boolean, .declared: return nil
    case .whole:
      guard key < KeyEncoding.greatestKey else { return nil }
      return Value(measure: Decimal128(Int(key)), like: slot).map { Bound($0, isClosed: true) }
    case .scaled(let digits):
      let keys = Decimal128.scaledKeyBounds
      guard key < keys.upperBound else { return nil }
      let key = max(key, keys.lowerBound)
      // An odd key stands for what lies strictly between two steps of the scale.
      let isOpen = key & 1 == 1
      return scaledValue((key >> 1) + (isOpen ? 1 : 0), digits, slot).map {
        Bound($0, isClosed: !isOpen)
      }
    case .ranked(let constants):
      guard key < Int64(2 * constants.count - 1) else { return nil }
      let key = max(key, -1)
      let isOpen = key & 1 != 0
      return Bound(constants[Int((key + 1) >> 1)], isClosed: !isOpen)
    }
  }

  private func scaledValue(_ steps: Int64, _ digits: Int, _ slot: Slot) -> Value? {
    Decimal128(
      negative: steps < 0, coefficient: UInt128(steps.magnitude), exponent: -digits
    ).flatMap { Value(measure: $0, like: slot) }
  }
}
