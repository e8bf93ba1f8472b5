public import RuleProgram

/// Looks for inputs that reach a region: the answer is a point that was executed, a proof that there is
/// none, or neither.
///
/// Where the region constrains inputs only, the answer is exact. Where it constrains derived values,
/// likely points are tried first; then the input space is cut into boxes, and boxes whose enclosure
/// misses the region are dropped, until a point is found, nothing is left, or the budget is spent; at last
/// single inputs are moved to where the region wants a derived value.
public struct WitnessSearch {
  /// What came of a search.
  public enum Verdict: Hashable, Sendable {
    /// Values of all inputs that reach the region.
    case found([Value])
    /// No inputs reach it.
    case none
    /// Neither a point nor a proof was found within the budget.
    case undecided
  }

  /// How many boxes a search may look at before it gives up.
  public var budget = 2_000
  let program: Program
  /// The geometry that the search rests on.
  public let analysis: RegionAnalysis
  /// Everything that binding lets through.
  public let whole: Region
  let machine: ExpressionMachine
  let readers: InputReaders
  private let hints: CandidateValues
  private let orders: OrderProof

  /// A search over `program`'s inputs and slots. The program may be a draft or a joint program.
  public init(_ program: Program) {
    self.program = program
    analysis = RegionAnalysis(program)
    whole = analysis.whole
    machine = ExpressionMachine(program)
    readers = InputReaders(program)
    hints = CandidateValues(program, readers)
    orders = OrderProof(program)
  }

  /// Searches `region`.
  public func search(_ region: Region) -> Verdict {
    var effort = Int.max
    return search(region, spending: &effort)
  }

  /// Searches `region`, and takes from `effort` how many points and boxes were looked at.
  public func search(_ region: Region, spending effort: inout Int) -> Verdict {
    if region.keys.contains(where: \.isEmpty) { return .none }
    var box = InputBox(analysis.enclosures(in: region))
    if box.domains.contains(where: { $0.domain == .none && !$0.mayBeNull }) { return .none }
    let constrained = constrainedSlots(region)
    let relevant = readers.inputs(ofSlots: constrained)
    guard var point = firstPoint(in: box, region) else { return .undecided }
    if constrained.isEmpty { return reaches(point, region) ? .found(point) : .undecided }
    if !mayReach(box, region, constrained) { return .none }
    if orders.excludes(region, constrained, program) { return .none }
    let order = relevant.sorted()
    if let found = tryCandidates(&point, order, region, constrained, box, &effort) {
      return .found(found)
    }
    let start = point
    let verdict = cut(&box, &point, order, region, constrained, &effort)
    guard verdict == .undecided else { return verdict }
    effort -= 100
    return self.point(of: region, near: [start, point]).map { .found($0) } ?? .undecided
  }

  /// True when the inputs `point` reach `region`.
  public func reaches(_ point: [Value], _ region: Region) -> Bool {
    reaches(point, region, slots: region.keys.indices)
  }

  /// The keys of all slots for the inputs `point`.
  public func keys(of point: [Value]) -> [Int64] {
    let derived = derivedValues(of: point)
    var stack: [Value] = []
    return program.slots.map { key(of: $0, point, derived, &stack) }
  }

  /// The keys of some slots for the inputs `point`.
  public func keys(of point: [Value], slots: [Int]) -> [Int64] {
    let derived = derivedValues(of: point)
    var stack: [Value] = []
    return slots.map { key(of: program.slots[$0], point, derived, &stack) }
  }

  /// The value of slot number `slot` for the inputs `point`; nil where it is missing.
  public func value(of slot: Int, _ point: [Value]) -> Value? {
    var stack: [Value] = []
    let value = value(of: program.slots[slot], point, derivedValues(of: point), &stack)
    return value == .null ? nil : value
  }

  // MARK: - Points

  func reaches(
    _ point: [Value], _ region: Region, slots: some Sequence<Int>
  ) -> Bool {
    let derived = derivedValues(of: point)
    var stack: [Value] = []
    return slots.allSatisfy { slot in
      region.keys[slot].contains(key(of: program.slots[slot], point, derived, &stack))
    }
  }

  func derivedValues(of point: [Value]) -> [Value] {
    var derived = [Value](repeating: .null, count: program.derived.count)
    var stack: [Value] = []
    for (index, item) in program.derived.enumerated() {
      derived[index] = machine.evaluate(
        item.expression, inputs: point, derived: derived, stack: &stack)
    }
    return derived
  }

  /// The value of a slot.
  func value(
    of slot: Program.Slot, _ point: [Value], _ derived: [Value], _ stack: inout [Value]
  ) -> Value {
    switch slot.source {
    case .input(let index): point[index]
    case .derived(let index): derived[index]
    case .expression(let index):
      machine.evaluate(index, inputs: point, derived: derived, stack: &stack)
    }
  }

  private func key(
    of slot: Program.Slot, _ point: [Value], _ derived: [Value], _ stack: inout [Value]
  ) -> Int64 {
    var declared: [String] = []
    if case .input(let index) = slot.source { declared = program.inputs[index].values }
    return slot.key(of: value(of: slot, point, derived, &stack), declared: declared)
  }

  /// Computed slots that the region constrains further than their nature does.
  func constrainedSlots(_ region: Region) -> [Int] {
    program.slots.indices.filter { index in
      if case .input = program.slots[index].source { return false }
      return region.keys[index] != whole.keys[index]
    }
  }

  /// A point whose inputs satisfy the region's constraints on inputs.
  private func firstPoint(in box: InputBox, _ region: Region) -> [Value]? {
    var point: [Value] = []
    for index in program.inputs.indices {
      guard let value = firstValue(of: index, box, region) else { return nil }
      point.append(value)
    }
    return point
  }

  /// Values of input `index` inside its domain and the region, the likeliest first.
  func values(of index: Int, _ box: InputBox, _ region: Region) -> [Value] {
    var seen: Set<Value> = []
    return candidates(of: index, box, region).filter {
      seen.insert($0).inserted && belongs($0, to: index, box, region)
    }
  }

  /// One of them, preferably one that people find ordinary.
  func firstValue(of index: Int, _ box: InputBox, _ region: Region) -> Value? {
    var second: Value?
    for value in candidates(of: index, box, region) where belongs(value, to: index, box, region) {
      if value.isOrdinary { return value }
      if second == nil { second = value }
    }
    return second
  }

  private func candidates(of index: Int, _ box: InputBox, _ region: Region) -> [Value] {
    var candidates: [Value] = []
    if let slot = analysis.slot(ofInput: index) {
      candidates = region.keys[slot].ranges.prefix(8).flatMap {
        analysis.edgeValues($0, slot: program.slots[slot])
      }
    }
    return candidates + box.domains[index].samples + hints.values(of: index) + [.null]
  }

  func belongs(
    _ value: Value, to index: Int, _ box: InputBox, _ region: Region
  ) -> Bool {
    let isInside =
      value == .null ? box.domains[index].mayBeNull : box.domains[index].contains(value)
    return isInside && allows(value, input: index, region)
  }

  private func allows(_ value: Value, input: Int, _ region: Region) -> Bool {
    guard let slot = analysis.slot(ofInput: input) else { return true }
    return region.keys[slot].contains(
      program.slots[slot].key(of: value, declared: program.inputs[input].values))
  }

  /// False when the enclosures over `box` prove that no point of it reaches the region.
  private func mayReach(_ box: InputBox, _ region: Region, _ constrained: [Int]) -> Bool {
    var interpreter = AbstractInterpreter(program: program, inputs: box.domains)
    return constrained.allSatisfy { slot in
      let keys = analysis.keys(of: program.slots[slot], &interpreter)
      return !keys.intersection(region.keys[slot]).isEmpty
    }
  }
}

/// The two ways to a point.
extension WitnessSearch {
  /// Tries combinations of likely values: by turns each input's, and what a linear guess says.
  private func tryCandidates(
    _ point: inout [Value], _ inputs: [Int], _ region: Region, _ constrained: [Int],
    _ box: InputBox,
    _ effort: inout Int
  ) -> [Value]? {
    if reaches(point, region) { return point }
    let all = inputs.map { values(of: $0, box, region) }
    if all.contains(where: \.isEmpty) { return nil }
    let ordinary = all.map { values in
      let found = values.filter(\.isOrdinary)
      return found.isEmpty ? values : found
    }
    var dice = SplitMix(seed: 0x1EAF)
    for attempt in 0..<min(400, budget) {
      effort -= 1
      let choices = attempt % 4 == 3 ? all : ordinary
      var trial = point
      for (place, input) in inputs.enumerated() {
        trial[input] = choices[place][dice.below(choices[place].count)]
      }
      if reaches(trial, region, slots: constrained) { return trial }
      if attempt < 60,
        let solved = solve(trial, inputs, region, constrained, box)
      {
        return solved
      }
    }
    return nil
  }

  /// Moves one numeric input at a time to where a linear function would meet the constraint.
  private func solve(
    _ point: [Value], _ inputs: [Int], _ region: Region, _ constrained: [Int], _ box: InputBox
  ) -> [Value]? {
    var trial = point
    for slot in constrained where !reaches(trial, region, slots: [slot]) {
      guard
        let better = inputs.lazy.compactMap({ input in
          linearGuess(trial, input, slot, region, box)
        }).first
      else { return nil }
      trial = better
    }
    return reaches(trial, region) ? trial : nil
  }

  private func linearGuess(
    _ point: [Value], _ input: Int, _ slot: Int, _ region: Region, _ box: InputBox
  ) -> [Value]? {
    guard let x0 = point[input].measure,
      let f0 = measure(of: slot, point),
      let x1 = x0.adding(Decimal128(box.domains[input].interval.high == x0 ? -1 : 1)),
      let f1 = measure(of: slot, replacing(point, input, x1) ?? point), f0 != f1,
      let slope = f1.adding(f0.negated)
    else { return nil }
    let description = program.slots[slot]
    let targets = region.keys[slot].ranges.prefix(4).flatMap {
      analysis.edgeValues($0, slot: description)
    }
    for target in targets {
      guard let goal = target.measure, let gap = goal.adding(f0.negated),
        let x = gap.divided(by: slope)?.adding(x0)
      else { continue }
      // Slopes are rounded, so a short number may lie beside the guess: above it or below.
      let rounded = [nil, 0, 1, 2, 3, 4, 6].compactMap { scale in
        scale.map { x.rounded(scale: $0, mode: .halfEven) } ?? x
      }
      for guess in rounded {
        guard let trial = replacing(point, input, guess), box.domains[input].contains(trial[input]),
          allows(trial[input], input: input, region), reaches(trial, region, slots: [slot])
        else { continue }
        return trial
      }
    }
    return nil
  }

  private func measure(of slot: Int, _ point: [Value]) -> Decimal128? {
    var stack: [Value] = []
    return value(of: program.slots[slot], point, derivedValues(of: point), &stack).measure
  }

  private func replacing(_ point: [Value], _ input: Int, _ measure: Decimal128) -> [Value]? {
    let description = program.inputs[input]
    guard
      let value = Value(
        measure: measure, type: description.type, inUTC: description.offset == .required)
    else { return nil }
    var copy = point
    copy[input] = value
    return copy
  }

  /// Cuts the input space into boxes until each is decided.
  private func cut(
    _ root: inout InputBox, _ point: inout [Value], _ inputs: [Int], _ region: Region,
    _ constrained: [Int], _ effort: inout Int
  ) -> Verdict {
    var pending = [root]
    var spent = 0
    var isProven = true
    while let box = pending.popLast() {
      spent += 1
      effort -= 1
      if spent > budget { return .undecided }
      var isPossible = true
      for input in inputs {
        guard let value = firstValue(of: input, box, region) else {
          // Nothing to try here: empty, or no value of it is known by name.
          isPossible = false
          isProven = isProven && box.domains[input].isEmpty
          break
        }
        point[input] = value
      }
      if !isPossible { continue }
      if reaches(point, region, slots: constrained) { return .found(point) }
      guard mayReach(box, region, constrained) else { continue }
      guard let (lower, upper) = box.halved(inputs, hints) else {
        isProven = isProven && box.isPoint(inputs)
        continue
      }
      pending.append(upper)
      pending.append(lower)
    }
    return isProven ? .none : .undecided
  }
}

/// A small generator of numbers that only look random: the same each time.
struct SplitMix {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }

  /// A number from 0 to `bound`, which isn't included.
  mutating func below(_ bound: Int) -> Int {
    bound <= 1 ? 0 : Int(next() % UInt64(bound))
  }
}
