/// Standard output and error, for texts.
enum Console {
  /// Writes `text` to standard output, at once.
  static func print(_ text: String) throws(Failure) { try write(Array(text.utf8)) }

  /// Writes `bytes` to standard output, at once and in one piece.
  static func write(_ bytes: [UInt8]) throws(Failure) {
    do {
      try SystemCalls.write(bytes, to: SystemCalls.output)
    } catch {
      throw Failure(writing: "standard output", error)
    }
  }

  /// Writes `text` to standard error. When that fails there is nobody left to tell.
  static func note(_ text: String) {
    try? SystemCalls.write(Array(text.utf8), to: SystemCalls.error)
  }

  /// Writes `PLACE: warning: TEXT` to standard error.
  static func warn(_ place: String, _ text: String) { note("\(place): warning: \(text)\n") }

  /// Whether texts to a file descriptor are coloured: only on a terminal, and never with
  /// `NO_COLOR` (no-color.org) or `TERM=dumb`.
  static func usesColor(_ descriptor: Int32) -> Bool {
    guard SystemCalls.environment("NO_COLOR")?.isEmpty ?? true,
      SystemCalls.environment("TERM") != "dumb"
    else { return false }
    return SystemCalls.isTerminal(descriptor)
  }

  /// `text` with every character escaped that could drive a terminal, hide or reorder text.
  static func visible(_ text: String) -> String {
    guard text.unicodeScalars.contains(where: isHidden) else { return text }
    var result = ""
    for scalar in text.unicodeScalars {
      if isHidden(scalar) {
        result += "\\u{\(String(scalar.value, radix: 16, uppercase: true))}"
      } else {
        result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  private static func isHidden(_ scalar: Unicode.Scalar) -> Bool {
    if (0x20..<0x7F).contains(scalar.value) { return false }
    switch scalar.properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator, .unassigned: return true
    default: return false
    }
  }

  /// `1 row`, `2 rows`.
  static func count(_ number: some BinaryInteger, _ noun: String, _ plural: String? = nil) -> String
  {
    "\(number) \(number == 1 ? noun : plural ?? noun + "s")"
  }
}

/// A line on standard error that says how far a long command is; only where that is a terminal.
struct Progress {
  private let isShown = SystemCalls.isTerminal(SystemCalls.error)
  private let clock = ContinuousClock()
  private var next: ContinuousClock.Instant
  private var isOnScreen = false

  /// Progress that is first shown after half a second.
  init() { next = clock.now + .milliseconds(500) }

  /// Shows `text` when the line is due; cheap to call where it isn't.
  mutating func update(_ text: @autoclosure () -> String) {
    guard isShown, clock.now >= next else { return }
    next = clock.now + .milliseconds(200)
    isOnScreen = true
    Console.note("\r\u{1B}[K\(text())")
  }

  /// Takes the line away.
  mutating func clear() {
    guard isOnScreen else { return }
    isOnScreen = false
    Console.note("\r\u{1B}[K")
  }
}
