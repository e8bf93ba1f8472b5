import CanonicalJSON
public import RuleProgram

/// Why a case came out as it did: its record, re-executed from the stored releases, put into words.
public struct Explanation: Sendable, Equatable {
  /// The language that it was asked for in, a BCP 47 tag: labels and texts are in it where the rule
  /// sets carry it.
  public var language: String
  /// The case's ID.
  public var caseID: String
  /// The ledger index of the decision or refusal.
  public var index: UInt64
  /// When it was decided, RFC 3339.
  public var time: String
  /// The engine's version that decided.
  public var engine: String
  /// Whether it is a refusal; then ``problems`` says why.
  public var isRefusal: Bool
  /// The pipeline.
  public var pipeline: ReleaseNote
  /// The experiment's arm, when there was one.
  public var arm: ArmNote?
  /// The outcome of each candidate, or of the case itself.
  public var results: [CandidateNote] = []
  /// Why it was refused.
  public var problems: [RequestProblem] = []
  /// What else was recorded about the case, in the ledger's order.
  public var events: [CaseEvent] = []
  /// What the re-execution showed.
  public var verdict: Verdict
  /// What the reader must know: what was erased, what differs from the record.
  public var remarks: [String] = []
  /// Whether the entry is in the signed ledger.
  public var proof: ProofNote
  /// What was withheld, in the order of ``Redaction``'s cases.
  public var withheld: [Redaction] = []

  /// A release that took part.
  public struct ReleaseNote: Sendable, Equatable {
    /// What it is.
    public var kind: ReleaseKind
    /// Its ID.
    public var id: String
    /// Its version.
    public var version: String
    /// Its title.
    public var title: String?
    /// The digest of the program, or of the definition.
    public var digest: String
    /// The digest of the source's Canonical XML form.
    public var sourceDigest: String?
    /// When its effective period began, RFC 3339.
    public var effectiveFrom: String?
    /// When the effective period ended, or will; nil while no later version has a date.
    public var effectiveUntil: String?
    /// When it was published, RFC 3339.
    public var publishedAt: String?
    /// Who answers for a model.
    public var owner: String?
    /// The policies or laws that a rule set carries out.
    public var authorities: [Authority] = []
  }

  /// A policy or law.
  public struct Authority: Sendable, Equatable {
    /// Its name.
    public var text: String
    /// Which part of it.
    public var clause: String?
    /// Where it can be read.
    public var href: String?
  }

  /// An assignment to an arm.
  public struct ArmNote: Sendable, Equatable {
    /// The experiment's ID.
    public var experiment: String
    /// The arm's ID.
    public var arm: String
    /// The input that names the unit.
    public var unit: String
  }

  /// What came of one candidate, or of the case itself.
  public struct CandidateNote: Sendable, Equatable {
    /// The candidate's key; nil when the pipeline has no candidates.
    public var key: String?
    /// `ranked`, `not_kept`, `discarded`; nil when the pipeline has no candidates.
    public var status: String?
    /// Its rank, from 1.
    public var rank: Int?
    /// The scores that it got.
    public var scores: [ScoreNote] = []
    /// The rules stages that it went through.
    public var stages: [StageNote] = []
    /// The principal reasons on record; nil when the outcome isn't adverse.
    public var principal: PrincipalNote?
    /// What would have given another outcome; nil where nobody looked for it.
    public var counterfactuals: Counterfactuals?
  }

  /// A score as received.
  public struct ScoreNote: Sendable, Equatable {
    /// The model that gave it; nil for a random number.
    public var model: ReleaseNote?
    /// The name that it went into.
    public var into: String
    /// Its text as received.
    public var score: String
    /// The key factors that came with it, in the order given.
    public var factors: [FactorNote] = []
  }

  /// One of a model's key factors, as received.
  public struct FactorNote: Sendable, Equatable {
    /// Its code.
    public var code: String
    /// Its sentence.
    public var text: String?
    /// What it added to the score.
    public var contribution: String?
  }

  /// The principal reasons of an adverse outcome, by the pipeline's policy.
  public struct PrincipalNote: Sendable, Equatable {
    /// The policy: `rules`, `factors`, `both`, `component`.
    public var policy: String
    /// What gave the reasons: `rules`, `factors`, `both`.
    public var basis: String
    /// What the policy asked for, where no factors came with the request.
    public var wanted: String?
    /// The most reasons that the policy gives.
    public var maximum: Int
    /// The reasons, the principal one first.
    public var reasons: [ReasonNote]
  }

  /// One rules stage.
  public struct StageNote: Sendable, Equatable {
    /// The rule set.
    public var ruleSet: ReleaseNote
    /// The leaf on record.
    public var leaf: String
    /// Its outcome.
    public var outcome: String
    /// The outcome's label.
    public var outcomeLabel: String?
    /// Whether the outcome harms its subject.
    public var isAdverse: Bool
    /// The derived values, in the order of their computation.
    public var derived: [DerivedNote] = []
    /// The conditions from the root to the leaf.
    public var path: [StepNote] = []
    /// The outputs that the leaf set.
    public var outputs: [ValueNote] = []
    /// The reasons, the principal one first.
    public var reasons: [ReasonNote] = []
    /// The leaf that the re-execution reached; differs from ``leaf`` only when something is wrong.
    public var reexecutedLeaf: String?
  }

  /// A named value.
  public struct ValueNote: Sendable, Equatable {
    /// The name in the rule set.
    public var name: String
    /// How people read the name.
    public var label: String?
    /// The value's text; nil when it is missing.
    public var value: String?
    /// How people read the value.
    public var valueLabel: String?
    /// The unit.
    public var unit: String?
    /// The value's type; nil where it isn't known.
    public var type: ValueType?
    /// Whether it is a score.
    public var isScore = false
    /// Whether the value is withheld: then ``value`` is nil, though it isn't missing.
    public var isWithheld = false
  }

  /// A derived value.
  public struct DerivedNote: Sendable, Equatable {
    /// Its name and value.
    public var value: ValueNote
    /// The FEEL text that computes it.
    public var expression: String?
    /// The inputs and derived values that it was computed from.
    public var operands: [ValueNote] = []
  }

  /// A reason.
  public struct ReasonNote: Sendable, Equatable {
    /// Its code.
    public var code: String
    /// Its text.
    public var text: String?
    /// `ID@VERSION` of the rule set or model that gave it; nil for a leaf's own.
    public var from: String?
  }

  /// One split on the path.
  public struct StepNote: Sendable, Equatable {
    /// The split's own ID.
    public var id: String?
    /// The split's label.
    public var label: String?
    /// The FEEL text of what the split looks at.
    public var on: String
    /// Whether that is an expression, not the name of an input or derived value.
    public var isExpression = false
    /// What was met there; nil when the inputs were erased.
    public var met: ValueNote?
    /// The branch that was taken.
    public var taken: BranchNote
    /// How far the value is from the nearest threshold that would have led elsewhere.
    public var margin: String?
    /// The same in parts.
    public var distance: Distance?
    /// Whether the value is one that its subject may be able to change: not protected, no score, and
    /// not declared immutable.
    public var isChangeable = true
    /// The other branches, with what each would have needed.
    public var others: [BranchNote] = []
    /// Line in the rule set's source, from 1.
    public var line: Int
    /// Column there, from 1.
    public var column: Int
    /// Why a protected input may be looked at here.
    public var justification: String?
  }

  /// A branch of a split.
  public struct BranchNote: Sendable, Equatable {
    /// `case`, `otherwise` or `missing`.
    public var kind: String
    /// The FEEL text of a case as written; empty for the other kinds.
    public var tests: String
    /// The values that lead here, as FEEL unary tests computed from the program.
    public var condition: String
    /// For a branch not taken: what it needed, what was there, and by how much it fell short.
    public var gap: String?
    /// The values that lead here, in parts.
    public var values = Values()
    /// For a branch not taken, how far away it was.
    public var distance: Distance?
    /// Its place among the split's branches, in the order of the source.
    public var number = 0
    /// What lies behind it.
    public var subtree = Subtree()
  }

  /// What lies behind a branch.
  public struct Subtree: Sendable, Equatable {
    /// The leaf's ID, where the branch leads to a leaf.
    public var leaf: String?
    /// How many leaves give each outcome, the most frequent first.
    public var outcomes: [OutcomeCount] = []

    /// Nothing.
    public init() {}

    /// How many leaves there are.
    public var leaves: Int { outcomes.reduce(0) { $0 + $1.leaves } }
  }

  /// How many leaves give one outcome.
  public struct OutcomeCount: Sendable, Equatable {
    /// The outcome's label, or else its name.
    public var outcome: String
    /// Whether it harms its subject.
    public var isAdverse: Bool
    /// How many leaves give it.
    public var leaves: Int
  }

  /// A set of values of one type.
  public struct Values: Sendable, Equatable {
    /// Single values: those that belong, or with ``isAllBut`` those that don't.
    public var listed: [ValueNote] = []
    /// Whether all values belong but the listed ones.
    public var isAllBut = false
    /// Ranges that belong.
    public var ranges: [Range] = []
    /// Whether a missing value belongs.
    public var includesMissing = false
    /// The type of all of them.
    public var type: ValueType = .string

    /// No values.
    public init() {}
  }

  /// A range of values; nil where it has no end.
  public struct Range: Sendable, Equatable {
    /// The least value, or the one above which it begins.
    public var low: End?
    /// The greatest value, or the one below which it ends.
    public var high: End?

    /// One end of a range.
    public struct End: Sendable, Equatable {
      /// The value's text.
      public var value: String
      /// Whether that value itself belongs.
      public var isIncluded: Bool
    }
  }

  /// How far a value is from a limit.
  public struct Distance: Sendable, Equatable {
    /// Where the value lies.
    public enum Side: String, Sendable {
      /// The value is below the limit.
      case below
      /// The value is above the limit.
      case above
      /// The value is the limit itself.
      case on
    }

    /// The distance: a number, or a duration.
    public var amount: String
    /// Where the value lies as seen from the limit.
    public var side: Side
    /// The limit.
    public var limit: String
  }

  /// Whether the entry is in the ledger that the key signs for.
  public struct ProofNote: Sendable, Equatable {
    /// Whether the inclusion proof and the checkpoint's signature were verified.
    public var isVerified: Bool
    /// The number of entries of the checkpoint's tree.
    public var treeSize: UInt64?
    /// The ledger's origin: the name that signs its checkpoints.
    public var origin: String
    /// What failed; nil when verified.
    public var failure: String?
  }
}
