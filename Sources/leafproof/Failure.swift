import DecisionEngine
import Ledger
import RuleSyntax

/// The exit codes of `leafproof`: a closed list, part of the contract with scripts.
enum ExitStatus: Int32, CaseIterable {
  /// Everything was done. `eval` and `decide` end so even when rows or requests were refused.
  case success = 0
  /// The answer is no: errors were found, a test failed, something was refused or doesn't verify.
  case negative = 1
  /// The command line is wrong.
  case usage = 2
  /// An input can't be read: a file is missing, or isn't what the command takes.
  case input = 3
  /// The ledger or its key can't be used: missing, held, damaged, newer, full.
  case ledger = 4
  /// The output can't be written.
  case output = 5
  /// The program that read the output has gone; as SIGPIPE would have ended it.
  case brokenPipe = 141

  /// The list in the words of the help.
  static let help = """
    Exit codes: 0 done; 1 the answer is no (errors found, a test failed, refused, not verified); \
    2 wrong usage; 3 an input can't be read; 4 the ledger or its key can't be used; 5 the output \
    can't be written; 141 the reader of the output has gone.
    """
}

/// Why a command ends before its end: an exit code, and a text where there is something to say.
struct Failure: Error {
  /// The exit code.
  var status: ExitStatus
  /// The whole text for standard error, without a line end; nil when all has been said.
  var text: String?

  /// A failure from its parts.
  init(_ status: ExitStatus, _ text: String?) {
    self.status = status
    self.text = text
  }

  /// The answer is no, and has been given.
  static let negative = Failure(.negative, nil)

  /// The answer is no, for this reason.
  static func refused(_ text: String) -> Failure { Failure(.negative, "error: \(text)") }

  /// The command line is wrong.
  static func usage(_ text: String) -> Failure { Failure(.usage, "error: \(text)") }

  /// An input can't be used; `text` begins with the place.
  static func input(_ text: String) -> Failure { Failure(.input, text) }

  /// The ledger can't be used.
  static func ledger(_ text: String) -> Failure { Failure(.ledger, "error: \(text)") }
}

/// How the errors of the modules below become exit codes and texts.
extension Failure {
  /// The file `name` could not be read.
  init(reading name: String, _ error: SystemError) {
    self.init(.input, "\(Console.visible(name)): error: can't be read: \(error.reason)")
  }

  /// The file `name` could not be written.
  init(writing name: String, _ error: SystemError) {
    if error.isBrokenPipe {
      self.init(.brokenPipe, nil)
    } else {
      self.init(.output, "\(Console.visible(name)): error: can't be written: \(error.reason)")
    }
  }

  /// A source file could not be read.
  init(_ error: SourceError) {
    if case .tooLarge = error {
      self.init(.negative, error.message)
    } else {
      self.init(.input, error.message)
    }
  }

  /// The ledger could not be used.
  init(_ error: LedgerError) {
    self.init(.ledger, "error: \(Console.visible(error.description))\(Self.mend(error))")
  }

  private static func mend(_ error: LedgerError) -> String {
    switch error {
    case .missing: "; `leafproof publish` makes one, `--ledger PATH` names another"
    case .notALedger: "; name the ledger with `--ledger PATH`"
    case .keyMismatch: "; put the ledger's own key file back, or name it with `--key FILE`"
    default: ""
    }
  }

  /// The engine could not do what was asked.
  init(_ error: EngineError) {
    switch error {
    case .ledger(let error): self.init(error)
    case .damaged:
      self.init(
        .ledger, "error: \(Console.visible(error.description)); run `leafproof verify`")
    case .notPublishable(let problems):
      let lines = problems.map { "error: " + Console.visible($0.description) }
      self.init(.negative, (lines + ["nothing was published"]).joined(separator: "\n"))
    default: self.init(.negative, "error: " + Console.visible(error.description))
    }
  }
}

/// Runs `body`, turning the engine's error into the command's.
func engineFailures<T>(_ body: () throws(EngineError) -> T) throws(Failure) -> T {
  do {
    return try body()
  } catch {
    throw Failure(error)
  }
}

/// Runs `body`, turning the ledger's error into the command's.
func ledgerFailures<T>(_ body: () throws(LedgerError) -> T) throws(Failure) -> T {
  do {
    return try body()
  } catch {
    throw Failure(error)
  }
}
