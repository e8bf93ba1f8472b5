import CanonicalJSON
import Testing

@Suite("Strict JSON parsing (RFC 8259)") struct ParsingTests {
  @Test(
    "what JSON allows",
    arguments: [
      "null", " true ", "\t\r\n[]", "{}", "-0", "0", "10", "1e5", "1E+5", "-1.25e-7", "\"\"",
      #""\u00e9\ud83d\ude02\/\b\f\n\r\t\"\\""#, "[1,[2,[3]]]", #"{"":0}"#, #"{"a":{"a":1}}"#,
      "\"\u{7F}\u{80}\u{10FFFF}\"",
    ])
  func accepted(text: String) throws {
    let value = try JSON(parsing: text)
    #expect(try JSON(parsing: value.compactBytes) == value)
    #expect(try JSON(parsing: value.prettyBytes) == value)
  }

  @Test(
    "what JSON doesn't allow, and where",
    arguments: [
      ("", "1:1"), (" ", "1:2"), ("nul", "1:4"), ("nulL", "1:4"), ("NaN", "1:1"),
      ("Infinity", "1:1"), ("-", "1:2"), ("-Infinity", "1:2"), ("+1", "1:1"), ("01", "1:1"),
      ("-01", "1:2"), ("1.", "1:3"), (".5", "1:1"), ("1e", "1:3"), ("1e+", "1:4"), ("0x10", "1:2"),
      ("1 2", "1:3"), ("[1,]", "1:4"), ("[1 2]", "1:4"), ("[", "1:2"), ("[1", "1:3"),
      ("{", "1:2"), (#"{"a"}"#, "1:5"), (#"{"a":}"#, "1:6"), (#"{"a":1,}"#, "1:8"),
      (#"{a:1}"#, "1:2"), ("{\n  \"é\": tru\n}", "2:11"), (#"{"a":1,"b":2,"a":3}"#, "1:14"),
      ("\"abc", "1:5"), ("\"a\u{1}\"", "1:3"), ("\"a\nb\"", "1:3"), (#""\x""#, "1:2"),
      (#""\u12g4""#, "1:6"), (#""\ud800""#, "1:2"), (#""\udc00""#, "1:2"),
      (#""\ud800\u0041""#, "1:2"), (#""\ud800\ud800""#, "1:2"), ("'a'", "1:1"),
      ("// a\n1", "1:1"), ("\u{FEFF}1", "1:1"), ("[1]]", "1:4"), ("\u{A0}1", "1:1"),
    ])
  func refused(text: String, place: String) {
    let error = #expect(throws: JSONError.self) { try JSON(parsing: text) }
    if let error { #expect("\(error.line):\(error.column)" == place, "\(error)") }
  }

  @Test("bytes that aren't UTF-8 are refused wherever they stand")
  func invalidUTF8() {
    let sequences: [[UInt8]] = [
      [0x80], [0xC0, 0x80], [0xC3], [0xE0, 0x80, 0x80], [0xED, 0xA0, 0x80],
      [0xF0, 0x80, 0x80, 0x80],
      [0xF4, 0x90, 0x80, 0x80], [0xF5, 0x80, 0x80, 0x80], [0xFF], [0xFE],
    ]
    let quote = UInt8(ascii: "\"")
    for bytes in sequences {
      #expect(throws: JSONError.self) { try JSON(parsing: [quote] + bytes + [quote]) }
      let escaped = [quote] + Array(#"\n"#.utf8) + bytes + [quote]
      #expect(throws: JSONError.self) { try JSON(parsing: escaped) }
      #expect(throws: JSONError.self) { try JSON(parsing: bytes) }
      #expect(throws: JSONError.self) { try JSON(parsing: [0x5B] + bytes + [0x5D]) }
    }
  }

  @Test("depth is limited, not by a crash")
  func depth() throws {
    let deepest = String(repeating: "[", count: 128) + String(repeating: "]", count: 128)
    #expect(throws: Never.self) { try JSON(parsing: deepest) }
    for text in ["[", #"{"a":"#] {
      let error = #expect(throws: JSONError.self) {
        try JSON(parsing: String(repeating: text, count: 100_000))
      }
      #expect(error?.problem == .tooDeep(limit: 128))
    }
  }

  @Test("a key twice is found among many keys; canonically equivalent keys are two")
  func duplicateKeys() throws {
    let many = (0..<5_000).map { "\"k\($0)\":\($0)" }.joined(separator: ",")
    #expect(try JSON(parsing: "{\(many)}").object?.count == 5_000)
    for key in ["k0", "k20", "k4999"] {
      let error = #expect(throws: JSONError.self) { try JSON(parsing: "{\(many),\"\(key)\":0}") }
      #expect(error?.problem == .duplicateKey(key))
    }
    let two = try JSON(parsing: "{\"\u{E9}\":1,\"e\u{301}\":2}")
    #expect(two["e\u{301}"] == 2)
    #expect(throws: JSONError.self) { try JSON(parsing: #"{"a":1,"\u0061":2}"#) }
  }

  @Test("any cut and any changed byte of a document gives a value or an error, never a crash")
  func mutations() throws {
    let text = #"{"a":[1.5e-3,true,null],"é\n😂":{"x":"\ud83d\ude02","y":-0}}"#
    let bytes = Array(text.utf8)
    for end in 0..<bytes.count {
      #expect(throws: JSONError.self) { try JSON(parsing: Array(bytes[..<end])) }
    }
    for position in bytes.indices {
      for value in UInt8.min...UInt8.max {
        var changed = bytes
        changed[position] = value
        if let parsed = try? JSON(parsing: changed) {
          #expect((try? JSON(parsing: parsed.compactBytes)) == parsed)
        }
      }
    }
  }
}
