/// What an audit found.
public struct AuditReport: Sendable, Equatable {
  /// The number of entries whose bytes were read and hashed.
  public internal(set) var entriesChecked: UInt64 = 0
  /// The number of payloads read.
  public internal(set) var payloadsChecked: UInt64 = 0
  /// The number of payloads that are gone, their erasure recorded by an entry.
  public internal(set) var payloadsErased: UInt64 = 0
  /// The number of checkpoints whose signature and root hash were recomputed.
  public internal(set) var checkpointsChecked: UInt64 = 0
  /// The last checkpoint that was reproduced from the entries; nil when none was.
  public internal(set) var verified: Checkpoint?
  /// What is wrong, in the order found, at most ``problemLimit``.
  public internal(set) var problems: [AuditProblem] = []
  /// What is worth knowing of the store, and no failure.
  public internal(set) var notes: [String] = []
  /// The number of problems, those beyond ``problemLimit`` included.
  public internal(set) var problemCount = 0

  /// The most problems that are kept: 10,000.
  public static let problemLimit = 10_000

  /// Whether nothing is wrong.
  public var isSound: Bool { problemCount == 0 }

  /// Notes a problem; beyond the limit it is only counted.
  mutating func add(_ problem: AuditProblem) {
    problemCount += 1
    if problems.count < AuditReport.problemLimit { problems.append(problem) }
  }
}

/// One thing that an audit found wrong.
public struct AuditProblem: Sendable, Equatable {
  /// Where it is.
  public enum Place: Sendable, Equatable {
    /// The entry at an index.
    case entry(UInt64)
    /// One or more of the entries in a range; it can't be told which.
    case entries(Range<UInt64>)
    /// The payload of the entry at an index.
    case payload(UInt64)
    /// The checkpoint of a tree size.
    case checkpoint(Int64)
    /// The stored root of a tile.
    case tile(level: Int64, index: Int64)
    /// The store itself.
    case store(String)
  }

  /// Where it is.
  public var place: Place
  /// What is wrong, without the place.
  public var reason: String

  /// A problem from its parts.
  public init(_ place: Place, _ reason: String) {
    self.place = place
    self.reason = reason
  }
}

extension AuditProblem.Place: CustomStringConvertible {
  /// The place in words, for example `entry 17`.
  public var description: String {
    switch self {
    case .entry(let index): "entry \(index)"
    case .entries(let range) where range.count == 1: "entry \(range.lowerBound)"
    case .entries(let range): "entries \(range.lowerBound) to \(range.upperBound - 1)"
    case .payload(let index): "payload of entry \(index)"
    case .checkpoint(let size): "checkpoint of size \(size)"
    case .tile(let level, let index): "tile \(level)/\(index)"
    case .store(let name): name
    }
  }
}

extension AuditProblem: CustomStringConvertible {
  /// `PLACE: what is wrong`.
  public var description: String { "\(place): \(reason)" }
}
