/// One instruction: an operation and its operand (0 where the operation has none).
public struct Instruction: Hashable, Sendable {
  public var operation: Operation
  public var operand: Int

  /// The instruction `operation` with `operand`.
  public init(_ operation: Operation, _ operand: Int = 0) {
    self.operation = operation
    self.operand = operand
  }

  /// How many values the instruction takes from the stack.
  public var arity: Int { operation.arity ?? operand }
}

/// An expression as straight-line stack code: it starts with an empty stack and ends with one value.
public struct Code: Hashable, Sendable {
  public var instructions: [Instruction]

  /// Code of `instructions`, unverified.
  public init(_ instructions: [Instruction]) { self.instructions = instructions }

  /// The most instructions that an expression may have.
  public static let maximumLength = 65_535
  /// The most values that may lie on the stack.
  public static let maximumDepth = 4_096
}

extension Code {
  /// What the types of inputs, derived values and constants are, for checking code.
  public struct Context {
    public var inputs: [ValueType]
    public var derived: [ValueType]
    public var constants: [ValueType?]
    public var patternCount: Int

    /// The types that code may refer to.
    public init(
      inputs: [ValueType], derived: [ValueType], constants: [ValueType?], patternCount: Int
    ) {
      self.inputs = inputs
      self.derived = derived
      self.constants = constants
      self.patternCount = patternCount
    }
  }

  /// Why code was refused.
  public struct Fault: Error, Hashable, Sendable {
    /// Index of the instruction.
    public var instruction: Int
    /// What is wrong with it.
    public var message: String
  }

  /// The type of the code's value; nil when it is always null. Throws where the code is ill-typed,
  /// refers to what isn't there or mishandles the stack.
  public func check(in context: Context) throws(Fault) -> ValueType? {
    guard instructions.count <= Self.maximumLength else {
      throw Fault(instruction: Self.maximumLength, message: "the code is too long")
    }
    var stack: [ValueType?] = []
    for (index, instruction) in instructions.enumerated() {
      do {
        try Self.step(instruction, &stack, context)
      } catch {
        throw Fault(instruction: index, message: error.message)
      }
      guard stack.count <= Self.maximumDepth else {
        throw Fault(instruction: index, message: "the stack grows beyond \(Self.maximumDepth)")
      }
    }
    guard stack.count == 1 else {
      throw Fault(instruction: instructions.count, message: "ends with \(stack.count) values")
    }
    return stack[0]
  }

  private struct Refusal: Error { var message: String }

  private static func step(
    _ instruction: Instruction, _ stack: inout [ValueType?], _ context: Context
  ) throws(Refusal) {
    let operand = instruction.operand
    switch instruction.operation {
    case .constant: stack.append(try pick(context.constants, operand, "constant"))
    case .input: stack.append(try pick(context.inputs, operand, "input"))
    case .derived: stack.append(try pick(context.derived, operand, "derived value"))
    case .null: stack.append(nil)
    case .copy:
      guard operand >= 0, operand < stack.count else {
        throw Refusal(message: "copies from below the stack")
      }
      stack.append(stack[stack.count - 1 - operand])
    case .nip:
      guard stack.count >= 2 else { throw Refusal(message: "the stack is too short") }
      stack.remove(at: stack.count - 2)
    default: try apply(instruction, &stack, context)
    }
  }

  private static func pick<T>(_ table: [T], _ index: Int, _ what: String) throws(Refusal) -> T {
    guard table.indices.contains(index) else { throw Refusal(message: "no \(what) \(index)") }
    return table[index]
  }

  private static func apply(
    _ instruction: Instruction, _ stack: inout [ValueType?], _ context: Context
  ) throws(Refusal) {
    let arity = instruction.arity
    guard arity >= 0, stack.count >= arity else {
      throw Refusal(message: "the stack is too short")
    }
    let arguments = Array(stack.suffix(arity))
    let result: Operation.ResultType
    switch instruction.operation {
    case .property:
      result = try propertyType(instruction.operand, arguments[0])
    case .matches:
      guard (0..<context.patternCount).contains(instruction.operand) else {
        throw Refusal(message: "no pattern \(instruction.operand)")
      }
      result = instruction.operation.resultType(arguments)
    default:
      result = instruction.operation.resultType(arguments)
    }
    stack.removeLast(arity)
    switch result {
    case .type(let type): stack.append(type)
    case .null: stack.append(nil)
    case .refused:
      let names = arguments.map { $0?.name ?? "null" }.joined(separator: ", ")
      throw Refusal(message: "\(instruction.operation.name) does not take \(names)")
    }
  }

  private static func propertyType(
    _ operand: Int, _ type: ValueType?
  ) throws(Refusal) -> Operation.ResultType {
    guard let raw = UInt8(exactly: operand), let property = TemporalProperty(rawValue: raw) else {
      throw Refusal(message: "no property \(operand)")
    }
    guard let type else { return .null }
    return property.type(on: type).map(Operation.ResultType.type) ?? .refused
  }
}
