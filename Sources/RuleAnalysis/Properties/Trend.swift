import RuleProgram

/// How the value of an expression moves when one input rises and all others stay.
struct Trend: Hashable {
  var direction: Direction
  /// True when the input can decide whether the value is null.
  var changesNull: Bool
  /// The value, unless it is zero, lies between 10^-reach and 10^reach in magnitude.
  var reach: Int

  /// Where the value goes; equal values count as either way.
  enum Direction: Hashable {
    case constant, rising, falling, unknown

    var reversed: Direction {
      switch self {
      case .rising: .falling
      case .falling: .rising
      default: self
      }
    }

    /// The direction of what moves with both.
    func joined(_ other: Direction) -> Direction {
      if self == .constant { return other }
      if other == .constant || self == other { return self }
      return .unknown
    }
  }

  /// Beyond this reach a decimal could overflow, and the result be null.
  static let overflow = 6_000

  static func constant(reach: Int = 0) -> Trend {
    Trend(direction: .constant, changesNull: false, reach: reach)
  }
}

/// Computes trends over a program's expressions.
struct TrendAnalysis {
  private let program: Program
  private let input: Int
  private let enclosures: [AbstractValue]
  private var derived: [(trend: Trend, enclosure: AbstractValue)] = []

  private typealias Item = (trend: Trend, enclosure: AbstractValue)

  /// Trends in input number `input` of `program`.
  init(_ program: Program, input: Int) {
    self.program = program
    self.input = input
    let analysis = RegionAnalysis(program)
    enclosures = analysis.enclosures(in: analysis.whole)
    for item in program.derived { derived.append(evaluate(program.expressions[item.expression])) }
  }

  /// How the value of a slot moves.
  func trend(of slot: Program.Slot) -> Trend {
    switch slot.source {
    case .input(let index): inputItem(index).trend
    case .derived(let index): derived[index].trend
    case .expression(let index): evaluate(program.expressions[index]).trend
    }
  }

  private func inputItem(_ index: Int) -> Item {
    var trend = Trend.constant(reach: 1_000)
    if index == input {
      trend.direction = program.inputs[index].type.isOrdered ? .rising : .unknown
    }
    return (trend, enclosures[index])
  }

  private func evaluate(_ code: Code) -> Item {
    var stack: [Item] = []
    for instruction in code.instructions {
      let operand = instruction.operand
      switch instruction.operation {
      case .constant:
        let reach = program.constants[operand].measure.map { Self.reach(of: $0) } ?? 0
        stack.append((.constant(reach: reach), AbstractValue(program.constants[operand])))
      case .input: stack.append(inputItem(operand))
      case .derived: stack.append(derived[operand])
      case .null: stack.append((.constant(), AbstractValue(.null)))
      case .copy: stack.append(stack[stack.count - 1 - operand])
      case .nip: stack.remove(at: stack.count - 2)
      default:
        let items = Array(stack.suffix(instruction.arity))
        stack.removeLast(items.count)
        let enclosure = AbstractInterpreter.apply(instruction, items.map(\.enclosure))
        stack.append((Self.apply(instruction.operation, items), enclosure))
      }
    }
    return stack.last ?? (.constant(), AbstractValue(.null))
  }

  private static func reach(of number: Decimal128) -> Int {
    let parts = number.significandAndExponent
    return abs(parts.exponent) + 35
  }

  private static func apply(_ operation: Operation, _ items: [Item]) -> Trend {
    let trends = items.map(\.trend)
    var result = Trend(
      direction: .unknown, changesNull: trends.contains { $0.changesNull },
      reach: trends.map(\.reach).max() ?? 0)
    if trends.allSatisfy({ $0.direction == .constant && !$0.changesNull }) {
      result.direction = .constant
      result.reach = reach(operation, trends)
      return result
    }
    result.direction = direction(operation, items)
    result.reach = reach(operation, trends)
    result.changesNull = result.changesNull || changesNull(operation, items, result.reach)
    return result
  }

  private static func reach(_ operation: Operation, _ trends: [Trend]) -> Int {
    let greatest = trends.map(\.reach).max() ?? 0
    switch operation {
    case .multiply, .divide: return trends.reduce(0) { $0 + $1.reach }
    // A difference of 34-digit numbers can be 34 digits smaller than they are.
    case .add, .subtract, .sum: return greatest + 36
    case .power, .squareRoot, .modulo: return 2 * greatest + Trend.overflow
    default: return greatest
    }
  }

  /// Whether the operation itself can be null for one value of the input and not for another.
  private static func changesNull(
    _ operation: Operation, _ items: [Item], _ reach: Int
  ) -> Bool {
    switch operation {
    case .add, .subtract, .multiply, .negate, .abs, .sum:
      return reach > Trend.overflow || items.contains { $0.enclosure.type != .number }
    case .divide:
      let divisor = items[1]
      let canBeZero = divisor.enclosure.interval.contains(Decimal128(0))
      return reach > Trend.overflow || (divisor.trend.direction != .constant && canBeZero)
        || items.contains { $0.enclosure.type != .number }
    case .floor, .ceiling, .roundUp, .roundDown, .roundHalfUp, .roundHalfDown, .roundHalfEven:
      return false
    case .less, .lessOrEqual, .greater, .greaterOrEqual, .equal, .notEqual, .not, .count:
      return false
    case .and, .or, .select, .minimum, .maximum:
      return items.contains { $0.enclosure.mayBeNull }
    default: return true
    }
  }

  private static func direction(_ operation: Operation, _ items: [Item]) -> Trend.Direction {
    let ways = items.map(\.trend.direction)
    switch operation {
    case .add:
      return items.contains { $0.enclosure.type == .string } ? .unknown : ways[0].joined(ways[1])
    case .subtract, .greater, .greaterOrEqual: return ways[0].joined(ways[1].reversed)
    case .less, .lessOrEqual: return ways[0].reversed.joined(ways[1])
    case .negate, .not: return ways[0].reversed
    case .and, .or, .minimum, .maximum, .sum:
      return ways.reduce(.constant) { $0.joined($1) }
    case .floor, .ceiling, .squareRoot: return ways[0]
    case .roundUp, .roundDown, .roundHalfUp, .roundHalfDown, .roundHalfEven:
      return ways[1] == .constant ? ways[0] : .unknown
    case .select: return ways[0] == .constant ? ways[1].joined(ways[2]) : .unknown
    case .abs: return product(ways[0], items[0].enclosure.interval.sign)
    case .multiply:
      return product(ways[0], items[1].enclosure.interval.sign)
        .joined(product(ways[1], items[0].enclosure.interval.sign))
    case .divide:
      return product(ways[0], items[1].enclosure.interval.sign)
        .joined(product(ways[1].reversed, items[0].enclosure.interval.sign))
    default: return .unknown
    }
  }

  /// The direction of something times a factor of this sign.
  private static func product(
    _ direction: Trend.Direction, _ sign: Interval.Sign
  ) -> Trend.Direction {
    if direction == .constant { return .constant }
    switch sign {
    case .positive: return direction
    case .negative: return direction.reversed
    case .both: return .unknown
    }
  }
}

extension ValueType {
  fileprivate var isOrdered: Bool { self != .string && self != .boolean }
}
