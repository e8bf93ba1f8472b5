extension FEEL {
  /// FEEL's `contains`: whether `match` stands somewhere in `text`.
  public static func contains(_ text: Value, _ match: Value) -> Value {
    guard case .string(let text) = text, case .string(let match) = match else { return .null }
    return .boolean(occurs(Array(match.utf8), in: text.utf8))
  }

  /// FEEL's `starts with`.
  public static func startsWith(_ text: Value, _ match: Value) -> Value {
    guard case .string(let text) = text, case .string(let match) = match else { return .null }
    return .boolean(text.utf8.starts(with: match.utf8))
  }

  /// FEEL's `ends with`.
  public static func endsWith(_ text: Value, _ match: Value) -> Value {
    guard case .string(let text) = text, case .string(let match) = match else { return .null }
    return .boolean(text.utf8.reversed().starts(with: match.utf8.reversed()))
  }

  /// FEEL's `string length`: the number of Unicode scalars.
  public static func stringLength(_ text: Value) -> Value {
    guard case .string(let text) = text else { return .null }
    return .number(Decimal128(text.unicodeScalars.count))
  }

  /// FEEL's `upper case`, by the Unicode default mapping, in no language.
  public static func upperCase(_ text: Value) -> Value {
    guard case .string(let text) = text else { return .null }
    return .string(text.uppercased())
  }

  /// FEEL's `lower case`, by the Unicode default mapping, in no language.
  public static func lowerCase(_ text: Value) -> Value {
    guard case .string(let text) = text else { return .null }
    return .string(text.lowercased())
  }

  /// FEEL's `substring(text, start)`: Unicode scalars from `start` on; 1 is the first, -1 the last.
  /// Null for a start that isn't an integer, is 0 or lies outside the text.
  public static func substring(_ text: Value, start: Value) -> Value {
    guard case .string(let text) = text, let rest = suffix(of: text, from: start) else {
      return .null
    }
    return .string(String(rest))
  }

  /// FEEL's `substring(text, start, length)`: at most `length` scalars; null for a length that
  /// isn't an integer of at least 1.
  public static func substring(_ text: Value, start: Value, length: Value) -> Value {
    guard case .string(let text) = text, let rest = suffix(of: text, from: start),
      case .number(let number) = length, number.isInteger, number >= Decimal128(1)
    else { return .null }
    // A length beyond `Int` is beyond every text.
    return .string(String(rest.prefix(integer(length) ?? .max)))
  }

  /// FEEL's `matches(text, pattern)`, with flags or null for none; null too if the pattern or the
  /// flags aren't valid. Compiles the pattern anew: see `RegularExpression` to keep it.
  public static func matches(_ text: Value, _ pattern: Value, _ flags: Value = .null) -> Value {
    guard case .string(let text) = text, case .string(let pattern) = pattern else { return .null }
    var letters = ""
    switch flags {
    case .null: break
    case .string(let given): letters = given
    default: return .null
    }
    guard let expression = try? RegularExpression(pattern, flags: letters) else { return .null }
    return .boolean(expression.matches(text))
  }

  private static func suffix(
    of text: String, from start: Value
  ) -> Substring.UnicodeScalarView? {
    guard let start = integer(start) else { return nil }
    let count = text.unicodeScalars.count
    guard start != 0, start.magnitude <= UInt(count) else { return nil }
    return Substring(text).unicodeScalars.dropFirst(start > 0 ? start - 1 : count + start)
  }

  /// Whether `needle` occurs in `text`, in time linear in both (Knuth, Morris and Pratt).
  private static func occurs(_ needle: [UInt8], in text: String.UTF8View) -> Bool {
    if needle.isEmpty { return true }
    var borders = [Int](repeating: 0, count: needle.count)
    var border = 0
    for index in needle.indices.dropFirst() {
      while border > 0, needle[index] != needle[border] { border = borders[border - 1] }
      if needle[index] == needle[border] { border += 1 }
      borders[index] = border
    }
    var matched = 0
    for byte in text {
      while matched > 0, byte != needle[matched] { matched = borders[matched - 1] }
      if byte == needle[matched] { matched += 1 }
      if matched == needle.count { return true }
    }
    return false
  }
}
