public import RuleProgram

/// What is known of a value before any input is: an enclosure of everything that it can be.
public struct AbstractValue: Hashable, Sendable {
  /// True when the value can be null, as far as is known.
  public var mayBeNull: Bool
  /// The type of the values that are not null; nil for a value that is always null.
  public var type: ValueType?
  public var domain: Domain
  /// For times: whether the value carries an offset from UTC.
  public var offset: Program.OffsetRule

  /// An enclosure of the values that are not null.
  public enum Domain: Hashable, Sendable {
    /// Numbers, and the measures of dates, times and durations.
    case numbers(Interval)
    case booleans(canBeFalse: Bool, canBeTrue: Bool)
    /// nil: any string.
    case strings(Set<String>?)
    /// The value is always null.
    case none
  }

  /// An enclosure `domain` of values of `type`.
  public init(
    _ type: ValueType?, _ domain: Domain, mayBeNull: Bool, offset: Program.OffsetRule = .any
  ) {
    self.type = type
    self.domain = domain
    self.mayBeNull = mayBeNull
    self.offset = offset
  }

  /// Anything of `type`.
  public static func anything(_ type: ValueType?, mayBeNull: Bool = true) -> AbstractValue {
    switch type {
    case nil: AbstractValue(nil, .none, mayBeNull: true)
    case .string: AbstractValue(.string, .strings(nil), mayBeNull: mayBeNull)
    case .boolean:
      AbstractValue(
        .boolean, .booleans(canBeFalse: true, canBeTrue: true), mayBeNull: mayBeNull)
    default: AbstractValue(type, .numbers(.everything), mayBeNull: mayBeNull)
    }
  }

  /// Exactly `value`.
  public init(_ value: Value) {
    switch value {
    case .null: self.init(nil, .none, mayBeNull: true)
    case .boolean(let flag):
      self.init(.boolean, .booleans(canBeFalse: !flag, canBeTrue: flag), mayBeNull: false)
    case .string(let text): self.init(.string, .strings([text]), mayBeNull: false)
    default:
      let offset: Program.OffsetRule =
        switch value.hasOffset {
        case nil: .any
        case true?: .required
        case false?: .forbidden
        }
      self.init(
        value.type, .numbers(value.measure.map { Interval($0) } ?? .everything), mayBeNull: false,
        offset: offset)
    }
  }

  /// The interval of a number or measure; everything for other domains.
  var interval: Interval {
    if case .numbers(let interval) = domain { return interval }
    return .everything
  }

  var canBeTrue: Bool {
    if case .booleans(_, let canBeTrue) = domain { return canBeTrue }
    return domain != .none
  }

  var canBeFalse: Bool {
    if case .booleans(let canBeFalse, _) = domain { return canBeFalse }
    return domain != .none
  }

  /// True when two points in time could be one with and one without an offset from UTC, which have
  /// neither an order nor a difference. A date counts as midnight UTC.
  func mayBeIncomparable(with other: AbstractValue) -> Bool {
    func rule(_ value: AbstractValue) -> Program.OffsetRule? {
      switch value.type {
      case .time, .dateTime: value.offset
      case .date: .required
      default: nil
      }
    }
    guard type == .time || type == .dateTime || other.type == .dateTime || other.type == .time,
      let a = rule(self), let b = rule(other)
    else { return false }
    return a != b || a == .any
  }

  /// An enclosure of both.
  func union(_ other: AbstractValue) -> AbstractValue {
    let joined: Domain
    switch (domain, other.domain) {
    case (.none, let domain), (let domain, .none): joined = domain
    case (.numbers(let a), .numbers(let b)): joined = .numbers(a.hull(b))
    case (.booleans(let f, let t), .booleans(let g, let u)):
      joined = .booleans(canBeFalse: f || g, canBeTrue: t || u)
    case (.strings(let a), .strings(let b)):
      if let a, let b { joined = .strings(a.union(b)) } else { joined = .strings(nil) }
    default: joined = .numbers(.everything)
    }
    return AbstractValue(
      type ?? other.type, joined, mayBeNull: mayBeNull || other.mayBeNull,
      offset: offset == other.offset ? offset : .any)
  }
}
