import CanonicalJSON
import SeededRandom
import Testing

@Suite("RFC 8785 canonical JSON") struct CanonicalJSONTests {
  static let names = ["arrays", "french", "structures", "unicode", "values", "weird"]

  @Test(
    "the triples of cyberphone/json-canonicalization",
    .enabled(if: TestData.exists("jcs"), "test data jcs is not there"), arguments: names)
  func triple(name: String) throws {
    let input = try JSON(parsing: TestData.bytes("jcs/input/\(name).json"))
    let expected = try TestData.bytes("jcs/output/\(name).json")
    #expect(try input.rfc8785Bytes() == expected)
    let hex = try TestData.text("jcs/outhex/\(name).txt").split(whereSeparator: \.isWhitespace)
    #expect(hex.compactMap { UInt8($0, radix: 16) } == expected)
    // Canonical output is a fixed point.
    #expect(try JSON(parsing: expected).canonicalBytes == expected)
  }

  @Test(
    "10,000 numbers in ECMAScript's form",
    .enabled(if: TestData.exists("jcs"), "test data jcs is not there"))
  func numbers() throws {
    var count = 0
    for line in try TestData.text("jcs/es6numbers-10000.txt").split(separator: "\n") {
      let parts = line.split(separator: ",")
      let bits = try #require(UInt64(parts[0], radix: 16))
      let expected = String(parts[1])
      let double = Double(bitPattern: bits)
      let value = JSON.number(double.description)
      #expect(value.canonicalBytes == Array(expected.utf8), "\(line)")
      #expect(try value.rfc8785Bytes() == Array(expected.utf8), "\(line)")
      #expect(JSON.number(expected).canonicalBytes == Array(expected.utf8), "\(line)")
      #expect(JSON.exactNumber(expected) == .number(expected))
      count += 1
    }
    #expect(count == 10_000)
  }

  @Test("a number that a double can't hold keeps its value, as a string")
  func exactNumbers() throws {
    let kept = [
      "0.1", "1.50", "-0", "0.0", "1e3", "1E400000000000000000000000", "9007199254740993",
      "0.1000000000000000055511151231257827", "123456789012345678", "1e400", "1e-400",
      "333333333.33333329", "9007199254740992", "100000000000000000000000", "5e-324", "1e21",
      "123456789012345.6", "0.30000000000000004", "0.000001", "0.0000001",
    ]
    let expected: [String: String] = [
      "0.1": "0.1", "1.50": "1.5", "-0": "0", "0.0": "0", "1e3": "1000",
      "9007199254740992": "9007199254740992", "100000000000000000000000": "1e+23",
      "5e-324": "5e-324", "1e21": "1e+21", "123456789012345.6": "123456789012345.6",
      "0.30000000000000004": "0.30000000000000004", "0.000001": "0.000001", "0.0000001": "1e-7",
    ]
    for text in kept {
      let bytes = String(decoding: JSON.number(text).canonicalBytes, as: UTF8.self)
      #expect(bytes == expected[text] ?? "\"\(text)\"")
      #expect(
        JSON.exactNumber(text) == (expected[text] == nil ? .string(text) : .number(text)))
    }
    #expect(JSON.number("NaN").canonicalBytes == Array("\"NaN\"".utf8))
    #expect(JSON.number("01").compactBytes == Array("\"01\"".utf8))
    #expect(JSON.integer(Int64.max) == .string("9223372036854775807"))
    #expect(JSON.integer(1 << 53) == .number("9007199254740992"))
    #expect(throws: JSONError.self) { try JSON.number("1e400").rfc8785Bytes() }
  }

  @Test("short decimals go through a double unchanged (the fast path is right)")
  func fastPath() throws {
    var generator = SeededGenerator(seed: 20_260_711)
    for _ in 0..<20_000 {
      let digits = Int.random(in: 1...15, using: &generator)
      let value = UInt64.random(in: 0..<power(10, digits), using: &generator)
      let exponent = Int.random(in: -30...30, using: &generator)
      let text = "\(value)e\(exponent)"
      let double = try #require(Double(text))
      let canonical = JSON.number(text).canonicalBytes
      #expect(canonical == JSON.number(double.description).canonicalBytes, "\(text), seed 20260711")
      #expect(try JSON.number(text).rfc8785Bytes() == canonical, "\(text), seed 20260711")
    }
  }

  @Test("keys are sorted by UTF-16 code units")
  func order() {
    let keys = ["\u{FFFD}", "\u{10000}", "a", "", "\u{E000}", "ab", "\u{D7FF}", "\u{10FFFF}", "é"]
    let object = JSON.object(keys.map { JSON.Member($0, 1) })
    let sorted = keys.sorted { Array($0.utf16).lexicographicallyPrecedes(Array($1.utf16)) }
    let expected = "{" + sorted.map { "\"\($0)\":1" }.joined(separator: ",") + "}"
    #expect(object.canonicalBytes == Array(expected.utf8))
  }

  @Test("pretty and compact writers keep order and numbers")
  func writers() throws {
    let text = #"{"b":[1.50,{"x":[]},{}],"a":"é\u0001\"\\\n"}"#
    let value = try JSON(parsing: text)
    #expect(value.compactText == text)
    #expect(
      value.prettyText == """
        {
          "b": [
            1.50,
            {
              "x": []
            },
            {}
          ],
          "a": "é\\u0001\\"\\\\\\n"
        }

        """)
    #expect(try JSON(parsing: value.prettyBytes) == value)
  }

  @Test("building and reading values")
  func building() {
    let value: JSON = ["name": "x", "count": 3, "flags": [true, false], "none": .null]
    #expect(value["name"]?.string == "x")
    #expect(value["count"]?.int == 3)
    #expect(value["flags"]?.array == [true, false])
    #expect(value["none"]?.isNull == true)
    #expect(value["absent"] == nil)
    #expect(JSON.object(present: [("a", nil), ("b", 1)]) == ["b": 1])
    #expect(JSON.string("\u{E9}") != JSON.string("e\u{301}"))
  }

  private func power(_ base: UInt64, _ exponent: Int) -> UInt64 {
    (0..<exponent).reduce(1) { result, _ in result * base }
  }
}
