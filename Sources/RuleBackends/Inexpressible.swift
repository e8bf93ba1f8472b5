/// Why a backend refuses a program: it can't say something exactly, and never approximates.
public struct Inexpressible: Error, Hashable, Sendable {
  /// What can't be expressed, such as `a division of decimals`.
  public var construct: String
  /// The part of the program that calls for it.
  public var part: Part

  /// A part of a program, by its number.
  public enum Part: Hashable, Sendable {
    case input(Int)
    case derived(Int)
    case node(Int)
    case leaf(Int)
    case expression(Int)
  }

  /// The refusal of `construct` in `part`.
  public init(_ construct: String, in part: Part) {
    self.construct = construct
    self.part = part
  }
}
