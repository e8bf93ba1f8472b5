import DecisionEngine
import RuleCompiler
import RuleProgram
import RuleSyntax

/// A rule set ready to run, from its XML or from what `leafproof compile` wrote.
struct RuleSetFile {
  /// The verified program.
  let program: VerifiedProgram
  /// What words it; nil for a compiled file.
  let wording: Wording?
  /// Why rows that come to these leaves have no answer; nil for a rule set without errors.
  private(set) var faults: [Int: String]?

  /// Reads the file at `path`; a rule set's errors go to standard error.
  ///
  /// - Parameter isTrial: whether to take a rule set with errors that only leave some rows without an
  ///   answer.
  init(path: String, isTrial: Bool = false) throws(Failure) {
    let source: SourceText
    do {
      source = try SourceText.load(path: path)
    } catch {
      throw Failure(error)
    }
    if source.bytes.starts(with: Array("LPRG".utf8)) {
      do {
        program = try Program.verified(bytes: source.bytes)
        wording = nil
      } catch {
        throw .input("\(Console.visible(path)): error: \(error)")
      }
      return
    }
    let document = LoadedDocument(source)
    if isTrial, let trial = document.trial {
      Console.note(document.report)
      program = trial.program
      wording = nil
      faults = trial.faults
      return
    }
    guard case .ruleSet(let ruleSet) = try document.compiledQuietly() else {
      throw .input(
        "\(Console.visible(path)): error: is a \(document.kind ?? "file of another kind"), not a"
          + " rule set")
    }
    program = ruleSet.program
    wording = ruleSet.wording
  }
}

extension LoadedDocument {
  /// The content, its warnings left unsaid: `check` tells them. Errors are written out.
  func compiledQuietly() throws(Failure) -> Content {
    if let content { return content }
    return try compiled()
  }
}

extension LoadedDocument {
  /// The content as something to publish; errors are written out.
  func publication() throws(Failure) -> Publication {
    let content = try compiledQuietly()
    let digest = try sourceDigest()
    switch content {
    case .ruleSet(let ruleSet):
      return .ruleSet(
        source: source.bytes, sourceDigest: digest, program: ruleSet.program,
        wording: ruleSet.wording)
    case .pipeline(let definition):
      return .pipeline(source: source.bytes, sourceDigest: digest, definition: definition)
    case .model(let definition):
      return .model(source: source.bytes, sourceDigest: digest, definition: definition)
    }
  }
}
