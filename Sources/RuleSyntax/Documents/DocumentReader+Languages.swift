/// Texts in several languages: `xml:lang` on what holds a text.
extension DocumentReader {
  /// The language of a document that names none.
  static let usualLanguage = "en"

  /// The value of `xml:lang` in lower case; empty, and reported, when it isn't a language tag.
  mutating func language(_ attribute: XMLAttribute) -> Spanned<String> {
    let text = XMLText.expression(tree.source.bytes, [attribute.valueSpan], .attribute)
    let parts = text.text.split(separator: "-", omittingEmptySubsequences: false)
    let isTag = parts.enumerated().allSatisfy { index, part in
      let isWord = part.utf8.allSatisfy { byte in
        (0x61...0x7A).contains(byte | 0x20) || (index > 0 && (0x30...0x39).contains(byte))
      }
      return isWord && (index == 0 ? 2...8 : 1...8).contains(part.utf8.count)
    }
    if isTag { return Spanned(text.text.lowercased(), text.span) }
    report(
      .invalidValue,
      text.text.isEmpty ? "attribute `xml:lang` is empty" : "`\(text.text)` isn't a language",
      text.text.isEmpty ? attribute.nameSpan : text.span,
      help: "write a language tag such as `en`, `de` or `fr-CH`")
    return Spanned("", attribute.nameSpan)
  }

  /// A text whose element may name its language, as for `<title xml:lang="de">`.
  mutating func worded(_ element: XMLElement, required: [String] = []) -> WordedText {
    let values = attributes(of: element, required: required)
    return WordedText(
      language: values.language ?? Spanned(language, element.nameSpan), text: prose(of: element),
      code: required.first.map { values[$0] })
  }

  /// Puts a title where it belongs: into `title`, or among `translations`.
  mutating func add(
    _ text: WordedText, to title: inout Spanned<String>?,
    _ translations: inout [TranslationSyntax], _ element: XMLElement
  ) {
    if text.language.value.isEmpty { return }
    if text.language.value == language {
      if let title {
        reportRepeated(element, language, title.span)
      } else {
        title = text.text
      }
    } else {
      add(text, to: &translations, element)
    }
  }

  /// Adds a translation; reports a second one in the same language.
  mutating func add(
    _ text: WordedText, to translations: inout [TranslationSyntax], _ element: XMLElement
  ) {
    let new = TranslationSyntax(language: text.language, text: text.text)
    if let first = translations.first(where: { $0.language.value == text.language.value }) {
      return reportRepeated(element, text.language.value, first.text.span)
    }
    translations.append(new)
  }

  /// Reports a second text of `element`'s kind in one language.
  private mutating func reportRepeated(
    _ element: XMLElement, _ language: String, _ first: SourceSpan
  ) {
    report(
      .repeatedElement, "`<\(element.name)>` stands twice in the language `\(language)`",
      element.nameSpan, notes: [Diagnostic.Note("the first is here", first)],
      help: "name another language with `xml:lang`, or remove one")
  }

  /// The label of `element` and its translations, from the attribute `label` and the child elements
  /// `<label xml:lang=>`.
  mutating func labels(
    of element: XMLElement, _ children: [XMLElement], _ attribute: Spanned<String>?
  ) -> (label: Spanned<String>?, translations: [TranslationSyntax]) {
    var label = attribute
    var translations: [TranslationSyntax] = []
    for child in children where child.name == "label" {
      add(worded(child), to: &label, &translations, child)
    }
    return (label, translations)
  }
}

/// A text, the language that it is in, and the code that it belongs to.
struct WordedText {
  var language: Spanned<String>
  var text: Spanned<String>
  var code: Spanned<String>?
}
