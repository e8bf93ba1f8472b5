import RuleProgram

/// Brings expressions of several programs into one set of tables: what computes the same from the same
/// inputs gets the same number, whatever it was called.
struct CodeMerger {
  private(set) var constants: [Value] = []
  private(set) var patterns: [Program.Pattern] = []
  private(set) var expressions: [Code] = []
  private(set) var derived: [Program.Derived] = []
  private var constantIndex: [ConstantKey: Int] = [:]
  private var patternIndex: [Program.Pattern: Int] = [:]
  private var expressionIndex: [Code: Int] = [:]
  private var derivedIndex: [DerivedKey: Int] = [:]

  /// Constants are one when they print alike.
  private struct ConstantKey: Hashable {
    var type: ValueType?
    var text: [UInt8]
  }

  private struct DerivedKey: Hashable {
    var expression: Int
    var type: ValueType
  }

  /// How one program's numbers become the joint ones.
  struct Numbers {
    /// Joint input of each input.
    var inputs: [Int]
    /// Joint derived value of each derived value.
    var derived: [Int] = []
    /// Joint expression of each expression.
    var expressions: [Int] = []
  }

  /// Takes over the derived values and expressions of `program`, whose inputs have the joint
  /// numbers `inputs`.
  mutating func add(_ program: Program, inputs: [Int]) -> Numbers {
    var numbers = Numbers(inputs: inputs)
    for item in program.derived {
      let expression = add(program.expressions[item.expression], of: program, numbers)
      let key = DerivedKey(expression: expression, type: item.type)
      if let known = derivedIndex[key] {
        numbers.derived.append(known)
      } else {
        derived.append(Program.Derived(name: item.name, type: item.type, expression: expression))
        derivedIndex[key] = derived.count - 1
        numbers.derived.append(derived.count - 1)
      }
    }
    numbers.expressions = program.expressions.map { add($0, of: program, numbers) }
    return numbers
  }

  private mutating func add(_ code: Code, of program: Program, _ numbers: Numbers) -> Int {
    let merged = Code(
      code.instructions.map { instruction in
        let operand = instruction.operand
        return switch instruction.operation {
        case .constant: Instruction(.constant, number(of: program.constants[operand]))
        case .input: Instruction(.input, numbers.inputs[operand])
        case .derived: Instruction(.derived, numbers.derived[operand])
        case .matches: Instruction(.matches, number(of: program.patterns[operand]))
        default: instruction
        }
      })
    if let known = expressionIndex[merged] { return known }
    expressions.append(merged)
    expressionIndex[merged] = expressions.count - 1
    return expressions.count - 1
  }

  private mutating func number(of value: Value) -> Int {
    let key = ConstantKey(type: value.type, text: Array(value.description.utf8))
    if let known = constantIndex[key] { return known }
    constants.append(value)
    constantIndex[key] = constants.count - 1
    return constants.count - 1
  }

  private mutating func number(of pattern: Program.Pattern) -> Int {
    if let known = patternIndex[pattern] { return known }
    patterns.append(pattern)
    patternIndex[pattern] = patterns.count - 1
    return patterns.count - 1
  }
}
