import ArgumentParser

/// The forms of a file with rows, requests or records.
enum RowFormat: String, ExpressibleByArgument, CaseIterable {
  /// A header row and rows, RFC 4180.
  case csv
  /// One JSON object a line.
  case jsonl
  /// One JSON document: an object, or an array of objects.
  case json

  /// The form of the file at `path`: as stated, else by its name, else `default`.
  static func of(
    _ path: String, stated: RowFormat?, default: RowFormat, in allowed: [RowFormat]
  ) throws(Failure) -> RowFormat {
    let form = stated ?? byName(path) ?? (path == "-" ? `default` : nil)
    let names = allowed.map(\.rawValue).joined(separator: ", ")
    guard let form else {
      throw .usage(
        "the name \(Console.visible(path)) doesn't tell its form: say --input-format with one of"
          + " \(names)")
    }
    guard allowed.contains(form) else {
      throw .usage("this command doesn't read \(form.rawValue): it reads \(names)")
    }
    return form
  }

  private static func byName(_ path: String) -> RowFormat? {
    switch path.split(separator: ".").last?.lowercased() {
    case "csv": .csv
    case "jsonl", "ndjson": .jsonl
    case "json": .json
    default: nil
    }
  }
}

/// A length of time for people.
enum RoughDuration {
  /// `0.42 s`, `73 s`.
  static func text(_ duration: Duration) -> String {
    let (seconds, attoseconds) = duration.components
    let hundredths = seconds * 100 + attoseconds / 10_000_000_000_000_000
    if hundredths >= 1000 { return "\(hundredths / 100) s" }
    let rest = hundredths % 100
    return "\(hundredths / 100).\(rest < 10 ? "0" : "")\(rest) s"
  }
}
