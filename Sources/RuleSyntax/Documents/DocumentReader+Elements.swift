/// The children and texts of elements.
extension DocumentReader {
  /// How often a child element may stand in its parent.
  enum Occurrence {
    case optional, once, any, oneOrMore

    var isRequired: Bool { self == .once || self == .oneOrMore }
    var isSingle: Bool { self == .optional || self == .once }
  }

  /// The child elements of `element` that belong there, in document order.
  ///
  /// Reports unknown, repeated and missing ones, and any text. Elements of a foreign namespace are
  /// passed over.
  mutating func children(
    of element: XMLElement, _ allowed: KeyValuePairs<String, Occurrence>
  ) -> [XMLElement] {
    refuseText(in: element)
    var result: [XMLElement] = []
    var first = [SourceSpan?](repeating: nil, count: allowed.count)
    for child in tree.children(of: element) where child.namespace == namespace {
      guard let index = allowed.firstIndex(where: { $0.key == child.name }) else {
        reportUnknown(child, in: element, allowed.map(\.key))
        continue
      }
      if let earlier = first[index], allowed[index].value.isSingle {
        report(
          .repeatedElement, "`<\(child.name)>` stands twice in `<\(element.name)>`", child.nameSpan,
          notes: [Diagnostic.Note("the first is here", earlier)])
        continue
      }
      if first[index] == nil { first[index] = child.nameSpan }
      result.append(child)
    }
    for (index, entry) in allowed.enumerated() where entry.value.isRequired && first[index] == nil {
      report(.missingElement, "`<\(element.name)>` needs `<\(entry.key)>`", element.nameSpan)
    }
    return result
  }

  private mutating func reportUnknown(
    _ child: XMLElement, in element: XMLElement, _ allowed: [String]
  ) {
    guard !isFull else { return }
    let list = allowed.map { "`<\($0)>`" }.joined(separator: ", ")
    let known = allowed.isEmpty ? "it holds no elements" : "it may hold \(list)"
    report(
      .unknownElement, "unknown element `<\(child.name)>` in `<\(element.name)>`", child.nameSpan,
      help: Suggestion.closest(to: child.name, among: allowed).map { "did you mean `<\($0)>`?" }
        ?? known)
  }

  /// Reports text in an element that holds only elements.
  mutating func refuseText(in element: XMLElement) {
    guard !isFull else { return }
    let bytes = tree.source.bytes
    var stray: SourceSpan?
    tree.forEachText(of: element) { span in
      if bytes[span.lower..<span.upper].allSatisfy(Markup.isSpace) { return true }
      let text = XMLText.expression(bytes, [span], .content)
      if !text.text.isEmpty { stray = text.span }
      return stray == nil
    }
    if let stray { report(.strayText, "text isn't allowed in `<\(element.name)>`", stray) }
  }

  /// The text of an element that holds only text, and perhaps elements named `besides`, without
  /// white space at its ends.
  mutating func content(of element: XMLElement, besides: [String] = []) -> ExpressionText {
    for child in tree.children(of: element)
    where child.namespace == namespace && !besides.contains(child.name) {
      reportUnknown(child, in: element, besides)
    }
    return XMLText.expression(tree.source.bytes, tree.textSpans(of: element), .content)
  }

  /// The text of `element`, trimmed and with each run of white space made one space.
  mutating func prose(of element: XMLElement) -> Spanned<String> {
    let text = content(of: element)
    let value = FEELCharacters.collapsed(text.text)
    if value.isEmpty {
      report(.invalidValue, "`<\(element.name)>` is empty", element.nameSpan)
    }
    return Spanned(value, text.span)
  }

  /// The child elements of `element` named `name`, where text may stand between them.
  func children(of element: XMLElement, named name: String) -> [XMLElement] {
    tree.children(of: element).filter { $0.namespace == namespace && $0.name == name }
  }

  /// Reports what an element holds that must be empty.
  mutating func refuseContent(of element: XMLElement) {
    _ = children(of: element, [:])
  }
}
