import RuleProgram

/// What a place of the expression stack is in C.
enum COperand {
  /// Always null.
  case null
  /// Known when the text is emitted.
  case constant(Value)
  /// An `int32_t`: 0, 1, or -1 for null.
  case boolean(String)
  /// A `double` that stands for its shortest decimal; not a number for null.
  case double(String)
  /// An `int64_t`; `INT64_MIN` for null.
  case integer(CInteger)
  /// A text; null bytes for null.
  case text(String)
}

/// An integer in C: days, months, nanoseconds, or a whole number.
struct CInteger {
  /// The name of the variable.
  var text: String
  var type: ValueType
  /// Where its values lie.
  var range: ClosedRange<Int64>
  /// True when values beyond 64 bits were clipped to the ends of the range: they keep their order
  /// against every constant inside, and serve nothing else.
  var isClipped = false
  /// For times: whether they carry an offset from UTC.
  var offset = Program.OffsetRule.any

  /// All integers but the least, which means null, and the greatest, which no value has: what is
  /// clipped to it lies beyond every constant, and tables end with it.
  static let all = (Int64.min + 1)...(Int64.max - 1)

  /// The domain of its values.
  var domain: CDomain { .integers(range, of: type) }
}

extension Program.Input {
  /// The integers that a row may hold for an input of this type.
  ///
  /// Dates and durations in months are limited as everywhere; nanoseconds of 64 bits stay within
  /// the limits of their types.
  var integerRange: ClosedRange<Int64> {
    switch type {
    case .date: -36_524_000...36_524_000
    case .yearMonthDuration: -1_000_000_000...1_000_000_000
    case .time:
      offset == .forbidden
        ? 0...86_399_999_999_999 : -64_800_000_000_000...151_199_999_999_999
    default: CInteger.all
    }
  }
}

/// What is done with integers in C; each gives null for null.
extension CInteger {
  /// The ranges' sum or difference; clipped where 64 bits don't hold it.
  static func combinedRange(
    _ left: ClosedRange<Int64>, _ right: ClosedRange<Int64>, subtracting: Bool
  ) -> (range: ClosedRange<Int64>, isClipped: Bool) {
    let low =
      Int128(left.lowerBound) + (subtracting ? -Int128(right.upperBound) : Int128(right.lowerBound))
    let high =
      Int128(left.upperBound) + (subtracting ? -Int128(right.lowerBound) : Int128(right.upperBound))
    let fits = low >= Int128(all.lowerBound) && high <= Int128(all.upperBound)
    guard fits else { return (all, true) }
    return (Int64(low)...Int64(high), false)
  }

  /// The ranges' product, or nil where it isn't far inside 64 bits.
  static func productRange(
    _ left: ClosedRange<Int64>, _ right: ClosedRange<Int64>
  ) -> ClosedRange<Int64>? {
    var products: [Int128] = []
    for a in [left.lowerBound, left.upperBound] {
      for b in [right.lowerBound, right.upperBound] { products.append(Int128(a) * Int128(b)) }
    }
    guard let low = products.min().flatMap({ Int64(exactly: $0) }),
      let high = products.max().flatMap({ Int64(exactly: $0) }), low > all.lowerBound
    else { return nil }
    return low...high
  }
}
