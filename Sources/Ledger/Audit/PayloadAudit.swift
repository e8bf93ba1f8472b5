/// The part of an audit that walks the payloads beside the entries.
struct PayloadAudit {
  private var row: StoredPayloadRow?
  /// Entries whose payload is gone and for which no erasure has been met yet.
  private var missing: Set<UInt64> = []

  /// Takes up the first payload.
  mutating func start(_ snapshot: any AuditSnapshot) throws(LedgerError) {
    row = try snapshot.nextPayload()
  }

  /// The payload stored for an entry; reports those that belong to no entry on the way.
  mutating func payload(
    of entry: StoredEntryRow, at index: UInt64, _ snapshot: any AuditSnapshot,
    _ report: inout AuditReport
  ) throws(LedgerError) -> [UInt8]? {
    while let early = row, early.index < 0 || UInt64(early.index) < index {
      report.add(Self.orphan(early))
      row = try snapshot.nextPayload()
    }
    guard let found = row, found.index == entry.index else { return nil }
    row = try snapshot.nextPayload()
    report.payloadsChecked += 1
    guard let address = entry.payloadAddress else {
      report.add(Self.orphan(found))
      return nil
    }
    if address != found.address {
      report.add(AuditProblem(.payload(index), "its address isn't the one that its entry names"))
    }
    return found.bytes
  }

  private static func orphan(_ row: StoredPayloadRow) -> AuditProblem {
    let place =
      UInt64(exactly: row.index).map { AuditProblem.Place.payload($0) }
      ?? .store("payload row \(row.index)")
    return AuditProblem(place, "it belongs to no entry")
  }

  /// Keeps account of payloads that are gone and of the entries that say why.
  mutating func note(
    _ columns: EntryColumns, at index: UInt64, isPresent: Bool, _ report: inout AuditReport
  ) {
    if columns.payloadAddress != nil && !isPresent { missing.insert(index) }
    guard let erased = columns.erases else { return }
    if missing.remove(erased) != nil {
      report.payloadsErased += 1
    } else {
      report.add(
        AuditProblem(
          .entry(index),
          "it records the erasure of the payload of entry \(erased), which isn't"
            + " erased"))
    }
  }

  /// Reports what is left when there are no more entries.
  mutating func finish(
    _ snapshot: any AuditSnapshot, _ report: inout AuditReport
  ) throws(LedgerError) {
    while let late = row {
      report.add(Self.orphan(late))
      row = try snapshot.nextPayload()
    }
    for index in missing.sorted() {
      report.add(AuditProblem(.payload(index), "it is missing, and no entry records its erasure"))
    }
  }
}
