import RuleAnalysis
import RuleProgram
import SeededRandom
import Testing

/// The algebra of key sets against sets of single keys.
@Suite struct KeySetTests {
  /// The keys that the sets are made of: few, so that ranges often touch.
  private static let universe: ClosedRange<Int64> = -6...6

  @Test func algebraEqualsThatOfSingleKeys() {
    let seed = UInt64.random(in: 0...UInt64.max)
    var random = SeededGenerator(seed: seed)
    for round in 0..<4_000 {
      let a = Self.ranges(&random)
      let b = Self.ranges(&random)
      let x = KeySet(a, includesMissing: .random(using: &random))
      let y = KeySet(b, includesMissing: .random(using: &random))
      let place: Comment = "seed \(seed), round \(round): \(x) and \(y)"
      #expect(Self.keys(x) == Set(a.flatMap { $0 }), place)
      Self.expect(x.union(y), Self.keys(x).union(Self.keys(y)), place)
      Self.expect(x.intersection(y), Self.keys(x).intersection(Self.keys(y)), place)
      Self.expect(x.subtracting(y), Self.keys(x).subtracting(Self.keys(y)), place)
      #expect(x.union(y).includesMissing == (x.includesMissing || y.includesMissing), place)
      #expect(x.intersection(y).includesMissing == (x.includesMissing && y.includesMissing), place)
      #expect(x.subtracting(y).includesMissing == (x.includesMissing && !y.includesMissing), place)
      #expect(x.hull == Self.keys(x).min().flatMap { low in Self.keys(x).max().map { low...$0 } })
      #expect(x.isEmpty == (a.isEmpty && !x.includesMissing), place)
    }
  }

  @Test func equalSetsHaveOneForm() {
    #expect(KeySet([1...2, 3...4]) == KeySet([1...4]))
    #expect(KeySet([3...4, 1...3]) == KeySet([1...4]))
    #expect(KeySet([1...2, 4...5]).ranges == [1...2, 4...5])
  }

  @Test func endsOfTheKeysDoNotOverflow() {
    let all = KeySet([KeyEncoding.leastKey...KeyEncoding.greatestKey])
    let extreme = KeySet([Int64.min...Int64.max])
    #expect(
      extreme.subtracting(all).ranges == [Int64.min...(Int64.min + 1), Int64.max...Int64.max])
    #expect(all.subtracting(extreme).isEmpty)
    #expect(KeySet([Int64.max...Int64.max, Int64.min...Int64.min]).ranges.count == 2)
    #expect(extreme.union(all) == extreme)
  }

  @Test func missingIsNoKey() {
    #expect(!KeySet([KeyEncoding.leastKey...0]).contains(KeyEncoding.missingKey))
    #expect(KeySet(includesMissing: true).contains(KeyEncoding.missingKey))
    #expect(KeySet([0...1], includesMissing: true).present == KeySet([0...1]))
  }

  private static func ranges(_ random: inout SeededGenerator) -> [ClosedRange<Int64>] {
    (0..<Int.random(in: 0...4, using: &random)).map { _ in
      let low = Int64.random(in: universe, using: &random)
      return low...Int64.random(in: low...universe.upperBound, using: &random)
    }
  }

  private static func keys(_ set: KeySet) -> Set<Int64> {
    Set(universe.filter { set.contains($0) })
  }

  /// `set` holds exactly `keys`, in ranges that are ascending, disjoint and not adjacent.
  private static func expect(_ set: KeySet, _ keys: Set<Int64>, _ place: Comment) {
    #expect(Self.keys(set) == keys, place)
    for (left, right) in zip(set.ranges, set.ranges.dropFirst()) {
      #expect(left.upperBound + 1 < right.lowerBound, place)
    }
  }
}
