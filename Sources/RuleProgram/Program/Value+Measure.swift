/// From a measure back to a value: for showing ends of ranges and witnesses.
extension Value {
  /// The value of the slot's type whose measure is `measure`; nil when there is none.
  public init?(measure: Decimal128, like slot: Program.Slot) {
    self.init(measure: measure, type: slot.type, inUTC: slot.offset == .required)
  }

  /// The value of `type` whose measure is `measure`; times carry the offset Z when `inUTC`. nil
  /// when there is none.
  public init?(measure: Decimal128, type: ValueType, inUTC: Bool) {
    switch type {
    case .string, .boolean: return nil
    case .number: self = .number(measure)
    case .yearMonthDuration:
      guard let months = measure.wholeUnits(ofDigits: 0).flatMap({ Int(exactly: $0) }) else {
        return nil
      }
      self = .yearMonthDuration(YearMonthDuration(months: months))
    case .date:
      guard let day = measure.wholeUnits(ofDigits: 0).flatMap({ Int(exactly: $0) }),
        let date = CalendarDate(dayNumber: day)
      else { return nil }
      self = .date(date)
    case .time, .dateTime, .dayTimeDuration:
      guard let nanoseconds = measure.wholeUnits(ofDigits: 9) else { return nil }
      self.init(nanoseconds: nanoseconds, type: type, offset: inUTC ? 0 : nil)
    }
  }

  private init?(nanoseconds: Int128, type: ValueType, offset: Int?) {
    let perDay: Int128 = 86_400_000_000_000
    if type == .dayTimeDuration {
      guard let duration = DayTimeDuration(nanoseconds: nanoseconds) else { return nil }
      self = .dayTimeDuration(duration)
      return
    }
    let remainder = nanoseconds % perDay
    let ofDay = remainder < 0 ? remainder + perDay : remainder
    guard let time = ClockTime(nanosecondOfDay: Int(ofDay), offset: offset) else { return nil }
    if type == .time {
      guard nanoseconds == ofDay else { return nil }
      self = .time(time)
      return
    }
    guard let day = Int(exactly: (nanoseconds - ofDay) / perDay),
      let date = CalendarDate(dayNumber: day)
    else { return nil }
    self = .dateTime(DateTime(date: date, time: time))
  }
}

extension Decimal128 {
  /// `floor(self * 10^digits)`, or nil when it is beyond 38 digits.
  fileprivate func wholeUnits(ofDigits digits: Int) -> Int128? {
    guard let floored = rounded(scale: digits, mode: .floor) else { return nil }
    let parts = floored.normalized.significandAndExponent
    var result = Int128(exactly: parts.coefficient)
    let shift = parts.exponent + digits
    guard parts.coefficient != 0 else { return 0 }
    guard (0...38).contains(shift) else { return nil }
    for _ in 0..<shift {
      guard let value = result else { return nil }
      let (next, overflow) = value.multipliedReportingOverflow(by: 10)
      result = overflow ? nil : next
    }
    return result.map { parts.negative ? -$0 : $0 }
  }
}
