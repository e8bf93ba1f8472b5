import DecisionEngine
import Dispatch
import RuleCompiler
import RuleProgram
import RuleSyntax
import Synchronization

/// A rule set ready to run, from its XML or from what `leafproof compile` wrote.
struct RuleSetFile {
  /// The verified program.
  let program: VerifiedProgram
  /// What words it; nil for a compiled file.
  let wording: Wording?
  /// Why rows that come to these leaves have no answer; nil for a rule set without errors.
  private(set) var faults: [Int: String]?

  /// A file that was read, before anything is told of it.
  private enum Reading {
    case compiled(VerifiedProgram)
    case document(LoadedDocument)

    static func result(path: String) -> Result<Reading, Failure> {
      do throws(Failure) {
        return .success(try Reading(path: path))
      } catch {
        return .failure(error)
      }
    }

    init(path: String) throws(Failure) {
      let source: SourceText
      do {
        source = try SourceText.load(path: path)
      } catch {
        throw Failure(error)
      }
      guard source.bytes.starts(with: Array("LPRG".utf8)) else {
        self = .document(LoadedDocument(source))
        return
      }
      do {
        self = .compiled(try Program.verified(bytes: source.bytes))
      } catch {
        throw .input("\(Console.visible(path)): error: \(error)")
      }
    }
  }

  /// Reads the file at `path`; a rule set's errors go to standard error.
  ///
  /// - Parameter isTrial: whether to take a rule set with errors that only leave some rows without an
  ///   answer.
  init(path: String, isTrial: Bool = false) throws(Failure) {
    try self.init(Reading(path: path), path, isTrial)
  }

  /// Reads two files at once, on two cores; what is to be told of them is told in their order.
  static func pair(
    _ first: String, _ second: String
  ) throws(Failure) -> (RuleSetFile, RuleSetFile) {
    let readings = Mutex<[Int: Result<Reading, Failure>]>([:])
    DispatchQueue.concurrentPerform(iterations: 2) { index in
      let reading = Reading.result(path: index == 0 ? first : second)
      readings.withLock { $0[index] = reading }
    }
    let found = readings.withLock { ($0[0], $0[1]) }
    let old = try (found.0 ?? Reading.result(path: first)).get()
    let new = try (found.1 ?? Reading.result(path: second)).get()
    return (try RuleSetFile(old, first, false), try RuleSetFile(new, second, false))
  }

  private init(_ reading: Reading, _ path: String, _ isTrial: Bool) throws(Failure) {
    let document: LoadedDocument
    switch reading {
    case .compiled(let program):
      self.program = program
      wording = nil
      return
    case .document(let read): document = read
    }
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
