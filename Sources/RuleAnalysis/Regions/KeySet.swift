import RuleProgram

/// A set of the keys of one slot: disjoint ranges in ascending order, and whether the value may be missing.
public struct KeySet: Hashable, Sendable {
  /// Ascending, disjoint and not adjacent.
  public private(set) var ranges: [ClosedRange<Int64>]
  /// True when a missing value belongs to the set.
  public var includesMissing: Bool

  /// No key at all.
  public static let empty = KeySet()

  /// The set of these ranges, which may overlap and come in any order.
  public init(_ ranges: [ClosedRange<Int64>] = [], includesMissing: Bool = false) {
    self.ranges = Self.normalized(ranges)
    self.includesMissing = includesMissing
  }

  /// True when neither a key nor a missing value belongs to the set.
  public var isEmpty: Bool { ranges.isEmpty && !includesMissing }

  /// The set without the missing value.
  public var present: KeySet {
    var copy = self
    copy.includesMissing = false
    return copy
  }

  /// The least and the greatest key, or nil when there is none.
  public var hull: ClosedRange<Int64>? {
    guard let first = ranges.first, let last = ranges.last else { return nil }
    return first.lowerBound...last.upperBound
  }

  /// What belongs to either set.
  public func union(_ other: KeySet) -> KeySet {
    KeySet(ranges + other.ranges, includesMissing: includesMissing || other.includesMissing)
  }

  /// What belongs to both sets.
  public func intersection(_ other: KeySet) -> KeySet {
    var result: [ClosedRange<Int64>] = []
    var left = 0
    var right = 0
    while left < ranges.count, right < other.ranges.count {
      let low = max(ranges[left].lowerBound, other.ranges[right].lowerBound)
      let high = min(ranges[left].upperBound, other.ranges[right].upperBound)
      if low <= high { result.append(low...high) }
      if ranges[left].upperBound < other.ranges[right].upperBound { left += 1 } else { right += 1 }
    }
    var set = KeySet()
    set.ranges = result
    set.includesMissing = includesMissing && other.includesMissing
    return set
  }

  /// What belongs to this set and not to `other`.
  public func subtracting(_ other: KeySet) -> KeySet {
    var result: [ClosedRange<Int64>] = []
    var next = 0
    for range in ranges {
      var low = range.lowerBound
      var isUsedUp = false
      while next < other.ranges.count, other.ranges[next].upperBound < low { next += 1 }
      var place = next
      while place < other.ranges.count, other.ranges[place].lowerBound <= range.upperBound {
        let cut = other.ranges[place]
        if low < cut.lowerBound { result.append(low...(cut.lowerBound - 1)) }
        guard cut.upperBound < range.upperBound else {
          isUsedUp = true
          break
        }
        low = cut.upperBound + 1
        place += 1
      }
      if !isUsedUp { result.append(low...range.upperBound) }
    }
    var set = KeySet()
    set.ranges = result
    set.includesMissing = includesMissing && !other.includesMissing
    return set
  }

  /// True when `key` belongs to the set.
  public func contains(_ key: Int64) -> Bool {
    if key == KeyEncoding.missingKey { return includesMissing }
    return ranges.contains { $0.contains(key) }
  }

  private static func normalized(_ ranges: [ClosedRange<Int64>]) -> [ClosedRange<Int64>] {
    guard ranges.count > 1 else { return ranges }
    var result: [ClosedRange<Int64>] = []
    for range in ranges.sorted(by: { $0.lowerBound < $1.lowerBound }) {
      if let last = result.last,
        range.lowerBound <= last.upperBound
          || range.lowerBound == last.upperBound + 1
      {
        result[result.count - 1] = last.lowerBound...max(last.upperBound, range.upperBound)
      } else {
        result.append(range)
      }
    }
    return result
  }
}
