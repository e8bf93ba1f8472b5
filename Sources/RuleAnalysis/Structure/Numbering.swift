/// Gives equal things equal numbers.
struct Numbering<Thing: Hashable> {
  private var numbers: [Thing: Int] = [:]

  /// The number of `thing`, from 0.
  mutating func number(of thing: Thing) -> Int {
    if let known = numbers[thing] { return known }
    numbers[thing] = numbers.count
    return numbers.count - 1
  }
}
