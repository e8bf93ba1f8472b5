/// A JSON text, checked as strictly as ``JSON/init(parsing:)-([UInt8])`` does, with the places of its
/// values in place of the values: for texts whose values are each read once, where they stand.
package struct JSONDocument: Sendable {
  /// The text.
  package let bytes: [UInt8]
  @usableFromInline var nodes: [Node] = []

  /// A value in a document, or a key.
  package struct Place: Sendable {
    @usableFromInline let number: Int32

    @inlinable init(number: Int32) { self.number = number }
  }

  /// What a value is.
  package enum Kind: UInt8, Sendable {
    case null, `false`, `true`, number, string, array, object
  }

  /// A value or a key. Those that an array or object holds follow it, a key before its value.
  @usableFromInline
  struct Node: Sendable {
    @usableFromInline var kind: Kind
    /// Whether it is a string without escapes.
    @usableFromInline var isPlain: Bool
    /// Where it begins; of a string, behind the quotation mark.
    @usableFromInline var start: Int32
    /// Where it ends; of a string, before the quotation mark.
    @usableFromInline var end: Int32
    /// The number of the first node that isn't within it.
    @usableFromInline var next: Int32

    /// Its bytes.
    @inlinable var range: Range<Int> { Int(start)..<Int(end) }
  }

  /// A document without a value.
  package init() { bytes = [] }

  /// The document that `bytes` hold; nil exactly where the parser finds an error, and beyond 2 GB.
  package init?(_ bytes: [UInt8]) {
    guard bytes.count <= Int32.max else { return nil }
    self.bytes = bytes
    // Every value and key takes two bytes at least, but for brackets that only open.
    let limit = bytes.count / 2 + jsonDepthLimit + 2
    var isWhole = false
    nodes = unsafe [Node](unsafeUninitializedCapacity: limit) { buffer, count in
      var checker = unsafe DocumentChecker(nodes: buffer)
      isWhole = checker.document(bytes.span)
      count = checker.count
    }
    guard isWhole else { return nil }
  }
}

// MARK: - Reading

extension JSONDocument {
  /// The whole value; nil in a document without one.
  package var root: Place? { nodes.isEmpty ? nil : Place(number: 0) }

  /// What the value is.
  @inlinable
  @inline(__always)
  package func kind(_ place: Place) -> Kind { nodes[Int(place.number)].kind }

  /// Whether the value is a string or key without escapes, so that its bytes are its text.
  @inlinable
  @inline(__always)
  package func isPlain(_ place: Place) -> Bool { nodes[Int(place.number)].isPlain }

  /// Where a value's bytes stand; those of a string and key are between the quotation marks.
  @inlinable
  @inline(__always)
  package func range(_ place: Place) -> Range<Int> { nodes[Int(place.number)].range }

  /// The text of a string or key, its escapes resolved; of another value, as it stands.
  package func text(_ place: Place) -> String {
    if kind(place) == .string, !isPlain(place) { return json(place).string ?? "" }
    // The bytes were checked to be UTF-8.
    return asciiString(bytes.span, range(place))
  }

  /// Whether a string or key is `name`, byte for byte.
  package func isText(_ place: Place, _ name: String) -> Bool {
    if !isPlain(place) { return sameBytes(text(place), name) }
    return withBytes(of: name) { sameBytes(bytes.span.extracting(range(place)), $0) }
  }

  /// The value.
  package func json(_ place: Place) -> JSON {
    var range = range(place)
    if kind(place) == .string { range = range.lowerBound - 1..<range.upperBound + 1 }
    return (try? JSON(parsing: bytes.span.extracting(range))) ?? .null
  }

  /// Calls `body` with the key and value of each member of an object; with none where it isn't one.
  @inlinable
  @inline(__always)
  package func forEachMember(of place: Place, _ body: (_ key: Place, _ value: Place) -> Void) {
    guard kind(place) == .object else { return }
    var key = place.number + 1
    while key < nodes[Int(place.number)].next {
      body(Place(number: key), Place(number: key + 1))
      key = nodes[Int(key) + 1].next
    }
  }

  /// The value of the member `name` of an object; nil when there is none, or it isn't an object.
  package func member(_ name: String, of place: Place) -> Place? {
    var found: Place?
    forEachMember(of: place) { key, value in
      if found == nil, isText(key, name) { found = value }
    }
    return found
  }

  /// The elements of an array; none where it isn't one.
  package func elements(of place: Place) -> [Place] {
    guard kind(place) == .array else { return [] }
    var elements: [Place] = []
    var element = place.number + 1
    while element < nodes[Int(place.number)].next {
      elements.append(Place(number: element))
      element = nodes[Int(element)].next
    }
    return elements
  }
}
