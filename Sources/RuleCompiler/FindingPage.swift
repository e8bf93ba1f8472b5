public import RuleSyntax

/// The page about a kind of finding, as `Sources/RuleCompiler/Findings` has it.
public struct FindingPage: Sendable {
  /// The kind of finding.
  public let id: DiagnosticID

  /// The page about findings of kind `id`.
  public init(_ id: DiagnosticID) { self.id = id }

  /// The whole page, Markdown: what the finding means, why it matters, a bad and a good example,
  /// and what is printed about the bad one.
  public var markdown: String { String(decoding: Self.bytes(id), as: UTF8.self) }

  /// What the finding means, in one paragraph of Markdown.
  public var meaning: String { paragraph(1) }

  /// Why it matters and what to do, in one paragraph of Markdown.
  public var importance: String { paragraph(2) }

  /// The paragraph `index` on one line; the heading is the first.
  private func paragraph(_ index: Int) -> String {
    let lines = markdown.split(separator: "\n", omittingEmptySubsequences: false)
    let paragraphs = lines.split(separator: "")
    guard index < paragraphs.count else { return "" }
    return paragraphs[index].joined(separator: " ")
  }

  private static func bytes(_ id: DiagnosticID) -> [UInt8] {
    switch id {
    case .fileTooLarge: PackageResources.file_too_large_md
    case .notUTF8: PackageResources.not_utf8_md
    case .xmlSyntax: PackageResources.xml_syntax_md
    case .xmlDoctype: PackageResources.xml_doctype_md
    case .xmlTooDeep: PackageResources.xml_too_deep_md
    case .xmlTooManyAttributes: PackageResources.xml_too_many_attributes_md
    case .tooManyProblems: PackageResources.too_many_problems_md
    case .unknownDocument: PackageResources.unknown_document_md
    case .unknownElement: PackageResources.unknown_element_md
    case .unknownAttribute: PackageResources.unknown_attribute_md
    case .missingElement: PackageResources.missing_element_md
    case .missingAttribute: PackageResources.missing_attribute_md
    case .repeatedElement: PackageResources.repeated_element_md
    case .misplacedElement: PackageResources.misplaced_element_md
    case .strayText: PackageResources.stray_text_md
    case .invalidValue: PackageResources.invalid_value_md
    case .feelSyntax: PackageResources.feel_syntax_md
    case .feelUnsupported: PackageResources.feel_unsupported_md
    case .feelTooComplex: PackageResources.feel_too_complex_md
    case .unknownName: PackageResources.unknown_name_md
    case .typeMismatch: PackageResources.type_mismatch_md
    case .duplicateName: PackageResources.duplicate_name_md
    case .duplicateLeafID: PackageResources.duplicate_leaf_id_md
    case .unknownOutcome: PackageResources.unknown_outcome_md
    case .unknownOutput: PackageResources.unknown_output_md
    case .unknownReason: PackageResources.unknown_reason_md
    case .cyclicDerived: PackageResources.cyclic_derived_md
    case .unusedInput: PackageResources.unused_input_md
    case .unusedDerived: PackageResources.unused_derived_md
    case .unusedOutcome: PackageResources.unused_outcome_md
    case .unusedReason: PackageResources.unused_reason_md
    case .overlappingCases: PackageResources.overlapping_cases_md
    case .gap: PackageResources.gap_md
    case .unreachable: PackageResources.unreachable_md
    case .missingNotHandled: PackageResources.missing_not_handled_md
    case .outputNotSet: PackageResources.output_not_set_md
    case .adverseWithoutReason: PackageResources.adverse_without_reason_md
    case .reasonNamesOnlyScore: PackageResources.reason_names_only_score_md
    case .protectedInput: PackageResources.protected_input_md
    case .tooLarge: PackageResources.too_large_md
    case .settledCondition: PackageResources.settled_condition_md
    case .cutOutOfRange: PackageResources.cut_out_of_range_md
    case .mergeableCases: PackageResources.mergeable_cases_md
    case .noInfluence: PackageResources.no_influence_md
    case .brokenProperty: PackageResources.broken_property_md
    case .undecidedProperty: PackageResources.undecided_property_md
    case .inexpressible: PackageResources.inexpressible_md
    case .unpinnedReference: PackageResources.unpinned_reference_md
    case .sharesNotWhole: PackageResources.shares_not_whole_md
    }
  }
}
