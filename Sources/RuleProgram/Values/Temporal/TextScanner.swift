/// Reads the texts of dates, times and durations from left to right.
struct TextScanner {
  private let bytes: [UInt8]
  private var index = 0

  /// A scanner at the start of `text`.
  init(_ text: some StringProtocol) {
    bytes = Array(text.utf8)
  }

  /// Whether everything was read.
  var isAtEnd: Bool { index == bytes.count }

  /// Whether the next character is `character`.
  func sees(_ character: Unicode.Scalar) -> Bool {
    index < bytes.count && UInt32(bytes[index]) == character.value
  }

  /// Whether the next character is a digit.
  var seesDigit: Bool {
    index < bytes.count && (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(bytes[index])
  }

  /// Reads `character` if it is next.
  mutating func take(_ character: Unicode.Scalar) -> Bool {
    guard sees(character) else { return false }
    index += 1
    return true
  }

  /// Reads as many digits as stand here, at most 18; `nil` if there is none or there are more.
  mutating func digits() -> (value: Int, count: Int)? {
    var (value, count) = (0, 0)
    while index < bytes.count, case let digit = bytes[index] &- UInt8(ascii: "0"), digit < 10 {
      guard count < 18 else { return nil }
      value = value * 10 + Int(digit)
      count += 1
      index += 1
    }
    return count == 0 ? nil : (value, count)
  }

  /// Reads exactly `count` digits.
  mutating func digits(exactly count: Int) -> Int? {
    guard let read = digits(), read.count == count else { return nil }
    return read.value
  }

  /// Reads the digits after a point as nanoseconds: none are 0, more than nine must be zeros.
  mutating func nanoseconds() -> Int? {
    var (value, count) = (0, 0)
    while index < bytes.count, case let digit = bytes[index] &- UInt8(ascii: "0"), digit < 10 {
      if count < 9 {
        value = value * 10 + Int(digit)
        count += 1
      } else if digit != 0 {
        return nil
      }
      index += 1
    }
    for _ in count..<9 { value *= 10 }
    return value
  }
}

/// `value` with leading zeros up to `width` digits; not for negative values.
func padded(_ value: Int, _ width: Int) -> String {
  let text = String(value)
  return String(repeating: "0", count: max(0, width - text.utf8.count)) + text
}

/// Nanoseconds of a second as a fraction: empty for 0, else `.` and digits without trailing zeros.
func fractionText(nanoseconds: Int) -> String {
  guard nanoseconds != 0 else { return "" }
  var digits = padded(nanoseconds, 9)
  while digits.hasSuffix("0") { digits.removeLast() }
  return "." + digits
}
