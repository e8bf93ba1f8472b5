import RuleProgram

/// The C identifiers of one program.
struct CIdentifiers {
  /// Before every function and type.
  let prefix: String
  /// Before every constant.
  let macro: String
  /// Fields of the row.
  let inputs: [String]
  let inputConstants: [String]
  let slotConstants: [String]
  let leaves: [String]
  let outcomes: [String]
  let outputs: [String]
  let reasons: [String]

  /// The names of `program`, emitted for the rule set called `id`.
  init(_ program: Program, id: String) {
    let prefix = CNames.prefix(id)
    let macro = prefix.uppercased()
    self.prefix = prefix
    self.macro = macro
    var fields = CNames()
    inputs = program.inputs.map { fields.identifier($0.name) }
    var constants = CNames()
    func named(_ kind: String, _ names: [String]) -> [String] {
      names.map { constants.identifier($0, prefix: "\(macro)_\(kind)_", uppercased: true) }
    }
    leaves = named("LEAF", program.leaves.map(\.id))
    outcomes = named("OUTCOME", program.outcomes.map(\.name))
    outputs = named("OUTPUT", program.outputs.map(\.name))
    reasons = named("REASON", program.reasons)
    inputConstants = named("INPUT", program.inputs.map(\.name))
    slotConstants = named("SLOT", program.slots.map { program.name(of: $0) })
  }
}
