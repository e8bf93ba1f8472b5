internal import CLibXML2

/// Reads XML by libxml2's SAX2 push parser; the only file, with `Canonical.swift`, that meets C.
///
/// The push parser is fed in small chunks, because it stops at the first fatal error, where the
/// pull parser goes on over bytes whose limits nobody has checked. Nothing is ever fetched: a
/// document type is refused, and so there are no entities.
@safe final class SAXReader {
  /// How deep elements may nest.
  static let depthLimit = 200
  /// How many namespace declarations may be in force at one place.
  private static let namespaceLimit = 256
  /// How many elements a file may have; a rule set of 2,000 leaves has about 8,000.
  private static let elementLimit = 500_000
  private static let chunk = 16 << 10

  private let source: SourceText
  private let start: Int
  private var tree: XMLTree
  private var diagnostics: [Diagnostic] = []
  /// The elements that are open, with their last child so far and their namespace declarations.
  private var open: [(index: Int32, lastChild: Int32, namespaces: Int)] = []
  private var namespacesInForce = 0
  private var isStopped = false
  private var raw: [RawAttribute] = []
  private var namespaces: [UnsafeRawPointer: Int32] = unsafe [:]
  private var context: xmlParserCtxtPtr?

  private init(_ source: SourceText) {
    self.source = source
    start = source.byteOrderMarkLength
    tree = XMLTree(source: source)
  }

  /// Reads `source`: the tree, or at least one error. Namespace faults give both.
  static func read(_ source: SourceText) -> (tree: XMLTree?, diagnostics: [Diagnostic]) {
    if let problem = source.encodingProblem { return (nil, [problem]) }
    var limit = AttributeLimit(source.bytes, from: source.byteOrderMarkLength)
    let excess = limit.firstExcess()
    let reader = SAXReader(source)
    // What libxml2 finds in front of the overlong tag comes first.
    reader.run(to: excess?.lower ?? source.bytes.count, isWhole: excess == nil)
    if let excess, !reader.isStopped { reader.stop(Self.tooManyAttributes(excess)) }
    return (reader.isStopped ? nil : reader.tree, reader.diagnostics)
  }

  private static func tooManyAttributes(_ span: SourceSpan) -> Diagnostic {
    Diagnostic(
      .xmlTooManyAttributes, "element has more than \(AttributeLimit.most) attributes", at: span)
  }

  private static let initialized: Void = xmlInitParser()

  private func run(to end: Int, isWhole: Bool) {
    _ = Self.initialized
    var handler = unsafe xmlSAXHandler()
    unsafe Self.fill(&handler)
    let user = unsafe Unmanaged.passUnretained(self).toOpaque()
    guard let made = unsafe xmlCreatePushParserCtxt(&handler, user, nil, 0, nil) else {
      stop(Diagnostic(.xmlSyntax, "not enough memory to read the file", at: SourceSpan(0, 0)))
      return
    }
    unsafe context = made
    unsafe xmlCtxtUseOptions(
      made, Int32(XML_PARSE_NONET.rawValue) | Int32(XML_PARSE_IGNORE_ENC.rawValue))
    unsafe source.bytes.withUnsafeBytes { bytes in
      var index = start
      repeat {
        let count = min(Self.chunk, end - index)
        let isLast = index + count == end && isWhole
        unsafe feed(bytes, index, count, isLast)
        index += count
      } while index < end && !isStopped
    }
    unsafe context = nil
    unsafe xmlFreeParserCtxt(made)
  }

  private func feed(_ bytes: UnsafeRawBufferPointer, _ index: Int, _ count: Int, _ isLast: Bool) {
    let base = unsafe bytes.baseAddress.map {
      unsafe $0.assumingMemoryBound(to: CChar.self) + index
    }
    unsafe xmlParseChunk(context, base, Int32(truncatingIfNeeded: count), isLast ? 1 : 0)
  }

  /// Sets the callbacks; each gets the reader as its first argument.
  private static func fill(_ handler: inout xmlSAXHandler) {
    unsafe handler.initialized = UInt32(XML_SAX2_MAGIC)
    unsafe handler.internalSubset = { user, _, _, _ in unsafe SAXReader.of(user)?.documentType() }
    unsafe handler.startElementNs = { user, name, _, uri, declared, list, count, _, attributes in
      guard let reader = unsafe SAXReader.of(user) else { return }
      unsafe reader.checkDeclared(list, Int(declared))
      unsafe reader.startElement(
        name, uri, Int(declared), attributes.map { unsafe ($0, Int(count)) })
    }
    unsafe handler.endElementNs = { user, _, _, _ in unsafe SAXReader.of(user)?.endElement() }
    unsafe handler.serror = { user, error in
      guard let error = unsafe error?.pointee else { return }
      unsafe SAXReader.of(user)?.report(LibXMLError(error))
    }
  }

  private static func of(_ user: UnsafeMutableRawPointer?) -> SAXReader? {
    unsafe user.map { unsafe Unmanaged<SAXReader>.fromOpaque($0).takeUnretainedValue() }
  }

  /// The offset in the file of the byte that libxml2 will read next.
  private var position: Int {
    guard let input = unsafe context?.pointee.input, let current = unsafe input.pointee.cur,
      let base = unsafe input.pointee.base
    else { return start }
    let offset = unsafe start + Int(input.pointee.consumed) + (current - base)
    return min(max(offset, start), source.bytes.count)
  }

  /// Ends reading with `diagnostic`. The parser looks at these two fields before each token;
  /// `xmlStopParser` would free its buffer while the functions that called us still use it.
  private func stop(_ diagnostic: Diagnostic) {
    guard !isStopped else { return }
    isStopped = true
    diagnostics.append(diagnostic)
    unsafe context?.pointee.disableSAX = 1
    unsafe context?.pointee.errNo = Int32(XML_ERR_USER_STOP.rawValue)
  }

  // MARK: Callbacks

  private func documentType() {
    let lower = Markup.last("<!DOCTYPE", in: source.bytes, before: position)
    stop(
      Diagnostic(
        .xmlDoctype, "document type isn't allowed", at: SourceSpan(lower, lower + 9),
        help: "delete `<!DOCTYPE …>`; entities aren't supported either"))
  }

  private func startElement(
    _ name: UnsafePointer<xmlChar>?, _ uri: UnsafePointer<xmlChar>?, _ declared: Int,
    _ attributes: (UnsafeMutablePointer<UnsafePointer<xmlChar>?>, Int)?
  ) {
    guard !isStopped else { return }
    // libxml2 stands at the tag's `>` or `/>`.
    let end = position
    let lower = Markup.last("<", in: source.bytes, before: end)
    let nameEnd = Markup.endOfName(in: source.bytes, from: lower + 1, to: end)
    let isEmpty = end < source.bytes.count && source.bytes[end] == UInt8(ascii: "/")
    let tag = SourceSpan(lower, min(end + (isEmpty ? 2 : 1), source.bytes.count))
    namespacesInForce += declared
    guard open.count < Self.depthLimit else { return stop(tooDeep(lower, nameEnd)) }
    guard namespacesInForce <= Self.namespaceLimit else {
      return stop(Self.tooManyAttributes(SourceSpan(lower, nameEnd)))
    }
    guard tree.elements.count < Self.elementLimit else {
      let message = "file has more than \(Self.elementLimit) elements"
      return stop(Diagnostic(.fileTooLarge, message, at: SourceSpan(lower, nameEnd)))
    }
    let first = tree.attributes.count
    unsafe addAttributes(nameEnd, end, attributes)
    let element = unsafe XMLElement(
      name: name.map { unsafe String(cString: $0) } ?? "", namespace: namespace(uri), startTag: tag,
      nameEnd: nameEnd, attributes: first..<tree.attributes.count)
    push(element, declared)
  }

  private func tooDeep(_ lower: Int, _ nameEnd: Int) -> Diagnostic {
    Diagnostic(
      .xmlTooDeep, "elements nest more than \(Self.depthLimit) levels deep",
      at: SourceSpan(lower, nameEnd))
  }

  private func push(_ element: XMLElement, _ declared: Int) {
    let index = Int32(truncatingIfNeeded: tree.elements.count)
    tree.elements.append(element)
    if let parent = open.indices.last {
      let sibling = open[parent].lastChild
      if sibling != XMLElement.none {
        tree.elements[Int(sibling)].nextSibling = index
      } else {
        tree.elements[Int(open[parent].index)].firstChild = index
      }
      open[parent].lastChild = index
    }
    open.append((index, XMLElement.none, declared))
  }

  private func addAttributes(
    _ lower: Int, _ upper: Int,
    _ attributes: (UnsafeMutablePointer<UnsafePointer<xmlChar>?>, Int)?
  ) {
    guard let (fields, count) = unsafe attributes, count > 0 else { return }
    raw.removeAll(keepingCapacity: true)
    _ = Markup.readAttributes(in: source.bytes, from: lower, to: upper, into: &raw)
    var index = 0
    for attribute in raw {
      let name = source.text(of: attribute.name)
      if name == "xmlns" || name.hasPrefix("xmlns:") { continue }
      // libxml2 gives five fields for each attribute, the third being the namespace.
      let uri = unsafe index < count ? fields[5 * index + 2] : nil
      index += 1
      tree.attributes.append(
        XMLAttribute(name: name, namespace: unsafe namespace(uri), raw: attribute))
    }
  }

  /// The index of a namespace; libxml2 keeps one copy of each name, so that its address is a key.
  private func namespace(_ uri: UnsafePointer<xmlChar>?) -> Int32 {
    guard let uri = unsafe uri else { return 0 }
    if let known = unsafe namespaces[UnsafeRawPointer(uri)] { return known }
    let index = Int32(truncatingIfNeeded: tree.namespaces.count)
    tree.namespaces.append(unsafe String(cString: uri))
    unsafe namespaces[UnsafeRawPointer(uri)] = index
    return index
  }

  /// Refuses prefixes of relative namespaces, which Canonical XML can't treat.
  ///
  /// libxml2 itself warns of relative default namespaces only.
  private func checkDeclared(
    _ list: UnsafeMutablePointer<UnsafePointer<xmlChar>?>?, _ count: Int
  ) {
    guard !isStopped, let list = unsafe list else { return }
    for index in 0..<count {
      guard unsafe list[2 * index] != nil, let uri = unsafe list[2 * index + 1] else { continue }
      let name = tree.namespaces[Int(unsafe namespace(uri))]
      if XMLProblem.isAbsolute(name) { continue }
      report(XMLProblem.relativeNamespace(name, at: place), isFatal: false)
    }
  }

  private func endElement() {
    guard !isStopped, let closed = open.popLast() else { return }
    namespacesInForce -= closed.namespaces
    let index = Int(closed.index)
    // libxml2 stands behind the end tag.
    let end = position
    let tag = tree.elements[index].startTag
    let isEmpty = tag.upper >= 2 && source.bytes[tag.upper - 2] == UInt8(ascii: "/")
    let contentEnd = isEmpty ? tag.upper : Markup.last("</", in: source.bytes, before: end)
    tree.elements[index].close(contentEnd: contentEnd, end: end)
  }

  /// Where reading stands.
  private var place: XMLProblem.Place {
    XMLProblem.Place(
      source: source, position: position, open: open.last.map { tree.elements[Int($0.index)] })
  }

  private func report(_ error: LibXMLError) {
    guard !isStopped, error.counts else { return }
    report(XMLProblem.diagnostic(for: error, at: place), isFatal: error.isFatal)
  }

  private func report(_ diagnostic: Diagnostic, isFatal: Bool) {
    if isFatal || diagnostics.count >= Diagnostic.limit {
      stop(diagnostic)
    } else {
      diagnostics.append(diagnostic)
    }
  }
}

/// What libxml2 says about an error.
struct LibXMLError {
  /// The code of `xmlParserErrors`.
  let code: Int
  /// The message as libxml2 words it.
  let message: String
  /// The first text that the message is about, such as a name.
  let subject: String
  /// True when the document isn't well-formed; false for faults in namespaces.
  let isFatal: Bool
  /// Whether the fault makes a document unacceptable; other warnings don't.
  let counts: Bool

  fileprivate init(_ error: xmlError) {
    code = Int(unsafe error.code)
    message = unsafe error.message.map { unsafe String(cString: $0) } ?? ""
    subject = unsafe error.str1.map { unsafe String(cString: $0) } ?? ""
    isFatal = unsafe error.level == XML_ERR_FATAL
    let isWarning = unsafe error.level == XML_ERR_WARNING
    counts = !isWarning || Self.seriousWarnings.contains(code)
  }

  /// XML of a version other than 1.0, and namespaces that Canonical XML can't treat.
  private static let seriousWarnings = [
    XML_WAR_UNKNOWN_VERSION, XML_WAR_NS_URI, XML_WAR_NS_URI_RELATIVE,
  ].map { Int($0.rawValue) }
}
