import CanonicalJSON

/// Requests from a file, in the order of the file.
protocol RequestSource: ~Copyable {
  /// The next request, with the line or number it has in the file.
  ///
  /// - Parameter waits: whether to wait for one that hasn't arrived yet.
  mutating func next(waits: Bool) throws(Failure) -> RequestItem
}

/// What a source of requests has.
enum RequestItem {
  /// A request's bytes, and where it stands: `line 17`.
  case request([UInt8], place: String)
  /// The next one hasn't arrived yet.
  case notYet
  /// There are no more.
  case end
}

/// One JSON object a line.
struct RequestLines: RequestSource, ~Copyable {
  private var reader: LineReader

  /// The lines of the file at `path`.
  init(_ path: String) throws(Failure) { reader = try LineReader(path) }

  mutating func next(waits: Bool) throws(Failure) -> RequestItem {
    switch try reader.next(waits: waits) {
    case .notYet: return .notYet
    case .end: return .end
    case .line(let line):
      if reader.lineNumber == 1, Self.looksLikeDocument(line) {
        throw .input(
          "\(Console.visible(reader.name)):1: error: is one JSON document, not one object a line;"
            + " say --input-format json")
      }
      return .request(line, place: "line \(reader.lineNumber)")
    }
  }

  /// Whether a first line begins a document that goes on in the next lines, or an array.
  private static func looksLikeDocument(_ line: [UInt8]) -> Bool {
    let text = line.filter { $0 != 0x20 && $0 != 0x09 }
    return text == Array("{".utf8) || text.first == UInt8(ascii: "[")
  }
}

/// One JSON document: a request, or an array of them.
struct RequestDocument: RequestSource, ~Copyable {
  /// The most bytes of a document.
  private static let sizeLimit = 64 << 20
  private var requests: ArraySlice<JSON>
  private var number = 0

  /// The requests in the file at `path`.
  init(_ path: String) throws(Failure) {
    let bytes = try WholeInput.read(path, limit: Self.sizeLimit)
    do {
      let json = try JSON(parsing: bytes)
      requests = (json.array ?? [json])[...]
    } catch {
      let name = path == "-" ? "standard input" : Console.visible(path)
      throw .input("\(name):\(error.line):\(error.column): error: \(error.message)")
    }
  }

  mutating func next(waits: Bool) throws(Failure) -> RequestItem {
    guard let request = requests.popFirst() else { return .end }
    number += 1
    return .request(request.compactBytes, place: "request \(number)")
  }
}

/// The rows of a CSV file: the column `case_id` names the case, a column `MODEL@VERSION` holds its
/// score, every other one an input. An empty cell is no value.
struct RequestRows: RequestSource, ~Copyable {
  private var reader: CSVReader

  /// The rows of the file at `path`.
  init(_ path: String) throws(Failure) { reader = try CSVReader.open(path) }

  mutating func next(waits: Bool) throws(Failure) -> RequestItem {
    if !waits, reader.mayWait, !reader.isReadable { return .notYet }
    guard try reader.next() else { return .end }
    let line = reader.records.line
    if let defect = reader.records.defect {
      throw .input("\(reader.name):\(line): error: \(defect)")
    }
    var caseID: JSON?
    var inputs: [JSON.Member] = []
    var scores: [JSON.Member] = []
    for (field, name) in reader.header.enumerated() {
      guard let text = reader.records.text(ofField: field) else {
        throw .input("\(reader.name):\(line): error: column `\(name)` isn't UTF-8")
      }
      if text.isEmpty { continue }
      if name == "case_id" {
        caseID = .string(text)
      } else if name.contains("@") {
        scores.append(JSON.Member(name, .string(text)))
      } else {
        inputs.append(JSON.Member(name, .string(text)))
      }
    }
    let request = JSON.object(present: [
      ("case_id", caseID), ("inputs", .object(inputs)),
      ("scores", scores.isEmpty ? nil : .object(scores)),
    ])
    return .request(request.compactBytes, place: "line \(line)")
  }
}
