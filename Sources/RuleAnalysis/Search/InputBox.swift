import RuleProgram

/// A box of the input space: one domain for each input.
struct InputBox {
  var domains: [AbstractValue]

  init(_ domains: [AbstractValue]) { self.domains = domains }

  /// True when each of `inputs` has one value left.
  func isPoint(_ inputs: [Int]) -> Bool { inputs.allSatisfy { domains[$0].isPoint } }

  /// Two boxes that make up this one: cut where it is likeliest to decide something. nil when there
  /// is nothing to cut.
  func halved(_ inputs: [Int], _ hints: CandidateValues) -> (InputBox, InputBox)? {
    var best: (input: Int, halves: (AbstractValue, AbstractValue), worth: Int)?
    for input in inputs {
      guard let (halves, worth) = domains[input].halved(at: hints.measures(of: input)) else {
        continue
      }
      if best.map({ $0.worth < worth }) ?? true { best = (input, halves, worth) }
    }
    guard let best else { return nil }
    var lower = self
    var upper = self
    lower.domains[best.input] = best.halves.0
    upper.domains[best.input] = best.halves.1
    return (lower, upper)
  }
}

extension AbstractValue {
  /// True when no value and no null belongs to it.
  var isEmpty: Bool {
    if mayBeNull { return false }
    switch domain {
    case .none: return true
    case .booleans(let canBeFalse, let canBeTrue): return !canBeFalse && !canBeTrue
    case .strings(let texts): return texts?.isEmpty ?? false
    case .numbers(let interval):
      guard let low = interval.low, let high = interval.high else { return false }
      return high < low || (low == high && !(interval.lowIsClosed && interval.highIsClosed))
    }
  }

  /// True when exactly one value, or only null, belongs to it.
  var isPoint: Bool {
    switch domain {
    case .none: true
    case .booleans(let canBeFalse, let canBeTrue): !mayBeNull && canBeFalse != canBeTrue
    case .strings(let texts): !mayBeNull && texts?.count == 1
    case .numbers(let interval): !mayBeNull && interval.low != nil && interval.low == interval.high
    }
  }

  /// True when `value`, which isn't null, belongs to it.
  func contains(_ value: Value) -> Bool {
    guard value.type == type else { return false }
    switch (domain, value) {
    case (.booleans(let canBeFalse, let canBeTrue), .boolean(let flag)):
      return flag ? canBeTrue : canBeFalse
    case (.strings(let texts), .string(let text)): return texts?.contains(text) ?? true
    case (.numbers(let interval), _):
      if offset != .any, let hasOffset = value.hasOffset, hasOffset != (offset == .required) {
        return false
      }
      return value.measure.map(interval.contains) ?? false
    default: return false
    }
  }

  /// Values of it: its ends, its middle, all of a small set.
  var samples: [Value] {
    switch domain {
    case .none: return []
    case .booleans: return [.boolean(true), .boolean(false)]
    case .strings(let texts): return (texts ?? []).sorted().map { .string($0) }
    case .numbers(let interval):
      guard let type else { return [] }
      let ends = [interval.middle, interval.low, interval.high].compactMap { $0 }
      return ends.compactMap { Value(measure: $0, type: type, inUTC: offset == .required) }
    }
  }

  /// Two domains that make this one up, and how much the cut is likely to decide; nil when there is
  /// nothing to cut.
  func halved(
    at measures: [Decimal128]
  ) -> (halves: (AbstractValue, AbstractValue), worth: Int)? {
    if mayBeNull, domain != .none {
      var present = self
      present.mayBeNull = false
      return ((present, AbstractValue(type, .none, mayBeNull: true, offset: offset)), 1_000)
    }
    switch domain {
    case .none: return nil
    case .booleans(let canBeFalse, let canBeTrue):
      guard canBeFalse, canBeTrue else { return nil }
      return (
        (
          with(.booleans(canBeFalse: false, canBeTrue: true)),
          with(.booleans(canBeFalse: true, canBeTrue: false))
        ), 900
      )
    case .strings(let texts):
      guard let texts, texts.count > 1 else { return nil }
      let sorted = texts.sorted()
      let middle = sorted.count / 2
      return (
        (with(.strings(Set(sorted[..<middle]))), with(.strings(Set(sorted[middle...])))), 800
      )
    case .numbers(let interval): return halved(interval, at: measures)
    }
  }

  private func halved(
    _ interval: Interval, at measures: [Decimal128]
  ) -> (halves: (AbstractValue, AbstractValue), worth: Int)? {
    let inside = measures.filter { interval.containsInside($0) }
    guard let cut = inside.isEmpty ? interval.middle : inside[inside.count / 2],
      let (lower, upper) = interval.cut(at: cut, isWhole: type?.hasWholeMeasure ?? false)
    else { return nil }
    return (
      (with(.numbers(lower)), with(.numbers(upper))),
      inside.isEmpty ? interval.sizeClass : 500 + inside.count
    )
  }

  private func with(_ domain: Domain) -> AbstractValue {
    var copy = self
    copy.domain = domain
    return copy
  }
}

extension ValueType {
  /// True for types that are measured in whole days or months.
  fileprivate var hasWholeMeasure: Bool { self == .date || self == .yearMonthDuration }
}

extension Interval {
  /// True when the interval can be cut at `number` so that both sides keep something.
  fileprivate func containsInside(_ number: Decimal128) -> Bool {
    guard contains(number) else { return false }
    return number != high
  }

  /// The two parts up to `cut` and above it.
  fileprivate func cut(at cut: Decimal128, isWhole: Bool) -> (Interval, Interval)? {
    guard let low, let high, low < high, contains(cut), cut != high else { return nil }
    if isWhole {
      guard let floor = cut.rounded(scale: 0, mode: .floor), let next = floor.adding(Decimal128(1)),
        low <= floor, next <= high
      else { return nil }
      return (
        Interval(low, floor, lowIsClosed: lowIsClosed),
        Interval(next, high, highIsClosed: highIsClosed)
      )
    }
    return (
      Interval(low, cut, lowIsClosed: lowIsClosed),
      Interval(cut, high, lowIsClosed: false, highIsClosed: highIsClosed)
    )
  }

  /// A number inside: zero between negative and positive ends; between ends of very different size
  /// one of middling size; otherwise the mean. nil when an end is infinite.
  var middle: Decimal128? {
    guard let low, let high else { return nil }
    let zero = Decimal128(0)
    if low < zero, zero < high { return zero }
    let (small, large) = low < zero ? (high.negated, low.negated) : (low, high)
    let gap = large.order - max(small.order, 0)
    if gap > 3 {
      let power = Decimal128(
        negative: low < zero, coefficient: 1, exponent: max(small.order, 0) + gap / 2)
      if let power, contains(power) { return power }
    }
    return low.adding(high)?.divided(by: Decimal128(2))
  }

  /// Roughly how large the interval is: how many orders of magnitude, or how many bits are left.
  fileprivate var sizeClass: Int {
    guard let low, let high, let width = high.adding(low.negated), width != Decimal128(0) else {
      return 0
    }
    return max(1, min(400, width.order + 50))
  }
}

extension Decimal128 {
  /// The power of ten of the leading digit; very low for zero.
  fileprivate var order: Int {
    let parts = significandAndExponent
    if parts.coefficient == 0 { return -10_000 }
    return String(parts.coefficient).utf8.count - 1 + parts.exponent
  }
}
