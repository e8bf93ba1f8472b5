import RuleProgram
import SeededRandom
import Testing

@testable import RuleBackends

@Suite("Quotients that are multiplied out") struct QuotientChainTests {
  @Test("a rounded quotient is on the side of the exact one wherever that is claimed")
  func sides() throws {
    let seed = TestData.seed()
    print("Quotients: LEAFPROOF_SEED=\(seed)")
    var random = SeededGenerator(seed: seed)
    var claimed = 0
    for _ in 0..<3_000 {
      // (a / b + p) / d beside c, with so many digits that rounding decides now and then.
      let digits = random.int(1...12)
      func number() -> Int128 {
        let limit = Int(pow10(random.int(1...digits)))
        return max(1, Int128(random.int(1...limit)))
      }
      let (b, p, d) = (number(), number(), number())
      // Beside an exact hit: a = (c d - p) b, moved by one at the most.
      let c = number()
      let a = (c * d - p) * b + Int128(random.int(-1...1))
      let chain = QuotientChain(
        divisor: b, scale: 0, steps: [.sum(p, scale: 0), .division(d, scale: 0)])
      guard chain.decides(c, scale: 0), a.magnitude < Int128.tenTo34.magnitude else { continue }
      claimed += 1
      let quotient = FEEL.divide(FEEL.add(FEEL.divide(value(a), value(b)), value(p)), value(d))
      let exact = (a + p * b) - c * d * b
      let order = try #require(quotient.order(to: value(c)))
      #expect(order.signum() == exact.signum(), "seed \(seed): (\(a) / \(b) + \(p)) / \(d), \(c)")
    }
    #expect(claimed > 300)
  }

  @Test("what rounding could decide is not claimed")
  func unclaimed() {
    // 10^17 / (10^17 + 1) beside a number of 17 digits: 34 digits tell them apart, more don't.
    let chain = QuotientChain(divisor: 100_000_000_000_000_001, scale: 0)
    #expect(chain.decides(9_999_999_999_999_999, scale: 16))
    #expect(!chain.decides(99_999_999_999_999_999, scale: 17))
    // A sum that swallows the last digits of the quotient.
    let sum = QuotientChain(divisor: 1_000, scale: 0, steps: [.sum(.tenTo34 / 1_000, scale: 0)])
    #expect(!sum.decides(1, scale: 0))
    #expect(!QuotientChain(divisor: 1, scale: 0).decides(.tenTo34, scale: 0))
  }

  private func value(_ number: Int128) -> Value {
    let decimal = Decimal128(
      negative: number < 0, coefficient: number.magnitude, exponent: 0)
    return decimal.map { .number($0) } ?? .null
  }

  private func pow10(_ exponent: Int) -> Int128 { Int128.power(exponent) ?? 1 }
}
