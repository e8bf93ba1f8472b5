import RuleProgram

/// A condition as a small program: a tree whose leaf 1 takes the rows for which the condition is true,
/// and leaf 0 all others.
///
/// Comparisons with constants become splits, so that they meet the splits of a rule set on the same
/// value; whatever else is boolean becomes a split with the cases true and false.
struct ConditionProgram {
  /// The program; it isn't verified.
  private(set) var program: Program
  private let term: Term

  /// The leaf for rows that meet the condition.
  static let trueLeaf = 1

  /// The program of `condition` over the inputs of `rules`.
  init(_ condition: Property.Condition, over rules: Program) {
    let outcome = Program.Outcome(name: "", isAdverse: false)
    program = Program(
      inputs: rules.inputs, outcomes: [outcome], constants: condition.constants,
      patterns: condition.patterns,
      leaves: [
        Program.Leaf(id: "false", outcome: 0, reasons: [], sets: []),
        Program.Leaf(id: "true", outcome: 0, reasons: [], sets: []),
      ])
    term = Term(condition.code, condition.constants)
    program.root = place(term, wants: true, yes: .leaf(1), no: .leaf(0))
  }

  /// The target that leads to `yes` where `term` is what is wanted, true or false, else to `no`.
  private mutating func place(
    _ term: Term, wants: Bool, yes: Program.Target, no: Program.Target
  ) -> Program.Target {
    switch term.operation {
    case .not: return place(term.operands[0], wants: !wants, yes: yes, no: no)
    case .and, .or:
      // Both must be as wanted for `and` that is true and `or` that is false; otherwise one will do.
      if (term.operation == .and) == wants {
        let second = place(term.operands[1], wants: wants, yes: yes, no: no)
        return place(term.operands[0], wants: wants, yes: second, no: no)
      }
      let second = place(term.operands[1], wants: wants, yes: yes, no: no)
      return place(term.operands[0], wants: wants, yes: yes, no: second)
    case .equal, .notEqual, .less, .lessOrEqual, .greater, .greaterOrEqual:
      return comparison(term, wants: wants, yes: yes, no: no)
        ?? truth(term, wants: wants, yes: yes, no: no)
    default: return truth(term, wants: wants, yes: yes, no: no)
    }
  }

  private mutating func truth(
    _ term: Term, wants: Bool, yes: Program.Target, no: Program.Target
  ) -> Program.Target {
    let slot = slot(of: term, .boolean, .boolean)
    return node(slot, cuts: [], children: wants ? [no, yes] : [yes, no], missing: no)
  }

  /// A comparison with a constant; nil when it is none, or of times, whose offsets would matter.
  private mutating func comparison(
    _ term: Term, wants: Bool, yes: Program.Target, no: Program.Target
  ) -> Program.Target? {
    let (left, right) = (term.operands[0], term.operands[1])
    guard let constant = right.constant else {
      guard let constant = left.constant, right.constant == nil else { return nil }
      return comparison(right, term.operation.mirrored, constant, wants: wants, yes: yes, no: no)
    }
    if left.constant != nil { return nil }
    return comparison(left, term.operation, constant, wants: wants, yes: yes, no: no)
  }

  private mutating func comparison(
    _ subject: Term, _ operation: Operation, _ constant: Value, wants: Bool, yes: Program.Target,
    no: Program.Target
  ) -> Program.Target? {
    guard let type = constant.type, constant.measure != nil || type == .string,
      type != .time, type != .dateTime
    else { return nil }
    let encoding = KeyEncoding(type, constants: [constant])
    let slot = slot(of: subject, type, encoding)
    let key = encoding.key(of: constant)
    let inside = wants ? yes : no
    let outside = wants ? no : yes
    // A missing value equals no constant; orders say nothing of it.
    let missing = operation == .equal ? outside : operation == .notEqual ? inside : no
    switch operation {
    case .less: return node(slot, cuts: [key], children: [inside, outside], missing: missing)
    case .lessOrEqual:
      return node(slot, cuts: [key + 1], children: [inside, outside], missing: missing)
    case .greater:
      return node(slot, cuts: [key + 1], children: [outside, inside], missing: missing)
    case .greaterOrEqual:
      return node(slot, cuts: [key], children: [outside, inside], missing: missing)
    case .equal:
      return node(
        slot, cuts: [key, key + 1], children: [outside, inside, outside], missing: missing)
    case .notEqual:
      return node(
        slot, cuts: [key, key + 1], children: [inside, outside, inside], missing: missing)
    default: return nil
    }
  }

  private mutating func slot(
    of term: Term, _ type: ValueType, _ encoding: KeyEncoding
  ) -> Int {
    var source: Program.Slot.Source
    if term.operation == .input {
      source = .input(term.operand)
    } else {
      program.expressions.append(Code(term.instructions))
      source = .expression(program.expressions.count - 1)
    }
    program.slots.append(Program.Slot(source: source, type: type, encoding: encoding))
    return program.slots.count - 1
  }

  private mutating func node(
    _ slot: Int, cuts: [Int64], children: [Program.Target], missing: Program.Target
  ) -> Program.Target {
    program.nodes.append(
      Program.Node(slot: slot, cuts: cuts, children: children, missing: missing))
    return .node(program.nodes.count - 1)
  }
}

extension Operation {
  /// The comparison with its operands exchanged.
  var mirrored: Operation {
    switch self {
    case .less: .greater
    case .lessOrEqual: .greaterOrEqual
    case .greater: .less
    case .greaterOrEqual: .lessOrEqual
    default: self
    }
  }
}

/// Stack code as a tree of operations.
struct Term {
  var operation: Operation
  var operand: Int
  var operands: [Term]
  /// The value, when the term is a constant that isn't null.
  var constant: Value?
  /// The code of this term alone.
  var instructions: [Instruction]
  /// Shared subterms were copied on the stack: only the whole code can be used.
  private static let opaque = Operation.copy

  /// The term that `code`, which must be well typed, computes.
  init(_ code: Code, _ constants: [Value]) {
    var stack: [Term] = []
    for instruction in code.instructions {
      if instruction.operation == .copy || instruction.operation == .nip {
        self.init(opaque: code)
        return
      }
      let arity = instruction.arity
      let operands = Array(stack.suffix(arity))
      stack.removeLast(operands.count)
      stack.append(Term(instruction, operands, constants))
    }
    self = stack.last ?? Term(opaque: code)
  }

  /// The same with every copy written out, so that no part refers to the stack below it; nil when that
  /// takes more than `limit` instructions.
  init?(writingOut code: Code, _ constants: [Value], limit: Int = 4_000) {
    var stack: [Term] = []
    var size = 0
    for instruction in code.instructions {
      switch instruction.operation {
      case .copy: stack.append(stack[stack.count - 1 - instruction.operand])
      case .nip: stack.remove(at: stack.count - 2)
      default:
        let operands = Array(stack.suffix(instruction.arity))
        stack.removeLast(operands.count)
        stack.append(Term(instruction, operands, constants))
      }
      size += stack.last?.instructions.count ?? 0
      if size > limit { return nil }
    }
    guard let last = stack.last else { return nil }
    self = last
  }

  private init(opaque code: Code) {
    operation = Self.opaque
    operand = 0
    operands = []
    instructions = code.instructions
  }

  private init(_ instruction: Instruction, _ operands: [Term], _ constants: [Value]) {
    operation = instruction.operation
    operand = instruction.operand
    self.operands = operands
    instructions = operands.flatMap(\.instructions) + [instruction]
    if operation == .constant { constant = constants[operand] }
  }
}
