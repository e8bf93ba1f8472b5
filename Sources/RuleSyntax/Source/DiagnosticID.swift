/// The closed list of findings. An ID, once shipped, keeps its meaning and is never reused.
public enum DiagnosticID: String, CaseIterable, Sendable {
  // Reading the file
  case fileTooLarge = "file-too-large"
  case notUTF8 = "not-utf8"
  case xmlSyntax = "xml-syntax"
  case xmlDoctype = "xml-doctype"
  case xmlTooDeep = "xml-too-deep"
  case xmlTooManyAttributes = "xml-too-many-attributes"
  case tooManyProblems = "too-many-problems"

  // Shape of the document
  case unknownDocument = "unknown-document"
  case unknownElement = "unknown-element"
  case unknownAttribute = "unknown-attribute"
  case missingElement = "missing-element"
  case missingAttribute = "missing-attribute"
  case repeatedElement = "repeated-element"
  case misplacedElement = "misplaced-element"
  case strayText = "stray-text"
  case invalidValue = "invalid-value"

  // FEEL
  case feelSyntax = "feel-syntax"
  case feelUnsupported = "feel-unsupported"
  case feelTooComplex = "feel-too-complex"
  case unknownName = "unknown-name"
  case typeMismatch = "type-mismatch"

  // Names and declarations
  case duplicateName = "duplicate-name"
  case duplicateLeafID = "duplicate-leaf-id"
  case unknownOutcome = "unknown-outcome"
  case unknownOutput = "unknown-output"
  case unknownReason = "unknown-reason"
  case cyclicDerived = "cyclic-derived"
  case unusedInput = "unused-input"
  case unusedDerived = "unused-derived"
  case unusedOutcome = "unused-outcome"
  case unusedReason = "unused-reason"

  // The tree
  case overlappingCases = "overlapping-cases"
  case gap = "gap"
  case unreachable = "unreachable"
  case missingNotHandled = "missing-not-handled"
  case outputNotSet = "output-not-set"
  case adverseWithoutReason = "adverse-without-reason"
  case reasonNamesOnlyScore = "reason-names-only-score"
  case protectedInput = "protected-input"
  case tooLarge = "too-large"
  case settledCondition = "settled-condition"
  case cutOutOfRange = "cut-out-of-range"
  case mergeableCases = "mergeable-cases"
  case noInfluence = "no-influence"

  // Properties
  case brokenProperty = "broken-property"
  case undecidedProperty = "undecided-property"

  // Pipelines
  case unpinnedReference = "unpinned-reference"
  case sharesNotWhole = "shares-not-whole"

  // Backends
  case inexpressible = "inexpressible"

  /// The severity of each kind.
  public var severity: Diagnostic.Severity {
    switch self {
    case .unusedInput, .unusedDerived, .unusedOutcome, .unusedReason, .outputNotSet,
      .reasonNamesOnlyScore, .undecidedProperty, .settledCondition, .cutOutOfRange, .noInfluence:
      .warning
    case .mergeableCases: .remark
    default: .error
    }
  }
}
