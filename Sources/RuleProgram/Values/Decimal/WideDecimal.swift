/// A positive number of up to 180 digits, the intermediate of `Decimal128.power`.
struct WideDecimal {
  /// Digits to base 10^9, least first; the last one isn't zero.
  private var limbs: [UInt64]

  /// The decimal exponent of the first limb.
  private var exponent: Int

  /// Whether digits were cut off below the first limb.
  private var inexact = false

  private static let base: UInt64 = 1_000_000_000
  private static let largestCount = 20

  /// `coefficient * 10^exponent`; the coefficient isn't zero.
  init(_ coefficient: UInt128, exponent: Int) {
    limbs = []
    self.exponent = exponent
    var rest = coefficient
    while rest > 0 {
      let (quotient, limb) = rest.quotientAndRemainder(dividingBy: UInt128(Self.base))
      limbs.append(UInt64(limb))
      rest = quotient
    }
  }

  /// The exponent of the leading digit.
  var leadingExponent: Int {
    let top = PowersOfTen.digitCount(UInt128(limbs.last ?? 0))
    return exponent + (limbs.count - 1) * 9 + top - 1
  }

  /// Multiplies, keeping 20 limbs: cutting loses less than 10^-170 of the value.
  mutating func multiply(by other: WideDecimal) {
    var product = [UInt64](repeating: 0, count: limbs.count + other.limbs.count)
    for (i, left) in limbs.enumerated() {
      var carry: UInt64 = 0
      for (j, right) in other.limbs.enumerated() {
        // Below 10^18 + 2 * 10^9.
        let sum = product[i + j] + left * right + carry
        (carry, product[i + j]) = sum.quotientAndRemainder(dividingBy: Self.base)
      }
      product[i + other.limbs.count] = carry
    }
    limbs = product
    exponent += other.exponent
    inexact = inexact || other.inexact
    trim()
  }

  /// Drops zero limbs at both ends and the limbs beyond the first 20.
  private mutating func trim() {
    while limbs.count > 1, limbs.last == 0 { limbs.removeLast() }
    let zeros = limbs.prefix { $0 == 0 }.count
    let excess = max(0, limbs.count - Self.largestCount)
    let drop = min(max(zeros, excess), limbs.count - 1)
    if drop > zeros { inexact = true }
    limbs.removeFirst(drop)
    exponent += drop * 9
  }

  /// The reciprocal, to at least 45 digits.
  var reciprocal: WideDecimal {
    let extra = limbs.count + 5
    let numerator = [UInt64](repeating: 0, count: extra) + [1]
    let (quotient, rest) = Self.divide(numerator, by: limbs)
    var result = self
    result.limbs = quotient
    result.exponent = -exponent - extra * 9
    result.inexact = inexact || rest
    result.trim()
    return result
  }

  /// The number rounded half to even to a decimal; `nil` on overflow.
  func rounded(negative: Bool) -> Decimal128? {
    var value: UInt128 = 0
    var index = limbs.count
    while index > 0 && value < PowersOfTen.wide(28) {
      index -= 1
      value = value * UInt128(Self.base) + UInt128(limbs[index])
    }
    // From 29 to 37 digits; where more follow, the next limb fills them up to 37.
    var position = exponent + index * 9
    var sticky = inexact
    let missing = 37 - PowersOfTen.digitCount(value)
    if index > 0 && missing > 0 {
      index -= 1
      let (high, low) = limbs[index].quotientAndRemainder(
        dividingBy: PowersOfTen.small(9 - missing))
      value = value * PowersOfTen.wide(missing) + UInt128(high)
      position -= missing
      sticky = sticky || low != 0
    }
    sticky = sticky || limbs[..<index].contains { $0 != 0 }
    return Decimal128.rounding(negative, value, position, sticky: sticky)
  }

  /// Long division (Knuth, The Art of Computer Programming, volume 2, algorithm 4.3.1 D): the
  /// quotient and whether anything is left. The numerator is longer than the divisor.
  private static func divide(
    _ numerator: [UInt64], by divisor: [UInt64]
  ) -> (quotient: [UInt64], rest: Bool) {
    guard divisor.count > 1 else { return divide(numerator, bySmall: divisor[0]) }
    let scale = base / ((divisor.last ?? 1) + 1)
    let right = scaled(divisor, by: scale)
    var left = scaled(numerator, by: scale)
    left += [UInt64](repeating: 0, count: numerator.count + 1 - left.count)
    let count = right.count
    var quotient = [UInt64](repeating: 0, count: numerator.count - count + 1)
    for position in quotient.indices.reversed() {
      quotient[position] = quotientDigit(&left, right, at: position)
    }
    return (quotient, left.contains { $0 != 0 })
  }

  /// One step of the long division: subtracts the largest multiple of `right` that fits.
  private static func quotientDigit(
    _ left: inout [UInt64], _ right: [UInt64], at position: Int
  ) -> UInt64 {
    let count = right.count
    let top = left[position + count] * base + left[position + count - 1]
    var digit = min(top / right[count - 1], base - 1)
    var rest = top - digit * right[count - 1]
    while rest < base, digit * right[count - 2] > rest * base + left[position + count - 2] {
      digit -= 1
      rest += right[count - 1]
    }
    var borrow: Int64 = 0
    for index in 0..<count {
      let product = Int64(digit * right[index])
      let difference = Int64(left[position + index]) - product - borrow
      borrow = difference < 0 ? (-difference + Int64(base) - 1) / Int64(base) : 0
      left[position + index] = UInt64(difference + borrow * Int64(base))
    }
    let last = Int64(left[position + count]) - borrow
    guard last < 0 else {
      left[position + count] = UInt64(last)
      return digit
    }
    var carry: UInt64 = 0
    for index in 0..<count {
      let sum = left[position + index] + right[index] + carry
      (carry, left[position + index]) = sum.quotientAndRemainder(dividingBy: base)
    }
    left[position + count] = UInt64(last + Int64(carry))
    return digit - 1
  }

  private static func divide(
    _ numerator: [UInt64], bySmall divisor: UInt64
  ) -> (quotient: [UInt64], rest: Bool) {
    var quotient = numerator
    var rest: UInt64 = 0
    for index in numerator.indices.reversed() {
      (quotient[index], rest) = (rest * base + numerator[index])
        .quotientAndRemainder(dividingBy: divisor)
    }
    return (quotient, rest != 0)
  }

  private static func scaled(_ number: [UInt64], by factor: UInt64) -> [UInt64] {
    var carry: UInt64 = 0
    var result = number.map { limb in
      let product = limb * factor + carry
      carry = product / base
      return product % base
    }
    if carry > 0 { result.append(carry) }
    return result
  }
}
