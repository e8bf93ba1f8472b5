import CanonicalJSON
import Ledger

/// What it takes to record a decision again, found in its record without reading the rest.
///
/// Nothing is checked: a record that isn't laid out as this engine writes it gives something that
/// leads to another record, or nothing at all.
struct RecordedDecision {
  /// The case's ID.
  let caseID: String
  /// When, as RFC 3339.
  let time: String
  /// The payload's salt.
  let salt: [UInt8]
  /// The request as received.
  let request: [UInt8]
  /// The same as the payload holds it, where its escapes are those that a payload has.
  private(set) var escapedRequest: [UInt8]?

  /// What an entry's body and its payload end with.
  private static let end = Array("\",\"type\":\"decision\"}".utf8)
  private static let timeLength = 24

  /// From an entry's body and its payload; nil when they are laid out in another way.
  init?(_ body: Span<UInt8>, _ payload: Span<UInt8>) {
    let digits = Commitment.saltLength * 2
    guard let timeRange = Self.string(body, length: Self.timeLength, after: ",\"time\":\""),
      let time = body.plainASCII(timeRange),
      let saltRange = Self.string(payload, length: digits, after: ",\"salt\":\""),
      let salt = Hexadecimal.decode(payload.extracting(saltRange)),
      let (caseID, next) = Self.caseID(payload),
      let start = payload.place(behind: ",\"request\":\"", rare: 4, from: next),
      let request = unescaped(payload, from: start)
    else { return nil }
    self.caseID = caseID
    self.time = time
    self.salt = salt
    self.request = request.bytes
    if request.isCanonical { escapedRequest = Array(payload, start..<request.end) }
  }

  /// The place of a string of `length` bytes before ``end``, where `name` stands before it.
  private static func string(
    _ bytes: Span<UInt8>, length: Int, after name: StaticString
  ) -> Range<Int>? {
    let last = bytes.count - end.count
    let first = last - length
    guard first >= name.utf8CodeUnitCount,
      bytes.holds(name, at: first - name.utf8CodeUnitCount),
      sameBytes(bytes.extracting(last..<bytes.count), end.span)
    else { return nil }
    return first..<last
  }

  /// The case ID at the start of a payload, where it is ASCII without escapes, and what follows.
  private static func caseID(_ payload: Span<UInt8>) -> (String, Int)? {
    let name: StaticString = "{\"case_id\":\""
    guard payload.count > name.utf8CodeUnitCount, payload.holds(name, at: 0) else { return nil }
    let first = name.utf8CodeUnitCount
    var last = first
    while last < payload.count, payload[last] != UInt8(ascii: "\"") { last += 1 }
    return payload.plainASCII(first..<last).map { ($0, last) }
  }
}

extension Replayer {
  /// The replay of a decision whose request, recorded again at the same time with the same salt by
  /// the pipeline that the entry names, gives the entry's body and the payload byte for byte. Nil
  /// for everything else, on which only ``replay(_:_:)`` can tell more.
  func replayOfEqual(_ item: EntryPage.Item, of page: EntryPage) -> Replay? {
    guard item.kind == "decision", let payloadRange = item.payload else { return nil }
    let body = page.bytes.span.extracting(item.body)
    let payload = page.bytes.span.extracting(payloadRange)
    guard let line = line(for: body), let recorded = RecordedDecision(body, payload) else {
      return nil
    }
    let request = Request(recorded.request, for: line.runner.plan)
    let now = line.runner.record(
      request, recorded.request, escaped: recorded.escapedRequest, caseID: recorded.caseID,
      time: recorded.time, salt: recorded.salt)
    guard !now.isRefusal, sameBytes(now.body.span, body), sameBytes(now.payload.bytes.span, payload)
    else { return nil }
    return Replay(
      caseID: recorded.caseID, index: item.index, isRefusal: false, verdict: .identical,
      otherEngine: nil)
  }

  /// The runner, among those that are ready, of the pipeline that an entry's body names.
  private func line(for body: Span<UInt8>) -> Reexecutor.Line? {
    guard let start = body.place(behind: ",\"pipeline\":", rare: 2, from: 0) else { return nil }
    return reexecutor.lines.first { line in
      let name = line.runner.plan.jsonBytes
      return body.count - start > name.count
        && sameBytes(body.extracting(start..<start + name.count), name.span)
    }
  }
}
