/// The attributes of one element, already checked against those that it may have.
struct AttributeValues {
  fileprivate var texts: [(name: String, text: ExpressionText)] = []
  /// The start tag's name, which stands for a missing attribute.
  let place: SourceSpan
  /// `xml:lang`, where it is there: in lower case; empty where it isn't a language tag.
  fileprivate(set) var language: Spanned<String>?

  /// The attribute `name`, with white space collapsed; `nil` when it isn't there.
  subscript(optional name: String) -> Spanned<String>? {
    find(name).map { Spanned(FEELCharacters.collapsed($0.text), $0.span) }
  }

  /// The attribute `name`; "" at the element's name when it isn't there, which has been reported.
  subscript(name: String) -> Spanned<String> { self[optional: name] ?? Spanned("", place) }

  /// The attribute `name` as an expression.
  func expression(_ name: String) -> ExpressionText {
    var text = find(name) ?? ExpressionText(text: "", span: place)
    text.isReportedMissing = text.text.isEmpty
    return text
  }

  fileprivate func find(_ name: String) -> ExpressionText? {
    texts.first { $0.name == name }?.text
  }
}

extension DocumentReader {
  /// The attributes of `element`; reports unknown, missing and empty ones.
  mutating func attributes(
    of element: XMLElement, required: [String] = [], optional: [String] = []
  ) -> AttributeValues {
    var values = AttributeValues(place: element.nameSpan)
    for attribute in tree.attributes(of: element) {
      // Attributes in a namespace are somebody else's: `xml:lang`, `xsi:schemaLocation` and so on.
      // Where there are texts, `xml:lang` counts; elsewhere it is passed over like the others.
      if attribute.name == "xml:lang" { values.language = language(attribute) }
      if attribute.namespace != 0, attribute.namespace != namespace { continue }
      guard required.contains(attribute.name) || optional.contains(attribute.name) else {
        reportUnknown(attribute, of: element, required + optional)
        continue
      }
      let text = XMLText.expression(tree.source.bytes, [attribute.valueSpan], .attribute)
      if text.text.isEmpty {
        report(
          .invalidValue, "attribute `\(attribute.name)` is empty", attribute.nameSpan)
      }
      values.texts.append((attribute.name, text))
    }
    for name in required where values.find(name) == nil {
      report(
        .missingAttribute, "`<\(element.name)>` needs the attribute `\(name)`", element.nameSpan,
        help: "write `<\(element.name) \(name)=\"…\">`")
    }
    return values
  }

  private mutating func reportUnknown(
    _ attribute: XMLAttribute, of element: XMLElement, _ allowed: [String]
  ) {
    guard !isFull else { return }
    let list = allowed.map { "`\($0)`" }.joined(separator: ", ")
    let known = allowed.isEmpty ? "it takes no attributes" : "it takes \(list)"
    report(
      .unknownAttribute, "unknown attribute `\(attribute.name)` of `<\(element.name)>`",
      attribute.nameSpan, help: Suggestion.help(for: attribute.name, among: allowed) ?? known)
  }

  // MARK: Checks of values; an absent or empty value has been reported already

  /// Reports `value` unless it is one of `allowed`; true when it is the first of them.
  mutating func choice(_ value: Spanned<String>?, _ what: String, _ allowed: [String]) -> Bool {
    guard let value, !value.value.isEmpty else { return false }
    if !allowed.contains(value.value) {
      let list = allowed.dropLast().map { "`\($0)`" }.joined(separator: ", ")
      let last = allowed.last.map { " or `\($0)`" } ?? ""
      report(
        .invalidValue, "`\(value.value)` isn't a value of `\(what)`", value.span,
        help: Suggestion.help(for: value.value, among: allowed) ?? "write \(list)\(last)")
    }
    return value.value == allowed.first
  }

  /// Reports `id` unless it is a letter or `_`, then letters, digits, `_`, `.`, `-`.
  mutating func checkID(_ id: Spanned<String>?) {
    guard let id, !id.value.isEmpty else { return }
    let isValid = id.value.utf8.enumerated().allSatisfy { index, byte in
      switch byte {
      case 0x41...0x5A, 0x61...0x7A, UInt8(ascii: "_"): true
      case 0x30...0x39, UInt8(ascii: "."), UInt8(ascii: "-"): index > 0
      default: false
      }
    }
    if !isValid {
      report(
        .invalidValue, "`\(id.value)` isn't an ID", id.span,
        help: "an ID is a letter or `_`, then letters, digits, `_`, `.` or `-`")
    }
  }

  /// Reports `name` unless FEEL can use it.
  mutating func checkName(_ name: Spanned<String>) {
    guard !name.value.isEmpty, !FEELCharacters.isDeclarableName(name.value) else { return }
    let help =
      FEELCharacters.reserved.contains(name.value)
      ? "`\(name.value)` is a word of the expression language"
      : "a name is a letter or `_`, then letters, digits, spaces or `_ . - / + * '`"
    report(.invalidValue, "`\(name.value)` can't be a name", name.span, help: help)
  }

  /// Reports `code` if it couldn't stand in a list.
  mutating func checkListable(_ code: Spanned<String>) {
    guard code.value.utf8.contains(where: { $0 == 0x20 || $0 == UInt8(ascii: ",") }) else { return }
    report(
      .invalidValue, "`\(code.value)` holds a space or comma", code.span,
      help: "such names are listed, with spaces or commas between them")
  }

  /// Reports `type` unless it is one of DMN's types that a value may have.
  mutating func checkType(_ type: Spanned<String>) {
    guard !type.value.isEmpty, !Self.types.contains(type.value) else { return }
    report(
      .invalidValue, "unknown type `\(type.value)`", type.span,
      help: Suggestion.help(for: type.value, among: Self.types)
        ?? "the types are \(Self.types.map { "`\($0)`" }.joined(separator: ", "))")
  }

  private static let types = [
    "number", "string", "boolean", "date", "time", "dateTime", "dayTimeDuration",
    "yearMonthDuration",
  ]

  /// Reports `version` unless it is `MAJOR.MINOR.PATCH` or has a pre-release behind (SemVer 2.0).
  mutating func checkVersion(_ version: Spanned<String>) {
    guard !version.value.isEmpty, !Self.isVersion(version.value) else { return }
    report(
      .invalidValue, "`\(version.value)` isn't a version", version.span,
      help: "write `MAJOR.MINOR.PATCH`, such as `1.0.0` or `1.1.0-rc.1`")
  }

  static func isVersion(_ text: String) -> Bool {
    let parts = text.split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false)
    let core = parts[0].split(separator: ".", omittingEmptySubsequences: false)
    guard core.count == 3, core.allSatisfy(isNumber) else { return false }
    guard parts.count == 2 else { return true }
    return parts[1].split(separator: ".", omittingEmptySubsequences: false).allSatisfy { part in
      let isWord = part.utf8.allSatisfy { byte in
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, UInt8(ascii: "-"): true
        default: false
        }
      }
      let isDigits = part.utf8.allSatisfy { $0 >= 0x30 && $0 <= 0x39 }
      return !part.isEmpty && isWord && (!isDigits || isNumber(part))
    }
  }

  /// True for digits without a leading zero.
  private static func isNumber(_ text: Substring) -> Bool {
    !text.isEmpty && text.utf8.allSatisfy { $0 >= 0x30 && $0 <= 0x39 }
      && (text == "0" || text.utf8.first != 0x30)
  }

  /// Reports `value` unless it is a decimal number of digits and perhaps a fraction.
  mutating func checkDecimal(_ value: Spanned<String>) {
    if !value.value.isEmpty, !Self.isDecimal(value.value) {
      report(
        .invalidValue, "`\(value.value)` isn't a share in per cent", value.span,
        help: "write a number such as `50` or `12.5`")
    }
  }

  /// Reports `value` unless it is a decimal number above zero.
  mutating func checkPositive(_ value: Spanned<String>?) {
    guard let value, !value.value.isEmpty else { return }
    let isZero = value.value.utf8.allSatisfy { $0 == 0x30 || $0 == UInt8(ascii: ".") }
    if isZero || !Self.isDecimal(value.value) || value.value.utf8.count > 34 {
      report(
        .invalidValue, "`\(value.value)` isn't a number above zero", value.span,
        help: "write a number such as `1` or `0.5`")
    }
  }

  /// Reports `value` unless it is a decimal number, perhaps below zero.
  mutating func checkBound(_ value: Spanned<String>?) {
    guard let value, !value.value.isEmpty else { return }
    let digits = value.value.hasPrefix("-") ? String(value.value.dropFirst()) : value.value
    if !Self.isDecimal(digits) || digits.utf8.count > 34 {
      report(
        .invalidValue, "`\(value.value)` isn't a number", value.span,
        help: "write a number such as `300` or `0.5`")
    }
  }

  /// True for digits, and perhaps a point and more digits.
  private static func isDecimal(_ text: String) -> Bool {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    return parts.count <= 2
      && parts.allSatisfy { part in
        !part.isEmpty && part.utf8.allSatisfy { $0 >= 0x30 && $0 <= 0x39 }
      }
  }

  /// The pieces of a list, split at white space and commas.
  func list(_ text: ExpressionText) -> [Spanned<String>] {
    var result: [Spanned<String>] = []
    var start: Int?
    let bytes = Array(text.text.utf8)
    for index in 0...bytes.count {
      let isGap =
        index == bytes.count || Markup.isSpace(bytes[index]) || bytes[index] == UInt8(ascii: ",")
      if isGap, let lower = start {
        result.append(
          Spanned(
            String(decoding: bytes[lower..<index], as: UTF8.self), text.sourceSpan(lower, index)))
        start = nil
      } else if !isGap, start == nil {
        start = index
      }
    }
    return result
  }
}
