/// What words a program: titles, labels, texts, and where each part stands in the source. It travels
/// beside the program in a release, outside the program's digest, and decides nothing.
public struct Wording: Hashable, Sendable {
  /// The rule set's ID.
  public var id: String
  /// The rule set's version, SemVer.
  public var version: String
  /// The language of everything that names no other: a BCP 47 tag.
  public var language: String
  public var title: String?
  /// The title in further languages.
  public var titles: [Translation]
  public var authorities: [Authority]
  /// In the order of the source.
  public var inputs: [Term]
  /// In the order of the source.
  public var derived: [Term]
  public var outcomes: [Term]
  public var outputs: [Term]
  /// Code and text of each reason.
  public var reasons: [Term]
  /// One for each node of the program, in its order.
  public var nodes: [NodeWording]
  /// Place of each leaf of the program, in its order.
  public var leaves: [Place]

  /// The wording of a rule set.
  public init(
    id: String, version: String, language: String = "en", title: String? = nil,
    titles: [Translation] = [], authorities: [Authority] = [],
    inputs: [Term] = [], derived: [Term] = [], outcomes: [Term] = [], outputs: [Term] = [],
    reasons: [Term] = [], nodes: [NodeWording] = [], leaves: [Place] = []
  ) {
    self.id = id
    self.version = version
    self.language = language
    self.title = title
    self.titles = titles
    self.authorities = authorities
    self.inputs = inputs
    self.derived = derived
    self.outcomes = outcomes
    self.outputs = outputs
    self.reasons = reasons
    self.nodes = nodes
    self.leaves = leaves
  }

  /// A line and column of the source, from 1.
  public struct Place: Hashable, Sendable {
    public var line: Int
    public var column: Int

    /// The place `line`:`column`.
    public init(line: Int, column: Int) {
      self.line = line
      self.column = column
    }
  }

  /// The policy or law that a rule set carries out.
  public struct Authority: Hashable, Sendable {
    public var text: String
    public var href: String?
    public var clause: String?

    /// The authority `text`.
    public init(text: String, href: String? = nil, clause: String? = nil) {
      self.text = text
      self.href = href
      self.clause = clause
    }
  }

  /// A name and how people read it.
  public struct Term: Hashable, Sendable {
    public var name: String
    /// The label, the reason's text, or nil.
    public var label: String?
    public var unit: String?
    /// Where an input comes from, such as `model`.
    public var origin: String?
    /// The FEEL text of a derived value.
    public var expression: String?
    public var isProtected: Bool
    /// Labels of declared values.
    public var values: [ValueLabel]
    /// The label in further languages.
    public var labels: [Translation]
    /// How an input may be proposed to change; nil where the rule set says nothing.
    public var change: Change?

    /// The term `name`.
    public init(
      name: String, label: String? = nil, unit: String? = nil, origin: String? = nil,
      expression: String? = nil, isProtected: Bool = false, values: [ValueLabel] = [],
      labels: [Translation] = [], change: Change? = nil
    ) {
      self.name = name
      self.label = label
      self.unit = unit
      self.origin = origin
      self.expression = expression
      self.isProtected = isProtected
      self.values = values
      self.labels = labels
      self.change = change
    }
  }

  /// The label of one declared value.
  public struct ValueLabel: Hashable, Sendable {
    public var value: String
    public var label: String
    /// The label in further languages.
    public var labels: [Translation]

    /// `value`, read as `label`.
    public init(value: String, label: String, labels: [Translation] = []) {
      self.value = value
      self.label = label
      self.labels = labels
    }
  }

  /// How a split was written.
  public struct NodeWording: Hashable, Sendable {
    /// The split's own ID, if it has one.
    public var id: String?
    public var label: String?
    /// The label in further languages.
    public var labels: [Translation]
    /// The FEEL text of `on`.
    public var on: String
    public var place: Place
    /// Why a protected input may be looked at here.
    public var justification: String?
    /// The branches in the order of the source.
    public var branches: [Branch]
    /// For each child of the program's node, the index of its branch.
    public var branchOfChild: [Int]

    /// The wording of one split.
    public init(
      id: String?, label: String?, labels: [Translation] = [], on: String, place: Place,
      justification: String?,
      branches: [Branch], branchOfChild: [Int]
    ) {
      self.id = id
      self.label = label
      self.labels = labels
      self.on = on
      self.place = place
      self.justification = justification
      self.branches = branches
      self.branchOfChild = branchOfChild
    }
  }

  /// One branch of a split as written.
  public struct Branch: Hashable, Sendable {
    public var kind: Kind
    /// The FEEL text of `is`; empty for the other kinds.
    public var tests: String
    public var place: Place

    /// A branch of `kind`.
    public init(kind: Kind, tests: String, place: Place) {
      self.kind = kind
      self.tests = tests
      self.place = place
    }

    /// Which element the branch is.
    public enum Kind: UInt8, Hashable, Sendable {
      case `case` = 1
      case otherwise = 2
      case missing = 3
    }
  }
}
