/// The names that an expression may use, made once and used for any number of expressions.
///
/// Names may contain spaces, dots, hyphens, `/`, `'`, `+` and `*` (DMN 1.5 §10.3.1.2). In a text
/// the longest declared name wins, and a run of white space equals one space. Copying is cheap.
public struct NameScope: Sendable {
  /// The names as they were declared, in the order of `keys`.
  let spellings: [String]
  /// The names with white space collapsed, as UTF-8, in ascending order.
  private let keys: [[UInt8]]

  /// A scope of `names`; empty names and repetitions are left out.
  public init(_ names: some Sequence<String>) {
    var entries: [(key: [UInt8], spelling: String)] = []
    for name in names {
      let key = Array(FEELCharacters.collapsed(name).utf8)
      if !key.isEmpty { entries.append((key, name)) }
    }
    entries.sort { $0.key.lexicographicallyPrecedes($1.key) }
    var keys: [[UInt8]] = []
    var spellings: [String] = []
    for entry in entries where keys.last != entry.key {
      keys.append(entry.key)
      spellings.append(entry.spelling)
    }
    self.keys = keys
    self.spellings = spellings
  }

  /// The number of names.
  public var count: Int { keys.count }

  /// The name that is closest to `misspelt`, if one is close enough to be meant.
  public func suggestion(for misspelt: String) -> String? {
    Suggestion.closest(to: misspelt, among: spellings)
  }

  /// The longest name that stands in `bytes` at `start`, and the index behind it.
  func longestMatch(in bytes: [UInt8], at start: Int) -> (name: Int, end: Int)? {
    var range = 0..<keys.count
    var depth = 0
    var index = start
    var best: (name: Int, end: Int)?
    while !range.isEmpty {
      if keys[range.lowerBound].count == depth, depth > 0, Self.isBoundary(in: bytes, at: index) {
        best = (range.lowerBound, index)
      }
      guard index < bytes.count else { break }
      var byte = bytes[index]
      let space = FEELCharacters.whiteSpaceLength(in: bytes, at: index)
      if space > 0 {
        byte = 0x20
        index = FEELCharacters.skipWhiteSpace(in: bytes, from: index)
      } else {
        index += 1
      }
      range = narrowed(range, depth: depth, byte: byte)
      depth += 1
    }
    return best
  }

  /// The part of `range` whose keys have `byte` at `depth`; all of `range` agrees before `depth`.
  private func narrowed(_ range: Range<Int>, depth: Int, byte: UInt8) -> Range<Int> {
    let low = firstIndex(in: range) { key in key.count > depth && key[depth] >= byte }
    let high = firstIndex(in: low..<range.upperBound) { key in key[depth] > byte }
    return low..<high
  }

  /// The first index in `range` whose key satisfies `predicate`, which is false and then true.
  private func firstIndex(in range: Range<Int>, where predicate: ([UInt8]) -> Bool) -> Int {
    var low = range.lowerBound
    var high = range.upperBound
    while low < high {
      let middle = low + (high - low) / 2
      if predicate(keys[middle]) { high = middle } else { low = middle + 1 }
    }
    return low
  }

  /// True when no word runs over `index`: `a` isn't a match at the start of `ab`.
  private static func isBoundary(in bytes: [UInt8], at index: Int) -> Bool {
    guard let (next, _) = FEELCharacters.scalar(in: bytes, at: index),
      FEELCharacters.isNamePart(next)
    else { return true }
    var start = index - 1
    while start > 0, bytes[start] & 0xC0 == 0x80 { start -= 1 }
    guard start >= 0, let (last, _) = FEELCharacters.scalar(in: bytes, at: start) else {
      return true
    }
    return !FEELCharacters.isNamePart(last)
  }
}
