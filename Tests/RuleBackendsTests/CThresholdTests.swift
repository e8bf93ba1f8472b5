import RuleProgram
import SeededRandom
import Testing

@testable import RuleBackends

@Suite("Doubles and constants") struct CThresholdTests {
  /// The order of doubles is the order of their shortest decimals, and a threshold splits them
  /// exactly where the keys of those decimals are split.
  @Test("at random and beside the thresholds")
  func thresholds() throws {
    let seed = TestData.seed()
    print("C thresholds: LEAFPROOF_SEED=\(seed)")
    var random = SeededGenerator(seed: seed)
    let checks = TestData.isNightly ? 1_000_000 : 10_000
    for _ in 0..<(checks / 10) {
      let digits = random.int(0...18)
      let encoding = KeyEncoding.scaled(digits: digits)
      let slot = Program.Slot(source: .input(0), type: .number, encoding: encoding)
      let program = Program(inputs: [Program.Input(name: "x", type: .number)], slots: [slot])
      let bits = random.int(1...62)
      let cut = Int64(bitPattern: random.next()) >> Int64(63 - bits)
      let threshold = CDomain.doubles.atLeast(key: cut, of: slot, in: program)
      guard case .from(.double(let first)) = threshold else {
        Issue.record("seed \(seed): cut \(cut) of scale \(digits): \(threshold)")
        continue
      }
      var doubles = [first, first.nextDown, first.nextUp, first.nextUp.nextUp, -first]
      for _ in 0..<5 { doubles.append(Double.random(in: -1...1, using: &random) * 2 * first) }
      for double in doubles where double.isFinite {
        let exact = try #require(Decimal128(double)).scaledKey(digits: digits) >= cut
        if exact != (double >= first) {
          Issue.record("seed \(seed): \(double) against cut \(cut) of scale \(digits)")
        }
        let next = try #require(Decimal128(double.nextUp))
        #expect(try #require(Decimal128(double)) < next)
      }
    }
  }

  @Test("constants between doubles, at the ends, and subnormal ones")
  func constants() throws {
    let texts = [
      "0", "0.1", "0.3", "0.1000000000000000055511151231257827", "9007199254740993", "1e23",
      "1.7976931348623157e308", "1.8e308", "-1.8e308", "4.9e-324", "2e-324", "1e-400", "-0.1",
      "123456789012345678901234567890.1234",
    ]
    for text in texts {
      let constant = try #require(Decimal128(text))
      let near = Double(text) ?? 0
      for (threshold, holds) in [
        (CDomain.doubles.atLeast(constant), { (x: Decimal128) in constant <= x }),
        (CDomain.doubles.above(constant), { (x: Decimal128) in constant < x }),
      ] {
        for double in [near, near.nextUp, near.nextDown, 0, -near] where double.isFinite {
          let expected = holds(try #require(Decimal128(double)))
          let found =
            switch threshold {
            case .always: true
            case .never: false
            case .from(.double(let first)): double >= first
            case .from(.integer): !expected
            }
          #expect(found == expected, "\(text) against \(double)")
        }
      }
    }
  }

  @Test("hexadecimal literals read back")
  func literals() {
    var random = SeededGenerator(seed: 3)
    for _ in 0..<10_000 {
      let double = Double(bitPattern: random.next())
      guard double.isFinite else { continue }
      #expect(Double(CText.literal(double)) == double)
    }
    #expect(Double(CText.literal(.leastNonzeroMagnitude)) == .leastNonzeroMagnitude)
  }
}
