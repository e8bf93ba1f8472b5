import CanonicalJSON
import DecisionEngine
import Ledger
import Synchronization
import Testing

@Suite("searching") struct SearchingTests {
  /// Times that ascend but for a few seconds back and forth, as concurrent writers leave them.
  private final class Clock: Sendable {
    static let start = Int64(4_000_000_000_000)
    private let count = Mutex<Int64>(0)

    func now() -> Instant {
      count.withLock { count in
        count += 1
        let jitter = (count &* 7919) % 600 - 300
        return Instant(milliseconds: Self.start + count * 1000 + jitter * 1000)
      }
    }
  }

  @Test("pages together give what a look at every entry gives")
  func pages() throws {
    let store = try Samples.store()
    _ = try Samples.engine(store)
    let clock = Clock()
    let engine = Engine(store: store, clock: { clock.now() })
    let requests = (0..<3000).map { number in
      Samples.request("C-\(number)", score: "\(number % 1200)", income: "\(number % 50)")
    }
    for result in try engine.decide(requests, pipeline: "loans") { _ = try result.get() }
    let all = try (0..<store.size()).compactMap { index -> (UInt64, Instant, String?)? in
      let entry = try engine.entry(index)
      guard let type = entry["type"]?.string, type == "decision" || type == "refusal",
        let time = entry["time"]?.string.flatMap({ Instant($0) })
      else { return nil }
      return (index, time, entry["leaf"]?.string)
    }
    for (from, until) in [(0, 3000), (700, 701), (100, 2000), (2500, 9000), (-50, 20)] {
      for leaf in [nil, "SCORE-LOW", "none"] {
        var query = CaseQuery()
        query.from = Instant(milliseconds: Clock.start + Int64(from) * 1000)
        query.until = Instant(milliseconds: Clock.start + Int64(until) * 1000)
        query.leaf = leaf
        let expected = all.filter { _, time, found in
          query.from.map { time >= $0 } ?? true && query.until.map { time < $0 } ?? true
            && (leaf == nil || found == leaf)
        }.map { $0.0 }
        var found: [UInt64] = []
        var below: UInt64?
        var pages = 0
        repeat {
          // No time at all: each page looks at one block of entries, and says where to go on.
          let page = try engine.search(query, below: below, limit: 40, effort: .zero)
          found += page.cases.map(\.index)
          below = page.next
          pages += 1
        } while below != nil && pages < 1000
        #expect(found == expected.reversed(), "\(from)..<\(until) \(leaf ?? "any leaf")")
      }
    }
  }

  @Test("a case ID is found without looking further, its beginning too")
  func caseID() throws {
    let engine = try Samples.engine()
    for number in [1, 10, 11, 2] { _ = try engine.answer(Samples.request("C-\(number)")) }
    _ = try engine.recordResult("C-10", values: ["paid": 1])
    var query = CaseQuery()
    query.caseIDPrefix = "C-1"
    #expect(try engine.search(query).cases.map(\.caseID) == ["C-11", "C-10", "C-1"])
    let first = try engine.search(query, limit: 2)
    #expect(first.cases.count == 2)
    let rest = try engine.search(query, below: first.next, limit: 2)
    #expect(rest.cases.map(\.caseID) == ["C-1"] && rest.next == nil)
    query.outcome = "approve"
    #expect(try engine.search(query).cases.isEmpty)
  }

  @Test("what was erased is found by what its entry says, not by its inputs")
  func erased() throws {
    let engine = try Samples.engine()
    _ = try engine.answer(Samples.request("E", income: "2000"))
    var query = CaseQuery()
    query.input = .init(name: "income", value: "2000")
    #expect(try engine.search(query).cases.map(\.caseID) == ["E"])
    _ = try engine.erase("E")
    #expect(try engine.search(query).cases.isEmpty)
    query.input = nil
    query.release = "risk@1.0.0"
    #expect(try engine.search(query).cases.map(\.caseID) == ["E"])
  }

  @Test("trying out gives what deciding gives, and records nothing")
  func trying() throws {
    let engine = try Samples.engine()
    let loans = try Samples.reference("loans@1.0.0")
    let size = try engine.store.size()
    for (score, income) in [("611", "2000"), ("100", "1"), ("900", "900")] {
      let request = Samples.request("T-\(score)", score: score, income: income)
      let trial = try engine.tryOut(request, pipeline: loans, caseID: "T-\(score)")
      let answer = try engine.answer(request).response
      #expect(trial.response["leaf"] == answer["leaf"])
      #expect(trial.response["outputs"] == answer["outputs"])
    }
    let refused = try engine.tryOut(Array("{".utf8), pipeline: loans, caseID: "X")
    #expect(refused.isRefusal && refused.problems.map(\.code) == ["malformed"])
    #expect(try engine.store.size() == size + 3)
  }

  @Test("what a pipeline reads, in the author's order")
  func inputs() throws {
    let engine = try Samples.engine()
    let loans = try engine.inputs(ofPipeline: try Samples.reference("loans@1.0.0"))
    #expect(!loans.hasCandidates)
    #expect(loans.inputs.map(\.name) == ["risk@1.0.0", "income", "debt", "job"])
    #expect(loans.inputs.first?.scoreInto == "score")
    let labels = loans.inputs.last?.values.map { $0.label ?? "" }
    #expect(labels == ["", "without work"])
    #expect(try engine.inputs(ofPipeline: try Samples.reference("top@1.0.0")).hasCandidates)
  }
}
