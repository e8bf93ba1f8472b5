public import RuleProgram

/// What can reach a place in the tree: for each slot, the keys that the path to the place allows.
public struct Region: Sendable {
  /// One set for each slot of the program.
  public var keys: [KeySet]
}

/// Geometry of a program's input space. The program may be a draft: only its inputs, derived values,
/// expressions and slots are looked at.
public struct RegionAnalysis: Sendable {
  let program: Program
  private let slotOfInput: [Int?]

  /// An analysis of `program`.
  public init(_ program: Program) {
    self.program = program
    var slotOfInput = [Int?](repeating: nil, count: program.inputs.count)
    for (index, slot) in program.slots.enumerated() {
      if case .input(let input) = slot.source { slotOfInput[input] = index }
    }
    self.slotOfInput = slotOfInput
  }

  /// Everything that binding lets through.
  public var whole: Region {
    Region(keys: program.slots.map(domain))
  }

  /// The keys that a slot can have at all: what an input declares; for a computed slot, every key.
  private func domain(_ slot: Program.Slot) -> KeySet {
    guard case .input(let index) = slot.source else {
      return KeySet([slot.encoding.keys(declaredValues: 0)], includesMissing: true)
    }
    let input = program.inputs[index]
    var keys = slot.encoding.keys(declaredValues: input.values.count)
    if let minimum = input.minimum {
      keys = max(keys.lowerBound, slot.key(of: minimum))...keys.upperBound
    }
    if let maximum = input.maximum {
      let high = min(keys.upperBound, slot.key(of: maximum))
      guard keys.lowerBound <= high else { return KeySet(includesMissing: input.allowsMissing) }
      keys = keys.lowerBound...high
    }
    return KeySet([keys], includesMissing: input.allowsMissing)
  }

  /// The keys that slot number `slot` can have inside `region`. For a computed slot an enclosure:
  /// a key outside it is impossible, one inside it may be.
  public func possibleKeys(_ slot: Int, in region: Region) -> KeySet {
    let allowed = region.keys[slot]
    let description = program.slots[slot]
    if case .input = description.source { return allowed }
    return allowed.intersection(keys(of: enclosure(of: description, in: region), description))
  }

  /// An enclosure of a slot's value inside `region`.
  public func enclosure(of slot: Program.Slot, in region: Region) -> AbstractValue {
    var interpreter = AbstractInterpreter(program: program, inputs: enclosures(in: region))
    return Self.enclosure(of: slot, &interpreter)
  }

  private static func enclosure(
    of slot: Program.Slot, _ interpreter: inout AbstractInterpreter
  ) -> AbstractValue {
    switch slot.source {
    case .input(let index): interpreter.inputs[index]
    case .derived(let index): interpreter.derivedValue(index)
    case .expression(let index): interpreter.evaluate(index)
    }
  }

  /// The keys that a computed slot can have, as far as `interpreter`'s inputs tell.
  func keys(of slot: Program.Slot, _ interpreter: inout AbstractInterpreter) -> KeySet {
    keys(of: Self.enclosure(of: slot, &interpreter), slot)
  }

  /// The slot that input number `input` feeds, or nil.
  func slot(ofInput input: Int) -> Int? { slotOfInput[input] }

  /// True when the value of expression number `expression` can be null inside `region`, as far as known.
  public func mayBeNull(expression: Int, in region: Region) -> Bool {
    var interpreter = AbstractInterpreter(program: program, inputs: enclosures(in: region))
    return interpreter.evaluate(expression).mayBeNull
  }

  private func keys(of value: AbstractValue, _ slot: Program.Slot) -> KeySet {
    var declared: [String] = []
    if case .input(let input) = slot.source { declared = program.inputs[input].values }
    let all = slot.encoding.keys(declaredValues: declared.count)
    var mayBeMissing = value.mayBeNull
    if slot.offset != .any, value.offset != slot.offset { mayBeMissing = true }
    switch value.domain {
    case .none: return KeySet(includesMissing: true)
    case .booleans(let canBeFalse, let canBeTrue):
      return KeySet(
        (canBeFalse ? [0...0] : []) + (canBeTrue ? [1...1] : []), includesMissing: mayBeMissing)
    case .strings(let texts?):
      return KeySet(
        texts.map { slot.key(of: .string($0), declared: declared) }.map { $0...$0 },
        includesMissing: mayBeMissing)
    case .strings(nil): return KeySet([all], includesMissing: mayBeMissing)
    case .numbers(let interval):
      let low = interval.low.flatMap { key($0, slot) } ?? all.lowerBound
      let high = interval.high.flatMap { key($0, slot) } ?? all.upperBound
      guard low <= high else { return KeySet(includesMissing: mayBeMissing) }
      return KeySet([low...high], includesMissing: mayBeMissing)
    }
  }

  /// The key of the value whose measure is `measure`. A `whole` slot's measures are floored, which
  /// encloses on the low side; on the high side a key covers its whole unit.
  private func key(_ measure: Decimal128, _ slot: Program.Slot) -> Int64? {
    switch slot.encoding {
    case .boolean, .declared: return nil
    case .whole:
      return min(
        max(measure.scaledKey(digits: 0) >> 1, KeyEncoding.leastKey), KeyEncoding.greatestKey)
    case .scaled(let digits):
      return min(
        max(measure.scaledKey(digits: digits), KeyEncoding.leastKey), KeyEncoding.greatestKey)
    case .ranked:
      guard let value = Value(measure: measure, like: slot) else { return nil }
      let key = slot.key(of: value)
      return key == KeyEncoding.missingKey ? nil : key
    }
  }

  /// An enclosure of each input inside `region`.
  func enclosures(in region: Region) -> [AbstractValue] {
    program.inputs.indices.map { index in
      let input = program.inputs[index]
      guard let slot = slotOfInput[index] else { return declared(input) }
      return narrowed(declared(input), region.keys[slot], program.slots[slot], input)
    }
  }

  /// What an input's declaration alone says.
  private func declared(_ input: Program.Input) -> AbstractValue {
    var value = AbstractValue.anything(input.type, mayBeNull: input.allowsMissing)
    value.offset = input.offset
    if !input.values.isEmpty { value.domain = .strings(Set(input.values)) }
    if let limit = input.type.inputLimit {
      value.domain = .numbers(
        Interval(input.minimum?.measure ?? limit.negated, input.maximum?.measure ?? limit))
    }
    return value
  }

  /// What the keys of an input's slot add to its declaration.
  private func narrowed(
    _ value: AbstractValue, _ keys: KeySet, _ slot: Program.Slot, _ input: Program.Input
  ) -> AbstractValue {
    var result = value
    result.mayBeNull = keys.includesMissing
    guard let hull = keys.hull else {
      result.domain = .none
      return result
    }
    switch value.domain {
    case .booleans:
      result.domain = .booleans(canBeFalse: keys.contains(0), canBeTrue: keys.contains(1))
    case .strings where slot.encoding == .declared:
      result.domain = .strings(
        Set(input.values.indices.filter { keys.contains(Int64($0)) }.map { input.values[$0] }))
    case .numbers(let interval):
      result.domain = .numbers(tightened(interval, hull, slot))
    default: break
    }
    return result
  }

  private func tightened(
    _ interval: Interval, _ hull: ClosedRange<Int64>, _ slot: Program.Slot
  ) -> Interval {
    var result = interval
    if let bound = program.lowerBound(hull.lowerBound, slot), let low = bound.value.measure,
      interval.low.map({ $0 <= low }) ?? true
    {
      (result.low, result.lowIsClosed) = (low, bound.isClosed)
    }
    if let bound = program.upperBound(hull.upperBound, slot), let high = bound.value.measure,
      interval.high.map({ high <= $0 }) ?? true
    {
      (result.high, result.highIsClosed) = (high, bound.isClosed)
    }
    return slot.type == .number ? awayFromZero(result) : result
  }

  /// An input that isn't zero is at least 10^-1000 away from it.
  private func awayFromZero(_ interval: Interval) -> Interval {
    let zero = Decimal128(0)
    var result = interval
    if let low = interval.low, low == zero, !interval.lowIsClosed {
      (result.low, result.lowIsClosed) = (ValueType.leastInputMagnitude, true)
    }
    if let high = interval.high, high == zero, !interval.highIsClosed {
      (result.high, result.highIsClosed) = (ValueType.leastInputMagnitude?.negated, true)
    }
    return result
  }
}
