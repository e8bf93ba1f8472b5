import RuleProgram

/// How the values of a row are checked, and what its slots become.
///
/// The emitted `struct` of values holds one word for each slot; a condition on a slot's key is then
/// a comparison of that word (see `CThreshold`).
struct CRow {
  /// One slot of the emitted `struct`.
  struct Slot {
    /// What the word is.
    enum Form {
      /// A `double`; missing as not-a-number.
      case double
      /// An `int64_t` with the values of this domain; missing as `INT64_MIN`.
      case integer(CDomain)
      /// An `int64_t` that is the key itself.
      case key
      /// An `int32_t` that is the index of a child; missing below zero.
      case index
    }
    var form: Form
    /// Its name in the `struct`.
    var field: String
    /// False when a row that was not refused always has it.
    var canBeMissing: Bool

    /// The word's type in C.
    var cType: String {
      switch form {
      case .double: "double"
      case .integer, .key: "int64_t"
      case .index: "int32_t"
      }
    }
  }

  private(set) var slots: [Slot] = []
  /// The statements that check the row and fill the `struct`.
  private(set) var lines: [String] = []
  /// Tables of texts.
  private(set) var tables: [String] = []
  /// All that can't be expressed.
  private(set) var refusals: [Inexpressible] = []
  private let program: Program
  private let names: CIdentifiers
  private var thresholds: [[Int64: CThreshold]]

  /// The checks and slots of `program`.
  init(_ program: Program, _ names: CIdentifiers) {
    self.program = program
    self.names = names
    thresholds = Array(repeating: [:], count: program.slots.count)
    var expressions = CExpressions(
      program, prefix: names.prefix, fields: names.inputs.map { "row->\($0)" })
    for index in program.inputs.indices { check(index) }
    let checks = lines
    lines = []
    for index in program.slots.indices { fill(index, &expressions) }
    lines = checks + expressions.lines(usedBy: lines) + lines
    for refusal in expressions.refusals where !refusals.contains(refusal) {
      refusals.append(refusal)
    }
  }

  /// The condition `key >= cut` on slot number `slot`.
  mutating func threshold(_ slot: Int, _ cut: Int64) -> CThreshold {
    if let known = thresholds[slot][cut] { return known }
    let found: CThreshold
    switch slots[slot].form {
    case .double: found = CDomain.doubles.atLeast(key: cut, of: program.slots[slot], in: program)
    case .integer(let domain):
      found = domain.atLeast(key: cut, of: program.slots[slot], in: program)
    case .key, .index: found = .from(.integer(cut))
    }
    thresholds[slot][cut] = found
    return found
  }

  // MARK: - Checks

  private mutating func refuse(_ condition: String, _ input: Int) {
    lines.append("if (\(condition)) return \(input);")
  }

  private mutating func check(_ index: Int) {
    let input = program.inputs[index]
    let field = "row->\(names.inputs[index])"
    let isThere = input.type.isThere(field)
    if !input.allowsMissing { refuse("!(\(isThere))", index) }
    let guarded = { (test: String) in
      input.allowsMissing ? "\(isThere) && !(\(test))" : "!(\(test))"
    }
    switch input.type {
    case .number: refuse(guarded(range(field, input, .doubles)), index)
    case .boolean:
      refuse(input.allowsMissing ? "\(field) < -1 || \(field) > 1" : "\(field) > 1", index)
    case .string: checkText(index, field, guarded)
    default:
      let test = range(field, input, .integers(input.integerRange, of: input.type))
      if !test.isEmpty { refuse(guarded(test), index) }
    }
  }

  private mutating func checkText(_ index: Int, _ field: String, _ guarded: (String) -> String) {
    let values = program.inputs[index].values
    guard !values.isEmpty else {
      refuse(guarded("\(names.prefix)_valid_text(\(field))"), index)
      return
    }
    tables.append(table("values_\(index)", values))
    let found =
      "\(names.prefix)_find_text(\(names.prefix)_values_\(index), \(values.count), \(field))"
    lines.append(
      "const int32_t i\(index) = \(program.inputs[index].allowsMissing ? "\(field).bytes ? \(found) : -1" : found);"
    )
    refuse(guarded("i\(index) >= 0"), index)
  }

  /// The C text that `field` lies within the input's limits; empty where there are none.
  private func range(_ field: String, _ input: Program.Input, _ domain: CDomain) -> String {
    var tests: [String] = []
    let isDouble = domain.integerType == nil
    var low: CThreshold = .always
    if let minimum = input.minimum?.measure { low = domain.atLeast(minimum) }
    switch low {
    case .never: return "0"
    case .from(let word): tests.append("\(field) >= \(word.literal)")
    case .always:
      let place = domain.places.lowerBound
      if isDouble || place > CInteger.all.lowerBound {
        tests.append("\(field) >= \(domain.word(at: place).literal)")
      }
    }
    var high: CThreshold = .never
    if let maximum = input.maximum?.measure { high = domain.above(maximum) }
    switch high {
    case .always: return "0"
    case .from(let word): tests.append("\(field) < \(word.literal)")
    case .never:
      let place = domain.places.upperBound
      if isDouble || place < .max {
        tests.append("\(field) <= \(domain.word(at: place).literal)")
      }
    }
    return tests.joined(separator: " && ")
  }

  private func table(_ name: String, _ texts: [String]) -> String {
    let rows = texts.map { "  {\(CText.literal($0)), \($0.utf8.count)}" }
    return "static const \(names.prefix)_text \(names.prefix)_\(name)[] = {\n"
      + rows.joined(separator: ",\n") + "\n};"
  }

  // MARK: - Slots

  private mutating func fill(_ index: Int, _ expressions: inout CExpressions) {
    let slot = program.slots[index]
    let part = Inexpressible.Part.node(program.nodes.firstIndex { $0.slot == index } ?? 0)
    var canBeMissing = true
    do throws(Inexpressible) {
      let operand: COperand
      switch slot.source {
      case .input(let input):
        canBeMissing = program.inputs[input].allowsMissing
        if case .declared = slot.encoding {
          return add(index, .index, "i\(input)", canBeMissing)
        }
        operand = try inputOperand(input)
      case .derived(let derived): operand = try expressions.derived(derived)
      case .expression(let expression):
        operand = try expressions.operand(ofExpression: expression, in: part)
      }
      try fill(index, operand, canBeMissing, part, &expressions)
    } catch {
      if !refusals.contains(error) { refusals.append(error) }
      add(index, .key, "INT64_MIN", true)
    }
  }

  /// An input that a slot looks at directly; its offset rule is the slot's.
  private func inputOperand(_ index: Int) throws(Inexpressible) -> COperand {
    let input = program.inputs[index]
    let field = "row->\(names.inputs[index])"
    switch input.type {
    case .number: return .double(field)
    case .string: return .text(field)
    case .boolean: return .boolean(field)
    default:
      return .integer(
        CInteger(
          text: field, type: input.type, range: input.integerRange, offset: input.offset))
    }
  }

  private mutating func fill(
    _ index: Int, _ operand: COperand, _ canBeMissing: Bool, _ part: Inexpressible.Part,
    _ expressions: inout CExpressions
  ) throws(Inexpressible) {
    let slot = program.slots[index]
    switch operand {
    case .null: add(index, .key, "INT64_MIN", true)
    case .constant(let value):
      let key = slot.key(of: value)
      if slot.encoding.isTable {
        add(index, .index, key == KeyEncoding.missingKey ? "-1" : String(key), true)
      } else {
        add(index, .key, CText.literal(key), true)
      }
    case .boolean(let text): add(index, .index, text, canBeMissing)
    case .double(let text): add(index, .double, text, canBeMissing)
    case .text(let text):
      guard case .ranked(let constants) = slot.encoding else { return }
      tables.append(table("ranks_\(index)", constants.map(\.description)))
      let name = "\(names.prefix)_ranks_\(index)"
      add(
        index, .key, "\(names.prefix)_rank_text(\(name), \(constants.count), \(text))",
        canBeMissing)
    case .integer(let integer):
      if slot.offset != .any, integer.offset != slot.offset {
        return add(index, .key, "INT64_MIN", true)
      }
      add(index, .integer(integer.domain), integer.text, canBeMissing)
      guard integer.isClipped else { return }
      for node in program.nodes where node.slot == index {
        for cut in node.cuts {
          if case .from = threshold(index, cut) { continue }
          throw Inexpressible("a comparison beyond 64-bit nanoseconds", in: part)
        }
      }
    }
  }

  private mutating func add(
    _ index: Int, _ form: Slot.Form, _ text: String, _ canBeMissing: Bool
  ) {
    let slot = Slot(form: form, field: "s\(index)", canBeMissing: canBeMissing)
    if index < slots.count { slots[index] = slot } else { slots.append(slot) }
    lines.append("values->s\(index) = \(text);")
  }
}

extension ValueType {
  /// The C text that asks whether the row has `field`.
  func isThere(_ field: String) -> String {
    switch self {
    case .number: "\(field) == \(field)"
    case .string: "\(field).bytes"
    case .boolean: "\(field) >= 0"
    default: "\(field) != INT64_MIN"
    }
  }
}
