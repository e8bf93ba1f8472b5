import CanonicalJSON
import RuleProgram

/// A pipeline ready to run: every name resolved to a place, once for all requests.
struct PipelinePlan: Sendable {
  /// Its entry.
  let release: Release
  /// What was published.
  let definition: PipelineDefinition
  /// The request's fields that the pipeline reads, in canonical order.
  var fields: [String] = []
  /// The place of each of them in `fields`.
  var fieldIndex: [String: Int] = [:]
  /// The names that scores are put into, in canonical order.
  var slots: [String] = []
  /// The stages in order.
  var stages: [Stage] = []
  /// The rules stages in order.
  var rules: [Rules] = []
  /// The name of the models in a request's `scores`, in canonical order.
  var modelNames: [String] = []
  /// ID, version and digest, as entries hold them.
  let json: JSON
  /// The same as canonical bytes.
  let jsonBytes: [UInt8]

  /// A plan without stages.
  init(_ definition: PipelineDefinition, release: Release) {
    self.definition = definition
    self.release = release
    json = [
      "digest": .string(release.contentDigest), "id": .string(release.id),
      "version": .string(release.version),
    ]
    jsonBytes = json.canonicalBytes
  }

  /// A stage.
  enum Stage: Sendable {
    /// The request brings a score.
    case score(Score)
    /// A unit is assigned to an arm, which scores.
    case experiment(Experiment)
    /// Index into `rules`.
    case rules(Int)
    /// Candidates are ordered.
    case rank(Rank)
  }

  /// A score that the request brings.
  struct Score: Sendable {
    /// Whose score it is.
    var model: Model
    /// Index into `slots`.
    var slot: Int
    /// The slot's name.
    var into: String
    /// Index into `fields`: where the score may stand instead.
    var field: Int
  }

  /// Assignment of units to arms.
  struct Experiment: Sendable {
    /// The experiment's ID.
    var id: String
    /// Index into `fields`.
    var unit: Int
    /// That field's name.
    var unitName: String
    /// Index into `slots`.
    var slot: Int
    /// The slot's name.
    var into: String
    /// The arms in document order.
    var arms: [Arm]
  }

  /// One arm.
  struct Arm: Sendable {
    /// The arm's ID.
    var id: String
    /// The arm takes units whose hash is below this and that no earlier arm took.
    var end: UInt128
    /// What scores; nil for random numbers.
    var score: Score?
  }

  /// A rules stage.
  struct Rules: Sendable {
    /// What runs.
    var ruleSet: RuleSet
    /// For each input of the program.
    var sources: [Source]
    /// For each outcome of the program: whether it drops the candidate, or ends the chain.
    var discards: [Bool]
  }

  /// Where a rule set's input comes from.
  enum Source: Sendable, Hashable {
    /// The outcome of an earlier rules stage.
    case outcome(stage: Int)
    /// The ID of the leaf that an earlier rules stage came to.
    case leaf(stage: Int)
    /// An output of an earlier rules stage, by its index in that program.
    case output(stage: Int, output: Int)
    /// Index into `slots`.
    case score(Int)
    /// Index into `fields`.
    case field(Int)
  }

  /// The ranking.
  struct Rank: Sendable {
    /// What it goes by.
    var by: Source
    /// That value's type.
    var type: ValueType
    /// Whether the greatest comes first.
    var descending: Bool
    /// How many are kept; nil for all.
    var keep: Int?
  }

  /// The place of the field `name`, compared by bytes; nil when the pipeline doesn't read it.
  func field(_ name: String) -> Int? {
    guard let index = fieldIndex[name], fields[index].utf8.elementsEqual(name.utf8) else {
      return nil
    }
    return index
  }
}
