/// One row on its way into an evaluator: values are checked against their inputs as they are bound,
/// encoded once, and what was refused is kept field by field.
///
/// Use: `begin()`, a `bind…` for each field that the row has, `evaluate()`. A binding is reused
/// from row to row and isn't shared between threads.
public struct Binding: Sendable {
  /// Why a field was refused.
  public struct Refusal: Hashable, Sendable {
    /// The input's name.
    public var input: String
    /// What is wrong, without the value: `required, but missing`.
    public var problem: Problem

    /// The refusal of `input` for `problem`.
    public init(input: String, problem: Problem) {
      self.input = input
      self.problem = problem
    }
  }

  /// What can be wrong with a field.
  public enum Problem: Hashable, Sendable {
    case missing
    case wrongType(ValueType)
    case belowMinimum(Value)
    case aboveMaximum(Value)
    case undeclared
    case offsetRequired
    case offsetForbidden
    /// Beyond the limits of `ValueType.inputLimit`, or a text of more than 1 MiB.
    case tooLarge

    /// A stable code for programs.
    public var code: String {
      switch self {
      case .missing: "missing"
      case .wrongType: "wrong-type"
      case .belowMinimum: "below-minimum"
      case .aboveMaximum: "above-maximum"
      case .undeclared: "undeclared-value"
      case .offsetRequired: "offset-required"
      case .offsetForbidden: "offset-forbidden"
      case .tooLarge: "too-large"
      }
    }

    /// The problem in words; it never holds the value that was refused.
    public var text: String {
      switch self {
      case .missing: "is required, but missing"
      case .wrongType(let type): "is not a \(type.name)"
      case .belowMinimum(let minimum): "is below the minimum \(minimum)"
      case .aboveMaximum(let maximum): "is above the maximum \(maximum)"
      case .undeclared: "is not one of the declared values"
      case .offsetRequired: "needs an offset from UTC, such as Z or +02:00"
      case .offsetForbidden: "must be a local time, without an offset from UTC"
      case .tooLarge: "is too large"
      }
    }
  }

  let evaluator: Evaluator
  /// One key for each slot.
  public private(set) var keys: [Int64]
  /// One value for each input; kept only for inputs that an expression reads.
  private(set) var values: [Value]
  private var isBound: [Bool]
  /// What was refused so far, in the order of binding.
  public private(set) var refusals: [Refusal] = []
  /// The derived values, after `evaluate()`.
  public private(set) var derived: [Value]
  private var stack: [Value] = []

  /// A binding for rows of `evaluator`'s program.
  public init(_ evaluator: Evaluator) {
    self.evaluator = evaluator
    keys = Array(repeating: KeyEncoding.missingKey, count: evaluator.program.slots.count)
    values = Array(repeating: .null, count: evaluator.program.inputs.count)
    isBound = Array(repeating: false, count: evaluator.program.inputs.count)
    derived = Array(repeating: .null, count: evaluator.program.derived.count)
  }

  /// Starts a new row.
  public mutating func begin() {
    for index in isBound.indices { isBound[index] = false }
    refusals.removeAll(keepingCapacity: true)
  }

  /// Binds input number `input` to a text as it stands in a CSV cell; an empty text is missing.
  public mutating func bind(_ input: Int, text: Span<UInt8>) {
    if text.count == 0 { return bindMissing(input) }
    let type = evaluator.inputPlans[input].type
    if type == .number {
      guard let number = Decimal128(ascii: text) else {
        return refuse(input, .wrongType(.number))
      }
      return bind(input, number: number)
    }
    if bindDeclared(input, text) { return }
    guard text.count <= 1 << 20 else { return refuse(input, .tooLarge) }
    guard let string = String.validating(text),
      let value = Value(parsing: string, as: type)
    else { return refuse(input, .wrongType(type)) }
    bind(input, value: value)
  }

  /// Binds input number `input` to the string whose UTF-8 bytes are `string`; an empty one is a
  /// value like others.
  public mutating func bind(_ input: Int, string: Span<UInt8>) {
    if bindDeclared(input, string) { return }
    guard let text = String.validating(string) else {
      return refuse(input, .wrongType(evaluator.inputPlans[input].type))
    }
    bind(input, value: .string(text))
  }

  /// Binds input number `input` to the declared value that has the bytes `text`; false, with
  /// nothing done, when there is none.
  private mutating func bindDeclared(_ input: Int, _ text: Span<UInt8>) -> Bool {
    let plan = evaluator.inputPlans[input]
    guard plan.declared >= 0,
      let index = evaluator.declaredValues[plan.declared].index(of: text)
    else { return false }
    isBound[input] = true
    if plan.isRead { values[input] = evaluator.declaredValues[plan.declared].values[index] }
    keys[plan.slot] = Int64(index)
    return true
  }

  /// Binds input number `input` to a number.
  public mutating func bind(_ input: Int, number: Decimal128) {
    let plan = evaluator.inputPlans[input]
    guard plan.type == .number else { return refuse(input, .wrongType(plan.type)) }
    guard number.isWithinInputLimit else { return refuse(input, .tooLarge) }
    if let minimum = plan.minimum, number < minimum {
      return refuse(input, .belowMinimum(.number(minimum)))
    }
    if let maximum = plan.maximum, maximum < number {
      return refuse(input, .aboveMaximum(.number(maximum)))
    }
    isBound[input] = true
    if plan.isRead { values[input] = .number(number) }
    guard plan.slot >= 0 else { return }
    keys[plan.slot] =
      plan.digits >= 0
      ? KeyEncoding.clamp(number.scaledKey(digits: plan.digits))
      : evaluator.program.slots[plan.slot].encoding.key(of: .number(number))
  }

  /// Binds input number `input` to the shortest decimal that reads back as `double`; NaN is missing.
  ///
  /// The key is mostly made without the decimal, in a tenth of the time.
  public mutating func bind(_ input: Int, double: Double) {
    if let key = evaluator.inputPlans[input].doubles?.key(of: double) {
      isBound[input] = true
      keys[evaluator.inputPlans[input].slot] = key
    } else if let number = Decimal128(double) {
      bind(input, number: number)
    } else if double.isNaN {
      bindMissing(input)
    } else {
      refuse(input, .wrongType(evaluator.inputPlans[input].type))
    }
  }

  /// Binds input number `input` to a value; null is missing.
  public mutating func bind(_ input: Int, value: Value) {
    switch value {
    case .number(let number): return bind(input, number: number)
    case .null: return bindMissing(input)
    case .string(let text): if bindDeclared(input, text.utf8Span.span) { return }
    default: break
    }
    if let problem = problem(of: value, for: evaluator.program.inputs[input]) {
      return refuse(input, problem)
    }
    let plan = evaluator.inputPlans[input]
    isBound[input] = true
    if plan.isRead { values[input] = value }
    guard plan.slot >= 0 else { return }
    keys[plan.slot] = evaluator.program.slots[plan.slot].key(
      of: value, declared: evaluator.program.inputs[input].values)
  }

  /// Says that the row has no value for input number `input`.
  public mutating func bindMissing(_ input: Int) {
    let plan = evaluator.inputPlans[input]
    guard plan.allowsMissing else { return refuse(input, .missing) }
    isBound[input] = true
    values[input] = .null
    if plan.slot >= 0 { keys[plan.slot] = KeyEncoding.missingKey }
  }

  /// Refuses input number `input`, for a value that could not even be read.
  public mutating func refuse(_ input: Int, _ problem: Problem) {
    isBound[input] = true
    refusals.append(Refusal(input: evaluator.program.inputs[input].name, problem: problem))
  }

  /// The number of the leaf that the row reaches, or nil when the row was refused: see `refusals`.
  /// Inputs that were not bound count as missing.
  public mutating func evaluate() -> Int? {
    for input in isBound.indices where !isBound[input] { bindMissing(input) }
    guard refusals.isEmpty else { return nil }
    computeDerived()
    return evaluator.leaf(keys: keys.span)
  }

  /// The outputs that leaf number `leaf` sets, of the row just evaluated: index and value.
  public mutating func outputs(ofLeaf leaf: Int) -> [(output: Int, value: Value)] {
    evaluator.program.leaves[leaf].sets.map { set in
      (
        set.output,
        evaluator.machine.evaluate(
          set.expression, inputs: values, derived: derived, stack: &stack)
      )
    }
  }

  private mutating func computeDerived() {
    for index in derived.indices {
      derived[index] = evaluator.machine.evaluate(
        evaluator.program.derived[index].expression, inputs: values, derived: derived,
        stack: &stack)
    }
    for index in evaluator.computedSlots {
      let slot = evaluator.program.slots[index]
      switch slot.source {
      case .input: continue
      case .derived(let derivedIndex): keys[index] = slot.key(of: derived[derivedIndex])
      case .expression(let expression):
        let value = evaluator.machine.evaluate(
          expression, inputs: values, derived: derived, stack: &stack)
        keys[index] = slot.key(of: value)
      }
    }
  }

  private func problem(of value: Value, for input: Program.Input) -> Problem? {
    guard value.type == input.type else { return .wrongType(input.type) }
    switch value {
    case .string(let text):
      if text.utf8.count > 1 << 20 { return .tooLarge }
      return input.values.isEmpty || input.values.sortedIndex(of: text) != nil ? nil : .undeclared
    case .time, .dateTime:
      if input.offset == .required, value.hasOffset == false { return .offsetRequired }
      if input.offset == .forbidden, value.hasOffset == true { return .offsetForbidden }
    default: break
    }
    if let limit = input.type.inputLimit, let measure = value.measure, limit < measure.magnitude {
      return .tooLarge
    }
    if let minimum = input.minimum, let order = value.order(to: minimum), order < 0 {
      return .belowMinimum(minimum)
    }
    if let maximum = input.maximum, let order = value.order(to: maximum), order > 0 {
      return .aboveMaximum(maximum)
    }
    return nil
  }
}

extension String {
  /// The text of these bytes, or nil when they are not UTF-8.
  static func validating(_ bytes: Span<UInt8>) -> String? {
    guard let text = try? UTF8Span(validating: bytes) else { return nil }
    return String(copying: text)
  }
}
