/// Makes text safe for a terminal: what could move the cursor, hide, or reorder other text is shown
/// as `\u{HEX}`.
package enum VisibleText {
  /// The most Unicode scalars of one text in plain text.
  private static let limit = 1000

  /// `text` as ``of(_:)`` gives it, cut where it has more than 1,000 Unicode scalars; then their number
  /// stands behind.
  package static func cut(_ text: String) -> String {
    guard text.utf8.count > limit else { return of(text) }
    let scalars = text.unicodeScalars
    let end = scalars.index(scalars.startIndex, offsetBy: limit, limitedBy: scalars.endIndex)
    guard let end, end < scalars.endIndex else { return of(text) }
    return of(String(scalars[..<end])) + "… (\(scalars.count))"
  }

  /// `text` with each dangerous character escaped.
  package static func of(_ text: String) -> String {
    guard text.unicodeScalars.contains(where: isDangerous) else { return text }
    var result = ""
    for scalar in text.unicodeScalars {
      if isDangerous(scalar) {
        result += "\\u{\(String(scalar.value, radix: 16, uppercase: true))}"
      } else {
        result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  /// Control and format characters (escape sequences, bidirectional marks, zero-width ones), line
  /// and paragraph separators, and what isn't assigned.
  private static func isDangerous(_ scalar: Unicode.Scalar) -> Bool {
    if (0x20..<0x7F).contains(scalar.value) { return false }
    switch scalar.properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse,
      .unassigned:
      return true
    default: return false
    }
  }
}
