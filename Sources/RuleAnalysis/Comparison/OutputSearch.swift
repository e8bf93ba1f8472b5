import RuleProgram

/// Looks for rows in which two leaves that set the same outputs by different expressions really set
/// different values.
struct OutputSearch {
  private let joint: JointProgram
  private let budget: Int
  private var searches: [Pair: WitnessSearch] = [:]

  private struct Pair: Hashable {
    var old: Int
    var new: Int
  }

  /// The most pairs of expressions for which a search is kept.
  private static let limit = 200

  /// Searches over `joint`, each of which may look at `budget` boxes.
  init(_ joint: JointProgram, budget: Int) {
    self.joint = joint
    self.budget = budget
  }

  /// A point of `region` in which some output differs; both sides' outputs are joint expressions by name.
  ///
  /// - Parameter plain: the search to take where one side sets an output that the other doesn't.
  mutating func search(
    _ region: Region, _ old: [String: Int], _ new: [String: Int], plain: WitnessSearch
  ) -> WitnessSearch.Verdict {
    var result = WitnessSearch.Verdict.none
    for name in Set(old.keys).union(new.keys).sorted() where old[name] != new[name] {
      guard let first = old[name], let second = new[name],
        let search = search(Pair(old: first, new: second))
      else { return plain.search(region) }
      var narrowed = region
      narrowed.keys.append(KeySet([1...1]))
      switch search.search(narrowed) {
      case .found(let point): return .found(point)
      case .undecided: result = .undecided
      case .none: continue
      }
    }
    return result
  }

  /// The search with one more slot: whether the two expressions differ.
  private mutating func search(_ pair: Pair) -> WitnessSearch? {
    if let known = searches[pair] { return known }
    guard searches.count < Self.limit else { return nil }
    var program = joint.program
    let code = [pair.old, pair.new].flatMap { program.expressions[$0].instructions }
    guard code.count < Code.maximumLength else { return nil }
    _ = program.addCondition(Code(code + [Instruction(.notEqual)]))
    var search = WitnessSearch(program)
    search.budget = budget
    searches[pair] = search
    return search
  }
}
