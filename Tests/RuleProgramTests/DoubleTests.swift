import RuleProgram
import Testing

/// A double becomes the shortest decimal that reads back as it.
struct DoubleTests {
  private static let known: [(Double, String)] = [
    (0.0, "0"), (-0.0, "0"), (1, "1"), (-1.5, "-1.5"), (0.1, "0.1"),
    (0.1 + 0.2, "0.30000000000000004"),
    (1234.56, "1234.56"), (0.000001, "0.000001"), (0.0000001, "1e-7"),
    (999_999_999_999_999, "999999999999999"),
    (1e15, "1e15"), (9_007_199_254_740_992, "9007199254740992"), (1e22, "1e22"),
    (.leastNonzeroMagnitude, "5e-324"),
    (1.7976931348623157e308, "1.7976931348623157e308"), (2.0 / 3, "0.6666666666666666"),
    (123_456_789.123456, "123456789.123456"), (99_999_999.9999999, "99999999.9999999"),
  ]

  @Test(arguments: known)
  func knownDoubles(double: Double, text: String) {
    #expect(Decimal128(double) == Decimal128(text))
  }

  @Test func randomDoublesAgreeWithTheirDescription() {
    let seed = UInt64.random(in: .min ... .max)
    var state = seed
    for round in 0..<200_000 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      let bits = state ^ (state >> 33)
      // All exponents, and numbers of few digits, which are what people write.
      let double =
        round % 2 == 0
        ? Double(bitPattern: bits)
        : Double(Int64(bitPattern: bits) >> 14)
          / [1, 10, 100, 1000, 1e4, 1e5, 1e6, 1e7][round / 2 % 8]
      guard double.isFinite else { continue }
      #expect(Decimal128(double) == Decimal128(double.description), "seed \(seed), \(double)")
    }
  }

  @Test(arguments: [Double.nan, .infinity, -.infinity])
  func whatIsNoNumberHasNoDecimal(double: Double) {
    #expect(Decimal128(double) == nil)
  }
}
