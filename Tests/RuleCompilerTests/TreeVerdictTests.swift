import RuleCompiler
import RuleProgram
import RuleSyntax
import SeededRandom
import Testing

/// What the compiler says of random trees (gap, overlap, unreachable, missing) is what counting finds over
/// all combinations of boundary values, derived values included; rows that it shows are executed.
@Suite struct TreeVerdictTests {
  @Test func verdictsAgreeWithBruteForceOverAllBoundaryCombinations() throws {
    let seed = TestData.seed()
    var random = SeededGenerator(seed: seed)
    var tally = Tally()
    for round in 0..<(TestData.isNightly ? 10_000 : 200) {
      let trial = TreeTrial(seed: random.next())
      let compiled = Compiled(trial.xml)
      let place: Comment = "seed \(seed), round \(round)\n\(trial.xml)\n\(compiled.shown)"
      let tree = try #require(compiled.syntax?.tree, place)
      var check = TreeCheck(compiled, place, tally)
      check.check(trial.root, tree, TreeTrial.rows)
      tally = check.tally
      try Self.checkAcceptedRows(trial, compiled, place)
      if tally.failures > 3 { break }
    }
    print("seed \(seed): \(tally)")
    #expect(tally.gaps > 20 && tally.overlaps > 20 && tally.unreachable > 50, "seed \(seed)")
    #expect(tally.missing > 5 && tally.rows > 50, "seed \(seed): \(tally)")
    // `a >= 3`, `b > 0` and `a + b <= 3` can be met, by 10^-40, which no row of quarters is.
    #expect(tally.rounded * 20 <= tally.unreachable, "seed \(seed): \(tally)")
    #expect(tally.possible * 10 <= tally.gaps + tally.unreachable, "seed \(seed): \(tally)")
  }

  /// Cases may take the same values where an enclosure proves that none comes.
  @Test func casesThatOverlapWhereNothingComesKeepTheirOtherValues() throws {
    let compiled = Compiled(
      """
      <ruleset xmlns="urn:leafproof:ruleset:1" id="twice" version="1.0.0">
      <inputs><input name="x" type="number" min="0" max="10"/>
      <derived name="double" type="number">x * 2</derived></inputs>
      <outcomes><outcome name="low"/><outcome name="high"/></outcomes>
      <tree><split on="double"><case is="[-5..5)"><leaf id="LOW" outcome="low"/></case>
      <case is=">= 5, [-3..-1]"><leaf id="HIGH" outcome="high"/></case></split></tree>
      </ruleset>
      """)
    let program = try #require(compiled.result?.program, "\(compiled.shown)")
    var binding = Binding(Evaluator(program))
    for (x, id) in [(0, "LOW"), (2, "LOW"), (3, "HIGH"), (10, "HIGH")] {
      binding.begin()
      binding.bind(0, number: Decimal128(x))
      let leaf = binding.evaluate()
      #expect(leaf.map { program.program.leaves[$0].id } == id)
    }
  }

  /// A tree without errors gives every row the leaf that counting finds.
  private static func checkAcceptedRows(
    _ trial: TreeTrial, _ compiled: Compiled, _ place: Comment
  ) throws {
    guard let program = compiled.result?.program else { return }
    var binding = Binding(Evaluator(program))
    for (index, row) in TreeTrial.rows.enumerated() where index % 7 == 0 {
      let found = TreeCheck.leaf(row, &binding).map { program.program.leaves[$0].id }
      var leaves = 0
      let expected = TreeCheck.leaf(row, trial.root, &leaves)
      if found != expected {
        Issue.record("\(row): \(found ?? "none") instead of \(expected ?? "none") \(place)")
        return
      }
    }
  }
}

/// What was met.
struct Tally {
  var gaps = 0
  var overlaps = 0
  var unreachable = 0
  var missing = 0
  var possible = 0
  /// Rows of quarters don't meet it, but rounding does.
  var rounded = 0
  /// Rows of findings that were executed.
  var rows = 0
  var failures = 0
}

/// Compares the findings about one tree with counting.
struct TreeCheck {
  var tally: Tally
  private let findings: [Diagnostic]
  private let compiled: Compiled
  private let place: Comment
  /// How many splits on the way look at a sum or difference.
  private var computed = 0

  init(_ compiled: Compiled, _ place: Comment, _ tally: Tally) {
    self.compiled = compiled
    self.place = place
    self.tally = tally
    findings = compiled.diagnostics.filter {
      [.gap, .overlappingCases, .unreachable, .missingNotHandled].contains($0.id)
    }
  }

  /// Checks `node`, which `rows` reach: none of them where it is unreachable.
  mutating func check(_ node: TreeTrial.Node, _ syntax: NodeSyntax, _ rows: [TreeTrial.Row]) {
    guard case .split(let split) = node, case .split(let syntax) = syntax else { return }
    let isComputed = split.slot == .s || split.slot == .d
    computed += isComputed ? 1 : 0
    defer { computed -= isComputed ? 1 : 0 }
    let values = rows.map { $0.value(split.slot) }
    let taken = split.cases.map { item in
      rows.indices.filter { index in
        values[index].map { value in item.tests.contains { $0.holds(value) } } ?? false
      }
    }
    let all = Set(taken.joined())
    let left = rows.indices.filter { values[$0] != nil && !all.contains($0) }
    let absent = rows.indices.filter { values[$0] == nil }
    let isReached = !rows.isEmpty
    expect(.gap, syntax.on.span, split.otherwise == nil && !left.isEmpty)
    expect(.missingNotHandled, syntax.on.span, split.missing == nil && !absent.isEmpty)
    for index in taken.indices {
      let span = syntax.cases[index].tests.span
      let isOpen = expect(.unreachable, span, isReached && taken[index].isEmpty)
      for other in 0..<index {
        let common = Set(taken[index]).intersection(taken[other])
        expect(.overlappingCases, span, !common.isEmpty, note: syntax.cases[other].tests.span)
      }
      if let child = syntax.cases[index].child, !isOpen {
        check(split.cases[index].child, child, taken[index].map { rows[$0] })
      }
    }
    for (child, branch, reaching) in [
      (split.otherwise, syntax.otherwise, left), (split.missing, syntax.missing, absent),
    ] {
      guard let child, let branch else { continue }
      let isOpen = expect(.unreachable, branch.span, isReached && reaching.isEmpty)
      if let inner = branch.child, !isOpen { check(child, inner, reaching.map { rows[$0] }) }
    }
  }

  /// Compares one verdict; true where it stayed open.
  @discardableResult private mutating func expect(
    _ id: DiagnosticID, _ span: SourceSpan, _ isExpected: Bool, note: SourceSpan? = nil
  ) -> Bool {
    let finding = findings.first {
      $0.id == id && $0.span == span && (note == nil || $0.notes.first?.span == note)
    }
    if let finding, finding.message.hasPrefix("possible") {
      tally.possible += 1
      return true
    }
    if computed > 0, !isExpected, let finding, finding.row != nil {
      tally.rounded += 1
      execute(finding)
      return false
    }
    if computed > 0, isExpected, finding == nil, id == .unreachable {
      tally.rounded += 1
      return true
    }
    if (finding != nil) != isExpected {
      tally.failures += 1
      Issue.record("\(id) at \(span): \(finding?.message ?? "nothing") \(place)")
    }
    switch id {
    case .gap where isExpected: tally.gaps += 1
    case .overlappingCases where isExpected: tally.overlaps += 1
    case .unreachable where isExpected: tally.unreachable += 1
    case .missingNotHandled where isExpected: tally.missing += 1
    default: break
    }
    if let finding, id != .unreachable { execute(finding) }
    return false
  }

  /// The row that a finding shows comes to the place of the finding.
  private mutating func execute(_ finding: Diagnostic) {
    guard let text = finding.row, let trial = compiled.trial else {
      Issue.record("\(finding.message) shows no row \(place)")
      return
    }
    var binding = Binding(Evaluator(trial.program))
    binding.begin()
    for (name, value) in Self.members(text) {
      if let input = trial.program.program.inputIndex(name) {
        binding.bind(input, text: value.utf8Span.span)
      }
    }
    let fault = binding.evaluate().flatMap { trial.faults[$0] }
    let line = compiled.source.location(of: finding.span.lower).line
    tally.rows += 1
    // A row may meet an overlap above: a tree can have several errors.
    let isAbove = fault?.hasPrefix("more than one") == true
    if !isAbove, fault?.hasSuffix("line \(line)") != true {
      tally.failures += 1
      Issue.record("\(text) shows \(fault ?? "nothing"), not \(finding.message) \(place)")
    }
  }

  /// The members of a flat JSON object.
  static func members(_ json: String) -> [(name: String, value: String)] {
    json.matches(of: #/"(\w+)": (?:"([^"]*)"|([^,}]+))/#).map { match in
      (String(match.output.1), String(match.output.2 ?? match.output.3 ?? ""))
    }
  }

  /// The leaf of a row, executed.
  static func leaf(_ row: TreeTrial.Row, _ binding: inout Binding) -> Int? {
    binding.begin()
    for (input, value) in [row.a, row.b, row.c].enumerated() {
      guard let value else { continue }
      let quarters = Decimal128(value).divided(by: Decimal128(4)) ?? Decimal128(0)
      binding.bind(input, number: quarters)
    }
    binding.bind(3, value: .string(["p", "q", "r"][row.k / 4]))
    return binding.evaluate()
  }

  /// The leaf of a row, counted: leaves are numbered in the order in which they are written.
  static func leaf(
    _ row: TreeTrial.Row, _ node: TreeTrial.Node, _ leaves: inout Int
  ) -> String? {
    guard case .split(let split) = node else {
      leaves += 1
      return "L\(leaves)"
    }
    var found: String?
    let value = row.value(split.slot)
    var isTaken = false
    for item in split.cases {
      let holds = value.map { value in item.tests.contains { $0.holds(value) } } ?? false
      let inner = leaf(row, item.child, &leaves)
      if holds { (found, isTaken) = (inner, true) }
    }
    if let otherwise = split.otherwise {
      let inner = leaf(row, otherwise, &leaves)
      if value != nil, !isTaken { found = inner }
    }
    if let missing = split.missing {
      let inner = leaf(row, missing, &leaves)
      if value == nil { found = inner }
    }
    return found
  }
}
