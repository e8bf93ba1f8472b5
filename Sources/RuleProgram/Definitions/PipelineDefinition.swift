/// A versioned chain: assign, score, rules, rank. As data, without XML.
public struct PipelineDefinition: Hashable, Sendable {
  public var id: String
  /// SemVer.
  public var version: String
  public var title: String?
  /// Set when score and rules run once per element of an array of the request.
  public var candidates: Candidates?
  /// The stages in order.
  public var stages: [Stage]
  /// Which reasons an adverse outcome gives.
  public var reasons: ReasonPolicy

  /// A pipeline `id` of `version`.
  public init(
    id: String, version: String, title: String?, candidates: Candidates?, stages: [Stage],
    reasons: ReasonPolicy = ReasonPolicy()
  ) {
    self.id = id
    self.version = version
    self.title = title
    self.candidates = candidates
    self.stages = stages
    self.reasons = reasons
  }

  /// Which array of the request holds the candidates, and which field names one.
  public struct Candidates: Hashable, Sendable {
    public var array: String
    public var key: String

    /// Candidates in the array `array`, named by the field `key`.
    public init(array: String, key: String) {
      self.array = array
      self.key = key
    }
  }

  /// An exact version of something: `ID@VERSION`.
  public struct Reference: Hashable, Sendable, CustomStringConvertible {
    public var id: String
    public var version: String

    /// The reference `id@version`.
    public init(id: String, version: String) {
      self.id = id
      self.version = version
    }

    /// Reads `ID@VERSION`.
    public init?(_ text: String) {
      let parts = text.split(separator: "@", omittingEmptySubsequences: false)
      guard parts.count == 2, !parts[0].isEmpty, !parts[1].isEmpty else { return nil }
      self.init(id: String(parts[0]), version: String(parts[1]))
    }

    public var description: String { "\(id)@\(version)" }
  }

  /// A stage.
  public enum Stage: Hashable, Sendable {
    /// The model's score goes into the input `into`.
    case score(model: Reference, into: String)
    case experiment(Experiment)
    /// The rules run; a candidate whose outcome is among `discard` is dropped.
    case rules(ruleset: Reference, discard: [String])
    /// Candidates are ordered by the input or output `by`, and the first `keep` stay.
    case rank(by: String, descending: Bool, keep: Int?)
  }

  /// Which model a unit gets, by hash.
  public struct Experiment: Hashable, Sendable {
    public var id: String
    /// The input whose value names the unit.
    public var unit: String
    public var arms: [Arm]

    /// The experiment `id` over `unit`.
    public init(id: String, unit: String, arms: [Arm]) {
      self.id = id
      self.unit = unit
      self.arms = arms
    }
  }

  /// One arm of an experiment.
  public struct Arm: Hashable, Sendable {
    public var id: String
    /// Per cent; the shares of an experiment add up to 100.
    public var share: Decimal128
    /// The model that scores, or nil for random numbers.
    public var model: Reference?
    /// The input that the score goes into.
    public var into: String

    /// The arm `id`.
    public init(id: String, share: Decimal128, model: Reference?, into: String) {
      self.id = id
      self.share = share
      self.model = model
      self.into = into
    }
  }
}

/// A registered model: what scores, and where it came from.
public struct ModelDefinition: Hashable, Sendable {
  public var id: String
  /// SemVer.
  public var version: String
  public var title: String?
  /// Who answers for the model.
  public var owner: String?
  /// The model file and its digest (`sha256:` and 64 hexadecimal digits).
  public var artifact: Pinned?
  /// The code that made it and its commit.
  public var code: Pinned?
  /// The data that it was trained on and their digest.
  public var data: Pinned?

  /// The model `id` of `version`.
  public init(
    id: String, version: String, title: String? = nil, owner: String? = nil,
    artifact: Pinned? = nil, code: Pinned? = nil, data: Pinned? = nil
  ) {
    self.id = id
    self.version = version
    self.title = title
    self.owner = owner
    self.artifact = artifact
    self.code = code
    self.data = data
  }

  /// A reference and what pins it: a digest or a commit.
  public struct Pinned: Hashable, Sendable {
    public var href: String
    public var pin: String?

    /// The reference `href`, pinned by `pin`.
    public init(href: String, pin: String?) {
      self.href = href
      self.pin = pin
    }
  }
}
