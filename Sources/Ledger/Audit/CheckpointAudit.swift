/// The part of an audit that walks the checkpoints beside the entries.
struct CheckpointAudit {
  /// The key that checkpoints must be signed with.
  let key: VerifierKey
  private var known: [Checkpoint] = []
  private var unreadableKnown: [String] = []
  private var row: StoredCheckpointRow?
  private var previousSize: Int64?
  /// The size up to which a signed checkpoint was found, matching or not.
  private var signedSize: UInt64 = 0
  /// Whether the last signed checkpoint could not be reproduced.
  private var isBroken = false

  /// An audit of checkpoints signed by `key`, which also expects those of `notes`.
  init(key: VerifierKey, known notes: [String]) {
    self.key = key
    for note in notes {
      do {
        known.append(try Checkpoint.verified(note: note, by: key))
      } catch {
        unreadableKnown.append("\(error)")
      }
    }
    known.sort { $0.size > $1.size }
  }

  /// Takes up the first checkpoint.
  mutating func start(
    _ snapshot: any AuditSnapshot, _ report: inout AuditReport
  ) throws(LedgerError) {
    for reason in unreadableKnown {
      report.add(AuditProblem(.store("known checkpoint"), reason))
    }
    row = try snapshot.nextCheckpoint()
  }

  /// Checks the checkpoints that are due at the trees' present size.
  mutating func reach(
    _ trees: inout AuditTrees, _ snapshot: any AuditSnapshot, _ report: inout AuditReport
  ) throws(LedgerError) {
    while let due = row, due.size < 0 || UInt64(due.size) <= trees.size {
      check(due, &trees, &report)
      previousSize = due.size
      row = try snapshot.nextCheckpoint()
    }
    while let checkpoint = known.last, checkpoint.size <= trees.size {
      known.removeLast()
      if checkpoint.size < trees.size || !trees.matches(checkpoint.root) {
        report.add(
          AuditProblem(
            .checkpoint(Int64(clamping: checkpoint.size)),
            "known from elsewhere, but the log isn't a later state of it"))
      }
    }
  }

  /// Checks what is due behind the last entry.
  mutating func finish(
    _ trees: inout AuditTrees, _ snapshot: any AuditSnapshot, _ report: inout AuditReport
  ) throws(LedgerError) {
    while let late = row {
      if let checkpoint = signed(late, &report) {
        signedSize = max(signedSize, checkpoint.size)
        report.add(
          AuditProblem(.checkpoint(late.size), "the log has only \(trees.size) entries"))
      }
      previousSize = late.size
      row = try snapshot.nextCheckpoint()
    }
    for checkpoint in known.reversed() {
      report.add(
        AuditProblem(
          .checkpoint(Int64(clamping: checkpoint.size)),
          "known from elsewhere, but the log has only \(trees.size) entries"))
    }
    if signedSize > trees.size {
      report.add(AuditProblem(.entries(trees.size..<signedSize), "missing at the log's end"))
    } else if signedSize < trees.size {
      report.add(
        AuditProblem(.entries(signedSize..<trees.size), "no signed checkpoint covers this"))
    }
    if isBroken, trees.anchor < trees.size {
      report.add(
        AuditProblem(.entries(trees.anchor..<trees.size), "no checkpoint confirms this"))
    }
    addSuspects(trees.takeSuspects(), anchor: trees.anchor, .neither, &report)
  }

  private mutating func check(
    _ row: StoredCheckpointRow, _ trees: inout AuditTrees, _ report: inout AuditReport
  ) {
    guard let checkpoint = signed(row, &report) else { return }
    guard checkpoint.size == trees.size else { return }
    report.checkpointsChecked += 1
    signedSize = checkpoint.size
    let anchor = trees.anchor
    let (verdict, suspects) = trees.confirm(checkpoint.root)
    if verdict == .neither {
      if !isBroken {
        let range = anchor..<max(checkpoint.size, anchor)
        report.add(
          AuditProblem(
            range.isEmpty ? .checkpoint(row.size) : .entries(range),
            "changed since it was signed: the checkpoint of size \(checkpoint.size) has another"
              + " root hash"))
      }
      isBroken = true
      addSuspects(trees.takeSuspects(), anchor: anchor, verdict, &report)
    } else {
      report.verified = checkpoint
      isBroken = false
      addSuspects(suspects, anchor: anchor, verdict, &report)
    }
  }

  /// The row's checkpoint when it is signed and is what the row says.
  private func signed(
    _ row: StoredCheckpointRow, _ report: inout AuditReport
  ) -> Checkpoint? {
    let place = AuditProblem.Place.checkpoint(row.size)
    if row.previousSize != previousSize {
      report.add(AuditProblem(place, "the checkpoint before it isn't the one it was written after"))
    }
    if previousSize == nil && row.size != 0 {
      report.add(AuditProblem(place, "the log's first checkpoint, of size 0, is missing"))
    }
    do {
      let checkpoint = try Checkpoint.verified(note: row.note, by: key)
      if checkpoint.size == UInt64(exactly: row.size) { return checkpoint }
      report.add(AuditProblem(place, "its note is for size \(checkpoint.size)"))
    } catch {
      report.add(AuditProblem(place, "\(error)"))
    }
    return nil
  }

  private func addSuspects(
    _ suspects: [AuditTrees.Suspect], anchor: UInt64, _ verdict: AuditTrees.Verdict,
    _ report: inout AuditReport
  ) {
    for suspect in suspects {
      switch suspect {
      case .leaf(let index):
        let reason =
          switch verdict {
          case .entries: "its stored leaf hash was changed; its body is what was signed"
          case .storedHashes: "its body was changed since it was signed"
          case .neither: "its body doesn't have its stored leaf hash"
          }
        report.add(AuditProblem(.entry(index), reason))
      case .tile(let level, let index, let fromHashes):
        add(level, index, fromHashes, anchor: anchor, verdict, &report)
      }
    }
  }

  private func add(
    _ level: Int, _ index: UInt64, _ fromHashes: Bool, anchor: UInt64,
    _ verdict: AuditTrees.Verdict, _ report: inout AuditReport
  ) {
    if verdict == .entries {
      let place = AuditProblem.Place.tile(level: Int64(level), index: Int64(clamping: index))
      report.add(AuditProblem(place, "its stored root was changed"))
      return
    }
    // Where the stored leaf hashes give the tile's root, the changed entries are already named.
    guard fromHashes else { return }
    let shift = UInt64(8 * (level + 1))
    let range = max(index << shift, anchor)..<((index + 1) << shift)
    report.add(
      AuditProblem(
        .entries(range),
        "changed together with its leaf hash: the tile \(level)/\(index) has"
          + " another root"))
  }
}
