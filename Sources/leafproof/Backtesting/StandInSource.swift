import DecisionEngine
import RuleProgram

extension StandIn {
  /// What `name` means: a rule set's or pipeline's file, else `ID@VERSION` of what is published.
  static func named(_ name: String, in engine: Engine) throws(Failure) -> StandIn {
    if let reference = PipelineDefinition.Reference(name), !SystemCalls.exists(name) {
      return try published(reference, in: engine)
    }
    let document = try LoadedDocument(path: name)
    if case .model? = document.content {
      throw .input("\(Console.visible(name)): error: is a model, which decides nothing by itself")
    }
    let publication = try document.publication()
    return try engineFailures { () throws(EngineError) in try engine.standIn(publication) }
  }

  private static func published(
    _ reference: PipelineDefinition.Reference, in engine: Engine
  ) throws(Failure) -> StandIn {
    let kinds = try engineFailures { () throws(EngineError) in
      try engine.releases().filter { $0.reference == reference && $0.kind != .model }.map(\.kind)
    }
    guard let kind = kinds.first else {
      throw .refused(
        "no rule set or pipeline \(Console.visible(reference.description)) is published in this"
          + " ledger, and there is no such file")
    }
    guard kinds.count == 1 else {
      throw .refused(
        "both a rule set and a pipeline are called \(Console.visible(reference.description)); name"
          + " the file")
    }
    return try engineFailures { () throws(EngineError) in try engine.standIn(kind, reference) }
  }

  /// A rule set's file, which need not hold an ID: then it is `id`.
  static func of(_ file: RuleSetFile, id: String, in engine: Engine) throws(Failure) -> StandIn {
    let publication = Publication.ruleSet(
      source: [], sourceDigest: ContentDigest(of: []), program: file.program,
      wording: file.wording ?? Wording(id: id, version: "compiled"))
    return try engineFailures { () throws(EngineError) in try engine.standIn(publication) }
  }
}
