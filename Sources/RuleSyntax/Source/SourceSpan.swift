/// A half-open range of UTF-8 byte offsets in one source file.
///
/// Syntax nodes carry spans; two nodes that differ only in their spans mean the same.
public struct SourceSpan: Hashable, Sendable {
  /// Offset of the first byte.
  public var lower: Int
  /// Offset behind the last byte; equal to `lower` for an empty span.
  public var upper: Int

  /// A span over `lower..<upper`.
  public init(_ lower: Int, _ upper: Int) {
    self.lower = lower
    self.upper = upper
  }
}

/// A value together with the place in the source that it was read from.
public struct Spanned<Wrapped: Sendable>: Sendable {
  /// What was read, with XML escapes resolved.
  public var value: Wrapped
  /// Where it stands in the source (for an attribute: its value, without the quotes).
  public var span: SourceSpan

  /// Wraps `value`, read from `span`.
  public init(_ value: Wrapped, _ span: SourceSpan) {
    self.value = value
    self.span = span
  }
}

extension Spanned: Equatable where Wrapped: Equatable {
  /// Equality of meaning: places don't count.
  public static func == (a: Self, b: Self) -> Bool { a.value == b.value }
}
