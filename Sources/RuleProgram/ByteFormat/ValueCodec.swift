/// Constants in the byte format: a type code, then the value's parts; see `FORMAT.md`.
extension ByteWriter {
  mutating func value(_ value: Value) {
    byte(value.type?.rawValue ?? 0)
    switch value {
    case .null: break
    case .number(let number): decimal(number)
    case .string(let text): string(text)
    case .boolean(let flag): self.flag(flag)
    case .date, .time, .dateTime, .dayTimeDuration, .yearMonthDuration:
      string(value.description)
    }
  }

  /// Sign, coefficient without trailing zeros, exponent: one form for each number.
  mutating func decimal(_ number: Decimal128) {
    let parts = number.normalized.significandAndExponent
    flag(parts.negative && parts.coefficient != 0)
    self.number(parts.coefficient)
    signed(parts.coefficient == 0 ? 0 : Int64(parts.exponent))
  }
}

extension ByteReader {
  mutating func value() throws(FormatError) -> Value {
    let code = try byte()
    if code == 0 { return .null }
    guard let type = ValueType(rawValue: code) else { throw fault("unknown type \(code)") }
    switch type {
    case .number: return .number(try decimal())
    case .string: return .string(try string())
    case .boolean: return .boolean(try flag())
    case .date, .time, .dateTime, .dayTimeDuration, .yearMonthDuration:
      guard let value = Value(parsing: try string(), as: type) else {
        throw fault("a \(type.name) can't be read")
      }
      return value
    }
  }

  mutating func valueType() throws(FormatError) -> ValueType {
    let code = try byte()
    guard let type = ValueType(rawValue: code) else { throw fault("unknown type \(code)") }
    return type
  }

  mutating func decimal() throws(FormatError) -> Decimal128 {
    let negative = try flag()
    let coefficient = try number(UInt128.self)
    let exponent = try signed()
    guard let exponent = Int(exactly: exponent), (-19_999...19_999).contains(exponent),
      let number = Decimal128(negative: negative, coefficient: coefficient, exponent: exponent)
    else { throw fault("a number is out of range") }
    return number
  }
}
