import DecisionEngine
import RuleProgram
import Testing

/// What a version number promises, held at publication.
@Suite("Version steps")
struct VersionStepTests {
  private let engine: Engine

  init() throws { engine = Engine(store: try Samples.store()) }

  private func problems(_ items: [(version: String, program: Program)]) throws -> [String] {
    do {
      _ = try engine.publish(
        items.map { try Samples.publication($0.program, Samples.creditWording($0.version)) })
      return []
    } catch EngineError.notPublishable(let problems) {
      return problems.map { "\($0.item) [\($0.code.rawValue)] \($0.message)" }
    }
  }

  private func problems(_ version: String, _ program: Program) throws -> [String] {
    try problems([(version, program)])
  }

  /// Everybody from 500 to 699 is in the gray band, not to 619.
  private static var stricter: Program {
    var program = Samples.credit
    program.nodes[0].cuts = [1000, 1400]
    return program
  }

  private static var withInput: Program {
    var program = Samples.credit
    program.inputs.append(.init(name: "tenure", type: .number, allowsMissing: true))
    return program
  }

  private static var otherReason: Program {
    var program = Samples.credit
    program.leaves[0].reasons = [2]
    return program
  }

  @Test("another outcome needs a minor step, and the problem shows a row")
  func outcomes() throws {
    #expect(try problems("1.0.0", Samples.credit) == [])
    let found = try problems("1.0.1", Self.stricter)
    try #require(found.count == 1)
    #expect(
      found[0].hasPrefix("credit@1.0.1 [version-step] since version 1.0.0 the outcome changes"))
    #expect(found[0].contains("for example for") && found[0].contains("score"))
    #expect(found[0].hasSuffix("at least a minor step: version 1.1.0 or higher"))
    #expect(try problems("1.1.0", Self.stricter) == [])
  }

  @Test("other reasons are no other outcome, so a patch will do")
  func reasons() throws {
    #expect(try problems("1.0.0", Samples.credit) == [])
    #expect(try problems("1.0.1", Self.otherReason) == [])
  }

  @Test("another set of inputs needs a major step")
  func inputs() throws {
    #expect(try problems("1.0.0", Samples.credit) == [])
    let found = try problems("1.7.0", Self.withInput)
    try #require(found.count == 1)
    #expect(found[0].contains("the input `tenure` was added; that needs at least a major step"))
    #expect(found[0].hasSuffix("version 2.0.0 or higher"))
    #expect(try problems("2.0.0", Self.withInput) == [])
  }

  @Test("in 0.x a minor step suffices for everything, a patch doesn't")
  func initialDevelopment() throws {
    #expect(try problems("0.1.0", Samples.credit) == [])
    #expect(try problems("0.1.1", Self.withInput).first?.hasSuffix("0.2.0 or higher") == true)
    #expect(try problems("0.2.0", Self.withInput) == [])
    #expect(try problems("0.2.1", Samples.credit).count == 1)
    #expect(try problems("1.0.0", Self.stricter) == [])
  }

  @Test("the base is the highest version below, in whatever order and however many are published")
  func base() throws {
    // Given together, the higher first.
    #expect(try problems([("1.1.0", Self.stricter), ("1.0.0", Samples.credit)]) == [])
    // A later patch of the older line is held against that line.
    #expect(try problems("1.0.1", Samples.credit) == [])
    #expect(try problems("1.0.2", Self.stricter).count == 1)
    #expect(try problems("1.1.1", Self.stricter) == [])
    #expect(try problems("1.10.0", Samples.credit) == [])
    #expect(try problems("1.10.1", Self.stricter).first?.contains("since version 1.10.0") == true)
  }

  @Test("a pre-release is held against the version below, and nothing against a pre-release")
  func preReleases() throws {
    #expect(try problems("1.0.0", Samples.credit) == [])
    #expect(try problems("1.0.1-rc.1", Self.stricter).count == 1)
    #expect(try problems("1.1.0-rc.1", Self.stricter) == [])
    #expect(try problems("1.1.0-rc.2", Samples.credit) == [])
    #expect(try problems("1.1.0", Self.stricter) == [])
  }
}
