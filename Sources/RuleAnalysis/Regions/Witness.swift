public import RuleProgram

/// Values to show for keys.
extension RegionAnalysis {
  /// A value whose key lies in `keys`, preferably one that people recognise: an exact constant, or
  /// something just beside it. nil when there is none to show.
  public func witness(_ keys: KeySet, slot: Program.Slot) -> Value? {
    for range in keys.ranges {
      if let value = witness(range, slot) { return value }
    }
    return nil
  }

  /// The values at both ends of a range of keys and one between them, as far as there are any.
  func edgeValues(_ range: ClosedRange<Int64>, slot: Program.Slot) -> [Value] {
    guard !slot.encoding.isTable, slot.type != .string else {
      return range.prefix(64).compactMap { witness($0...$0, slot) }
    }
    let edges = [range, range.lowerBound...range.lowerBound, range.upperBound...range.upperBound]
    return edges.compactMap { witness($0, slot) }
  }

  private func witness(_ range: ClosedRange<Int64>, _ slot: Program.Slot) -> Value? {
    switch slot.encoding {
    case .boolean: return .boolean(range.lowerBound == 1)
    case .declared:
      guard case .input(let input) = slot.source,
        program.inputs[input].values.indices.contains(Int(range.lowerBound))
      else { return nil }
      return .string(program.inputs[input].values[Int(range.lowerBound)])
    case .whole, .scaled, .ranked:
      let low = program.lowerBound(range.lowerBound, slot)
      let high = program.upperBound(range.upperBound, slot)
      return slot.type == .string
        ? text(low, high) : number(low, high, slot).map { clamped($0, slot) }
    }
  }

  private func text(_ low: Program.Bound?, _ high: Program.Bound?) -> Value? {
    if let low, low.isClosed { return low.value }
    if let high, high.isClosed { return high.value }
    let candidates: [Value] = [.string("other"), .string("")]
    let below = low.map { bound -> [Value] in
      if case .string(let text) = bound.value { return [.string(text + "_")] }
      return []
    }
    return (candidates + (below ?? [])).first { candidate in
      (low.map { (candidate.order(to: $0.value) ?? 0) > 0 } ?? true)
        && (high.map { (candidate.order(to: $0.value) ?? 0) < 0 } ?? true)
    }
  }

  private func number(
    _ low: Program.Bound?, _ high: Program.Bound?, _ slot: Program.Slot
  ) -> Value? {
    if let low, low.isClosed { return low.value }
    if let high, high.isClosed { return high.value }
    let one = Decimal128(1)
    switch (low?.value.measure, high?.value.measure) {
    case (let low?, let high?):
      let middle = low.adding(high)?.divided(by: Decimal128(2))
      return middle.flatMap { Value(measure: $0, like: slot) }
    case (let low?, nil): return low.adding(one).flatMap { Value(measure: $0, like: slot) }
    case (nil, let high?): return high.subtracting(one).flatMap { Value(measure: $0, like: slot) }
    case (nil, nil): return Value(measure: Decimal128(0), like: slot)
    }
  }

  /// `value`, moved inside the declared bounds of the slot's input, which need not lie on a key's edge.
  private func clamped(_ value: Value, _ slot: Program.Slot) -> Value {
    guard case .input(let index) = slot.source else { return value }
    let input = program.inputs[index]
    if let minimum = input.minimum, (value.order(to: minimum) ?? 0) < 0 { return minimum }
    if let maximum = input.maximum, (value.order(to: maximum) ?? 0) > 0 { return maximum }
    return value
  }
}
