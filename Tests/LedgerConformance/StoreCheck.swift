public import Ledger

/// One promise of `LedgerStore`, as a check that any store can be put through.
///
/// This target knows no test framework: a check throws what it finds. Each store's tests run all
/// of ``all``.
public struct StoreCheck: Sendable, CustomStringConvertible {
  /// What the check is for, in words.
  public let name: String
  private let body: @Sendable (any LedgerStore) async throws -> Void

  init(_ name: String, _ body: @escaping @Sendable (any LedgerStore) async throws -> Void) {
    self.name = name
    self.body = body
  }

  /// Puts `store`, a log without entries, through the check.
  public func run(_ store: any LedgerStore) async throws {
    try await body(store)
  }

  /// The name.
  public var description: String { name }

  /// All checks.
  public static let all: [StoreCheck] = appending + reading + proving + erasing + grouping
}

/// What a check found to be otherwise than promised.
public struct ConformanceFailure: Error, CustomStringConvertible {
  /// What was expected.
  public let expected: String
  /// The line of the check.
  public let line: UInt

  /// The expectation and the line of its check.
  public var description: String { "line \(line): \(expected)" }
}

/// Throws when `condition` is false.
func expect(_ condition: Bool, _ expected: String, line: UInt = #line) throws {
  if !condition { throw ConformanceFailure(expected: expected, line: line) }
}

/// Throws unless `body` throws `error`.
func expect(
  _ error: LedgerError, line: UInt = #line, _ body: () throws -> Void
) throws {
  do {
    try body()
  } catch let found as LedgerError where found == error {
    return
  }
  throw ConformanceFailure(expected: "the error \(error)", line: line)
}

/// Submissions whose body says which columns they have, so that an audit can compare.
public enum Samples {
  /// The `number`th sample: body, kind, key, subject and payload follow from the number.
  public static func submission(_ number: Int) throws(LedgerError) -> Submission {
    let kind = number % 3 == 0 ? "result" : "decision"
    let key: String? = number % 4 == 3 ? nil : "key-\(number)"
    let subject: String? = number % 5 == 4 ? nil : "case-\(number / 2)"
    let payload = number % 6 == 5 ? nil : payload(number)
    return try Submission(
      body: body(kind: kind, key: key, subject: subject, payload: payload?.address),
      kind: kind, key: key, subject: subject, payload: payload)
  }

  /// The payload of the `number`th sample: its address is the hash of its bytes.
  public static func payload(_ number: Int) -> Payload {
    let bytes = Array("payload of \(number): \(String(repeating: "x", count: number % 7))".utf8)
    return Payload(address: Hash.sha256(bytes), bytes: bytes)
  }

  /// An entry that records the erasure of a payload.
  public static func erasure(of index: UInt64) throws(LedgerError) -> Submission {
    try Submission(
      body: body(kind: "erasure", key: "erase-\(index)", subject: nil, payload: nil, erases: index),
      kind: "erasure", key: "erase-\(index)")
  }

  private static func body(
    kind: String, key: String?, subject: String?, payload: Hash?, erases: UInt64? = nil
  ) -> [UInt8] {
    let parts = [kind, key, subject, payload?.hex, erases.map { String($0) }]
    return Array(parts.map { $0 ?? "-" }.joined(separator: "|").utf8)
  }

  /// The inspection that an audit of samples needs: columns from the body, the payload against its
  /// address.
  public static func inspect(_ entry: AuditedEntry) -> AuditInspection {
    let parts = String(decoding: entry.body, as: UTF8.self).split(separator: "|")
      .map { $0 == "-" ? nil : String($0) }
    guard parts.count == 5, let kind = parts[0] else {
      return AuditInspection(columns: nil, problems: ["not a sample"])
    }
    let columns = EntryColumns(
      kind: kind, key: parts[1], subject: parts[2],
      payloadAddress: parts[3].flatMap { Hash(hex: $0) }, erases: parts[4].flatMap { UInt64($0) })
    var problems: [String] = []
    if let payload = entry.payload, Hash.sha256(payload) != columns.payloadAddress {
      problems.append("the payload isn't what the entry was made from")
    }
    return AuditInspection(columns: columns, problems: problems)
  }
}
