import RuleProgram
import RuleSyntax

/// An expression on its way to code: instructions that still carry their constants themselves, so
/// that the tables of the program can be numbered last, in the order of the finished tree.
struct Lowered: Hashable {
  var instructions: [Symbolic]
  /// nil: always null.
  var type: ValueType?

  /// An instruction before constants and patterns have numbers.
  enum Symbolic: Hashable {
    case constant(Value)
    case matches(Program.Pattern)
    case instruction(Instruction)
  }

  /// The value, when the whole expression is a constant.
  var constant: Value? {
    guard instructions.count == 1 else { return nil }
    switch instructions[0] {
    case .constant(let value): return value
    case .instruction(Instruction(.null)): return .null
    default: return nil
    }
  }

  /// The expression that is always `value`.
  init(constant value: Value) {
    instructions = [value == .null ? .instruction(Instruction(.null)) : .constant(value)]
    type = value.type
  }

  init(_ instructions: [Symbolic], _ type: ValueType?) {
    self.instructions = instructions
    self.type = type
  }

  /// The most values that lie on the stack while it runs.
  var depth: Int {
    var deepest = 0
    var depth = 0
    for item in instructions {
      switch item {
      case .constant: depth += 1
      case .matches: break
      case .instruction(let instruction):
        depth += 1 - instruction.arity
      }
      deepest = max(deepest, depth)
    }
    return deepest
  }

  /// The inputs and derived values that it reads.
  func reads(_ operation: Operation) -> [Int] {
    instructions.compactMap { item in
      if case .instruction(let instruction) = item, instruction.operation == operation {
        return instruction.operand
      }
      return nil
    }
  }
}

extension CodePool {
  /// The number of `lowered` among the expressions.
  mutating func add(_ lowered: Lowered, derivedNumber: (Int) -> Int = { $0 }) -> Int {
    var instructions: [Instruction] = []
    for item in lowered.instructions {
      switch item {
      case .constant(let value): instructions.append(Instruction(.constant, number(of: value)))
      case .matches(let pattern): instructions.append(Instruction(.matches, number(of: pattern)))
      case .instruction(let instruction) where instruction.operation == .derived:
        instructions.append(Instruction(.derived, derivedNumber(instruction.operand)))
      case .instruction(let instruction): instructions.append(instruction)
      }
    }
    return number(of: Code(instructions))
  }
}
