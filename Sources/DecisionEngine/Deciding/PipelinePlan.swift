import CanonicalJSON
import RuleProgram

/// A pipeline ready to run: every name resolved to a place, once for all requests. An immutable
/// object, so that it is handed on at the price of one reference.
final class PipelinePlan: Sendable {
  /// Its entry.
  let release: Release
  /// What was published.
  let definition: PipelineDefinition
  /// The request's fields that the pipeline reads, in canonical order.
  let fields: [String]
  /// The names that scores are put into, in canonical order.
  let slots: [String]
  /// The stages in order.
  let stages: [Stage]
  /// The rules stages in order.
  let rules: [Rules]
  /// The name of the models in a request's `scores`, in canonical order.
  let modelNames: [String]
  /// ID, version and digest, as entries hold them.
  let json: JSON
  /// The same as canonical bytes.
  let jsonBytes: [UInt8]
  /// What a record's `inputs` hold of the request, in canonical order.
  let requestInputs: [RecordedInput]
  /// What they hold of each candidate; empty when the pipeline has none.
  let candidateInputs: [RecordedInput]
  private let fieldTable: KeyTable

  /// What a plan is made of, in the making.
  struct Draft {
    /// The request's fields, numbered as they are met.
    var fields: [String] = []
    /// The number of each of them.
    var fieldIndex: [String: Int] = [:]
    /// The names that scores are put into, in canonical order.
    var slots: [String] = []
    /// The stages in order.
    var stages: [Stage] = []
    /// The rules stages in order.
    var rules: [Rules] = []
    /// The name of the models in a request's `scores`, in canonical order.
    var modelNames: [String] = []
  }

  /// The plan of `definition` that `draft` came to.
  init(_ definition: PipelineDefinition, release: Release, _ draft: Draft) {
    self.definition = definition
    self.release = release
    fields = draft.fields
    slots = draft.slots
    stages = draft.stages
    rules = draft.rules
    modelNames = draft.modelNames
    let fieldTable = KeyTable(draft.fields)
    self.fieldTable = fieldTable
    json = [
      "digest": .string(release.contentDigest), "id": .string(release.id),
      "version": .string(release.version),
    ]
    jsonBytes = json.canonicalBytes
    let candidates = definition.candidates
    requestInputs = RecordedInput.list(
      fields: draft.fields.filter { $0 != candidates?.array }, draft,
      slots: candidates == nil ? draft.slots : [],
      adding: candidates.map { ($0.array, .candidates) })
    candidateInputs =
      candidates.map { candidates in
        let isField = fieldTable.index(of: candidates.key.utf8Span.span) != nil
        return RecordedInput.list(
          fields: draft.fields, draft, slots: draft.slots,
          adding: isField ? nil : (candidates.key, .key))
      } ?? []
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
    /// What records hold of the stage before the score, an object without its end.
    var recordStart: [UInt8]
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

  /// What records hold of a stage that scores before its score, an object without its end.
  static func recordStart(
    experiment: String? = nil, arm: String? = nil, into: String, model: Model?
  ) -> [UInt8] {
    let stage = JSON.object(present: [
      ("arm", arm.map { .string($0) }), ("experiment", experiment.map { .string($0) }),
      ("into", .string(into)), ("kind", model == nil ? "random" : "score"), ("model", model?.json),
    ])
    return Array(stage.canonicalBytes.dropLast())
  }

  /// One arm.
  struct Arm: Sendable {
    /// The arm's ID.
    var id: String
    /// The arm takes units whose hash is below this and that no earlier arm took.
    var end: UInt128
    /// What scores; nil for random numbers.
    var score: Score?
    /// Its ID as canonical JSON.
    var idBytes: [UInt8]
    /// What records hold of a stage that gives random numbers before the number.
    var recordStart: [UInt8]
  }

  /// A rules stage.
  struct Rules: Sendable {
    /// What runs.
    var ruleSet: RuleSet
    /// For each input of the program.
    var sources: [Source]
    /// The type of each input.
    var types: [ValueType]
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
  func field(_ name: String) -> Int? { field(name.utf8Span.span) }

  /// The place of the field whose name has these bytes.
  func field(_ name: Span<UInt8>) -> Int? { fieldTable.index(of: name) }
}

/// A member of a record's `inputs`.
struct RecordedInput: Sendable {
  /// Its name as a member begins: in quotation marks, a colon behind it.
  var name: [UInt8]
  /// Its place among the fields; nil when the pipeline reads no field of that name.
  var field: Int?
  /// Its place among the score slots, whose score takes the place of a field of its name.
  var slot: Int?
  /// What else stands there.
  var special: Special?

  /// What is no field and no score.
  enum Special: Sendable {
    /// The array of candidates.
    case candidates
    /// A candidate's key.
    case key
  }

  /// The members for these fields and slots, and one more.
  static func list(
    fields: [String], _ draft: PipelinePlan.Draft, slots: [String],
    adding other: (name: String, special: Special)?
  ) -> [RecordedInput] {
    var items = Set(fields + slots).map { name in
      (
        name,
        RecordedInput(
          name: start(name), field: fields.contains(name) ? draft.fieldIndex[name] : nil,
          slot: slots.firstIndex(of: name))
      )
    }
    if let other {
      items.append((other.name, RecordedInput(name: start(other.name), special: other.special)))
    }
    items.sort { $0.0.utf16.lexicographicallyPrecedes($1.0.utf16) }
    return items.map(\.1)
  }

  private static func start(_ name: String) -> [UInt8] {
    JSON.string(name).canonicalBytes + [UInt8(ascii: ":")]
  }
}
