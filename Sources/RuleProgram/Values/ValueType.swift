/// The types of rule values, DMN's. The raw value is the code in stored programs.
public enum ValueType: UInt8, CaseIterable, Sendable {
  /// An exact decimal number.
  case number = 1
  /// A text of Unicode scalars.
  case string
  /// True or false.
  case boolean
  /// A day of the calendar.
  case date
  /// A time of day, with an offset from UTC or local.
  case time
  /// A date with a time of day.
  case dateTime
  /// A length of time in seconds.
  case dayTimeDuration
  /// A length of time in months.
  case yearMonthDuration

  /// The name in rule set XML.
  public var name: String {
    switch self {
    case .number: "number"
    case .string: "string"
    case .boolean: "boolean"
    case .date: "date"
    case .time: "time"
    case .dateTime: "dateTime"
    case .dayTimeDuration: "dayTimeDuration"
    case .yearMonthDuration: "yearMonthDuration"
    }
  }

  /// The type with a name in rule set XML; `nil` for any other text.
  public init?(name: String) {
    guard let type = Self.allCases.first(where: { $0.name == name }) else { return nil }
    self = type
  }
}
