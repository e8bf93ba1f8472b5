/// Words libxml2's errors, and finds their exact places.
enum XMLProblem {
  /// Where reading stood when the error came.
  struct Place {
    var source: SourceText
    /// The byte to be read next.
    var position: Int
    /// The innermost open element.
    var open: XMLElement?
  }

  /// libxml2's codes that deserve words of our own (`libxml/xmlerror.h`).
  private enum Code {
    static let internalError = 1
    static let documentEmpty = 4
    static let documentEnd = 5
    static let unknownEntity = 26
    static let lessThanInAttribute = 38
    static let attributeRepeated = 42
    static let nameMismatch = 76
    static let tagNotFinished = 77
    static let unknownVersion = 97
    static let namespaceURIs = [99, 100]
    static let unknownPrefix = 201
  }

  /// The finding for `error`.
  static func diagnostic(for error: LibXMLError, at place: Place) -> Diagnostic {
    switch error.code {
    case Code.documentEmpty: empty(place)
    case Code.documentEnd: atEnd(error, place)
    case Code.unknownEntity: unknownEntity(error, place)
    case Code.lessThanInAttribute:
      plain("`<` isn't allowed in an attribute's value", place, "write `&lt;`")
    case Code.attributeRepeated: repeatedAttribute(error, place)
    case Code.nameMismatch: mismatch(place)
    case Code.tagNotFinished: unclosed(place)
    case Code.unknownVersion: inTag("XML version must be 1.0", "<?xml", place)
    case Code.unknownPrefix:
      inTag("namespace prefix `\(error.subject)` isn't declared", "<", place)
    case _ where Code.namespaceURIs.contains(error.code):
      relativeNamespace(error.subject, at: place)
    case Code.internalError where error.message.contains("Huge input lookup"): tooLong(place)
    default: plain(cleaned(error.message), place, nil)
    }
  }

  /// libxml2 holds 10 MB (`XML_MAX_LOOKUP_LIMIT`) of what it can't hand over in parts.
  private static func tooLong(_ place: Place) -> Diagnostic {
    var finding = plain(
      "a comment, an attribute's value or a tag is longer than 10 MB", place, "shorten it")
    finding.id = .fileTooLarge
    return finding
  }

  /// The finding about a namespace that isn't an absolute URI.
  static func relativeNamespace(_ name: String, at place: Place) -> Diagnostic {
    var finding = inTag("namespace `\(name)` isn't an absolute URI", "<", place)
    finding.help = "write a name such as `urn:example:notes`"
    return finding
  }

  /// True when `namespace` starts with a scheme (RFC 3986 §3.1).
  static func isAbsolute(_ namespace: String) -> Bool {
    guard let colon = namespace.utf8.firstIndex(of: UInt8(ascii: ":")) else { return false }
    return namespace.utf8[..<colon].enumerated().allSatisfy { index, byte in
      switch byte {
      case 0x41...0x5A, 0x61...0x7A: true
      case 0x30...0x39, UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."): index > 0
      default: false
      }
    } && colon > namespace.utf8.startIndex
  }

  private static func empty(_ place: Place) -> Diagnostic {
    let bytes = place.source.bytes
    if bytes.allSatisfy(Markup.isSpace) {
      return plain("file is empty", place, "write a `<ruleset>` element")
    }
    return plain("the file doesn't start with an element", place, "XML starts with `<`")
  }

  /// libxml2's push parser has one code for too little and too much.
  private static func atEnd(_ error: LibXMLError, _ place: Place) -> Diagnostic {
    if place.open != nil { return unclosed(place) }
    if place.position >= place.source.bytes.count {
      return plain("the file ends before its root element", place, "write a `<ruleset>` element")
    }
    return plain(
      "nothing may follow the root element", place, "a document has one root element")
  }

  /// libxml2's message as one of ours: one line, lower case, no full stop.
  private static func cleaned(_ message: String) -> String {
    var text = FEELCharacters.collapsed(message.replacing("\n", with: " "))
    if text.hasSuffix(".") { text.removeLast() }
    for prefix in ["xmlParse", "Start tag", "EntityRef", "PCDATA", "CData", "XML", "PI", "URI"]
    where text.hasPrefix(prefix) { return "not well-formed: " + text }
    return text.prefix(1).lowercased() + text.dropFirst()
  }

  private static func plain(_ message: String, _ place: Place, _ help: String?) -> Diagnostic {
    let bytes = place.source.bytes
    let lower = min(place.position, bytes.count)
    var upper = min(lower + 1, bytes.count)
    while upper < bytes.count, bytes[upper] & 0xC0 == 0x80 { upper += 1 }
    return Diagnostic(.xmlSyntax, message, at: SourceSpan(lower, upper), help: help)
  }

  private static func unknownEntity(_ error: LibXMLError, _ place: Place) -> Diagnostic {
    let lower = Markup.last("&", in: place.source.bytes, before: place.position)
    return Diagnostic(
      .xmlSyntax, "unknown entity `&\(error.subject);`",
      at: SourceSpan(lower, max(lower + 1, place.position)),
      help: "XML knows `&lt;`, `&gt;`, `&amp;`, `&quot;`, `&apos;` and `&#…;`")
  }

  /// The tag around the place, or what starts with `start`.
  private static func inTag(_ message: String, _ start: StaticString, _ place: Place) -> Diagnostic
  {
    let lower = Markup.last(start, in: place.source.bytes, before: place.position)
    let end = Markup.endOfName(in: place.source.bytes, from: lower + 1, to: place.position)
    let isDeclaration = start.description.count > 1
    return Diagnostic(
      .xmlSyntax, message, at: SourceSpan(lower, isDeclaration ? place.position : end))
  }

  private static func repeatedAttribute(_ error: LibXMLError, _ place: Place) -> Diagnostic {
    let bytes = place.source.bytes
    let lower = Markup.last("<", in: bytes, before: place.position)
    let nameEnd = Markup.endOfName(in: bytes, from: lower + 1, to: place.position)
    var attributes: [RawAttribute] = []
    _ = Markup.readAttributes(in: bytes, from: nameEnd, to: place.position, into: &attributes)
    let same = attributes.filter { place.source.text(of: $0.name) == error.subject }
    guard same.count > 1 else { return plain(cleaned(error.message), place, nil) }
    return Diagnostic(
      .xmlSyntax, "attribute `\(error.subject)` is given twice", at: same[1].name,
      notes: [Diagnostic.Note("first given here", same[0].name)])
  }

  private static func mismatch(_ place: Place) -> Diagnostic {
    let bytes = place.source.bytes
    let lower = Markup.last("</", in: bytes, before: place.position)
    let end = Markup.endOfName(in: bytes, from: lower + 2, to: bytes.count)
    let found = place.source.text(of: SourceSpan(lower + 2, end))
    guard let open = place.open else {
      return Diagnostic(.xmlSyntax, "`</\(found)>` closes nothing", at: SourceSpan(lower, end))
    }
    let expected = place.source.text(of: open.nameSpan)
    return Diagnostic(
      .xmlSyntax, "expected `</\(expected)>`, found `</\(found)>`", at: SourceSpan(lower, end),
      notes: [Diagnostic.Note("`<\(expected)>` is opened here", open.nameSpan)])
  }

  private static func unclosed(_ place: Place) -> Diagnostic {
    guard let open = place.open else {
      return plain("the file ends in the middle of a tag", place, nil)
    }
    let name = place.source.text(of: open.nameSpan)
    let end = place.source.bytes.count
    return Diagnostic(
      .xmlSyntax, "the file ends, but `<\(name)>` isn't closed", at: SourceSpan(end, end),
      notes: [Diagnostic.Note("`<\(name)>` is opened here", open.nameSpan)],
      help: "close it with `</\(name)>`")
  }
}
