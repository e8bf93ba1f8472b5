/// Makes keys of an input's doubles without making decimals of them.
///
/// A double stands for the shortest decimal that reads back as it.
struct DoubleKeys: Sendable {
  /// The least double that is accepted.
  private let least: Double
  /// The least double that is too large; infinity when none is.
  private let beyond: Double
  /// 10 to the power of the scaled slot's digits.
  private let scale: Double

  /// The keys of an input's doubles for a slot that is scaled by `digits`.
  init(digits: Int, minimum: Decimal128?, maximum: Decimal128?) {
    scale = (0..<digits).reduce(1) { power, _ in power * 10 }
    least = minimum.map(Self.least(notBelow:)) ?? -Double.greatestFiniteMagnitude
    beyond = maximum.map(Self.least(above:)) ?? .infinity
  }

  /// The key of `double`; nil when it isn't accepted, and for the few whose decimal has to be made
  /// to tell.
  ///
  /// The decimal differs from the double by at most 2^-53 of it, the product from the double's
  /// exact product by the same. So when the product is further than 2^-50 of it from a whole number,
  /// the decimal's own product lies between the same two whole numbers. Otherwise the whole number
  /// has at most 15 digits; when its quotient is the double, it is the decimal, since no two decimals
  /// of 15 digits belong to the same double.
  @inline(__always)
  func key(of double: Double) -> Int64? {
    guard double >= least, double < beyond else { return nil }
    let product = double * scale
    guard product.magnitude < 0x1p49 else { return nil }
    // Adding and taking away rounds to a whole number.
    let whole = (product + 0x1.8p52) - 0x1.8p52
    let rest = product - whole
    let key = Int64(whole) &* 2
    if rest.magnitude > product.magnitude * 0x1p-50 { return rest < 0 ? key &- 1 : key &+ 1 }
    return whole / scale == double ? key : nil
  }

  // MARK: - Bounds

  /// The least double whose decimal isn't below `bound`; infinity when there is none.
  static func least(notBelow bound: Decimal128) -> Double {
    if let double = Double(bound.description), Decimal128(double) == bound { return double }
    return least { bound <= $0 }
  }

  /// The least double whose decimal is above `bound`; infinity when there is none.
  static func least(above bound: Decimal128) -> Double {
    if let double = Double(bound.description), Decimal128(double) == bound { return double.nextUp }
    return least { bound < $0 }
  }

  /// The least double whose decimal passes `test`; infinity when none does. The test is false up to
  /// some number and true from there on.
  static func least(_ test: (Decimal128) -> Bool) -> Double {
    var low = Int64(-1) - order(of: Double.greatestFiniteMagnitude)
    var high = order(of: Double.infinity)
    // Those below `low` fail, `high` passes.
    while low < high {
      // Half their sum, which may be too large for 64 bits.
      let middle = (low & high) + ((low ^ high) >> 1)
      if let number = Decimal128(double(at: middle)), test(number) {
        high = middle
      } else {
        low = middle + 1
      }
    }
    return double(at: high)
  }

  /// The doubles in order, numbered from -0.0 = -1 and 0.0 = 0.
  private static func order(of double: Double) -> Int64 {
    let bits = Int64(bitPattern: double.bitPattern)
    return bits < 0 ? -1 - (bits & Int64.max) : bits
  }

  private static func double(at order: Int64) -> Double {
    order >= 0
      ? Double(bitPattern: UInt64(order))
      : -Double(bitPattern: UInt64(-1 - order))
  }
}
