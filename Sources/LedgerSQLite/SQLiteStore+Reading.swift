#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif
import GRDB
public import Ledger

extension SQLiteStore {
  public func size() throws(LedgerError) -> UInt64 {
    try read { db in
      let last = try Int64.fetchOne(db.cachedStatement(sql: "SELECT max(entry_index) FROM entry"))
      return UInt64(max(0, (last ?? -1) + 1))
    }
  }

  public func entry(at index: UInt64) throws(LedgerError) -> Entry? {
    try entries(from: index, limit: 1).first { $0.index == index }
  }

  public func entries(from start: UInt64, limit: Int) throws(LedgerError) -> [Entry] {
    guard limit > 0, start <= UInt64(Int64.max) else { return [] }
    return try read { db in
      let rows = try Row.fetchCursor(
        db.cachedStatement(
          sql: """
            SELECT entry_index, kind, key, subject, payload_address, erases, body FROM entry
            WHERE entry_index >= ? ORDER BY entry_index LIMIT ?
            """),
        arguments: [Int64(start), limit])
      var entries: [Entry] = []
      while let row = try rows.next() { entries.append(Self.entry(row)) }
      return entries
    }
  }

  private static func entry(_ row: Row) -> Entry {
    let address: Data? = row[4]
    let erases: Int64? = row[5]
    let body: Data = row[6]
    return Entry(
      index: UInt64(clamping: row[0] as Int64), body: Array(body),
      columns: EntryColumns(
        kind: row[1], key: row[2], subject: row[3],
        payloadAddress: address.flatMap { Hash(bytes: $0) },
        erases: erases.map { UInt64(clamping: $0) }))
  }

  public func index(ofKey key: String) throws(LedgerError) -> UInt64? {
    try read { db in
      try Int64.fetchOne(
        db.cachedStatement(sql: "SELECT entry_index FROM entry WHERE key = ?"), arguments: [key]
      ).map { UInt64(clamping: $0) }
    }
  }

  public func indexes(
    _ filter: EntryFilter, in range: Range<UInt64>, order: EntryOrder, limit: Int
  ) throws(LedgerError) -> [UInt64] {
    guard limit > 0 else { return [] }
    let (column, value) =
      switch filter {
      case .kind(let kind): ("kind", kind)
      case .subject(let subject): ("subject", subject)
      }
    return try read { db in
      try Int64.fetchAll(
        db.cachedStatement(
          sql: """
            SELECT entry_index FROM entry
            WHERE \(column) = ? AND entry_index >= ? AND entry_index < ?
            ORDER BY entry_index \(order == .ascending ? "ASC" : "DESC") LIMIT ?
            """),
        arguments: [
          value, Int64(clamping: range.lowerBound), Int64(clamping: range.upperBound), limit,
        ]
      ).map { UInt64(clamping: $0) }
    }
  }

  public func subjects(withPrefix prefix: String, limit: Int) throws(LedgerError) -> [String] {
    let bytes = Array(prefix.utf8)
    return try read { db in
      let found = try String.fetchCursor(
        db.cachedStatement(
          sql: """
            SELECT DISTINCT subject FROM entry WHERE subject IS NOT NULL AND subject >= ?
            ORDER BY subject
            """),
        arguments: [prefix])
      var subjects: [String] = []
      while subjects.count < limit, let subject = try found.next(),
        subject.utf8.starts(with: bytes)
      {
        subjects.append(subject)
      }
      return subjects
    }
  }

  public func payload(at index: UInt64) throws(LedgerError) -> Payload? {
    let row = try read { db in
      try Row.fetchOne(
        db.cachedStatement(sql: "SELECT address, body FROM payload WHERE entry_index = ?"),
        arguments: [Int64(clamping: index)])
    }
    guard let row else { return nil }
    return try Self.payload(index, row[0], row[1])
  }

  private static func payload(
    _ index: UInt64, _ address: Data, _ body: Data
  ) throws(LedgerError) -> Payload {
    guard let hash = Hash(bytes: address) else {
      throw .corrupt(place: "payload of entry \(index)", reason: "its address isn't a hash")
    }
    return Payload(address: hash, bytes: Array(body))
  }

  public func erasure(ofPayloadAt index: UInt64) throws(LedgerError) -> UInt64? {
    try read { db in
      try Int64.fetchOne(
        db.cachedStatement(sql: "SELECT entry_index FROM entry WHERE erases = ?"),
        arguments: [Int64(clamping: index)]
      ).map { UInt64(clamping: $0) }
    }
  }

  public func latestCheckpoint() throws(LedgerError) -> StoredCheckpoint {
    let note = try read { db in
      try String.fetchOne(
        db.cachedStatement(sql: "SELECT note FROM checkpoint ORDER BY tree_size DESC LIMIT 1"))
    }
    guard let note else { throw .corrupt(place: "the checkpoints", reason: "there is none") }
    return try Self.stored(note)
  }

  public func checkpoints(
    fromSize size: UInt64, limit: Int
  ) throws(LedgerError) -> [StoredCheckpoint] {
    guard limit > 0 else { return [] }
    let notes = try read { db in
      try String.fetchAll(
        db.cachedStatement(
          sql: "SELECT note FROM checkpoint WHERE tree_size >= ? ORDER BY tree_size LIMIT ?"),
        arguments: [Int64(clamping: size), limit])
    }
    var result: [StoredCheckpoint] = []
    for note in notes { result.append(try Self.stored(note)) }
    return result
  }

  private static func stored(_ note: String) throws(LedgerError) -> StoredCheckpoint {
    do {
      return try StoredCheckpoint(note: note)
    } catch {
      throw .corrupt(place: "a checkpoint", reason: "\(error)")
    }
  }
}
