import RuleProgram
import RuleSyntax

/// The names that a rule set declares, resolved: sorted tables as the program holds them, and the
/// way from a name to its place.
struct Declarations {
  var inputs: [Program.Input] = []
  var outcomes: [Program.Outcome] = []
  var outputs: [Program.Output] = []
  /// Declared reason codes.
  var reasons: Set<String> = []
  /// Derived values in an order in which each refers only to earlier ones; those that could not be
  /// ordered are left out, and reported.
  var derivedTypes: [String: ValueType] = [:]
  var protectedInputs: Set<String> = []
  /// Where each input is declared.
  var inputSpans: [String: SourceSpan] = [:]
  var modelInputs: Set<String> = []
  /// Every name that an expression may use.
  var scope = NameScope([])
  var inputIndex: [String: Int] = [:]
  var outcomeIndex: [String: Int] = [:]
  var outputIndex: [String: Int] = [:]

  init(_ syntax: RuleSetSyntax, diagnostics: inout [Diagnostic]) {
    declareInputs(syntax, &diagnostics)
    declareDerived(syntax, &diagnostics)
    declareResults(syntax, &diagnostics)
    scope = NameScope(syntax.inputs.map(\.name.value) + syntax.derived.map(\.name.value))
  }

  private mutating func declareInputs(_ syntax: RuleSetSyntax, _ diagnostics: inout [Diagnostic]) {
    var seen: [String: SourceSpan] = [:]
    for input in syntax.inputs
    where Self.isNew(input.name, "input", &seen, &diagnostics) {
      // An unknown type has been reported by the reader.
      guard let type = ValueType(name: input.type.value) else { continue }
      inputs.append(Self.resolve(input, type, &diagnostics))
      inputSpans[input.name.value] = input.name.span
      if input.isProtected { protectedInputs.insert(input.name.value) }
      if input.origin?.value == "model" { modelInputs.insert(input.name.value) }
    }
    inputs.sort { $0.name.precedesInUTF8($1.name) }
    for (index, input) in inputs.enumerated() { inputIndex[input.name] = index }
  }

  private mutating func declareDerived(_ syntax: RuleSetSyntax, _ diagnostics: inout [Diagnostic]) {
    var seen: [String: SourceSpan] = [:]
    for input in syntax.inputs { seen[input.name.value] = input.name.span }
    for derived in syntax.derived
    where Self.isNew(derived.name, "derived value", &seen, &diagnostics) {
      if let type = ValueType(name: derived.type.value) {
        derivedTypes[derived.name.value] = type
      }
    }
  }

  private mutating func declareResults(_ syntax: RuleSetSyntax, _ diagnostics: inout [Diagnostic]) {
    var seen: [String: SourceSpan] = [:]
    for outcome in syntax.outcomes where Self.isNew(outcome.name, "outcome", &seen, &diagnostics) {
      outcomes.append(
        Program.Outcome(name: outcome.name.value, isAdverse: outcome.isAdverse))
    }
    seen = [:]
    for output in syntax.outputs where Self.isNew(output.name, "output", &seen, &diagnostics) {
      if let type = ValueType(name: output.type.value) {
        outputs.append(Program.Output(name: output.name.value, type: type))
      }
    }
    seen = [:]
    for reason in syntax.reasons where Self.isNew(reason.code, "reason", &seen, &diagnostics) {
      reasons.insert(reason.code.value)
    }
    outcomes.sort { $0.name.precedesInUTF8($1.name) }
    outputs.sort { $0.name.precedesInUTF8($1.name) }
    for (index, outcome) in outcomes.enumerated() { outcomeIndex[outcome.name] = index }
    for (index, output) in outputs.enumerated() { outputIndex[output.name] = index }
  }

  private static func isNew(
    _ name: Spanned<String>, _ what: String, _ seen: inout [String: SourceSpan],
    _ diagnostics: inout [Diagnostic]
  ) -> Bool {
    if let first = seen[name.value] {
      guard diagnostics.count <= Diagnostic.limit else { return false }
      diagnostics.append(
        Diagnostic(
          .duplicateName, "the \(what) `\(name.value)` is declared twice", at: name.span,
          notes: [Diagnostic.Note("the first one is here", first)],
          help: "give it another name, or remove one of the two"))
      return false
    }
    seen[name.value] = name.span
    return true
  }
}

/// What an `<input>` accepts.
extension Declarations {
  private static func resolve(
    _ input: InputSyntax, _ type: ValueType, _ diagnostics: inout [Diagnostic]
  ) -> Program.Input {
    var resolved = Program.Input(
      name: input.name.value, type: type, allowsMissing: input.allowsMissing)
    resolved.minimum = bound(input.min, type, "min", &diagnostics)
    resolved.maximum = bound(input.max, type, "max", &diagnostics)
    if let low = resolved.minimum, let high = resolved.maximum, let span = input.max?.span,
      (low.order(to: high) ?? 0) > 0
    {
      diagnostics.append(
        Diagnostic(
          .invalidValue, "`max` is below `min`, so no value is accepted", at: span,
          help: "swap the two"))
      resolved.maximum = nil
    }
    resolved.values = values(input, type, &diagnostics)
    for value in [resolved.minimum, resolved.maximum] {
      if let hasOffset = value?.hasOffset { resolved.offset = hasOffset ? .required : .forbidden }
    }
    return resolved
  }

  private static func bound(
    _ text: Spanned<String>?, _ type: ValueType, _ name: String, _ diagnostics: inout [Diagnostic]
  ) -> Value? {
    guard let text else { return nil }
    guard type != .string, type != .boolean else {
      diagnostics.append(
        Diagnostic(
          .invalidValue, "an input of type \(type.name) has no `\(name)`", at: text.span,
          help: "remove it"))
      return nil
    }
    if let value = Value(parsing: text.value, as: type), let measure = value.measure,
      let limit = type.inputLimit, measure.magnitude <= limit
    {
      return value
    }
    diagnostics.append(
      Diagnostic(
        .invalidValue, "`\(text.value)` is not a \(type.name) that an input can have",
        at: text.span, help: "write it as \(example(of: type))"))
    return nil
  }

  private static func example(of type: ValueType) -> String {
    switch type {
    case .number: "1000 or 0.25"
    case .string: "a text"
    case .boolean: "true or false"
    case .date: "2026-01-31"
    case .time: "09:30:00"
    case .dateTime: "2026-01-31T09:30:00Z"
    case .dayTimeDuration: "P1DT12H"
    case .yearMonthDuration: "P1Y6M"
    }
  }

  private static func values(
    _ input: InputSyntax, _ type: ValueType, _ diagnostics: inout [Diagnostic]
  ) -> [String] {
    var seen: [String: SourceSpan] = [:]
    var values: [String] = []
    for value in input.values {
      guard type == .string else {
        diagnostics.append(
          Diagnostic(
            .invalidValue, "only inputs of type string declare values", at: value.text.span,
            help: "use `min` and `max`, or make the input a string"))
        break
      }
      if isNew(value.text, "value", &seen, &diagnostics) { values.append(value.text.value) }
    }
    return values.sorted { $0.precedesInUTF8($1) }
  }
}
