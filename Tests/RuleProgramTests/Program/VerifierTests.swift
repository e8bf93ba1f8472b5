import RuleProgram
import Testing

/// `FORMAT.md`, Program: rules. Each rule is broken once.
@Suite struct VerifierTests {
  /// One way to break the sample, and what the refusal says.
  struct Fault: Sendable, CustomTestStringConvertible {
    var message: String
    var damage: @Sendable (inout Program) -> Void
    var testDescription: String { message }

    init(_ message: String, _ damage: @escaping @Sendable (inout Program) -> Void) {
      self.message = message
      self.damage = damage
    }
  }

  private func refusal(_ program: Program) -> String {
    do {
      _ = try VerifiedProgram(program)
      return "accepted"
    } catch {
      return error.message
    }
  }

  @Test("the samples are well-formed")
  func samples() {
    #expect(refusal(Samples.everything) == "accepted")
    #expect(refusal(Samples.constant) == "accepted")
  }

  @Test("what is ill-formed is refused with its part and number", arguments: faults)
  func refused(_ fault: Fault) {
    var program = Samples.everything
    fault.damage(&program)
    #expect(refusal(program) == "invalid program: " + fault.message)
    // The byte form of it is refused as well, for this or a fault of form.
    #expect(throws: FormatError.self) { try Program.verified(bytes: program.bytes) }
  }

  static let faults: [Fault] = names + inputs + code + slots + encodings + leaves + tree

  private static let names = [
    Fault("there is no leaf") { $0.leaves = [] },
    Fault("inputs are not sorted or not unique") { $0.inputs.swapAt(0, 1) },
    Fault("inputs are not sorted or not unique") { $0.inputs[1].name = "amount" },
    Fault("outcomes are not sorted or not unique") { $0.outcomes.swapAt(0, 1) },
    Fault("outputs are not sorted or not unique") { $0.outputs.swapAt(0, 1) },
    Fault("reasons are not sorted or not unique") { $0.reasons = ["R1", "R1"] },
    Fault("leaf IDs are not sorted or not unique") { $0.leaves[4].id = "LEAF-9" },
    Fault("a leaf has no ID") { $0.leaves[4].id = "" },
  ]

  private static let inputs = [
    Fault("the values of input `job` are not sorted or not unique") {
      $0.inputs[2].values = ["none", "employed"]
    },
    Fault("`amount` is no string") { $0.inputs[0].values = ["1"] },
    Fault("a bound of `amount` is of another type") { $0.inputs[0].minimum = v("2026-01-31") },
    Fault("a bound of `name` is of another type") { $0.inputs[3].maximum = v("\"z\"") },
    Fault("a bound of `vip` is of another type") { $0.inputs[5].minimum = v("false") },
  ]

  private static func sixth(_ instructions: [Instruction]) -> @Sendable (inout Program) -> Void {
    { $0.expressions[1] = Code(instructions) }
  }

  private static let code = [
    Fault("pattern 0 can't be read") { $0.patterns[0].pattern = "(" },
    Fault("pattern 0 can't be read") { $0.patterns[0].flags = "g" },
    Fault("a constant is null") { $0.constants[0] = .null },
    Fault("there is no expression 6") { $0.derived[0].expression = 6 },
    Fault("derived `sixth` is not a number", sixth([.init(.input, 3)])),
    Fault("derived `sixth`, instruction 0: no derived value 1", sixth([.init(.derived, 1)])),
    Fault("derived `sixth`, instruction 0: no constant 5", sixth([.init(.constant, 5)])),
    Fault("derived `sixth`, instruction 0: no input 7", sixth([.init(.input, 7)])),
    Fault("derived `sixth`, instruction 0: ends with 0 values", sixth([])),
    Fault(
      "derived `sixth`, instruction 2: ends with 2 values", sixth([.init(.null), .init(.null)])),
    Fault("derived `sixth`, instruction 0: the stack is too short", sixth([.init(.negate)])),
    Fault(
      "derived `sixth`, instruction 1: the stack is too short",
      sixth([.init(.constant, 0), .init(.nip)])),
    Fault(
      "derived `sixth`, instruction 1: copies from below the stack",
      sixth([.init(.constant, 0), .init(.copy, 1)])),
    Fault(
      "derived `sixth`, instruction 1: the stack is too short",
      sixth([.init(.constant, 0), .init(.sum, 2)])),
    Fault(
      "derived `sixth`, instruction 2: add does not take number, string",
      sixth([.init(.constant, 0), .init(.constant, 2), .init(.add)])),
    Fault(
      "derived `sixth`, instruction 1: sum does not take yearMonthDuration",
      sixth([.init(.constant, 3), .init(.sum, 1)])),
    Fault(
      "derived `sixth`, instruction 1: dateTimeFrom does not take date",
      sixth([.init(.input, 1), .init(.dateTimeFrom)])),
    Fault(
      "derived `sixth`, instruction 1: property does not take number",
      sixth([.init(.constant, 0), .init(.property, 1)])),
    Fault(
      "derived `sixth`, instruction 1: no property 16",
      sixth([.init(.input, 1), .init(.property, 16)])),
    Fault(
      "derived `sixth`, instruction 1: no pattern 1", sixth([.init(.input, 3), .init(.matches, 1)])
    ),
    Fault(
      "derived `sixth`, instruction 4096: the stack grows beyond 4096",
      sixth(Array(repeating: .init(.null), count: 4097))),
    Fault(
      "derived `sixth`, instruction 65535: the code is too long",
      sixth([.init(.constant, 0)] + Array(repeating: .init(.negate), count: 65_535))),
  ]

  private static let slots = [
    Fault("there is no input 7") { $0.slots[0].source = .input(7) },
    Fault("input 0 feeds two slots") { $0.slots[7].source = .input(0) },
    Fault("slot 0 is of another type") { $0.slots[0].type = .date },
    Fault("slot 5: offset rule") { $0.slots[5].offset = .any },
    Fault("there is no derived 2") { $0.slots[4].source = .derived(2) },
    Fault("slot 4: another type") { $0.slots[4].type = .string },
    Fault("there is no expression 6") { $0.slots[7].source = .expression(6) },
    Fault("slot 7 is not a date") { $0.slots[7].type = .date },
  ]

  private static let encodings = [
    Fault("slot 0: the encoding does not fit its type") { $0.slots[0].encoding = .boolean },
    Fault("slot 0: the encoding does not fit its type") { $0.slots[0].encoding = .declared },
    Fault("slot 0: the encoding does not fit its type") { $0.slots[0].encoding = .whole },
    Fault("slot 6: the encoding does not fit its type") { $0.slots[6].encoding = .declared },
    Fault("slot 6: the encoding does not fit its type") {
      $0.slots[6].encoding = .scaled(digits: 0)
    },
    Fault("slot 3: the encoding does not fit its type") {
      $0.slots[3].encoding = .scaled(digits: 0)
    },
    Fault("slot 0: the encoding does not fit its type") {
      $0.slots[0].encoding = .scaled(digits: 6201)
    },
    Fault("slot 4: the encoding does not fit its type") { $0.slots[4].encoding = .ranked([]) },
    Fault("slot 4: constants are not sorted") {
      $0.slots[4].encoding = .ranked([v("3"), v("3.0")])
    },
    Fault("slot 4: a constant's type") { $0.slots[4].encoding = .ranked([v("\"3\"")]) },
  ]

  private static let leaves = [
    Fault("leaf `LEAF-3`: outcome") { $0.leaves[3].outcome = 2 },
    Fault("leaf `LEAF-3`: reason") { $0.leaves[3].reasons = [2] },
    Fault("leaf `LEAF-3`: reasons") { $0.leaves[3].reasons = [1, 1] },
    Fault("leaf `LEAF-3`: outputs") { $0.leaves[3].sets[1].output = 2 },
    Fault("leaf `LEAF-3`: outputs") { $0.leaves[3].sets.swapAt(0, 1) },
    Fault("leaf `LEAF-3`: outputs") { $0.leaves[3].sets[1].output = 0 },
    Fault("there is no expression 6") { $0.leaves[3].sets[0].expression = 6 },
    Fault("leaf `LEAF-3` is not a string") { $0.leaves[3].sets[1].expression = 3 },
  ]

  private static let tree = [
    Fault("node 0: slot") { $0.nodes[0].slot = 8 },
    Fault("node 0: children") { $0.nodes[0].children.removeLast() },
    Fault("node 1: children") { $0.nodes[1].children.append(.leaf(0)) },
    Fault("node 1: children") { $0.nodes[1].cuts = [1] },
    Fault("node 3: children") { $0.nodes[3].children.removeLast() },
    Fault("node 0: the cuts don't ascend") { $0.nodes[0].cuts[1] = -20 },
    Fault("node 0: the cuts don't ascend") { $0.nodes[0].cuts[0] = KeyEncoding.leastKey },
    Fault("node 5: a cut is beyond the slot's keys") { $0.nodes[5].cuts[0] = .max },
    Fault("node 6: the cuts don't ascend") { $0.nodes[6].cuts[0] = -1 },
    Fault("node 6: a cut is beyond the slot's keys") { $0.nodes[6].cuts[0] = 2 },
    Fault("node 4: child") { $0.nodes[4].children[2] = .node(4) },
    Fault("node 4: child") { $0.nodes[4].children[2] = .node(1) },
    Fault("node 4: child") { $0.nodes[4].children[2] = .node(8) },
    Fault("node 5: two parents") { $0.nodes[1].children[0] = .node(5) },
    Fault("node 0: leaf") { $0.nodes[0].children[0] = .leaf(16) },
    Fault("leaf 0: two parents") { $0.nodes[1].children[0] = .leaf(0) },
    Fault("leaf 3: two parents") { $0.nodes[3].missing = .leaf(3) },
    Fault("a node is reached by no path") { $0.nodes[2].children[1] = .leaf(2) },
    Fault("a leaf is reached by no path") { $0.nodes[2].missing = nil },
    Fault("the root is not node 0") { $0.root = .node(1) },
    Fault("the root is not leaf 0") { $0.root = .leaf(0) },
  ]
}
