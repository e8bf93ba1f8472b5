import RuleProgram
import Testing

/// XPath's regular expressions: XPath and XQuery Functions and Operators 3.1, §5.6.
@Suite struct RegularExpressionTests {
  @Test(
    "fn:matches: the examples of §5.6.3 and the grammar's parts",
    arguments: [
      ("abracadabra", "bra", "", true), ("abracadabra", "^a.*a$", "", true),
      ("abracadabra", "^bra", "", false), ("", "", "", true), ("x", "", "", true),
      ("abc", "^(a|b)c?bc$", "", true), ("ac", "^ab{0}c$", "", true),
      ("abbbc", "^ab{2,3}c$", "", true),
      ("abc", "^ab{2,}c$", "", false), ("aaa", "^a{2}$", "", false), ("a", "^(?:a|b)+?$", "", true),
      ("x-1", "^[a-z][\\-][^a-z]$", "", true), ("q", "[a-z-[aeiou]]", "", true),
      ("e", "[a-z-[aeiou]]", "", false), ("-", "[a-]", "", true), ("]", "[\\]]", "", true),
      ("٣", "^\\d$", "", true), ("é", "^\\w$", "", true), ("!", "\\w", "", false),
      ("\u{A0}", "\\s", "", false), ("a:b", "^\\i\\c*$", "", true), ("1a", "^\\i", "", false),
      ("Ä", "^\\p{Lu}$", "", true), ("Ä", "\\P{L}", "", false), ("€", "\\p{Sc}", "", true),
      ("α", "^\\p{IsGreekandCoptic}$", "", true), ("a", "\\P{IsBasicLatin}", "", false),
      ("\u{1F40E}", "^.$", "", true), ("a\nb", "a.b", "", false), ("a\rb", "a.b", "", false),
      ("a\nb", "a.b", "s", true), ("a\nb", "^b$", "", false), ("a\nb", "^b$", "m", true),
      ("a\n", "^$", "m", false), ("ABC", "abc", "i", true), ("ſ", "S", "i", true),
      ("K", "[k-l]", "i", true), ("a", "[^A]", "i", false), ("a", "\\p{Lu}", "i", false),
      ("hello world", "hello\\ sworld", "x", true), ("helloworld", "hello[ ]world", "x", false),
      ("a.b", "a.b", "q", true), ("axb", "a.b", "q", false), ("A.B", "a.b", "qi", true),
      ("aab", "^(a*)*b$", "", true), ("", "^(a?){3}$", "", true), ("foo", "o{0,1}$", "", true),
    ])
  func matching(text: String, pattern: String, flags: String, expected: Bool) throws {
    let expression = try RegularExpression(pattern, flags: flags)
    #expect(expression.matches(text) == expected)
    #expect(FEEL.matches(.string(text), .string(pattern), .string(flags)) == .boolean(expected))
  }

  @Test(
    "what is no pattern, or not supported, is refused",
    arguments: [
      ("(", ""), (")", ""), ("a)", ""), ("[", ""), ("[]", ""), ("[b-a]", ""), ("*", ""),
      ("a**", ""),
      ("a{2}{3}", ""), ("a{3,2}", ""), ("a{,2}", ""), ("a{1", ""), ("a]", ""), ("a}", ""),
      ("\\", ""),
      ("\\q", ""), ("\\p{Xx}", ""), ("\\p{IsNoBlock}", ""), ("\\pL", ""), ("(a)\\1", ""),
      ("(?=a)", ""), ("(?<n>a)", ""), ("a", "g"), ("[a-z-[aeiou]x]", ""), ("a{1001}{2}", ""),
    ])
  func refused(pattern: String, flags: String) {
    #expect(throws: RegularExpressionError.self) {
      try RegularExpression(pattern, flags: flags)
    }
    #expect(FEEL.matches(v("\"a\""), .string(pattern), .string(flags)) == .null)
  }

  @Test("nobody's pattern stops a decision: matching is linear", .timeLimit(.minutes(1)))
  func catastrophic() throws {
    let text = String(repeating: "a", count: 20_000) + "!"
    for pattern in [
      "(a+)+$", "^(a|a)*$", "^(a|aa)+$", "(a*)*b", "^(([a-z])+.)+[A-Z]([a-z])+$", "(.*)*x",
      "(a?){50}b",
    ] {
      let expression = try RegularExpression(pattern)
      var matched = false
      let time = ContinuousClock().measure { matched = expression.matches(text) }
      #expect(!matched, "\(pattern)")
      #expect(time < .seconds(8), "\(pattern) took \(time)")
    }
  }

  @Test("nobody's pattern stops the compiler: too large ones are refused at once")
  func large() {
    let start = ContinuousClock.now
    for pattern in [
      "a{1000000}", "((a{1000}){1000}){1000}", "(a{0,1000}){0,1000}",
      "(((a?){999999}){999999}){999}",
      String(repeating: "(", count: 100_000), String(repeating: "[a-[", count: 100_000),
      String(repeating: "a|", count: 100_000), "((){999999}a){999999}",
      "[" + String(repeating: "ab", count: 50_000) + "]{20000}",
    ] {
      #expect(throws: RegularExpressionError.self, "\(pattern.prefix(30))") {
        try RegularExpression(pattern)
      }
    }
    #expect(ContinuousClock.now - start < .seconds(10))
  }
}
