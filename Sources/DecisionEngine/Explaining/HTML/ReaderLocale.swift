import RuleProgram

/// How readers of a language write numbers, dates and lengths of time. A small table of our own: the
/// rules' values are decimals of up to 34 digits, which no system's formatter keeps.
struct ReaderLocale: Sendable {
  /// Whether texts are German; English otherwise.
  let isGerman: Bool

  /// The locale for readers of `language`, a BCP 47 tag.
  init(_ language: String) {
    isGerman = language == "de" || language.hasPrefix("de-")
  }

  /// The language of our own words.
  var language: String { isGerman ? "de" : "en" }

  private static let months = [
    "en": [
      "January", "February", "March", "April", "May", "June", "July", "August", "September",
      "October", "November", "December",
    ],
    "de": [
      "Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September",
      "Oktober", "November", "Dezember",
    ],
  ]

  /// The text of a value of `type`, or of a score, as readers write it; texts that can't be read as
  /// that are left as they are.
  ///
  /// - Parameter isExact: whether no digit of a number may be left out.
  func value(_ text: String, _ type: ValueType?, isExact: Bool = false) -> String {
    switch type {
    case .number: number(text, isExact: isExact)
    case .boolean: boolean(text)
    case .date: date(text)
    case .dateTime: dateTime(text)
    case .dayTimeDuration, .yearMonthDuration: duration(text)
    case .string, .time, nil: text
    }
  }

  /// A number, its thousands grouped; of more than six fraction digits four are shown, with a sign
  /// that it is rounded, unless all must be.
  func number(_ text: String, isExact: Bool = false) -> String {
    guard let number = Decimal128(text) else { return text }
    var shown = text
    var isRounded = false
    let fraction = text.split(separator: ".", maxSplits: 1).dropFirst().first?.utf8.count ?? 0
    let isPlain = text.utf8.allSatisfy { (0x2D...0x39).contains($0) && $0 != 0x2F }
    if !isPlain { return text }
    if fraction > 6, !isExact, let rounded = number.rounded(scale: 4, mode: .halfEven) {
      shown = rounded.description
      isRounded = rounded != number
    }
    let isNegative = shown.hasPrefix("-")
    let parts = shown.drop { $0 == "-" }.split(separator: ".", omittingEmptySubsequences: false)
    var digits = ""
    let whole = Array(parts[0])
    for (place, digit) in whole.enumerated() {
      if place > 0, (whole.count - place) % 3 == 0, whole.count > 4 || !isGerman {
        digits += isGerman ? "." : ","
      }
      digits.append(digit)
    }
    if parts.count > 1 { digits += (isGerman ? "," : ".") + parts[1] }
    return (isRounded ? "≈ " : "") + (isNegative ? "\u{2212}" : "") + digits
  }

  /// A unit; lengths of time are written in English in rule sets and read in the reader's language.
  func unit(_ unit: String) -> String {
    guard isGerman else { return unit }
    return Self.units[unit] ?? unit
  }

  private static let units = [
    "years": "Jahre", "months": "Monate", "weeks": "Wochen", "days": "Tage", "hours": "Stunden",
    "minutes": "Minuten", "seconds": "Sekunden", "% a year": "% im Jahr",
  ]

  private func boolean(_ text: String) -> String {
    switch text {
    case "true": isGerman ? "ja" : "yes"
    case "false": isGerman ? "nein" : "no"
    default: text
    }
  }

  /// `24 November 2026`, `24. November 2026`.
  func date(_ text: String) -> String {
    guard let date = CalendarDate(text), let names = Self.months[language] else { return text }
    return "\(date.day)\(isGerman ? "." : "") \(names[date.month - 1]) \(date.year)"
  }

  /// A day and a time of day; `Z` is said to be UTC.
  func dateTime(_ text: String) -> String {
    let parts = text.split(separator: "T", maxSplits: 1)
    guard parts.count == 2 else { return text }
    var clock = String(parts[1])
    if clock.hasSuffix("Z") { clock = clock.dropLast() + " UTC" }
    return date(String(parts[0])) + ", " + clock
  }

  /// A moment of the ledger to the minute: `24 November 2026, 08:15 UTC`.
  func moment(_ text: String) -> String {
    let parts = text.split(separator: "T", maxSplits: 1)
    guard parts.count == 2 else { return text }
    return date(String(parts[0])) + ", " + parts[1].prefix(5) + " UTC"
  }

  /// The day of a moment of the ledger.
  func day(_ text: String) -> String {
    date(String(text.split(separator: "T", maxSplits: 1).first ?? ""))
  }

  /// `P1Y2M` as `1 year 2 months`.
  func duration(_ text: String) -> String {
    var words: [String] = []
    var digits = ""
    var isTime = false
    for character in text.drop(while: { $0 == "-" }).dropFirst() {
      switch character {
      case "T": isTime = true
      case "0"..."9", ".": digits.append(character)
      default:
        words.append(part(digits, character, isTime))
        digits = ""
      }
    }
    return (text.hasPrefix("-") ? "\u{2212}" : "") + words.joined(separator: " ")
  }

  private func part(_ digits: String, _ unit: Character, _ isTime: Bool) -> String {
    let names: (String, String) =
      switch (unit, isTime) {
      case ("Y", _): isGerman ? ("Jahr", "Jahre") : ("year", "years")
      case ("M", false): isGerman ? ("Monat", "Monate") : ("month", "months")
      case ("D", _): isGerman ? ("Tag", "Tage") : ("day", "days")
      case ("H", _): isGerman ? ("Stunde", "Stunden") : ("hour", "hours")
      case ("M", true): isGerman ? ("Minute", "Minuten") : ("minute", "minutes")
      default: isGerman ? ("Sekunde", "Sekunden") : ("second", "seconds")
      }
    return "\(number(digits)) \(digits == "1" ? names.0 : names.1)"
  }
}
