/// A JSON value (RFC 8259) that keeps what was received: the order of an object's members and the
/// text of each number.
///
/// Equality is exact: strings and keys are equal when their UTF-8 bytes are, numbers when their
/// text is, objects when their members are in the same order. (Swift's own `String` equality calls
/// a composed and a decomposed letter equal; JSON doesn't.)
public enum JSON: Sendable {
  /// The literal `null`.
  case null
  /// The literals `true` and `false`.
  case bool(Bool)
  /// A number, as the text that was received (RFC 8259 section 6), for example `1.50` or `2e-3`.
  case number(String)
  /// A string, its escapes resolved.
  case string(String)
  /// An array.
  case array([JSON])
  /// An object, its members in the order received. The parser lets no key stand twice.
  case object([Member])

  /// One member of an object: a key and its value.
  public struct Member: Sendable {
    /// The member's name.
    public var key: String
    /// The member's value.
    public var value: JSON

    /// A member from its key and its value.
    public init(_ key: String, _ value: JSON) {
      self.key = key
      self.value = value
    }
  }
}

extension JSON: Equatable {
  /// Exact equality: UTF-8 bytes of strings and keys, text of numbers, order of members.
  public static func == (left: JSON, right: JSON) -> Bool {
    switch (left, right) {
    case (.null, .null): true
    case (.bool(let a), .bool(let b)): a == b
    case (.number(let a), .number(let b)): sameBytes(a, b)
    case (.string(let a), .string(let b)): sameBytes(a, b)
    case (.array(let a), .array(let b)): a == b
    case (.object(let a), .object(let b)): a == b
    default: false
    }
  }
}

extension JSON.Member: Equatable {
  /// Exact equality of key (its UTF-8 bytes) and value.
  public static func == (left: JSON.Member, right: JSON.Member) -> Bool {
    sameBytes(left.key, right.key) && left.value == right.value
  }
}

// MARK: - Reading

extension JSON {
  /// The value of the member named `key`; nil when there is none, or this isn't an object.
  public subscript(key: String) -> JSON? {
    guard case .object(let members) = self else { return nil }
    return members.first { sameBytes($0.key, key) }?.value
  }

  /// The string's text; nil when this isn't a string.
  public var string: String? {
    if case .string(let text) = self { text } else { nil }
  }

  /// The number's text as received; nil when this isn't a number.
  public var numberText: String? {
    if case .number(let text) = self { text } else { nil }
  }

  /// A number's value when it is written as a whole number (no fraction, no exponent) that an
  /// `Int` holds; nil otherwise.
  public var int: Int? {
    if case .number(let text) = self { Int(text) } else { nil }
  }

  /// The boolean; nil when this isn't one.
  public var bool: Bool? {
    if case .bool(let value) = self { value } else { nil }
  }

  /// The elements; nil when this isn't an array.
  public var array: [JSON]? {
    if case .array(let elements) = self { elements } else { nil }
  }

  /// The members in their order; nil when this isn't an object.
  public var object: [Member]? {
    if case .object(let members) = self { members } else { nil }
  }

  /// Whether this is the literal `null`.
  public var isNull: Bool {
    if case .null = self { true } else { false }
  }
}

// MARK: - Building

extension JSON {
  /// A whole number: as a number where a double holds it exactly, as a string otherwise.
  public static func integer(_ value: some BinaryInteger) -> JSON {
    exactNumber(String(value))
  }

  /// A decimal number from its text, without ever changing its value.
  ///
  /// Gives `.number(text)` when `text` is a JSON number and the double nearest to it prints
  /// (ECMAScript's form, which RFC 8785 uses) as the same decimal value; else `.string(text)`.
  public static func exactNumber(_ text: String) -> JSON {
    canonicalNumber(text) == nil ? .string(text) : .number(text)
  }

  /// An object from pairs whose value may be absent: a nil value leaves its member out.
  public static func object(present members: [(String, JSON?)]) -> JSON {
    .object(members.compactMap { key, value in value.map { Member(key, $0) } })
  }
}

extension JSON: ExpressibleByStringLiteral {
  /// A string.
  public init(stringLiteral value: String) { self = .string(value) }
}

extension JSON: ExpressibleByBooleanLiteral {
  /// A boolean.
  public init(booleanLiteral value: Bool) { self = .bool(value) }
}

extension JSON: ExpressibleByIntegerLiteral {
  /// A whole number, as ``integer(_:)`` makes it.
  public init(integerLiteral value: Int) { self = .integer(value) }
}

extension JSON: ExpressibleByArrayLiteral {
  /// An array.
  public init(arrayLiteral elements: JSON...) { self = .array(elements) }
}

extension JSON: ExpressibleByDictionaryLiteral {
  /// An object, its members in the order written.
  public init(dictionaryLiteral elements: (String, JSON)...) {
    self = .object(elements.map { Member($0.0, $0.1) })
  }
}

extension JSON {
  /// The object with the member `key` set, or without it when `value` is nil.
  package func setting(_ key: String, to value: JSON?) -> JSON {
    var members = object ?? []
    let place = members.firstIndex { $0.key.utf8.elementsEqual(key.utf8) }
    switch (place, value) {
    case (let place?, let value?): members[place].value = value
    case (let place?, nil): members.remove(at: place)
    case (nil, let value?): members.append(Member(key, value))
    case (nil, nil): break
    }
    return .object(members)
  }
}
