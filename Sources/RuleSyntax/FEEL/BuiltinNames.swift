/// The names of FEEL's functions (DMN 1.5 §10.3.4), and the parameters of those we have.
enum BuiltinNames {
  /// Every function of FEEL, supported or not, as a scope to match in front of `(`.
  static let scope = NameScope(BuiltinFunction.allCases.map(\.rawValue) + Array(unsupported.keys))

  /// The token for the function `name` out of `scope`.
  static func token(_ name: String) -> Token.Kind {
    BuiltinFunction(rawValue: name).map { .function($0) } ?? .unsupportedFunction(name)
  }

  /// The functions of FEEL that aren't supported, with what to do instead where there is such.
  static let unsupported: [String: String?] = {
    var names: [String: String?] = [:]
    let plain = [
      "string", "number", "string join", "substring before", "substring after", "replace", "split",
      "list contains", "all", "any", "sublist", "append", "concatenate", "insert before", "remove",
      "reverse", "index of", "union", "distinct values", "flatten", "product", "median", "stddev",
      "mode", "exp", "log", "odd", "even", "random number", "list replace", "day of year",
      "day of week", "month of year", "week of year", "is", "sort", "get value", "get entries",
      "context", "context put", "context merge", "range", "before", "after", "meets", "met by",
      "overlaps", "overlaps before", "overlaps after", "finishes", "finished by", "includes",
      "during", "starts", "started by", "coincides",
    ]
    for name in plain { names[name] = .some(nil) }
    let clock = "rules have no clock: declare an input of type `date` or `dateTime` for it"
    names["today"] = clock
    names["now"] = clock
    names["mean"] = "divide a `sum` by a `count`"
    names["odd"] = "compare `modulo(n, 2)` with 1"
    names["even"] = "compare `modulo(n, 2)` with 0"
    names["list contains"] = "write `value in (a, b, c)`"
    names["day of week"] = "write `d.weekday`, where 1 is Monday"
    return names
  }()

  /// The parameter lists that `function` takes, shortest first; `nil` when it takes a list.
  static func parameters(of function: BuiltinFunction) -> [[String]]? {
    switch function {
    case .min, .max, .sum, .count: nil
    case .abs: [["n"]]
    case .floor, .ceiling: [["n"], ["n", "scale"]]
    case .roundUp, .roundDown, .roundHalfUp, .roundHalfDown, .roundHalfEven, .decimal:
      [["n", "scale"]]
    case .modulo: [["dividend", "divisor"]]
    case .sqrt: [["number"]]
    case .contains, .startsWith, .endsWith: [["string", "match"]]
    case .matches: [["input", "pattern"], ["input", "pattern", "flags"]]
    case .stringLength, .upperCase, .lowerCase: [["string"]]
    case .substring: [["string", "start position"], ["string", "start position", "length"]]
    case .date: [["from"], ["year", "month", "day"]]
    case .time: [["from"], ["hour", "minute", "second"], ["hour", "minute", "second", "offset"]]
    case .dateAndTime: [["from"], ["date", "time"]]
    case .duration: [["from"]]
    case .yearsAndMonthsDuration: [["from", "to"]]
    }
  }

  /// The properties of dates, times and durations (DMN 1.5 §10.3.2.3, tables 65 and 66).
  static let properties: [String] = [
    "year", "month", "day", "weekday", "hour", "minute", "second", "time offset", "timezone",
    "years", "months", "days", "hours", "minutes", "seconds",
  ]
}
