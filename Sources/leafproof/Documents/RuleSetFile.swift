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

  /// Reads the file at `path`; a rule set's diagnostics go to standard error.
  init(path: String) throws(Failure) {
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
