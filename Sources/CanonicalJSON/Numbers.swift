/// Whether `text` is a number in canonical form for sure: an integer or a plain fraction of at most
/// 15 digits. False says nothing.
func isCanonicalNumber(_ text: String) -> Bool {
  withBytes(of: text) { isCanonicalNumber($0) }
}

/// The same of a text's bytes.
package func isCanonicalNumber(_ bytes: Span<UInt8>) -> Bool {
  var position = 0
  if position < bytes.count, bytes[position] == UInt8(ascii: "-") { position += 1 }
  guard position < bytes.count, bytes.count - position <= 15 else { return false }
  // A leading zero is left to the full examination, and with it everything below one.
  guard bytes[position] != UInt8(ascii: "0") else { return bytes.count == 1 }
  var hasPoint = false
  for index in position..<bytes.count {
    if bytes[index] == UInt8(ascii: ".") {
      if hasPoint || index == position { return false }
      hasPoint = true
    } else if bytes[index] &- 0x30 > 9 {
      return false
    }
  }
  let last = bytes[bytes.count - 1]
  return !hasPoint || (last != UInt8(ascii: "0") && last != UInt8(ascii: "."))
}

/// The canonical form (RFC 8785 section 3.2.2.3, ECMAScript's Number-to-string) of a JSON number,
/// where that form has the same decimal value as `text`; nil where a double can't hold it, and
/// where `text` isn't a JSON number.
func canonicalNumber(_ text: String) -> String? {
  guard let decimal = DecimalText(text) else { return nil }
  // A decimal of at most 15 significant digits survives the way through a double unchanged, and no
  // shorter decimal gives the same double: its digits are the shortest form.
  if decimal.digits.count <= 15, (-290...290).contains(decimal.point) {
    return decimal.isPlainES6 ? text : decimal.es6
  }
  guard decimal.digits.count <= 17, let double = Double(text), double.isFinite,
    let shortest = DecimalText(double.description), shortest == decimal
  else { return nil }
  return decimal.es6
}

/// The canonical form of the double nearest to `text`, whatever that does to its value; nil when
/// `text` isn't a JSON number, or lies beyond the range of a double.
func nearestDoubleNumber(_ text: String) -> String? {
  guard DecimalText(text) != nil, let double = Double(text), double.isFinite else { return nil }
  return DecimalText(double.description)?.es6
}

/// A decimal number taken apart: sign, significant digits, and where the point stands.
struct DecimalText: Equatable {
  /// Whether the value is below zero (never for zero).
  var isNegative = false
  /// The digits as ASCII without zeros at either end; empty for zero.
  var digits: [UInt8] = []
  /// The value is 0.DIGITS times ten to this power; saturates far outside a double's range.
  var point = 0
  /// Whether the text that it was read from is already ECMAScript's form.
  var isPlainES6 = false

  static func == (left: DecimalText, right: DecimalText) -> Bool {
    left.isNegative == right.isNegative && left.digits == right.digits && left.point == right.point
  }

  /// Takes apart a number in JSON's grammar; nil when `text` isn't one.
  init?(_ text: String) {
    let bytes = text.utf8Span.span
    var position = 0
    if position < bytes.count, bytes[position] == UInt8(ascii: "-") {
      isNegative = true
      position += 1
    }
    let wholeStart = position
    position = Self.digitsEnd(bytes, from: position)
    let whole = wholeStart..<position
    guard !whole.isEmpty, whole.count == 1 || bytes[wholeStart] != UInt8(ascii: "0") else {
      return nil
    }
    var fraction = position..<position
    if position < bytes.count, bytes[position] == UInt8(ascii: ".") {
      fraction = (position + 1)..<Self.digitsEnd(bytes, from: position + 1)
      guard !fraction.isEmpty else { return nil }
      position = fraction.upperBound
    }
    let hasExponent = position < bytes.count
    guard let exponent = Self.exponent(bytes, from: position) else { return nil }
    take(bytes, whole, fraction, exponent)
    isPlainES6 =
      !hasExponent && (-5...21).contains(point)
      && (fraction.isEmpty || bytes[fraction.upperBound - 1] != UInt8(ascii: "0"))
      && (!digits.isEmpty || bytes.count == 1)
  }

  private static func digitsEnd(_ bytes: Span<UInt8>, from start: Int) -> Int {
    var position = start
    while position < bytes.count, bytes[position] &- 0x30 < 10 { position += 1 }
    return position
  }

  /// The exponent that stands at `start`, saturated; 0 at the end of the text, nil for anything
  /// else.
  private static func exponent(_ bytes: Span<UInt8>, from start: Int) -> Int? {
    var position = start
    guard position < bytes.count else { return 0 }
    guard bytes[position] | 0x20 == UInt8(ascii: "e") else { return nil }
    position += 1
    var negative = false
    if position < bytes.count,
      bytes[position] == UInt8(ascii: "+") || bytes[position] == UInt8(ascii: "-")
    {
      negative = bytes[position] == UInt8(ascii: "-")
      position += 1
    }
    guard position < bytes.count, digitsEnd(bytes, from: position) == bytes.count else {
      return nil
    }
    var value = 0
    while position < bytes.count {
      value = min(value * 10 + Int(bytes[position] - 0x30), 1 << 40)
      position += 1
    }
    return negative ? -value : value
  }

  private mutating func take(
    _ bytes: Span<UInt8>, _ whole: Range<Int>, _ fraction: Range<Int>, _ exponent: Int
  ) {
    digits.reserveCapacity(whole.count + fraction.count)
    point = whole.count + exponent
    for range in [whole, fraction] {
      for position in range {
        if digits.isEmpty, bytes[position] == UInt8(ascii: "0") {
          point -= 1
        } else {
          digits.append(bytes[position])
        }
      }
    }
    while digits.last == UInt8(ascii: "0") { digits.removeLast() }
    if digits.isEmpty {
      isNegative = false
      point = 0
    }
  }

  /// ECMAScript's Number-to-string (ECMA-262, Number::toString) for these digits.
  var es6: String {
    if digits.isEmpty { return "0" }
    let zero = UInt8(ascii: "0")
    let dot = UInt8(ascii: ".")
    var out: [UInt8] = isNegative ? [UInt8(ascii: "-")] : []
    if digits.count <= point, point <= 21 {
      out += digits
      out += repeatElement(zero, count: point - digits.count)
    } else if 0 < point, point <= 21 {
      out += digits[..<point] + [dot] + digits[point...]
    } else if -6 < point, point <= 0 {
      out += [zero, dot] + repeatElement(zero, count: -point) + digits
    } else {
      out.append(digits[0])
      if digits.count > 1 { out += [dot] + digits[1...] }
      let exponent = point - 1
      out += Array("e\(exponent < 0 ? "-" : "+")\(exponent.magnitude)".utf8)
    }
    return String(decoding: out, as: UTF8.self)
  }
}
