import CanonicalJSON
import Crypto
import RuleProgram

/// The hash that assigns units and makes the random arm's numbers.
enum Assignment {
  /// The first 8 bytes, big-endian, of SHA-256 of `first`, a zero byte, `second`.
  static func hash(_ first: String, _ second: String) -> UInt64 {
    var hasher = SHA256()
    hasher.update(data: Array(first.utf8) + [0] + Array(second.utf8))
    var value: UInt64 = 0
    for byte in hasher.finalize().prefix(8) { value = value << 8 | UInt64(byte) }
    return value
  }

  /// `floor(hash * 10^9 / 2^64) / 10^9`: nine fraction digits, 0 included, 1 not.
  static func number(_ hash: UInt64) -> Decimal128 {
    let billionths = (UInt128(hash) * 1_000_000_000) >> 64
    return Decimal128(coefficient: billionths, exponent: -9) ?? .zero
  }
}

extension CaseRun {
  /// The most characters of a score's text.
  static let scoreLimit = 64
  /// The most bytes of a unit's name.
  static let unitLimit = 1024

  /// The score stage: takes each candidate's score as received.
  mutating func take(_ score: PipelinePlan.Score) {
    for index in candidates.indices where candidates[index].status == .ranked {
      let name = score.model.name
      let given =
        candidates[index].givenScores.flatMap { document.member(name, of: $0) }
        ?? scores.flatMap { document.member(name, of: $0) }
        ?? place(ofField: score.field, candidate: index)
      guard let given, document.kind(given) == .number else {
        take(given.map { document.json($0) } ?? .null, score, index)
        continue
      }
      take(document.text(given), [], score, index)
    }
  }

  private mutating func take(_ given: JSON, _ score: PipelinePlan.Score, _ index: Int) {
    let into = score.model.name
    var number = given
    var factors: [KeyFactor] = []
    if case .object = given {
      number = given["score"] ?? .null
      do throws(KeyFactor.Problem) {
        factors = try KeyFactor.read(given["factors"] ?? .null)
      } catch {
        return refuse("scores.\(into).factors", error.code, error.message, score, index)
      }
    }
    switch number {
    case .number(let text), .string(let text): take(text, factors, score, index)
    case .null:
      refuse("scores.\(into)", "missing", "is required, but missing", score, index)
    default: refuse("scores.\(into)", "wrong-type", "is not a number", score, index)
    }
  }

  private mutating func take(
    _ text: String, _ factors: [KeyFactor], _ score: PipelinePlan.Score, _ index: Int
  ) {
    let into = score.model.name
    guard text.utf8.count <= Self.scoreLimit else {
      return refuse("scores.\(into)", "too-large", "is too large", score, index)
    }
    guard let value = Decimal128(ascii: text.utf8Span.span) else {
      return refuse("scores.\(into)", "wrong-type", "is not a number", score, index)
    }
    candidates[index].scores[score.slot] = Score(
      text: text, value: value, model: into, factors: factors)
  }

  private mutating func refuse(
    _ field: String, _ code: String, _ message: String, _ score: PipelinePlan.Score, _ index: Int
  ) {
    failedSlots.insert(score.into)
    problems.append(
      RequestProblem(
        candidate: candidates[index].label, position: candidates[index].position, field: field,
        code: code, message: message))
  }

  /// The experiment: assigns the request's unit to an arm, then scores by that arm.
  mutating func assign(_ experiment: PipelinePlan.Experiment, caseID: String) {
    let name = experiment.unitName
    let unit: String
    switch fields[experiment.unit].map({ document.json($0) }) {
    case .string(let text) where !text.isEmpty: unit = text
    case .number(let text): unit = text
    case .none, .null:
      failedSlots.insert(experiment.into)
      return problems.append(
        RequestProblem(field: name, code: "missing", message: "is required, but missing"))
    default:
      failedSlots.insert(experiment.into)
      return problems.append(
        RequestProblem(
          field: name, code: "wrong-type", message: "is neither a string nor a number"))
    }
    guard unit.utf8.count <= Self.unitLimit else {
      failedSlots.insert(experiment.into)
      return problems.append(
        RequestProblem(field: name, code: "too-large", message: "is too large"))
    }
    let position = UInt128(Assignment.hash(experiment.id, unit))
    guard let chosen = experiment.arms.firstIndex(where: { position < $0.end }) else { return }
    arm = chosen
    if let score = experiment.arms[chosen].score { return take(score) }
    for index in candidates.indices {
      let number = Assignment.number(Assignment.hash(caseID, candidates[index].key))
      candidates[index].scores[experiment.slot] = Score(text: number.description, value: number)
    }
  }

  /// The ranking: candidates in order, the first `keep` stay.
  mutating func rank(_ rank: PipelinePlan.Rank) {
    var ranked: [(index: Int, value: Value)] = []
    for index in candidates.indices where candidates[index].status == .ranked {
      ranked.append((index, rankValue(rank, index)))
    }
    ranked.sort { precedes($0, $1, rank.descending) }
    for (place, item) in ranked.enumerated() where place >= rank.keep ?? .max {
      candidates[item.index].status = .notKept
    }
    order = ranked.map(\.index)
  }

  private func rankValue(_ rank: PipelinePlan.Rank, _ index: Int) -> Value {
    switch rank.by {
    case .score(let slot): return candidates[index].scores[slot].map { .number($0.value) } ?? .null
    case .output(let stage, let output):
      return self.output(output, stage: stage, candidate: index)
    case .outcome, .leaf: return .null
    case .field(let field):
      switch value(ofField: field, candidate: index) {
      case .number(let text)?: return Value(parsing: text, as: rank.type) ?? .null
      case .string(let text)?: return Value(parsing: text, as: rank.type) ?? .null
      default: return .null
      }
    }
  }

  /// Missing values come last in either order; equal ones go by key, in the order of its bytes.
  private func precedes(
    _ left: (index: Int, value: Value), _ right: (index: Int, value: Value), _ descending: Bool
  ) -> Bool {
    let leftMissing = left.value == .null
    let rightMissing = right.value == .null
    if leftMissing != rightMissing { return rightMissing }
    if let order = left.value.order(to: right.value), order != 0 {
      return descending ? order > 0 : order < 0
    }
    return candidates[left.index].key.utf8.lexicographicallyPrecedes(
      candidates[right.index].key.utf8)
  }
}
