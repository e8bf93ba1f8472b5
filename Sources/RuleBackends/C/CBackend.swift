public import RuleProgram

/// Emits a program as C99: the same leaf for the same row, or the name of what C can't express.
///
/// The text allocates nothing and needs only `<stdint.h>` and `<stddef.h>`, so that it also compiles
/// to WebAssembly.
public struct CBackend {
  /// What the program itself doesn't say.
  public struct Options: Sendable {
    /// The rule set's ID; it names everything in the text.
    public var id: String
    /// The rule set's version.
    public var version: String
    /// Who emits: `leafproof 1.0.0`.
    public var generator: String
    /// The name of the header that the source includes; nil when the two make one text.
    public var headerName: String?
    /// True: only what works on keys, for rule sets whose derived values C can't express.
    public var keysOnly: Bool
    /// Trees of up to so many leaves become nested conditions, larger ones tables and a loop.
    ///
    /// Nested conditions are two to four times as fast at every size, but compilers take more than
    /// linear time for them: 2,000 leaves cost gcc 1.8 s, 20,000 more than a minute; tables of
    /// 20,000 leaves cost 0.4 s.
    public var nestedLeaves: Int

    /// Options with the defaults that suit most.
    public init(
      id: String, version: String, generator: String, headerName: String?, keysOnly: Bool = false,
      nestedLeaves: Int = 2_000
    ) {
      self.id = id
      self.version = version
      self.generator = generator
      self.headerName = headerName
      self.keysOnly = keysOnly
      self.nestedLeaves = nestedLeaves
    }
  }

  /// The two files.
  public struct Files: Hashable, Sendable {
    /// The text of the `.h` file.
    public var header: String
    /// The text of the `.c` file.
    public var source: String
  }

  /// The prefix of all names that are emitted for a rule set called `id`.
  public static func prefix(_ id: String) -> String { CNames.prefix(id) }

  private let program: Program
  private let options: Options

  /// A backend for `program`.
  public init(_ program: VerifiedProgram, _ options: Options) {
    self.program = program.program
    self.options = options
  }

  /// Everything that C can't express, or nothing.
  public func refusals() -> [Inexpressible] {
    if let fault = longText() { return [fault] }
    if options.keysOnly { return [] }
    return CRow(program, CIdentifiers(program, id: options.id)).refusals
  }

  /// The files; throws with the first of `refusals()`.
  public func emit() throws(Inexpressible) -> Files {
    if let fault = longText() { throw fault }
    let names = CIdentifiers(program, id: options.id)
    var row: CRow?
    if !options.keysOnly {
      let built = CRow(program, names)
      if let first = built.refusals.first { throw first }
      row = built
    }
    let header = CHeader(program: program, names: names, options: options).text()
    let source = CSource(program: program, names: names, options: options, row: row)
    return Files(header: header, source: source.text())
  }

  /// C99 promises string literals of 4,095 characters.
  private func longText() -> Inexpressible? {
    let construct = "a text of more than \(CLimits.textBytes) bytes"
    let tooLong = { (text: String) in text.utf8.count > CLimits.textBytes }
    if let leaf = program.leaves.firstIndex(where: { tooLong($0.id) }) {
      return Inexpressible(construct, in: .leaf(leaf))
    }
    if let input = program.inputs.firstIndex(where: { $0.values.contains(where: tooLong) }) {
      return Inexpressible(construct, in: .input(input))
    }
    let slot = program.slots.firstIndex { slot in
      guard case .ranked(let constants) = slot.encoding else { return false }
      return constants.contains { tooLong($0.description) }
    }
    return slot.map { slot in
      Inexpressible(construct, in: .node(program.nodes.firstIndex { $0.slot == slot } ?? 0))
    }
  }
}
