import Ledger

extension StoreCheck {
  static let appending: [StoreCheck] = [
    StoreCheck("indexes are dense and in order") { store in
      try expect(try store.size() == 0, "an empty log")
      for batch in [1, 2, 7, 300, 1] {
        let size = Int(try store.size())
        let submissions = try (size..<(size + batch)).map { try Samples.submission($0) }
        let outcomes = try store.append(submissions)
        try expect(
          outcomes == (size..<(size + batch)).map { AppendOutcome(index: UInt64($0), isNew: true) },
          "the next indexes")
        try expect(Int(try store.size()) == size + batch, "the new size")
      }
    },
    StoreCheck("appending nothing changes nothing") { store in
      let before = try store.latestCheckpoint()
      try expect(try store.append([]).isEmpty, "no outcomes")
      try expect(try store.latestCheckpoint() == before, "the same checkpoint")
    },
    StoreCheck("a key is appended once, in one batch and over batches") { store in
      let first = try Submission(body: [1], kind: "a", key: "k")
      let second = try Submission(body: [2], kind: "a", key: "k")
      let other = try Submission(body: [3], kind: "a", key: "l")
      let outcomes = try store.append([first, second, other, other])
      try expect(outcomes.map(\.index) == [0, 0, 1, 1], "the first one's index")
      try expect(outcomes.map(\.isNew) == [true, false, true, false], "new only once")
      let checkpoint = try store.latestCheckpoint()
      try expect(
        try store.append(second) == AppendOutcome(index: 0, isNew: false), "still the first one")
      try expect(try store.size() == 2, "two entries")
      try expect(try store.entry(at: 0)?.body == [1], "the first one's body")
      try expect(try store.latestCheckpoint() == checkpoint, "no new checkpoint")
    },
    StoreCheck("keys are compared by bytes, not by canonical equivalence") { store in
      let composed = try Submission(body: [1], kind: "a", key: "\u{E9}", subject: "\u{E9}")
      let decomposed = try Submission(body: [2], kind: "a", key: "e\u{301}", subject: "e\u{301}")
      let outcomes = try store.append([composed, decomposed])
      try expect(outcomes.map(\.isNew) == [true, true], "two entries")
      try expect(try store.index(ofKey: "e\u{301}") == 1, "the second one")
      try expect(try store.indexes(.subject("\u{E9}")) == [0], "the first one")
    },
    StoreCheck("payloads with a known key aren't stored") { store in
      let one = Samples.payload(1)
      let two = Samples.payload(2)
      _ = try store.append(Submission(body: [1], kind: "a", key: "k", payload: one))
      _ = try store.append(Submission(body: [2], kind: "a", key: "k", payload: two))
      try expect(try store.payload(at: 0) == one, "the first payload")
      try expect(try store.payload(at: 1) == nil, "no second one")
    },
    StoreCheck("a condition that doesn't hold appends nothing") { store in
      _ = try store.append((0..<4).map { try Submission(body: [$0], kind: "release") })
      _ = try store.append(Submission(body: [9], kind: "decision"))
      let next = try Submission(body: [10], kind: "release", key: "n")
      try expect(.conflict(index: 3)) {
        _ = try store.append([next], if: AppendCondition(noEntryOfKind: "release", since: 3))
      }
      try expect(try store.size() == 5, "nothing appended")
      let outcome = try store.append(
        [next], if: AppendCondition(noEntryOfKind: "release", since: 4))
      try expect(outcome == [AppendOutcome(index: 5, isNew: true)], "appended")
    },
    StoreCheck("the largest body and the smallest are kept as they are") { store in
      let bodies: [[UInt8]] = [[], [0], Array(repeating: 0xFF, count: Submission.bodyLimit)]
      for body in bodies { _ = try store.append(Submission(body: body, kind: "a")) }
      for (index, body) in bodies.enumerated() {
        try expect(try store.entry(at: UInt64(index))?.body == body, "the same bytes")
        try store.receipt(forEntryAt: UInt64(index)).check(entry: body, key: store.verifierKey)
      }
    },
    StoreCheck("threads append at once: nothing lost, one tree") { store in
      try await withThrowingTaskGroup(of: Void.self) { group in
        for writer in 0..<4 {
          group.addTask {
            for number in 0..<25 {
              let body = Array("\(writer)/\(number)".utf8)
              _ = try store.append([
                Submission(body: body, kind: "a", key: "\(writer)/\(number)"),
                Submission(body: body, kind: "b"),
              ])
            }
          }
        }
        try await group.waitForAll()
      }
      try expect(try store.size() == 200, "200 entries")
      for writer in 0..<4 {
        let indexes = try (0..<25).compactMap { try store.index(ofKey: "\(writer)/\($0)") }
        try expect(indexes.count == 25 && indexes == indexes.sorted(), "each writer's order")
      }
      let report = try store.audit(trusting: store.verifierKey) { _ in
        AuditInspection(columns: nil)
      }
      try expect(report.isSound && report.entriesChecked == 200, "a sound log")
    },
  ]

  static let grouping: [StoreCheck] = [
    StoreCheck("group commit: each caller gets its own index") { store in
      let commit = GroupCommit(store: store, groupLimit: 50)
      let outcomes = try await withThrowingTaskGroup(of: (Int, AppendOutcome).self) { group in
        for number in 0..<500 {
          group.addTask {
            let body = Array("entry \(number)".utf8)
            let submission = try Submission(body: body, kind: "a", key: "\(number % 400)")
            return (number, try await commit.append(submission))
          }
        }
        return try await group.reduce(into: [:]) { $0[$1.0] = $1.1 }
      }
      try expect(try store.size() == 400, "400 entries")
      try expect(outcomes.values.filter(\.isNew).count == 400, "400 new ones")
      for (number, outcome) in outcomes {
        let entry = try store.entry(at: outcome.index)
        try expect(entry?.columns.key == "\(number % 400)", "the caller's own entry")
        if outcome.isNew {
          try expect(entry?.body == Array("entry \(number)".utf8), "the caller's own body")
        }
      }
      let groups = try store.checkpoints(fromSize: 1, limit: .max).count
      try expect(groups >= 8 && groups <= 400, "groups of at most 50")
    }
  ]
}
