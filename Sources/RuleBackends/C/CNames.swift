/// Names of a program as C identifiers: sanitized, and unique among themselves.
struct CNames {
  private var taken: Set<String> = []

  /// `name` as an identifier of the letters, digits and underscores that C99 and C++ have in common.
  /// Where two names would give the same one, the later gets a number.
  mutating func identifier(_ name: String, prefix: String = "", uppercased: Bool = false) -> String
  {
    var text = Self.sanitized(name)
    text = prefix + (uppercased ? text.uppercased() : text)
    if prefix.isEmpty && (Self.startsBadly(text) || Self.reserved.contains(text)) {
      text = "x_" + text
    }
    var result = text
    var number = 2
    while !taken.insert(result).inserted {
      result = "\(text)_\(number)"
      number += 1
    }
    return result
  }

  /// The prefix of everything that a rule set called `id` emits.
  static func prefix(_ id: String) -> String {
    let text = sanitized(id).lowercased()
    return startsBadly(text) ? "x_" + text : text
  }

  private static func sanitized(_ name: String) -> String {
    var result = ""
    for scalar in name.unicodeScalars {
      switch scalar {
      case "a"..."z", "A"..."Z", "0"..."9", "_": result.unicodeScalars.append(scalar)
      case "-", ".", " ", "/": result += "_"
      default: result += "u" + String(scalar.value, radix: 16)
      }
    }
    return result.isEmpty ? "x" : result
  }

  /// Identifiers that start with an underscore are the implementation's (C99 §7.1.3).
  private static func startsBadly(_ text: String) -> Bool {
    text.utf8.first.map { $0 == UInt8(ascii: "_") || (48...57).contains($0) } ?? true
  }

  /// Keywords of C and C++, and macros of the headers that the text includes.
  private static let reserved: Set<String> = Set(
    """
    alignas alignof and and_eq asm auto bitand bitor bool break case catch char class compl concept \
    const constexpr const_cast continue decltype default delete do double dynamic_cast else enum \
    explicit export extern false float for friend goto if inline int long mutable namespace new \
    noexcept not not_eq nullptr operator or or_eq private protected public register \
    reinterpret_cast requires restrict return short signed sizeof static static_assert static_cast \
    struct switch template this thread_local throw true try typedef typeid typename typeof union \
    unsigned using virtual void volatile wchar_t while xor xor_eq NULL offsetof linux unix
    """.split(separator: " ").map(String.init))
}

/// Pieces of C text.
enum CText {
  /// The identifiers, keywords and numbers of `text`, in order.
  static func words(_ text: String) -> [String] {
    text.utf8.split { byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"):
        false
      default: true
      }
    }.map { String(decoding: $0, as: UTF8.self) }
  }

  /// `text` as a string literal: escaped beyond ASCII, and where C99 would read a trigraph.
  static func literal(_ text: String) -> String {
    var result = "\""
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "?"):
        result += "\\" + String(UnicodeScalar(byte))
      case 0x20..<0x7F: result.unicodeScalars.append(UnicodeScalar(byte))
      default:
        let digits = String(byte, radix: 8)
        result += "\\" + String(repeating: "0", count: 3 - digits.utf8.count) + digits
      }
    }
    return result + "\""
  }

  /// `text` as it may stand in a comment: on one line, and without what would end or nest one.
  static func comment(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      let last = result.unicodeScalars.last
      let joins =
        (last == "*" && scalar == "/") || (last == "/" && scalar == "*")
        || (last == "?" && scalar == "?")
      if joins { result += " " }
      result.unicodeScalars.append(
        scalar.value < 0x20 || scalar.value == 0x7F || scalar == "\\" ? " " : scalar)
    }
    return result
  }

  /// An exact hexadecimal literal of a finite `double`.
  static func literal(_ double: Double) -> String {
    let magnitude = double.magnitude
    let sign = double < 0 ? "-" : ""
    if magnitude == 0 { return "0.0" }
    if magnitude < 1e15 && magnitude == magnitude.rounded(.towardZero) {
      return sign + String(Int64(magnitude)) + ".0"
    }
    let bits = magnitude.bitPattern
    let exponent = Int(bits >> 52)
    let fraction = String(bits & (1 << 52 - 1), radix: 16)
    let padded = String(repeating: "0", count: 13 - fraction.utf8.count) + fraction
    return exponent == 0
      ? "\(sign)0x0.\(padded)p-1022" : "\(sign)0x1.\(padded)p\(exponent - 1023)"
  }

  /// A literal of 64 bits; the least number has no literal of its own in C.
  static func literal(_ number: Int64) -> String {
    if number == .min { return "INT64_MIN" }
    return Int32(exactly: number).map { $0 == .min ? "INT64_C(\($0))" : String($0) }
      ?? "INT64_C(\(number))"
  }
}
