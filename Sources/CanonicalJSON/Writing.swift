extension JSON {
  /// The canonical bytes (RFC 8785): members sorted by UTF-16 code units, no white space, numbers
  /// in ECMAScript's form.
  ///
  /// RFC 8785 would silently round a number that a double can't hold. This writer does not: such a
  /// number, and a `.number` whose text isn't JSON's grammar, is written as a string that holds
  /// the text as received. Where every number fits a double, this is exactly RFC 8785.
  public var canonicalBytes: [UInt8] {
    var writer = Writer(numbers: .exact, sorts: true)
    writer.write(self)
    return writer.out
  }

  /// The bytes that RFC 8785 prescribes word for word: each number becomes the nearest double.
  ///
  /// Use ``canonicalBytes`` for what must keep its value; this is for exchange with other
  /// implementations. Throws for a number beyond the range of a double (or not in JSON's grammar).
  public func rfc8785Bytes() throws(JSONError) -> [UInt8] {
    var writer = Writer(numbers: .nearest, sorts: true)
    writer.write(self)
    if writer.failed {
      let nowhere: [UInt8] = []
      throw JSONError(.numberOutOfRange, at: 0, in: nowhere.span)
    }
    return writer.out
  }

  /// The value on one line without white space; members in their order, numbers as received.
  public var compactBytes: [UInt8] {
    var writer = Writer(numbers: .received, sorts: false)
    writer.write(self)
    return writer.out
  }

  /// The value for reading: two spaces of indentation, members in their order, numbers as
  /// received, a newline at the end.
  public var prettyBytes: [UInt8] {
    var writer = Writer(numbers: .received, sorts: false)
    writer.writePretty(self, indentation: 0)
    writer.out.append(UInt8(ascii: "\n"))
    return writer.out
  }

  /// ``compactBytes`` as a string.
  public var compactText: String { String(decoding: compactBytes, as: UTF8.self) }

  /// ``prettyBytes`` as a string.
  public var prettyText: String { String(decoding: prettyBytes, as: UTF8.self) }
}

/// Appends JSON to a buffer.
private struct Writer {
  enum Numbers { case received, exact, nearest }

  var out: [UInt8] = []
  var failed = false
  let numbers: Numbers
  let sorts: Bool

  init(numbers: Numbers, sorts: Bool) {
    self.numbers = numbers
    self.sorts = sorts
    out.reserveCapacity(512)
  }

  mutating func write(_ value: JSON) {
    switch value {
    case .array(let elements):
      out.append(UInt8(ascii: "["))
      for index in elements.indices {
        if index > 0 { out.append(UInt8(ascii: ",")) }
        write(elements[index])
      }
      out.append(UInt8(ascii: "]"))
    case .object(let members):
      out.append(UInt8(ascii: "{"))
      if sorts, let order = KeyOrder.order(members) {
        for place in order.indices { write(members[order[place]], isFirst: place == 0) }
      } else {
        for index in members.indices { write(members[index], isFirst: index == 0) }
      }
      out.append(UInt8(ascii: "}"))
    default: writeScalar(value)
    }
  }

  private mutating func write(_ member: JSON.Member, isFirst: Bool) {
    if !isFirst { out.append(UInt8(ascii: ",")) }
    write(string: member.key)
    out.append(UInt8(ascii: ":"))
    write(member.value)
  }

  private mutating func writeScalar(_ value: JSON) {
    switch value {
    case .bool(true): out.append(contentsOf: "true".utf8)
    case .bool(false): out.append(contentsOf: "false".utf8)
    case .number(let text): write(number: text)
    case .string(let text): write(string: text)
    case .null, .array, .object: out.append(contentsOf: "null".utf8)
    }
  }

  mutating func writePretty(_ value: JSON, indentation: Int) {
    switch value {
    case .array(let elements) where !elements.isEmpty:
      out.append(UInt8(ascii: "["))
      for index in elements.indices {
        newLine(first: index == 0, indentation + 2)
        writePretty(elements[index], indentation: indentation + 2)
      }
      newLine(first: true, indentation)
      out.append(UInt8(ascii: "]"))
    case .object(let members) where !members.isEmpty:
      out.append(UInt8(ascii: "{"))
      for index in members.indices {
        newLine(first: index == 0, indentation + 2)
        write(string: members[index].key)
        out.append(contentsOf: ": ".utf8)
        writePretty(members[index].value, indentation: indentation + 2)
      }
      newLine(first: true, indentation)
      out.append(UInt8(ascii: "}"))
    default: write(value)
    }
  }

  private mutating func newLine(first: Bool, _ indentation: Int) {
    if !first { out.append(UInt8(ascii: ",")) }
    out.append(UInt8(ascii: "\n"))
    out.append(contentsOf: repeatElement(UInt8(ascii: " "), count: indentation))
  }

  private mutating func write(number text: String) {
    // What is already in the canonical form is so in every other form too.
    if isCanonicalNumber(text) {
      out.append(bytesOf: text)
      return
    }
    switch numbers {
    case .received:
      if DecimalText(text) == nil { write(string: text) } else { out.append(bytesOf: text) }
    case .exact:
      if let canonical = canonicalNumber(text) {
        out.append(bytesOf: canonical)
      } else {
        write(string: text)
      }
    case .nearest:
      guard let nearest = nearestDoubleNumber(text) else {
        failed = true
        return
      }
      out.append(bytesOf: nearest)
    }
  }

  /// A string with the escapes of RFC 8785 section 3.2.2.2: the short ones where they exist,
  /// `\u00xx` for other control characters, everything else as it is.
  private mutating func write(string text: String) {
    out.append(UInt8(ascii: "\""))
    withBytes(of: text) { appendEscaped($0, to: &out) }
    out.append(UInt8(ascii: "\""))
  }
}
