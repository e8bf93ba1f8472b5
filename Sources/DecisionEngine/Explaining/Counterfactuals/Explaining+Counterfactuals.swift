import CanonicalJSON
public import RuleProgram

extension Engine {
  /// Adds to an explanation of one result what would have given it another outcome.
  ///
  /// Nothing is added where nothing was asked for, where several candidates are explained, where the
  /// inputs were erased, and where the re-execution doesn't come to the leaf on record.
  func addCounterfactuals(
    _ query: CounterfactualQuery?, to explanation: inout Explanation, _ plan: PipelinePlan,
    _ run: CaseRun?, request: [UInt8]?, language: String?
  ) throws(EngineError) {
    guard let query else { return }
    try check(query, plan, caseID: explanation.caseID)
    guard explanation.results.count == 1, let run, let request else { return }
    let result = explanation.results[0]
    let key = result.key ?? ""
    guard let candidate = run.candidates.firstIndex(where: { $0.key.utf8.elementsEqual(key.utf8) }),
      let last = result.stages.last, last.reexecutedLeaf == last.leaf
    else { return }
    if let wanted = query.outcome, wanted == last.outcome {
      explanation.remarks.append("the outcome is \(wanted) already, so nothing need change for it")
    }
    let finder = CounterfactualFinder(
      registry.changePlan(plan), run, request: request, caseID: explanation.caseID,
      candidate: candidate, language: language)
    explanation.results[0].counterfactuals = finder.find(query)
  }

  private func check(
    _ query: CounterfactualQuery, _ plan: PipelinePlan, caseID: String
  ) throws(EngineError) {
    let known = CounterfactualFinder.outcomes(plan).map(\.name)
    guard let wanted = query.outcome, !known.contains(wanted) else { return }
    throw .unknownOutcome(caseID: caseID, known: known)
  }

  /// What would have given `request`, tried out by `pipeline` as the case `caseID`, another outcome.
  /// Nothing is recorded.
  ///
  /// - Parameter candidate: the key of the candidate; needed where the pipeline has candidates.
  /// - Parameter language: the reader's language, a BCP 47 tag; by default the rule sets' own.
  /// - Returns: nil for a request that would be refused, for an outcome that isn't adverse when none
  ///   is asked for, and for the outcome that the request has already.
  public func counterfactuals(
    ofRequest request: [UInt8], pipeline: PipelineDefinition.Reference, caseID: String,
    candidate: String? = nil, language: String? = nil,
    query: CounterfactualQuery = CounterfactualQuery()
  ) throws(EngineError) -> Explanation.Counterfactuals? {
    try registry.refresh()
    let plan = try registry.plan(pipeline)
    try check(query, plan, caseID: caseID)
    var runner = CaseRunner(plan)
    let run = runner.run(Request(request, for: plan), caseID: caseID)
    guard run.problems.isEmpty else { return nil }
    guard candidate != nil || !run.hasCandidates else { return nil }
    let key = candidate ?? ""
    guard let place = run.candidates.firstIndex(where: { $0.key.utf8.elementsEqual(key.utf8) })
    else { throw .unknownCandidate(caseID: caseID) }
    return CounterfactualFinder(
      registry.changePlan(plan), run, request: request, caseID: caseID, candidate: place,
      language: language
    ).find(query)
  }
}
