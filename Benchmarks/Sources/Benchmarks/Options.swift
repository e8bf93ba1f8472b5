/// What the command line asks for.
struct Options {
  /// All benchmarks, in the order in which they run.
  static let all = [
    "evaluate", "bind", "batch", "others", "csv", "ledger", "decide", "check", "replay", "start",
  ]
  /// Those that need a ledger of a million decisions, which takes minutes to make.
  static let large = ["explain", "search"]

  /// Which ones to run.
  private(set) var names: Set<String> = []
  /// The seed of trees, rows and raw bytes.
  private(set) var seed: UInt64 = 20_261_124
  /// How many rounds count for each figure.
  private(set) var rounds = 7
  /// The folder where the large ledger is kept from run to run; nil to make it each time.
  private(set) var cache: String?

  /// How to call it.
  static let usage = """
    usage: Benchmarks [--seed N] [--rounds N] [--cache DIR] [NAME ...]
    names: \(all.joined(separator: " ")) (default: all of these)
           \(large.joined(separator: " "))
    """

  /// Reads `arguments`, the program's name left out.
  init(_ arguments: [String]) throws {
    var rest = arguments[...]
    while let word = rest.popFirst() {
      switch word {
      case "--seed":
        guard let value = rest.popFirst().flatMap({ UInt64($0) }) else { throw Self.wrong(word) }
        seed = value
      case "--rounds":
        guard let value = rest.popFirst().flatMap({ Int($0) }), value > 0 else {
          throw Self.wrong(word)
        }
        rounds = value
      case "--cache":
        guard let value = rest.popFirst() else { throw Self.wrong(word) }
        cache = value
      default:
        guard Self.all.contains(word) || Self.large.contains(word) else { throw Self.wrong(word) }
        names.insert(word)
      }
    }
    if names.isEmpty { names = Set(Self.all) }
  }

  private static func wrong(_ word: String) -> BenchmarkError {
    BenchmarkError("can't use `\(word)`\n\(usage)")
  }
}
