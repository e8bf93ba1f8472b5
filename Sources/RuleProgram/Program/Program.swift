/// A compiled rule set: everything that decides, nothing that only words it.
///
/// The value knows neither XML nor any backend. Its byte form is described in `ByteFormat/FORMAT.md`;
/// `Wording` travels beside it. A program from outside must pass `Program.verify()` before it is
/// evaluated: `Program(bytes:)` sees to that.
public struct Program: Hashable, Sendable {
  /// The inputs, sorted by the UTF-8 bytes of their names.
  public var inputs: [Input]
  /// The outcomes, sorted by name.
  public var outcomes: [Outcome]
  /// The outputs, sorted by name.
  public var outputs: [Output]
  /// The reason codes that a leaf gives, sorted.
  public var reasons: [String]
  /// The derived values that decide something, in an order in which each refers only to earlier ones.
  public var derived: [Derived]
  /// Constants of the expressions, in the order of their first use; none is null.
  public var constants: [Value]
  /// Regular expressions of `matches`.
  public var patterns: [Pattern]
  /// Expressions of derived values, splits and outputs.
  public var expressions: [Code]
  /// What splits look at, numbered by first use in pre-order.
  public var slots: [Slot]
  /// The splits in pre-order: each child's index is greater than its parent's.
  public var nodes: [Node]
  /// The leaves in pre-order. A leaf's place here is its number, the answer of an evaluation.
  public var leaves: [Leaf]
  /// Where evaluation starts.
  public var root: Target

  /// An input: its name, what it accepts.
  public struct Input: Hashable, Sendable {
    public var name: String
    public var type: ValueType
    /// False: a row without it is refused.
    public var allowsMissing: Bool
    /// Least value accepted, or nil.
    public var minimum: Value?
    /// Greatest value accepted, or nil.
    public var maximum: Value?
    /// The strings accepted, sorted by UTF-8 bytes; empty when any string is.
    public var values: [String]
    /// For `time` and `dateTime`: whether a value must carry an offset from UTC.
    public var offset: OffsetRule

    /// An input as declared.
    public init(
      name: String, type: ValueType, allowsMissing: Bool = false, minimum: Value? = nil,
      maximum: Value? = nil, values: [String] = [], offset: OffsetRule = .any
    ) {
      self.name = name
      self.type = type
      self.allowsMissing = allowsMissing
      self.minimum = minimum
      self.maximum = maximum
      self.values = values
      self.offset = offset
    }
  }

  /// Whether a time carries an offset from UTC: times with and without one can't be compared.
  public enum OffsetRule: UInt8, Hashable, Sendable {
    /// Both are accepted: the rules compare this input with no constant.
    case any = 0
    /// Local times only.
    case forbidden = 1
    /// Only times with an offset.
    case required = 2
  }

  /// The name that a leaf gives to a decision.
  public struct Outcome: Hashable, Sendable {
    public var name: String
    /// True when the outcome harms its subject.
    public var isAdverse: Bool

    /// The outcome `name`.
    public init(name: String, isAdverse: Bool) {
      self.name = name
      self.isAdverse = isAdverse
    }
  }

  /// A further value that leaves set.
  public struct Output: Hashable, Sendable {
    public var name: String
    public var type: ValueType

    /// The output `name` of `type`.
    public init(name: String, type: ValueType) {
      self.name = name
      self.type = type
    }
  }

  /// A named value computed from inputs and earlier derived values.
  public struct Derived: Hashable, Sendable {
    public var name: String
    public var type: ValueType
    /// Index into `expressions`.
    public var expression: Int

    /// The derived value `name`, computed by `expression`.
    public init(name: String, type: ValueType, expression: Int) {
      self.name = name
      self.type = type
      self.expression = expression
    }
  }

  /// A regular expression (XPath's flavour) with its flags.
  public struct Pattern: Hashable, Sendable {
    public var pattern: String
    public var flags: String

    /// The expression `pattern` with `flags` out of `smixq`.
    public init(pattern: String, flags: String) {
      self.pattern = pattern
      self.flags = flags
    }
  }

  /// What a split looks at, and how its value becomes one 64-bit key.
  public struct Slot: Hashable, Sendable {
    public var source: Source
    public var type: ValueType
    public var encoding: KeyEncoding
    /// For `time` and `dateTime`: which values the slot's constants can be compared with; every
    /// other value counts as missing.
    public var offset: OffsetRule

    /// A slot over `source`.
    public init(
      source: Source, type: ValueType, encoding: KeyEncoding, offset: OffsetRule = .any
    ) {
      self.source = source
      self.type = type
      self.encoding = encoding
      self.offset = offset
    }

    /// The key of `value`; `KeyEncoding.missingKey` for null and for what can't be compared here.
    ///
    /// - Parameter declared: the declared values of the slot's input, sorted.
    public func key(of value: Value, declared: [String] = []) -> Int64 {
      if offset != .any, let hasOffset = value.hasOffset, hasOffset != (offset == .required) {
        return KeyEncoding.missingKey
      }
      return encoding.key(of: value, declared: declared)
    }

    /// Where a slot's value comes from.
    public enum Source: Hashable, Sendable {
      /// Index into `inputs`.
      case input(Int)
      /// Index into `derived`.
      case derived(Int)
      /// Index into `expressions`.
      case expression(Int)
    }
  }

  /// Where a branch leads.
  public enum Target: Hashable, Sendable {
    /// Index into `nodes`.
    case node(Int)
    /// Index into `leaves`.
    case leaf(Int)
  }

  /// An n-ary split over one slot.
  public struct Node: Hashable, Sendable {
    /// Index into `slots`.
    public var slot: Int
    /// Strictly ascending keys. `children[i]` takes the keys from `cuts[i - 1]` (included) to
    /// `cuts[i]` (excluded); for a slot of booleans or declared strings there are no cuts and
    /// `children[key]` takes each key.
    public var cuts: [Int64]
    /// One more than `cuts`, or one for each declared string, or two (false, true).
    public var children: [Target]
    /// Where a missing value leads; nil when the value can't be missing here.
    public var missing: Target?

    /// A split over `slot`.
    public init(slot: Int, cuts: [Int64], children: [Target], missing: Target?) {
      self.slot = slot
      self.cuts = cuts
      self.children = children
      self.missing = missing
    }
  }

  /// The end of a path.
  public struct Leaf: Hashable, Sendable {
    /// The leaf ID: names the leaf for ever.
    public var id: String
    /// Index into `outcomes`.
    public var outcome: Int
    /// Indexes into `reasons`, the principal reason first.
    public var reasons: [Int]
    /// What the leaf sets, sorted by output.
    public var sets: [OutputSet]

    /// The leaf `id`.
    public init(id: String, outcome: Int, reasons: [Int], sets: [OutputSet]) {
      self.id = id
      self.outcome = outcome
      self.reasons = reasons
      self.sets = sets
    }
  }

  /// One output's value on a leaf.
  public struct OutputSet: Hashable, Sendable {
    /// Index into `outputs`.
    public var output: Int
    /// Index into `expressions`.
    public var expression: Int

    /// Sets `output` to the value of `expression`.
    public init(output: Int, expression: Int) {
      self.output = output
      self.expression = expression
    }
  }

  /// A program of these parts, unverified.
  public init(
    inputs: [Input] = [], outcomes: [Outcome] = [], outputs: [Output] = [], reasons: [String] = [],
    derived: [Derived] = [], constants: [Value] = [], patterns: [Pattern] = [],
    expressions: [Code] = [], slots: [Slot] = [], nodes: [Node] = [], leaves: [Leaf] = [],
    root: Target = .leaf(0)
  ) {
    self.inputs = inputs
    self.outcomes = outcomes
    self.outputs = outputs
    self.reasons = reasons
    self.derived = derived
    self.constants = constants
    self.patterns = patterns
    self.expressions = expressions
    self.slots = slots
    self.nodes = nodes
    self.leaves = leaves
    self.root = root
  }

  /// The outcome of leaf number `leaf`.
  public func outcome(ofLeaf leaf: Int) -> Outcome { outcomes[leaves[leaf].outcome] }

  /// The reason codes of leaf number `leaf`, the principal one first.
  public func reasonCodes(ofLeaf leaf: Int) -> [String] { leaves[leaf].reasons.map { reasons[$0] } }

  /// The input called `name`, by its index.
  public func inputIndex(_ name: String) -> Int? {
    var low = 0
    var high = inputs.count
    while low < high {
      let middle = (low + high) / 2
      if inputs[middle].name.precedesInUTF8(name) { low = middle + 1 } else { high = middle }
    }
    return low < inputs.count && inputs[low].name.utf8.elementsEqual(name.utf8)
      ? low : nil
  }
}

extension String {
  /// Order by UTF-8 bytes, which is the order of code points: the one order of every sorted table.
  package func precedesInUTF8(_ other: String) -> Bool {
    utf8.lexicographicallyPrecedes(other.utf8)
  }
}
