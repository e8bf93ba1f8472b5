import Ledger

extension StoreCheck {
  static let reading: [StoreCheck] = [
    StoreCheck("what was appended is read back") { store in
      let submissions = try (0..<700).map { try Samples.submission($0) }
      for start in stride(from: 0, to: 700, by: 70) {
        _ = try store.append(Array(submissions[start..<(start + 70)]))
      }
      for (index, submission) in submissions.enumerated() {
        let entry = try store.entry(at: UInt64(index))
        try expect(entry?.body == submission.body, "the body")
        try expect(
          entry?.columns
            == EntryColumns(
              kind: submission.kind, key: submission.key, subject: submission.subject,
              payloadAddress: submission.payload?.address), "the columns")
        try expect(try store.payload(at: UInt64(index)) == submission.payload, "the payload")
        if let key = submission.key {
          try expect(try store.index(ofKey: key) == UInt64(index), "the index by key")
        }
      }
      try expect(try store.entry(at: 700) == nil, "no entry beyond the end")
      try expect(try store.entry(at: .max) == nil, "no entry far beyond the end")
      try expect(try store.index(ofKey: "none") == nil, "no such key")
      try expect(
        try store.entries(from: 690, limit: 100).map(\.index) == Array(690..<700), "a page")
      try expect(try store.entries(from: 5, limit: 0).isEmpty, "nothing asked for")
      var visited: [UInt64] = []
      try store.forEachEntry { entry in
        visited.append(entry.index)
        return true
      }
      try expect(visited == Array(0..<700), "every entry in order")
    },
    StoreCheck("entries come with their payloads, bounded by range and bytes") { store in
      _ = try store.append((0..<60).map { try Samples.submission($0) })
      let all = try store.page(in: 0..<60, byteLimit: .max)
      try expect(all.items.map(\.index) == Array(0..<60), "the entries")
      for item in all.items {
        let entry = try store.entry(at: item.index)
        try expect(Array(all.bytes[item.body]) == entry?.body, "the body")
        try expect(item.kind == entry?.columns.kind, "the kind")
        let payload = item.payload.map { Array(all.bytes[$0]) }
        try expect(payload == (try store.payload(at: item.index))?.bytes, "the payload")
      }
      try expect(all.items.contains { $0.payload != nil }, "some have one")
      let some = try store.page(in: 7..<9, byteLimit: .max)
      try expect(some.items.map(\.index) == [7, 8], "those in the range")
      let one = try store.page(in: 7..<60, byteLimit: 0)
      try expect(one.items.map(\.index) == [7], "at least one")
      let bytes = try store.page(in: 0..<2, byteLimit: .max).bytes.count
      let two = try store.page(in: 0..<60, byteLimit: bytes)
      try expect(two.items.count == 2, "no more than the bytes")
      try expect(try store.page(in: 60..<90, byteLimit: 9).items.isEmpty, "none")
      guard let erased = all.items.first(where: { $0.payload != nil })?.index else { return }
      _ = try store.erase(
        payloadAt: erased, recording: Submission(body: [1], kind: "erasure"))
      let after = try store.page(in: erased..<(erased + 1), byteLimit: 9)
      try expect(after.items.map(\.payload) == [nil], "nothing where it was erased")
    },
    StoreCheck("indexes by kind and subject, ranged and ordered") { store in
      _ = try store.append((0..<60).map { try Samples.submission($0) })
      let results = (0..<60).filter { $0 % 3 == 0 }.map { UInt64($0) }
      try expect(try store.indexes(.kind("result")) == results, "all results")
      let newest = try store.indexes(
        .kind("result"), in: 0..<UInt64.max, order: .descending, limit: 2)
      try expect(newest == [57, 54], "the newest two")
      let middle = try store.indexes(.kind("result"), in: 7..<13, order: .ascending, limit: 9)
      try expect(middle == [9, 12], "those in the range")
      try expect(try store.indexes(.subject("case-3")) == [6, 7], "both of the case")
      try expect(try store.indexes(.subject("case-")) == [], "no prefix search here")
      try expect(try store.indexes(.kind("none")) == [], "no such kind")
    },
    StoreCheck("subjects by prefix") { store in
      for subject in ["ab", "abc", "abd", "ab", "b", "a", "ab%", "ab\u{10FFFF}x"] {
        _ = try store.append(Submission(body: [], kind: "a", subject: subject))
      }
      let found = try store.subjects(withPrefix: "ab", limit: 10)
      try expect(found == ["ab", "ab%", "abc", "abd", "ab\u{10FFFF}x"], "in byte order")
      try expect(try store.subjects(withPrefix: "ab", limit: 2) == ["ab", "ab%"], "the first two")
      try expect(try store.subjects(withPrefix: "zz", limit: 2).isEmpty, "none")
    },
  ]

  static let proving: [StoreCheck] = [
    StoreCheck("every state has a signed checkpoint") { store in
      for size in 0..<20 {
        let checkpoint = try store.latestCheckpoint()
        let verified = try Checkpoint.verified(note: checkpoint.note, by: store.verifierKey)
        try expect(verified.size == UInt64(size) && verified == checkpoint.checkpoint, "its size")
        _ = try store.append(Samples.submission(size))
      }
      let sizes = try store.checkpoints(fromSize: 0, limit: .max).map(\.checkpoint.size)
      try expect(sizes == Array(0...20), "all of them")
      let some = try store.checkpoints(fromSize: 5, limit: 3).map(\.checkpoint.size)
      try expect(some == [5, 6, 7], "some of them")
    },
    StoreCheck("proofs over tile borders") { store in
      for start in stride(from: 0, to: 1_100, by: 100) {
        _ = try store.append((start..<(start + 100)).map { try Samples.submission($0) })
      }
      let checkpoints = try store.checkpoints(fromSize: 0, limit: .max).map(\.checkpoint)
      for later in checkpoints where later.size > 0 {
        for index: UInt64 in [0, 1, 99, 255, 256, 511, 767, 1023, 1099] where index < later.size {
          let body = try Samples.submission(Int(index)).body
          let proof = try InclusionProof.prove(index: index, treeSize: later.size, reader: store)
          try proof.check(leaf: TreeHashing.leafHash(body), root: later.root)
        }
        for earlier in checkpoints where (1...later.size).contains(earlier.size) {
          let proof = try ConsistencyProof.prove(
            size1: earlier.size, size2: later.size, reader: store)
          try proof.check(root1: earlier.root, root2: later.root)
        }
      }
      let body = try Samples.submission(700).body
      let receipt = try Receipt(try store.receipt(forEntryAt: 700).text)
      try receipt.check(entry: body, key: store.verifierKey)
      try expect(.noEntry(index: 1_100)) { _ = try store.receipt(forEntryAt: 1_100) }
    },
    StoreCheck("a fresh log, a small one and one with tiles are sound") { store in
      for size: UInt64 in [0, 1, 3, 300] {
        while try store.size() < size {
          _ = try store.append(Samples.submission(Int(try store.size())))
        }
        let report = try store.audit(trusting: store.verifierKey, inspect: Samples.inspect)
        try expect(report.isSound, "no problems, but: \(report.problems)")
        try expect(report.entriesChecked == size, "all entries checked")
        try expect(report.checkpointsChecked == size + 1, "all checkpoints checked")
        try expect(report.verified?.size == size, "the whole log verified")
      }
    },
    StoreCheck("an audit knows another key and an older state") { store in
      _ = try store.append((0..<10).map { try Samples.submission($0) })
      let stranger = try SigningKey(generatingFor: store.origin)
      let report = try store.audit(trusting: stranger.verifierKey, inspect: Samples.inspect)
      try expect(!report.isSound, "another key isn't trusted")
      let note = try store.latestCheckpoint().note
      let known = try store.audit(
        trusting: store.verifierKey, known: [note], inspect: Samples.inspect)
      try expect(known.isSound, "the known checkpoint is contained")
    },
  ]

  static let erasing: [StoreCheck] = [
    StoreCheck("erasure destroys the payload and records it") { store in
      _ = try store.append((0..<10).map { try Samples.submission($0) })
      let outcome = try store.erase(payloadAt: 4, recording: Samples.erasure(of: 4))
      try expect(outcome == AppendOutcome(index: 10, isNew: true), "recorded")
      try expect(try store.payload(at: 4) == nil, "gone")
      try expect(try store.erasure(ofPayloadAt: 4) == 10, "found")
      try expect(try store.entry(at: 10)?.columns.erases == 4, "the column")
      try expect(try store.entry(at: 4) != nil, "the entry stays")
      let again = try store.erase(payloadAt: 4, recording: Samples.erasure(of: 4))
      try expect(again == AppendOutcome(index: 10, isNew: false), "once only")
      try expect(.noPayload(index: 5)) {
        _ = try store.erase(payloadAt: 5, recording: Samples.erasure(of: 5))
      }
      try expect(.noEntry(index: 99)) {
        _ = try store.erase(payloadAt: 99, recording: Samples.erasure(of: 99))
      }
      let taken = try Submission(body: [], kind: "erasure", key: "key-0")
      try expect(.invalidSubmission("its key is already in the log")) {
        _ = try store.erase(payloadAt: 6, recording: taken)
      }
      try expect(try store.payload(at: 6) != nil, "nothing erased by a refused erasure")
      try expect(try store.size() == 11, "nothing appended by refused erasures")
      let report = try store.audit(trusting: store.verifierKey, inspect: Samples.inspect)
      try expect(report.isSound && report.payloadsErased == 1, "sound: \(report.problems)")
    }
  ]
}
