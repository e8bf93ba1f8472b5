/// Definitions of the helpers for texts and for the calendar.
extension CHelper {
  /// The definition of a helper for texts. Their order is that of their bytes.
  var textDefinition: String {
    switch self {
    case .compareText:
      """
      static int $_compare_text($_text a, $_text b) {
        size_t i = 0;
        for (; i < a.length && i < b.length; i++) {
          const unsigned char x = (unsigned char)a.bytes[i], y = (unsigned char)b.bytes[i];
          if (x != y) return x < y ? -1 : 1;
        }
        return a.length == b.length ? 0 : a.length < b.length ? -1 : 1;
      }
      """
    case .validText: Self.validTextDefinition
    case .rankText:
      """
      /* 2 r for the constant number r, else 2 r - 1 with r constants below. */
      static int64_t $_rank_text(const $_text *constants, int32_t count, $_text value) {
        int32_t low = 0, high = count;
        if (!value.bytes) return INT64_MIN;
        while (low < high) {
          const int32_t middle = low + (high - low) / 2;
          const int order = $_compare_text(value, constants[middle]);
          if (order == 0) return 2 * (int64_t)middle;
          if (order < 0) high = middle; else low = middle + 1;
        }
        return 2 * (int64_t)low - 1;
      }
      """
    case .findText:
      """
      static int32_t $_find_text(const $_text *values, int32_t count, $_text value) {
        int32_t low = 0, high = count;
        while (low < high) {
          const int32_t middle = low + (high - low) / 2;
          const int order = $_compare_text(value, values[middle]);
          if (order == 0) return middle;
          if (order < 0) high = middle; else low = middle + 1;
        }
        return -1;
      }
      """
    case .equalText:
      """
      static int32_t $_equal_text($_text a, $_text b) {
        if (!a.bytes || !b.bytes) return !a.bytes && !b.bytes;
        return $_compare_text(a, b) == 0;
      }
      """
    case .lessText: Self.text(name, "$_compare_text(a, b) < 0")
    case .lessOrEqualText: Self.text(name, "$_compare_text(a, b) <= 0")
    default: searchDefinition
    }
  }

  private static func text(_ name: String, _ result: String) -> String {
    """
    static int32_t $_\(name)($_text a, $_text b) {
      if (!a.bytes || !b.bytes) return -1;
      return \(result);
    }
    """
  }

  private var searchDefinition: String {
    switch self {
    case .containsText:
      """
      static int32_t $_contains_text($_text a, $_text b) {
        size_t start, i;
        if (!a.bytes || !b.bytes) return -1;
        for (start = 0; start + b.length <= a.length; start++) {
          for (i = 0; i < b.length && a.bytes[start + i] == b.bytes[i]; i++) {}
          if (i == b.length) return 1;
        }
        return 0;
      }
      """
    case .startsText, .endsText:
      """
      static int32_t $_\(name)($_text a, $_text b) {
        size_t i;
        if (!a.bytes || !b.bytes) return -1;
        if (b.length > a.length) return 0;
        for (i = 0; i < b.length; i++) {
          if (a.bytes[\(self == .startsText ? "i" : "a.length - b.length + i")] != b.bytes[i]) return 0;
        }
        return 1;
      }
      """
    default:
      """
      static int64_t $_length_text($_text a) {
        int64_t count = 0;
        size_t i;
        if (!a.bytes) return INT64_MIN;
        for (i = 0; i < a.length; i++) count += ((unsigned char)a.bytes[i] & 0xC0) != 0x80;
        return count;
      }
      """
    }
  }

  private static let validTextDefinition = """
    /* Well-formed UTF-8 (Unicode, table 3-7) of at most 1 MiB. */
    static int $_valid_text($_text a) {
      const unsigned char *p = (const unsigned char *)a.bytes;
      size_t i = 0;
      if (a.length > 1048576) return 0;
      while (i < a.length) {
        const unsigned char first = p[i];
        unsigned char low = 0x80, high = 0xBF;
        size_t more = 0;
        if (first >= 0xC2 && first <= 0xDF) more = 1;
        else if (first >= 0xE0 && first <= 0xEF) more = 2;
        else if (first >= 0xF0 && first <= 0xF4) more = 3;
        else if (first >= 0x80) return 0;
        if (first == 0xE0) low = 0xA0;
        if (first == 0xED) high = 0x9F;
        if (first == 0xF0) low = 0x90;
        if (first == 0xF4) high = 0x8F;
        if (a.length - i <= more) return 0;
        for (i++; more > 0; more--, i++) {
          if (p[i] < low || p[i] > high) return 0;
          low = 0x80;
          high = 0xBF;
        }
      }
      return 1;
    }
    """

  /// The definition of a helper for the proleptic Gregorian calendar.
  var calendarDefinition: String {
    switch self {
    case .civilDay: Self.civilDayDefinition
    case .dayOfCivil:
      """
      static int64_t $_day_of_civil(int64_t year, int64_t month, int64_t day) {
        const int64_t y = month <= 2 ? year - 1 : year;
        const int64_t era = $_floor_divide(y, 400), of_era = y - era * 400;
        const int64_t of_year = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
        return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
      }
      """
    case .addMonths:
      """
      static int64_t $_add_months(int64_t day, int64_t months) {
        int64_t total, year, month, last;
        $_civil c;
        if (day == INT64_MIN || months == INT64_MIN) return INT64_MIN;
        c = $_civil_day(day);
        total = c.year * 12 + c.month - 1 + months;
        year = $_floor_divide(total, 12);
        month = total - year * 12 + 1;
        last = month == 2 ? 28 + (year % 4 == 0 && (year % 100 != 0 || year % 400 == 0))
                          : 30 + (month != 4 && month != 6 && month != 9 && month != 11);
        return $_day_of_civil(year, month, c.day < last ? c.day : last);
      }
      """
    case .monthsUntil:
      """
      static int64_t $_months_until(int64_t from, int64_t to) {
        int64_t months;
        $_civil a, b;
        if (from == INT64_MIN || to == INT64_MIN) return INT64_MIN;
        a = $_civil_day(from);
        b = $_civil_day(to);
        months = (b.year - a.year) * 12 + b.month - a.month;
        if (months > 0 && b.day < a.day) return months - 1;
        if (months < 0 && b.day > a.day) return months + 1;
        return months;
      }
      """
    case .weekday:
      """
      static int64_t $_weekday(int64_t day) {
        return day == INT64_MIN ? INT64_MIN : day + 3 - $_floor_divide(day + 3, 7) * 7 + 1;
      }
      """
    default:
      "static int64_t $_\(name)(int64_t day) { return day == INT64_MIN ? INT64_MIN : $_civil_day(day).\(name); }"
    }
  }

  private static let civilDayDefinition = """
    typedef struct { int64_t year, month, day; } $_civil;
    /* Eras of 400 years from 0000-03-01, so that the leap day ends each year. */
    static $_civil $_civil_day(int64_t number) {
      const int64_t shifted = number + 719468;
      const int64_t era = $_floor_divide(shifted, 146097), of_era = shifted - era * 146097;
      const int64_t year = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
      const int64_t day = of_era - (365 * year + year / 4 - year / 100);
      const int64_t month = (5 * day + 2) / 153;
      $_civil result;
      result.month = month < 10 ? month + 3 : month - 9;
      result.year = year + era * 400 + (result.month <= 2);
      result.day = day - (153 * month + 2) / 5 + 1;
      return result;
    }
    """
}
