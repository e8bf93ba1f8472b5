import CanonicalJSON
import SeededRandom
import Testing

/// The document that keeps places must take the very texts that the parser takes, and give the same
/// values: two readers of one grammar.
@Suite("Checked documents")
struct DocumentTests {
  private static let texts = [
    #"{"case_id": "C-1", "inputs": {"a": 1, "b": -0.5e+3, "c": "x\"y\\z\/\n", "d": [1, {}, []]}}"#,
    #"{"a":{"a":1,"b":2},"b":{"a":1},"ab":null,"":true,"é":"\u00e9\ud83d\ude00","e\u0301":false}"#,
    #"[0, -0, 10, 0.10, 1E9, "a\tb", "\b\f\r", {"k": {"k": {"k": [[[[]]]]}}}]"#,
    #" "a string that is longer than eight bytes, with ü and \\ in it" "#,
    "{\(letters.map { "\"key-\($0)\":\"\($0)\"" }.joined(separator: ","))}",
  ]
  private static let letters = (0..<40).map { String($0) }

  /// Both readers on the same bytes.
  private static func compare(_ bytes: [UInt8], _ note: @autoclosure () -> String) {
    let parsed = try? JSON(parsing: bytes)
    let document = JSONDocument(bytes)
    #expect((parsed == nil) == (document == nil), "\(note()): \(bytes)")
    guard let parsed, let document, let root = document.root else { return }
    #expect(document.json(root) == parsed, "\(note()): \(bytes)")
    guard let members = parsed.object else { return }
    var keys: [String] = []
    document.forEachMember(of: root) { key, value in
      keys.append(document.text(key))
      #expect(JSON.Member(keys[keys.count - 1], document.json(value)) == members[keys.count - 1])
    }
    #expect(keys.count == members.count, "\(note()): \(bytes)")
  }

  @Test("what the parser accepts and refuses, the document does too")
  func sameLanguage() {
    let seed = UInt64.random(in: 0..<1_000_000)
    print("checked documents: seed \(seed)")
    var random = SeededGenerator(seed: seed)
    let spice = Array("\"\\{}[],:0-.eEu/ntd8é\u{1}\n tf".utf8) + [0xC3, 0x80, 0xED, 0xF4, 0xFF]
    for text in Self.texts {
      let bytes = Array(text.utf8)
      Self.compare(bytes, "whole")
      for count in bytes.indices { Self.compare(Array(bytes[..<count]), "cut") }
      for _ in 0..<2_000 {
        var changed = bytes
        for _ in 0..<Int.random(in: 1...3, using: &random) {
          let place = Int.random(in: 0..<changed.count, using: &random)
          let byte = spice[Int.random(in: 0..<spice.count, using: &random)]
          switch Int.random(in: 0..<3, using: &random) {
          case 0: changed[place] = byte
          case 1: changed.insert(byte, at: place)
          default: changed.remove(at: place)
          }
        }
        Self.compare(changed, "seed \(seed)")
      }
    }
  }

  @Test(
    "a key twice is found among few and among many keys, escaped or not; so is too deep a value")
  func limits() {
    let many = (0..<200).map { "\"\($0)\":0" }.joined(separator: ",")
    for text in [
      #"{"a":1,"b":2,"a":3}"#, #"{"a":1,"\u0061":3}"#, #"{"\u0061":1,"a":3}"#,
      "{\(many),\"17\":1}", "{\(many),\"\\u0031\\u0037\":1}", #"{"x":{"a":1,"a":1}}"#,
    ] {
      #expect(JSONDocument(Array(text.utf8)) == nil, "\(text.prefix(40))")
    }
    Self.compare(Array("{\(many)}".utf8), "many keys")
    for depth in [128, 129] {
      let text = String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
      Self.compare(Array(text.utf8), "depth \(depth)")
    }
    Self.compare([0xEF, 0xBB, 0xBF, 0x31], "a byte order mark")
    #expect(JSONDocument().root == nil)
  }

  @Test(
    "a string that was unescaped is the parsed one, and knows whether its escapes are canonical")
  func unescaping() throws {
    for text in [
      #""""#, #""abc""#, #""\"a\"b\\\n\t\r\b\fc and more than eight""#, #""a\/b""#, #""ü \" ü""#,
    ] {
      let bytes = Array(text.utf8)
      let unescaped = unescaped(bytes.span, from: 1)
      let found = try #require(unescaped)
      let parsed = try JSON(parsing: bytes)
      #expect(found.bytes == parsed.string.map { Array($0.utf8) })
      #expect(found.end == bytes.count - 1)
      #expect(found.isCanonical == (parsed.canonicalBytes == bytes), "\(text)")
    }
    for text in [#""abc"#, #""a\u0041b""#, "\"a\nb\"", #""abc\"#, #""a\x""#] {
      let isUnescaped = unescaped(Array(text.utf8).span, from: 1) != nil
      #expect(!isUnescaped, "\(text)")
    }
  }

  @Test("a table finds its keys and nothing else")
  func keys() {
    let names = [
      "a", "b", "ab", "ba", "", "amount", "amount_2", "amounts", "existing_credits", "é",
    ]
    let table = KeyTable(names)
    func number(_ name: String, _ table: KeyTable) -> Int? {
      table.index(of: Array(name.utf8).span)
    }
    for (place, name) in names.enumerated() { #expect(number(name, table) == place) }
    for other in ["c", "aa", "amoun", "amount_3", "existing-credits", "e\u{301}", "b "] {
      #expect(number(other, table) == nil)
    }
    #expect(number("a", KeyTable([])) == nil)
  }
}
