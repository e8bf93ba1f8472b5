/// A value of a rule: null or one of the types of `ValueType`.
///
/// Equality and hash are those of the parts: numbers by numerical value, texts by their Unicode
/// scalars, times and date-times as written, null equal to itself. FEEL's three-valued comparisons
/// are in `FEEL`.
public enum Value: Sendable {
  /// No value.
  case null
  /// A number.
  case number(Decimal128)
  /// A text.
  case string(String)
  /// True or false.
  case boolean(Bool)
  /// A day.
  case date(CalendarDate)
  /// A time of day.
  case time(ClockTime)
  /// A date with a time.
  case dateTime(DateTime)
  /// A length of time in seconds.
  case dayTimeDuration(DayTimeDuration)
  /// A length of time in months.
  case yearMonthDuration(YearMonthDuration)

  /// The value's type; `nil` for null.
  public var type: ValueType? {
    switch self {
    case .null: nil
    case .number: .number
    case .string: .string
    case .boolean: .boolean
    case .date: .date
    case .time: .time
    case .dateTime: .dateTime
    case .dayTimeDuration: .dayTimeDuration
    case .yearMonthDuration: .yearMonthDuration
    }
  }

  /// Reads a value of a type from its plain text (a number, `true` or `false`, an ISO 8601 date,
  /// time or duration; a string is the text itself); `nil` if the text is no such value.
  public init?(parsing text: String, as type: ValueType) {
    let value: Value? =
      switch type {
      case .number: Decimal128(text).map(Value.number)
      case .string: .string(text)
      case .boolean: text == "true" ? .boolean(true) : text == "false" ? .boolean(false) : nil
      case .date: CalendarDate(text).map(Value.date)
      case .time: ClockTime(text).map(Value.time)
      case .dateTime: DateTime(text).map(Value.dateTime)
      case .dayTimeDuration: DayTimeDuration(text).map(Value.dayTimeDuration)
      case .yearMonthDuration: YearMonthDuration(text).map(Value.yearMonthDuration)
      }
    guard let value else { return nil }
    self = value
  }

  /// The number that orders values of one type, for keys: see each type's `measure`. `nil` for
  /// null, strings and booleans.
  public var measure: Decimal128? {
    switch self {
    case .null, .string, .boolean: nil
    case .number(let number): number
    case .date(let date): date.measure
    case .time(let time): time.measure
    case .dateTime(let dateTime): dateTime.measure
    case .dayTimeDuration(let duration): duration.measure
    case .yearMonthDuration(let duration): duration.measure
    }
  }

  /// The value as a FEEL literal: `12.5`, `"a \"b\""`, `date("2026-01-31")`, `null`.
  public var feelLiteral: String {
    switch self {
    case .null, .number, .boolean: description
    case .string(let text): Self.quoted(text)
    case .date: "date(\"\(description)\")"
    case .time: "time(\"\(description)\")"
    case .dateTime: "date and time(\"\(description)\")"
    case .dayTimeDuration, .yearMonthDuration: "duration(\"\(description)\")"
    }
  }

  /// A text in quotes, with FEEL's escapes (DMN 1.5 §10.3.1.2, rule 64).
  private static func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case "\n": result += "\\n"
      case "\r": result += "\\r"
      case "\t": result += "\\t"
      default:
        if scalar.value < 0x20 || scalar.value == 0x7F {
          let digits = String(scalar.value, radix: 16, uppercase: true)
          result += "\\u" + String(repeating: "0", count: 4 - digits.utf8.count) + digits
        } else {
          result.unicodeScalars.append(scalar)
        }
      }
    }
    return result + "\""
  }
}

extension Value: CustomStringConvertible {
  /// The plain text, as `init(parsing:as:)` reads it; `null` for null.
  public var description: String {
    switch self {
    case .null: "null"
    case .number(let number): number.description
    case .string(let text): text
    case .boolean(let flag): flag ? "true" : "false"
    case .date(let date): date.description
    case .time(let time): time.description
    case .dateTime(let dateTime): dateTime.description
    case .dayTimeDuration(let duration): duration.description
    case .yearMonthDuration(let duration): duration.description
    }
  }
}

extension Value: Hashable {
  /// Equality of type and value; texts are equal only if their Unicode scalars are, unlike Swift's
  /// strings, which equate composed and decomposed forms.
  public static func == (left: Value, right: Value) -> Bool {
    switch (left, right) {
    case (.null, .null): true
    case (.number(let left), .number(let right)): left == right
    case (.string(let left), .string(let right)): left.utf8.elementsEqual(right.utf8)
    case (.boolean(let left), .boolean(let right)): left == right
    case (.date(let left), .date(let right)): left == right
    case (.time(let left), .time(let right)): left == right
    case (.dateTime(let left), .dateTime(let right)): left == right
    case (.dayTimeDuration(let left), .dayTimeDuration(let right)): left == right
    case (.yearMonthDuration(let left), .yearMonthDuration(let right)): left == right
    default: false
    }
  }

  /// Equal values hash alike.
  public func hash(into hasher: inout Hasher) {
    hasher.combine(type)
    switch self {
    case .null: break
    case .number(let number): hasher.combine(number)
    // Canonically equivalent texts hash alike, so equal ones do.
    case .string(let text): hasher.combine(text)
    case .boolean(let flag): hasher.combine(flag)
    case .date(let date): hasher.combine(date)
    case .time(let time): hasher.combine(time)
    case .dateTime(let dateTime): hasher.combine(dateTime)
    case .dayTimeDuration(let duration): hasher.combine(duration)
    case .yearMonthDuration(let duration): hasher.combine(duration)
    }
  }
}
