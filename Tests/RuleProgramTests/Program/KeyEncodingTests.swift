import RuleProgram
import SeededRandom
import Testing

/// `FORMAT.md`, Keys: comparing keys is comparing values, exactly. The order of numbers is here
/// computed on their digits, without the module's decimals.
@Suite struct KeyEncodingTests {
  private func sign(_ a: Int64, _ b: Int64) -> Int { a == b ? 0 : a < b ? -1 : 1 }

  /// The key of a constant decides exactly only strictly inside of what an encoding can give.
  private func isExact(_ key: Int64) -> Bool {
    key > Decimal128.scaledKeyBounds.lowerBound && key < Decimal128.scaledKeyBounds.upperBound
  }

  /// `text` moved by 10^-12, by one unit of its last digit, or written with more zeros.
  private func neighbours(_ text: String, _ generator: inout SeededGenerator) -> [String] {
    var result = [text, text.contains(".") ? text + "000" : text + ".00"]
    guard let value = Decimal128(text) else { return result }
    for step in ["1E-12", "-1E-12", "1E-17", "-1E-9", "1", "-1"] {
      if let moved = Decimal128(step).flatMap({ value.adding($0) }), !isLong(moved) {
        result.append(moved.description)
      }
    }
    let point = text.contains(".") ? text : text + "."
    let room = 34 - text.filter(\.isNumber).count
    if room > 0 { result.append(point + String(repeating: "0", count: room - 1) + "1") }
    return result
  }

  private func isLong(_ number: Decimal128) -> Bool { number.description.contains("E") }

  @Test("scaled keys compare as the numbers do, on the constant, beside it and far from it")
  func scaled() throws {
    let seed = TestData.seed()
    var generator = SeededGenerator(seed: seed)
    var compared = 0
    for _ in 0..<3000 {
      let digits = generator.int(0...20)
      let constant = generator.plainNumber(
        fraction: generator.int(0...digits), digits: generator.int(1...19))
      let encoding = KeyEncoding.scaled(digits: digits)
      let constantKey = encoding.key(of: number(constant))
      guard isExact(constantKey) else { continue }
      let far = generator.plainNumber(
        fraction: generator.int(0...33), digits: generator.int(1...34))
      for text in neighbours(constant, &generator) + [far] {
        let key = encoding.key(of: number(text))
        let expected = TestData.compareDigits(text, constant)
        compared += 1
        #expect(
          sign(key, constantKey) == expected,
          "seed \(seed): \(text) against \(constant), scaled by 10^\(digits)")
        // `> c` is the key after that of `c`.
        #expect((key >= constantKey + 1) == (expected > 0), "seed \(seed): \(text) > \(constant)")
      }
    }
    #expect(compared > 10_000)
  }

  @Test("ranked keys compare as the numbers do, with constants of any size")
  func ranked() {
    let seed = TestData.seed()
    var generator = SeededGenerator(seed: seed)
    for _ in 0..<400 {
      var texts: [String] = []
      for _ in 0..<generator.int(1...6) {
        let text = generator.plainNumber(
          fraction: generator.int(0...33), digits: generator.int(1...34))
        if !texts.contains(where: { TestData.compareDigits($0, text) == 0 }) { texts.append(text) }
      }
      texts.sort { TestData.compareDigits($0, $1) < 0 }
      let encoding = KeyEncoding.ranked(texts.map { number($0) })
      for (place, constant) in texts.enumerated() {
        #expect(encoding.key(of: number(constant)) == Int64(2 * place))
        for text in neighbours(constant, &generator) {
          let key = encoding.key(of: number(text))
          for (other, limit) in texts.enumerated() {
            #expect(
              sign(key, Int64(2 * other)) == TestData.compareDigits(text, limit),
              "seed \(seed): \(text) among \(texts)")
          }
        }
      }
    }
  }

  @Test("equal numbers have equal keys at the very ends of what a key can hold")
  func ends() {
    let encoding = KeyEncoding.scaled(digits: 0)
    // 2^62 - 2, the largest floor that is kept, written in several ways.
    for text in ["4611686018427387902", "4611686018427387902.0", "4611686018427387902.000"] {
      #expect(encoding.key(of: number(text)) == (1 << 62 - 2) * 2, "\(text)")
      #expect(encoding.key(of: number("-" + text)) == -((1 << 62 - 2) * 2), "-\(text)")
    }
    #expect(encoding.key(of: number("4611686018427387902.1")) == (1 << 62 - 2) * 2 + 1)
    #expect(encoding.key(of: number("4611686018427387901.9")) == (1 << 62 - 3) * 2 + 1)
    #expect(encoding.key(of: number("-4611686018427387901.9")) == -(1 << 62 - 2) * 2 + 1)
    #expect(encoding.key(of: number("1E+40")) == (1 << 62 - 2) * 2 + 1)
    #expect(encoding.key(of: number("-1E+6144")) == -(1 << 62 - 2) * 2)
    #expect(encoding.key(of: number("1E-6176")) == 1)
    #expect(encoding.key(of: number("-1E-6176")) == -1)
    #expect(encoding.key(of: .null) == KeyEncoding.missingKey)
  }

  @Test("whole keys of dates and months keep their order and distance")
  func whole() {
    let seed = TestData.seed()
    var generator = SeededGenerator(seed: seed)
    for _ in 0..<2000 {
      let day = generator.int(-400_000_000...400_000_000)
      let key = CalendarDate(dayNumber: day).map { KeyEncoding.whole.key(of: .date($0)) }
      #expect(key == Int64(day), "seed \(seed)")
      let months = generator.int(-1_000_000_000...1_000_000_000)
      let duration = Value.yearMonthDuration(YearMonthDuration(months: months))
      #expect(KeyEncoding.whole.key(of: duration) == Int64(months), "seed \(seed)")
    }
    let longest = Value.yearMonthDuration(YearMonthDuration(months: .max))
    #expect(KeyEncoding.whole.key(of: longest) == 1 << 62 - 2)
  }

  @Test(
    "times are compared on UTC, and those that can't be compared with the constants are missing")
  func times() {
    let slot = Program.Slot(
      source: .input(0), type: .dateTime, encoding: .scaled(digits: 3), offset: .required)
    let noon = slot.key(of: v("2026-07-01T12:00:00Z"))
    #expect(slot.key(of: v("2026-07-01T14:00:00+02:00")) == noon)
    #expect(slot.key(of: v("2026-07-01T12:00:00.0005Z")) == noon + 1)
    #expect(slot.key(of: v("2026-07-01T14:00:00+02:00:01")) == noon - 2000)
    #expect(slot.key(of: v("2026-07-01T12:00:00")) == KeyEncoding.missingKey)
    let local = Program.Slot(
      source: .input(0), type: .time, encoding: .ranked([v("10:00:00")]), offset: .forbidden)
    #expect(local.key(of: v("10:00:00")) == 0)
    #expect(local.key(of: v("10:00:00Z")) == KeyEncoding.missingKey)
  }

  @Test("declared and ranked strings go by their bytes; nothing is normalized")
  func strings() {
    let declared = ["a", "e\u{301}", "z", "\u{E9}", "\u{10000}"]
    for (index, text) in declared.enumerated() {
      #expect(KeyEncoding.declared.key(of: .string(text), declared: declared) == Int64(index))
    }
    for text in ["", "A", "e", "\u{FFFF}"] {
      #expect(
        KeyEncoding.declared.key(of: .string(text), declared: declared) == KeyEncoding.missingKey)
    }
    let ranked = KeyEncoding.ranked([v("\"b\""), .string("\u{FFFF}"), .string("\u{10000}")])
    let keys: [(String, Int64)] = [
      ("", -1), ("b", 0), ("b\0", 1), ("\u{FFFF}", 2), ("\u{FFFF}a", 3), ("\u{10000}", 4),
      ("\u{10FFFF}", 5),
    ]
    for (text, key) in keys { #expect(ranked.key(of: .string(text)) == key, "\(text)") }
    #expect(KeyEncoding.boolean.key(of: v("false")) == 0)
    #expect(KeyEncoding.boolean.key(of: v("true")) == 1)
  }

  @Test("the bounds that a key is shown with contain its value, and only such values")
  func bounds() throws {
    let seed = TestData.seed()
    var generator = SeededGenerator(seed: seed)
    let program = Samples.constant
    for _ in 0..<2000 {
      let digits = generator.int(0...6)
      let slot = Program.Slot(
        source: .input(0), type: .number, encoding: .scaled(digits: digits))
      let limit = generator.plainNumber(fraction: digits, digits: generator.int(1...9))
      let key = slot.key(of: number(limit)) + Int64(generator.int(0...1))
      let low = try #require(program.lowerBound(key, slot))
      let high = try #require(program.upperBound(key, slot))
      for text in neighbours(limit, &generator) {
        let other = slot.key(of: number(text))
        let below = TestData.compareDigits(text, low.value.description)
        let above = TestData.compareDigits(text, high.value.description)
        #expect((other >= key) == (below > 0 || (below == 0 && low.isClosed)), "seed \(seed)")
        #expect((other <= key) == (above < 0 || (above == 0 && high.isClosed)), "seed \(seed)")
      }
    }
  }
}
