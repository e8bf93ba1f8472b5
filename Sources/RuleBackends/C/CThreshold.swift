import RuleProgram

/// A condition `key >= cut` as a comparison of what a C row holds.
///
/// The value of a row's word rises with the word: a larger `double` has a larger shortest decimal
/// (each shortest decimal lies in the interval that rounds to its own `double`), and integers are
/// exact. So the words that satisfy such a condition are all those from one word on. That word is
/// found by asking the exact decimal semantics, never by rounding the constant.
enum CThreshold: Hashable {
  /// Every word satisfies the condition.
  case always
  /// No word does.
  case never
  /// The words from this one on do.
  case from(CWord)
}

/// A word of a row: a `double` or a 64-bit integer.
enum CWord: Hashable {
  case double(Double)
  case integer(Int64)

  /// The literal in C.
  var literal: String {
    switch self {
    case .double(let double): CText.literal(double)
    case .integer(let number): CText.literal(number)
    }
  }
}

/// The words that stand for the values of one type, in the order of the values.
struct CDomain {
  /// Nil for `double`s; else the type whose measure the integers count.
  var integerType: ValueType?
  /// The places in the order: integers themselves, `double`s by `place(of:)`.
  var places: ClosedRange<Int64>

  /// All finite `double`s.
  static let doubles = CDomain(
    integerType: nil,
    places: (-place(of: .greatestFiniteMagnitude))...place(of: .greatestFiniteMagnitude))

  /// The integers of `range`, which count days, months, nanoseconds or, for numbers, ones.
  static func integers(_ range: ClosedRange<Int64>, of type: ValueType) -> CDomain {
    CDomain(integerType: type, places: range)
  }

  /// The place of a finite `double` in the order of all; both zeros share one.
  static func place(of double: Double) -> Int64 {
    let bits = Int64(bitPattern: double.bitPattern)
    return bits >= 0 ? bits : .min &- bits
  }

  private static func double(at place: Int64) -> Double {
    Double(bitPattern: UInt64(bitPattern: place >= 0 ? place : .min &- place))
  }

  /// The word at `place`.
  func word(at place: Int64) -> CWord {
    integerType == nil ? .double(Self.double(at: place)) : .integer(place)
  }

  /// The exact value at `place`, as the number that orders its type.
  func measure(at place: Int64) -> Decimal128 {
    guard let integerType else { return Decimal128(Self.double(at: place)) ?? .zero }
    let scale = Self.fractionDigits(of: integerType)
    return Decimal128(
      negative: place < 0, coefficient: UInt128(place.magnitude), exponent: -scale) ?? .zero
  }

  private static func fractionDigits(of type: ValueType) -> Int {
    switch type {
    case .time, .dateTime, .dayTimeDuration: 9
    default: 0
    }
  }

  /// A place near the word of `measure`: where the search starts, nothing more.
  private func guess(_ measure: Decimal128?) -> Int64 {
    guard let measure, let double = Double(measure.description) else { return 0 }
    guard let integerType else { return double.isFinite ? Self.place(of: double) : 0 }
    let scaled = double * (Self.fractionDigits(of: integerType) == 9 ? 1e9 : 1)
    return Int64(exactly: scaled.rounded(.towardZero)) ?? 0
  }

  /// The words from which on `holds`, which must be monotone over measures, is true.
  func threshold(near hint: Decimal128?, _ holds: (Decimal128) -> Bool) -> CThreshold {
    if holds(measure(at: places.lowerBound)) { return .always }
    guard holds(measure(at: places.upperBound)) else { return .never }
    var (low, high) = (places.lowerBound, places.upperBound)
    let start = min(max(guess(hint), low), high)
    var step: Int64 = 1
    if holds(measure(at: start)) {
      high = start
      while case (let next, false) = start.subtractingReportingOverflow(step), next > low {
        guard holds(measure(at: next)) else {
          low = next
          break
        }
        high = next
        step = step > 1 << 61 ? .max : step * 2
      }
    } else {
      low = start
      while case (let next, false) = start.addingReportingOverflow(step), next < high {
        guard !holds(measure(at: next)) else {
          high = next
          break
        }
        low = next
        step = step > 1 << 61 ? .max : step * 2
      }
    }
    while UInt64(bitPattern: high &- low) > 1 {
      let middle = low &+ Int64(UInt64(bitPattern: high &- low) / 2)
      if holds(measure(at: middle)) { high = middle } else { low = middle }
    }
    return .from(word(at: high))
  }

  /// The condition `value >= constant`.
  func atLeast(_ constant: Decimal128) -> CThreshold {
    threshold(near: constant) { constant <= $0 }
  }

  /// The condition `value > constant`.
  func above(_ constant: Decimal128) -> CThreshold {
    threshold(near: constant) { constant < $0 }
  }

  /// The condition `key >= cut` on a slot of `program`.
  func atLeast(key cut: Int64, of slot: Program.Slot, in program: Program) -> CThreshold {
    threshold(near: program.lowerBound(cut, slot)?.value.measure) {
      slot.encoding.key(ofMeasure: $0) >= cut
    }
  }
}

extension KeyEncoding {
  /// The key of a value that is ordered by `measure`.
  func key(ofMeasure measure: Decimal128) -> Int64 {
    switch self {
    case .boolean, .declared: return Self.missingKey
    case .whole: return measure.scaledKey(digits: 0) >> 1
    case .scaled(let digits): return measure.scaledKey(digits: digits)
    case .ranked(let constants):
      var (low, high) = (0, constants.count)
      while low < high {
        let middle = (low + high) / 2
        guard let constant = constants[middle].measure else { return Self.missingKey }
        if measure == constant { return Int64(2 * middle) }
        if measure < constant { high = middle } else { low = middle + 1 }
      }
      return Int64(2 * low - 1)
    }
  }
}
