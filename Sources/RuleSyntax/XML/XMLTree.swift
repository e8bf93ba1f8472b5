/// The elements of a well-formed XML document, each with its spans.
///
/// The elements lie flat in one array in document order, so that neither depth nor size costs
/// recursion. Texts and attribute values are decoded when asked for.
struct XMLTree: Sendable {
  /// The document.
  let source: SourceText
  /// All elements; the first is the root.
  var elements: [XMLElement] = []
  /// The attributes of all elements, namespace declarations left out.
  var attributes: [XMLAttribute] = []
  /// The namespaces that occur; the first is none, "".
  var namespaces: [String] = [""]

  /// The attributes of `element` in document order.
  func attributes(of element: XMLElement) -> ArraySlice<XMLAttribute> {
    attributes[Int(element.firstAttribute)..<Int(element.endOfAttributes)]
  }

  /// The child elements of `element` in document order.
  func children(of element: XMLElement) -> Children {
    Children(elements: elements, index: element.firstChild)
  }

  /// Goes over the child elements of an element.
  struct Children: Sequence, IteratorProtocol {
    fileprivate let elements: [XMLElement]
    fileprivate var index: Int32

    /// The next child element.
    mutating func next() -> XMLElement? {
      guard index != XMLElement.none else { return nil }
      let child = elements[Int(index)]
      index = child.nextSibling
      return child
    }
  }

  /// The pieces of `element`'s content between its child elements.
  func textSpans(of element: XMLElement) -> [SourceSpan] {
    var spans: [SourceSpan] = []
    forEachText(of: element) { span in
      spans.append(span)
      return true
    }
    return spans
  }

  /// Calls `body` with each piece of `element`'s content between child elements, until it is false.
  func forEachText(of element: XMLElement, _ body: (SourceSpan) -> Bool) {
    let content = element.content
    var lower = content.lower
    for child in children(of: element) {
      let span = child.span
      if span.lower > lower, !body(SourceSpan(lower, span.lower)) { return }
      lower = span.upper
    }
    if content.upper > lower { _ = body(SourceSpan(lower, content.upper)) }
  }
}

/// One element, kept small: a file may hold millions. Offsets are those of `SourceSpan`.
struct XMLElement: Sendable {
  /// What stands in an index for "no element".
  static let none: Int32 = -1

  /// The local name.
  var name: String
  /// The namespace, as an index in the tree.
  var namespace: Int32
  fileprivate var tagLower: UInt32
  fileprivate var nameUpper: UInt32
  fileprivate var tagUpper: UInt32
  fileprivate var contentUpper: UInt32
  fileprivate var upper: UInt32
  /// The element's attributes, as indices in the tree.
  var firstAttribute: Int32
  var endOfAttributes: Int32
  /// The first child element, as an index in the tree.
  var firstChild: Int32 = none
  /// The next element with the same parent, as an index in the tree.
  var nextSibling: Int32 = none

  /// An element whose start tag was just read.
  init(
    name: String, namespace: Int32, startTag: SourceSpan, nameEnd: Int, attributes: Range<Int>
  ) {
    self.name = name
    self.namespace = namespace
    tagLower = UInt32(truncatingIfNeeded: startTag.lower)
    nameUpper = UInt32(truncatingIfNeeded: nameEnd)
    tagUpper = UInt32(truncatingIfNeeded: startTag.upper)
    contentUpper = tagUpper
    upper = tagUpper
    firstAttribute = Int32(truncatingIfNeeded: attributes.lowerBound)
    endOfAttributes = Int32(truncatingIfNeeded: attributes.upperBound)
  }

  /// Where the name stands in the start tag, its prefix included.
  var nameSpan: SourceSpan { SourceSpan(Int(tagLower) + 1, Int(nameUpper)) }
  /// The start tag, from `<` to behind `>`.
  var startTag: SourceSpan { SourceSpan(Int(tagLower), Int(tagUpper)) }
  /// The whole element, up to behind its end tag.
  var span: SourceSpan { SourceSpan(Int(tagLower), Int(upper)) }
  /// What stands between start tag and end tag; empty for an empty-element tag.
  var content: SourceSpan { SourceSpan(Int(tagUpper), Int(contentUpper)) }

  /// Sets where the content and the element end.
  mutating func close(contentEnd: Int, end: Int) {
    contentUpper = UInt32(truncatingIfNeeded: max(contentEnd, Int(tagUpper)))
    upper = UInt32(truncatingIfNeeded: end)
  }
}

/// One attribute.
struct XMLAttribute: Sendable {
  /// The name as written, prefix included.
  var name: String
  /// The namespace, as an index in the tree; 0 for none.
  var namespace: Int32
  private var nameLower: UInt32
  private var nameUpper: UInt32
  private var valueLower: UInt32
  private var valueUpper: UInt32

  /// The attribute `name`, which stands at `raw`.
  init(name: String, namespace: Int32, raw: RawAttribute) {
    self.name = name
    self.namespace = namespace
    nameLower = UInt32(truncatingIfNeeded: raw.name.lower)
    nameUpper = UInt32(truncatingIfNeeded: raw.name.upper)
    valueLower = UInt32(truncatingIfNeeded: raw.value.lower)
    valueUpper = UInt32(truncatingIfNeeded: raw.value.upper)
  }

  /// Where the name stands.
  var nameSpan: SourceSpan { SourceSpan(Int(nameLower), Int(nameUpper)) }
  /// Where the raw value stands, without its quotes.
  var valueSpan: SourceSpan { SourceSpan(Int(valueLower), Int(valueUpper)) }
}
