extension Decimal128: CustomStringConvertible {
  /// Reads `[+-] digits [. digits] [(e|E) [+-] digits]`, where one side of the point may be empty
  /// (`.5`, `5.`); `nil` for any other text and on overflow. Digits beyond 34 round half to even.
  public init?(ascii text: Span<UInt8>) {
    var index = 0
    let end = text.count
    guard end > 0 else { return nil }
    let negative = text[0] == UInt8(ascii: "-")
    if negative || text[0] == UInt8(ascii: "+") { index = 1 }
    let start = index
    var (value, point): (UInt64, Int) = (0, -1)
    // At most 19 characters, hence at most 19 digits: 64 bits suffice.
    let limit = min(end, start + 19)
    while index < limit {
      let digit = text[index] &- UInt8(ascii: "0")
      if digit < 10 {
        value = value &* 10 &+ UInt64(digit)
      } else if text[index] == UInt8(ascii: ".") && point < 0 {
        point = index
      } else {
        break
      }
      index += 1
    }
    guard index == end else {
      self.init(long: text, from: start, negative: negative)
      return
    }
    let fraction = point < 0 ? 0 : end - point - 1
    guard end - start > (point < 0 ? 0 : 1) else { return nil }
    self.init(packing: negative, UInt128(value), -fraction)
  }

  /// Reads the same grammar as `init(ascii:)` from a string.
  public init?(_ text: some StringProtocol) {
    var copy = String(text)
    let value = copy.withUTF8 { buffer in Decimal128(ascii: unsafe Span(_unsafeElements: buffer)) }
    guard let value else { return nil }
    self = value
  }

  /// The shortest decimal that reads back as `double`; `nil` for infinities and NaN.
  public init?(_ double: Double) {
    guard double.isFinite else { return nil }
    if let short = Self.withFewDigits(double) {
      self = short
    } else {
      self.init(double.description)
    }
  }

  /// The shortest decimal that reads back as `double`, where it has at most 15 digits and at most 6
  /// of them behind the point; `nil` where it may be another.
  ///
  /// A whole number below 10^15 divided by a power of ten, both exact, rounds once, as reading the
  /// decimal does. No two decimals of at most 15 digits read as the same double, so there is no
  /// shorter one.
  private static func withFewDigits(_ double: Double) -> Decimal128? {
    var power = 1.0
    for digits in 0...6 {
      let scaled = (double * power).rounded()
      guard scaled.magnitude < 1e15 else { return nil }
      if scaled / power == double {
        return Decimal128(packing: scaled < 0, UInt128(scaled.magnitude), -digits)
      }
      power *= 10
    }
    return nil
  }

  /// The general reader behind `init(ascii:)`, from the first character after the sign.
  private init?(long text: Span<UInt8>, from start: Int, negative: Bool) {
    var digits = DigitReader()
    var index = start
    while index < text.count, digits.take(text[index]) { index += 1 }
    guard digits.isNumber else { return nil }
    var written = 0
    if index < text.count {
      guard let value = Self.readExponent(text, from: index) else { return nil }
      written = value
    }
    let value = Self.rounding(
      negative, digits.coefficient, digits.exponent + written, sticky: digits.sticky)
    guard let value else { return nil }
    self = value
  }

  /// The exponent part of a number's text, which must reach to its end. Beyond ±10^12, where
  /// every number that fits into memory has overflowed or vanished, it stops growing.
  private static func readExponent(_ text: Span<UInt8>, from start: Int) -> Int? {
    guard text[start] | 0x20 == UInt8(ascii: "e"), start + 1 < text.count else { return nil }
    var index = start + 1
    let negative = text[index] == UInt8(ascii: "-")
    if negative || text[index] == UInt8(ascii: "+") { index += 1 }
    guard index < text.count else { return nil }
    var value = 0
    while index < text.count {
      let digit = text[index] &- UInt8(ascii: "0")
      guard digit < 10 else { return nil }
      if value < 1_000_000_000_000 { value = value * 10 + Int(digit) }
      index += 1
    }
    return negative ? -value : value
  }

  /// Plain notation without needless zeros (`0`, `-12.5`, `1200`), or `1.25E+40` where plain
  /// notation would take more than 40 characters. Reads back as the same value.
  public var description: String {
    let number = normalized
    if number.isZero { return "0" }
    let digits = String(number.coefficient)
    let exponent = number.exponent
    let sign = number.isNegative ? "-" : ""
    let point = digits.utf8.count + exponent
    if exponent >= 0 && point <= 40 {
      return sign + digits + String(repeating: "0", count: exponent)
    }
    if exponent < 0 && point > 0 {
      return sign + digits.prefix(point) + "." + digits.dropFirst(point)
    }
    if exponent < 0 && exponent >= -38 {
      return sign + "0." + String(repeating: "0", count: -point) + digits
    }
    let tail = digits.utf8.count > 1 ? "." + digits.dropFirst() : ""
    return sign + digits.prefix(1) + tail + "E" + (point > 0 ? "+" : "") + String(point - 1)
  }
}

/// Collects the digits of a number: up to 38 significant ones, and whether more of them followed
/// that weren't zero.
private struct DigitReader {
  private(set) var coefficient: UInt128 = 0
  private(set) var exponent = 0
  private(set) var sticky = false
  private var sawDigit = false
  private var sawPoint = false

  /// Whether at least one digit was read.
  var isNumber: Bool { sawDigit }

  /// Takes a digit or the first point; false for anything else.
  mutating func take(_ character: UInt8) -> Bool {
    let digit = character &- UInt8(ascii: "0")
    guard digit < 10 else {
      guard character == UInt8(ascii: "."), !sawPoint else { return false }
      sawPoint = true
      return true
    }
    sawDigit = true
    if coefficient < PowersOfTen.wide(37) {
      coefficient = coefficient * 10 + UInt128(digit)
      if sawPoint { exponent -= 1 }
    } else {
      if digit != 0 { sticky = true }
      if !sawPoint { exponent += 1 }
    }
    return true
  }
}
