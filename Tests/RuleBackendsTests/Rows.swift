import RuleProgram
import SeededRandom

/// One field of a row: as the evaluator takes it, and as C does.
struct Field {
  /// Nil for what isn't even a value, such as an infinity.
  var value: Value?
  var word: Word

  /// The C side.
  enum Word {
    case double(Double)
    case integer(Int64)
    case boolean(Int8)
    case text([UInt8]?)
  }
}

/// Draws rows for a program: random, near its constants, missing.
struct RowSource {
  private let program: Program
  private var random: SeededGenerator
  /// For each input, the constants that it may meet.
  private var constants: [[Value]]

  init(_ program: Program, seed: UInt64) {
    self.program = program
    random = SeededGenerator(seed: seed)
    var all = program.constants
    for node in program.nodes {
      for cut in node.cuts {
        if let bound = program.lowerBound(cut, program.slots[node.slot]) { all.append(bound.value) }
      }
    }
    constants = program.inputs.map { input in
      var values = all.filter { $0.type == input.type }
      // Limits are tried now and then, not every time: most rows should be decided.
      values += [input.minimum, input.maximum].compactMap { $0 }
      return values
    }
  }

  mutating func row() -> [Field] { program.inputs.indices.map { field($0) } }

  private mutating func field(_ index: Int) -> Field {
    let input = program.inputs[index]
    let constant = constants[index].isEmpty ? nil : random.pick(constants[index])
    let isMissing = random.one(in: input.allowsMissing ? 5 : 400)
    switch input.type {
    case .number:
      return isMissing ? Field(value: .null, word: .double(.nan)) : number(input, constant)
    case .boolean:
      if isMissing { return Field(value: .null, word: .boolean(-1)) }
      let flag = Bool.random(using: &random)
      return Field(value: .boolean(flag), word: .boolean(flag ? 1 : 0))
    case .string: return isMissing ? Field(value: .null, word: .text(nil)) : text(input, constant)
    case .time, .dateTime:
      return isMissing ? Field(value: .null, word: .integer(.min)) : moment(input, constant)
    default:
      return isMissing ? Field(value: .null, word: .integer(.min)) : whole(input, constant)
    }
  }

  private mutating func number(_ input: Program.Input, _ constant: Value?) -> Field {
    var double: Double
    switch (random.int(0...9), constant?.measure) {
    case (0...5, let constant?):
      double = Double(constant.description) ?? 0
      switch random.int(0...4) {
      case 0: double = double.nextUp
      case 1: double = double.nextDown
      case 2: double += Double(random.int(-3...3))
      default: break
      }
    case (6, _): double = Double(random.int(-2_000...2_000)) / 100
    case (7, _) where random.one(in: 8):
      double = random.pick([
        .infinity, -.infinity, -0.0, .leastNonzeroMagnitude, .greatestFiniteMagnitude, -1e300,
      ])
    default:
      // Within the limits where there are any.
      let low = input.minimum?.measure.flatMap { Double($0.description) } ?? -1_000
      let high = input.maximum?.measure.flatMap { Double($0.description) } ?? max(low * 2, 1_000)
      double = low < high ? Double.random(in: low...high, using: &random) : low
    }
    return Field(value: Decimal128(double).map { .number($0) }, word: .double(double))
  }

  private mutating func text(_ input: Program.Input, _ constant: Value?) -> Field {
    var text: String
    if !input.values.isEmpty, !random.one(in: 40) {
      text = random.pick(input.values)
    } else if let constant, !random.one(in: 4) {
      text = constant.description
      switch random.int(0...5) {
      case 0: text += "x"
      case 1: text = String(text.dropLast())
      case 2: text = "b" + text
      default: break
      }
    } else {
      text = random.pick(["", "a", "ab", "abc", "é", "e\u{301}", "zz", "🙂", "\u{0}", "a?b"])
    }
    return Field(value: .string(text), word: .text(Array(text.utf8)))
  }

  /// Days, months or the nanoseconds of a duration.
  private mutating func whole(_ input: Program.Input, _ constant: Value?) -> Field {
    let isDuration = input.type == .dayTimeDuration
    var word = Int64(random.int(-30_000...30_000))
    if isDuration { word *= random.pick([1, 1_000_000_000, 86_400_000_000_000]) }
    if let measure = constant?.measure, random.one(in: 2) {
      let scale = Decimal128(coefficient: 1, exponent: isDuration ? 9 : 0) ?? .one
      if let scaled = measure.multiplied(by: scale), let near = Int(exactly: scaled) {
        word = Int64(near) &+ Int64(random.int(-1...1))
      }
    } else if random.one(in: 20) {
      word = random.pick([.max - 1, .min + 1, 36_524_000, 36_524_001, -36_524_001, 1_000_000_001])
    }
    let measure = Decimal128(
      negative: word < 0, coefficient: UInt128(word.magnitude), exponent: isDuration ? -9 : 0)
    let value = measure.flatMap { Value(measure: $0, type: input.type, inUTC: false) }
    return Field(value: value, word: .integer(word))
  }

  private mutating func moment(_ input: Program.Input, _ constant: Value?) -> Field {
    let day = 86_400_000_000_000
    let offset = input.offset == .required ? random.int(-18...18) * 3_600 : nil
    var ofDay = random.int(0...86_399) * 1_000_000_000
    var date = random.int(19_000...21_000)
    if let measure = constant?.measure, random.one(in: 2),
      let scaled = measure.multiplied(by: Decimal128(coefficient: 1, exponent: 9) ?? .one),
      let near = Int(exactly: scaled)
    {
      let local = near + (offset ?? 0) * 1_000_000_000 + random.int(-1...1)
      ofDay = ((local % day) + day) % day
      if input.type == .dateTime { date = (local - ofDay) / day }
    }
    guard let time = ClockTime(nanosecondOfDay: ofDay, offset: offset),
      let calendarDate = CalendarDate(dayNumber: date)
    else { return Field(value: .null, word: .integer(.min)) }
    let utc = ofDay - (offset ?? 0) * 1_000_000_000
    if input.type == .time { return Field(value: .time(time), word: .integer(Int64(utc))) }
    return Field(
      value: .dateTime(DateTime(date: calendarDate, time: time)),
      word: .integer(Int64(date * day + utc)))
  }
}
