/// One finding about a source file: what is wrong, where, and how to mend it.
public struct Diagnostic: Sendable {
  /// How much it matters: an error stands in the way, a warning is likely to be a mistake, a remark
  /// tells what may be meant so.
  public enum Severity: String, Sendable { case error, warning, remark }

  /// A remark at a second place, such as "the first one is here".
  public struct Note: Sendable {
    /// The remark, lower case, user text in backticks.
    public var message: String
    /// The place it speaks of.
    public var span: SourceSpan
    /// A row of inputs that shows it: a JSON object, whole, as `eval` takes it.
    public var row: String?

    /// A remark `message` about `span`, shown by `row`.
    public init(_ message: String, _ span: SourceSpan, row: String? = nil) {
      self.message = Diagnostic.clipped(message)
      self.span = span
      self.row = row
    }
  }

  /// Stable name of the kind of finding, for suppression, documentation and SARIF.
  public var id: DiagnosticID
  /// Error or warning.
  public var severity: Severity
  /// One sentence, lower case, no full stop, user text in backticks.
  public var message: String
  /// The exact text to underline.
  public var span: SourceSpan
  /// Remarks at other places.
  public var notes: [Note]
  /// What to do about it, in one or two sentences.
  public var help: String?
  /// A row of inputs that shows it: a JSON object, whole, as `eval` takes it.
  public var row: String?

  /// A finding of kind `id` at `span`; `severity` defaults to the kind's own.
  public init(
    _ id: DiagnosticID, _ message: String, at span: SourceSpan, notes: [Note] = [],
    help: String? = nil, row: String? = nil
  ) {
    self.id = id
    self.severity = id.severity
    self.message = Self.clipped(message)
    self.span = span
    self.notes = notes
    self.help = help.map(Self.clipped)
    self.row = row
  }

  /// `text`, without the middle of what is too long to read: it may quote megabytes of a file.
  private static func clipped(_ text: String) -> String {
    guard text.utf8.count > 1200 else { return text }
    let scalars = text.unicodeScalars
    return String(scalars.prefix(400)) + "…" + String(scalars.suffix(200))
  }
}
