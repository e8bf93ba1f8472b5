import CanonicalJSON

/// A request as the server sees it, whatever library received it.
struct ServerRequest: Sendable {
  /// `GET`, `POST`, ...
  var method: String
  /// The segments of the path, percent-decoded; nil when the path isn't valid.
  var path: [String]?
  /// The parts of the query.
  var query: FormFields
  /// The header fields, names in lower case.
  var headers: [String: String]
  /// Whether it is one of the API's, so that errors are documents for programs.
  var isAPI: Bool
  /// Its body, once it was read.
  var body: [UInt8] = []

  /// A request from its request line's target and its header fields.
  init(method: String, target: String, headers: [String: String]) {
    self.method = method
    self.headers = headers
    let parts = target.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
    path = Self.segments(parts[0])
    isAPI = ["/v1/", "/health", "/ready"].contains { target.hasPrefix($0) }
    query = FormFields(parts.count > 1 ? Array(parts[1].utf8) : [])
  }

  private static func segments(_ path: Substring) -> [String]? {
    guard path.first == "/" else { return nil }
    var result: [String] = []
    for part in path.dropFirst().utf8.split(separator: 0x2F, omittingEmptySubsequences: false) {
      guard let text = PercentEncoding.decode(part) else { return nil }
      result.append(text)
    }
    if result.last == "" { result.removeLast() }
    return result
  }

  /// The media type of the body, in lower case and without parameters.
  var contentType: String? {
    headers["content-type"]?.split(separator: ";").first.map {
      String($0).trimmed.lowercased()
    }
  }

  /// The body of a request to the API, which must be JSON.
  func json() throws(Problem) -> JSON {
    guard contentType == "application/json" else { throw .unsupported("application/json") }
    do {
      return try JSON(parsing: body)
    } catch {
      throw .malformed(error)
    }
  }

  /// The value of a cookie.
  func cookie(_ name: String) -> String? {
    for part in (headers["cookie"] ?? "").split(separator: ";") {
      let pair = part.split(separator: "=", maxSplits: 1)
      if pair.count == 2, String(pair[0]).trimmed == name { return String(pair[1]).trimmed }
    }
    return nil
  }
}

/// `application/x-www-form-urlencoded`: a form's body, or a query.
struct FormFields: Sendable, Equatable {
  /// Names and values in order.
  private(set) var fields: [(name: String, value: String)] = []

  /// Reads what a browser sends; pieces that aren't valid UTF-8 are left out.
  init(_ bytes: [UInt8]) {
    for part in bytes.split(separator: UInt8(ascii: "&")).prefix(2000) {
      let pair = part.split(
        separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
      guard let name = PercentEncoding.decode(pair[0], plusIsSpace: true),
        let value = PercentEncoding.decode(pair.count > 1 ? pair[1] : [], plusIsSpace: true)
      else { continue }
      fields.append((name, value))
    }
  }

  /// The first value of a name; nil when it is absent or empty.
  func filled(_ name: String) -> String? {
    let value = self[name]?.trimmed
    return value?.isEmpty == false ? value : nil
  }

  /// The first value of a name.
  subscript(name: String) -> String? { fields.first { $0.name == name }?.value }

  static func == (left: FormFields, right: FormFields) -> Bool {
    left.fields.elementsEqual(right.fields) { $0.name == $1.name && $0.value == $1.value }
  }
}

/// Percent-encoding (RFC 3986 section 2.1).
enum PercentEncoding {
  /// The text of encoded bytes; nil when a `%` isn't followed by two digits, or it isn't UTF-8.
  static func decode(
    _ bytes: some Collection<UInt8>, plusIsSpace: Bool = false
  ) -> String? {
    var result: [UInt8] = []
    result.reserveCapacity(bytes.count)
    var rest = bytes[...]
    while let byte = rest.popFirst() {
      switch byte {
      case UInt8(ascii: "%"):
        guard let high = rest.popFirst().flatMap(digit), let low = rest.popFirst().flatMap(digit)
        else { return nil }
        result.append(high << 4 | low)
      case UInt8(ascii: "+") where plusIsSpace: result.append(0x20)
      default: result.append(byte)
      }
    }
    return String(validating: result, as: UTF8.self)
  }

  /// `text` with everything but unreserved characters encoded: one segment of a path, or one part
  /// of a query.
  static func encode(_ text: String) -> String {
    var result = ""
    for byte in text.utf8 {
      switch byte {
      case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F, 0x7E:
        result.unicodeScalars.append(Unicode.Scalar(byte))
      default:
        let digits = String(byte, radix: 16, uppercase: true)
        result += digits.utf8.count == 1 ? "%0\(digits)" : "%\(digits)"
      }
    }
    // A segment of dots alone would be taken for a step in the hierarchy.
    return result == "." || result == ".." ? result.replacing(".", with: "%2E") : result
  }

  private static func digit(_ byte: UInt8) -> UInt8? {
    switch byte {
    case 0x30...0x39: byte - 0x30
    case 0x41...0x46: byte - 0x41 + 10
    case 0x61...0x66: byte - 0x61 + 10
    default: nil
    }
  }
}

extension String {
  /// The text without spaces at its ends.
  var trimmed: String {
    let isSpace: (Character) -> Bool = { $0 == " " || $0 == "\t" || $0 == "\r" || $0 == "\n" }
    guard let start = firstIndex(where: { !isSpace($0) }),
      let end = lastIndex(where: { !isSpace($0) })
    else { return "" }
    return String(self[start...end])
  }
}
