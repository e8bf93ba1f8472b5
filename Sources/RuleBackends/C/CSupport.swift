/// The small functions that emitted text calls; each is emitted only where it is used.
///
/// `$` stands for the rule set's prefix. Booleans are 0, 1, or -1 for null; integers are null as
/// `INT64_MIN`, doubles as not-a-number, texts as null bytes.
enum CHelper: String, CaseIterable {
  case compareText, validText, rankText, findText
  case placeOfDouble
  case and, or, not, isTrue
  case atLeastDouble, equalDouble, lessDouble, lessOrEqualDouble, absDouble, doubleOfInteger
  case atLeastInteger, lessInteger, lessOrEqualInteger
  case equalText, lessText, lessOrEqualText, containsText, startsText, endsText, lengthText
  case add, subtract, multiply, addClipped, subtractClipped, negate, absInteger
  case divide, remainder, floorDivide, floorRemainder
  case civilDay, dayOfCivil, addMonths, monthsUntil, year, month, day, weekday

  /// The helpers that this one calls.
  var needs: [CHelper] {
    switch self {
    case .rankText, .findText, .equalText, .lessText, .lessOrEqualText: [.compareText]
    case .floorRemainder, .weekday: [.floorDivide]
    case .civilDay, .dayOfCivil: [.floorDivide]
    case .addMonths: [.civilDay, .dayOfCivil, .floorDivide]
    case .monthsUntil, .year, .month, .day: [.civilDay]
    default: []
    }
  }

  /// The helpers of `used` and all that they need, in the order of their definition.
  static func closure(of used: Set<CHelper>) -> [CHelper] {
    var all = used
    var pending = Array(used)
    while let next = pending.popLast() {
      for need in next.needs where all.insert(need).inserted { pending.append(need) }
    }
    let order: [CHelper] = [.floorDivide, .civilDay, .dayOfCivil]
    return order.filter(all.contains) + allCases.filter { all.contains($0) && !order.contains($0) }
  }

  /// The name of the function after the prefix.
  var name: String {
    rawValue.reduce(into: "") { $0 += $1.isUppercase ? "_" + $1.lowercased() : String($1) }
  }

  /// The definition.
  var definition: String {
    switch self {
    case .compareText, .validText, .rankText, .findText, .equalText, .lessText, .lessOrEqualText,
      .containsText, .startsText, .endsText, .lengthText:
      textDefinition
    case .civilDay, .dayOfCivil, .addMonths, .monthsUntil, .year, .month, .day, .weekday:
      calendarDefinition
    case .placeOfDouble, .and, .or, .not, .isTrue, .atLeastDouble, .equalDouble,
      .lessDouble, .lessOrEqualDouble, .absDouble, .doubleOfInteger, .atLeastInteger,
      .lessInteger, .lessOrEqualInteger:
      comparisonDefinition
    default: arithmeticDefinition
    }
  }
}

extension CHelper {
  private var comparisonDefinition: String {
    switch self {
    case .placeOfDouble:
      """
      /* The place of a double in the order of all; both zeros share one. */
      static int64_t $_place_of_double(double a) {
        union { double number; int64_t bits; } word;
        word.number = a;
        return word.bits >= 0 ? word.bits : -(word.bits & INT64_MAX);
      }
      """
    case .and:
      "static int32_t $_and(int32_t a, int32_t b) { return a == 0 || b == 0 ? 0 : a == 1 && b == 1 ? 1 : -1; }"
    case .or:
      "static int32_t $_or(int32_t a, int32_t b) { return a == 1 || b == 1 ? 1 : a == 0 && b == 0 ? 0 : -1; }"
    case .not: "static int32_t $_not(int32_t a) { return a < 0 ? -1 : !a; }"
    case .isTrue: "static int32_t $_is_true(int32_t a) { return a == 1; }"
    case .atLeastDouble:
      "static int32_t $_at_least_double(double a, double b) { return a != a ? -1 : a >= b; }"
    case .equalDouble:
      "static int32_t $_equal_double(double a, double b) { return a != a ? b != b : a == b; }"
    case .lessDouble:
      "static int32_t $_less_double(double a, double b) { return a != a || b != b ? -1 : a < b; }"
    case .lessOrEqualDouble:
      "static int32_t $_less_or_equal_double(double a, double b) { return a != a || b != b ? -1 : a <= b; }"
    case .absDouble: "static double $_abs_double(double a) { return a < 0 ? -a : a; }"
    case .doubleOfInteger:
      """
      static double $_double_of_integer(int64_t a) {
        const double zero = 0.0;
        return a == INT64_MIN ? zero / zero : (double)a;
      }
      """
    case .atLeastInteger:
      "static int32_t $_at_least_integer(int64_t a, int64_t b) { return a == INT64_MIN ? -1 : a >= b; }"
    case .lessInteger:
      "static int32_t $_less_integer(int64_t a, int64_t b) { return a == INT64_MIN || b == INT64_MIN ? -1 : a < b; }"
    default:
      "static int32_t $_less_or_equal_integer(int64_t a, int64_t b) { return a == INT64_MIN || b == INT64_MIN ? -1 : a <= b; }"
    }
  }

  private var arithmeticDefinition: String {
    switch self {
    case .add: Self.integer(name, "a + b")
    case .subtract: Self.integer(name, "a - b")
    case .multiply: Self.integer(name, "a * b")
    case .divide: Self.integer(name, "a / b")
    case .remainder: Self.integer(name, "a % b")
    case .addClipped:
      Self.integer(
        name,
        "b > 0 && a > INT64_MAX - b ? INT64_MAX : b < 0 && a < -INT64_MAX - b ? -INT64_MAX : a + b")
    case .subtractClipped:
      Self.integer(
        name,
        "b < 0 && a > INT64_MAX + b ? INT64_MAX : b > 0 && a < -INT64_MAX + b ? -INT64_MAX : a - b")
    case .negate: "static int64_t $_negate(int64_t a) { return a == INT64_MIN ? INT64_MIN : -a; }"
    case .absInteger:
      "static int64_t $_abs_integer(int64_t a) { return a < 0 && a != INT64_MIN ? -a : a; }"
    case .floorDivide: Self.integer(name, "a / b - (a % b < 0)")
    default: Self.integer(name, "a - $_floor_divide(a, b) * b")
    }
  }

  private static func integer(_ name: String, _ result: String) -> String {
    """
    static int64_t $_\(name)(int64_t a, int64_t b) {
      if (a == INT64_MIN || b == INT64_MIN) return INT64_MIN;
      return \(result);
    }
    """
  }
}
