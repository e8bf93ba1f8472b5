import RuleProgram

/// Brings expressions of several programs into one set of tables: what computes the same from the same
/// inputs gets the same number, whatever it was called.
struct CodeMerger {
  private(set) var pool = CodePool()
  private(set) var derived: [Program.Derived] = []
  private var derivedIndex: [DerivedKey: Int] = [:]

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
        case .constant: Instruction(.constant, pool.number(of: program.constants[operand]))
        case .input: Instruction(.input, numbers.inputs[operand])
        case .derived: Instruction(.derived, numbers.derived[operand])
        case .matches: Instruction(.matches, pool.number(of: program.patterns[operand]))
        default: instruction
        }
      })
    return pool.number(of: merged)
  }
}
