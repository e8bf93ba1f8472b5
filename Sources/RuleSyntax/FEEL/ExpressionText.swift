/// The text of a FEEL expression as it stands in an attribute or element, with the way back to the
/// source.
public struct ExpressionText: Sendable {
  /// The text with XML escapes resolved.
  public var text: String
  /// Where the raw text stands in the file.
  public var span: SourceSpan
  /// For each UTF-8 byte of `text`, and one behind it, the offset in the file; `nil` when
  /// the raw text has no escapes, so that offset `i` is `span.lower + i`.
  public var offsets: [Int32]?

  /// True when the text is missing or empty and that has been reported: parsing it gives nothing
  /// and says nothing more.
  public var isReportedMissing = false

  /// The expression `text`, read from `span`, with the place of each byte where there are escapes.
  public init(text: String, span: SourceSpan, offsets: [Int32]? = nil) {
    self.text = text
    self.span = span
    self.offsets = offsets
  }

  /// An expression that stands alone in a source of its own.
  public init(_ text: String) {
    self.init(text: text, span: SourceSpan(0, text.utf8.count))
  }

  /// The span in the file of the UTF-8 bytes `lower..<upper` of `text`.
  public func sourceSpan(_ lower: Int, _ upper: Int) -> SourceSpan {
    guard let offsets else { return SourceSpan(span.lower + lower, span.lower + upper) }
    let last = offsets.count - 1
    return SourceSpan(Int(offsets[min(lower, last)]), Int(offsets[min(upper, last)]))
  }
}
