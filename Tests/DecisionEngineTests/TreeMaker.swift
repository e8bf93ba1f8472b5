import CanonicalJSON
import SeededRandom

/// Makes random rule sets, rows, and says which splits and leaf a row reaches.
struct TreeMaker {
  private var random: SeededGenerator
  private var leaves = 0
  private var splits = 0
  private var tree = Node.leaf("")

  /// A row: whole numbers and texts by input, those that are missing left out.
  typealias Row = [String: String]

  private indirect enum Node {
    case leaf(String)
    /// Branches by the place of the value, the last one for a missing value.
    case split(id: String, input: Int, cuts: [Int], branches: [Node])
  }

  /// The names of the inputs: two numbers, a declared text, an open text, a boolean, a day.
  private static let names = ["n", "m", "d", "t", "b", "day"]
  private static let texts = ["a", "b", "c", "z"]

  init(seed: UInt64) { random = SeededGenerator(seed: seed) }

  mutating func ruleSet() -> String {
    tree = node(inputs: [0, 1, 2, 3, 4, 5], depth: 4)
    return """
      <ruleset xmlns="urn:leafproof:ruleset:1" id="r" version="1.0.0">
        <inputs>
          <input name="n" type="number" missing="allowed"/>
          <input name="m" type="number" missing="allowed"/>
          <input name="d" type="string" missing="allowed">
            <value>a</value><value>b</value><value>c</value><value>z</value>
          </input>
          <input name="t" type="string" missing="allowed"/>
          <input name="b" type="boolean" missing="allowed"/>
          <input name="day" type="date" missing="allowed"/>
        </inputs>
        <outcomes><outcome name="yes"/></outcomes>
        <tree>\(text(tree))</tree>
      </ruleset>
      """
  }

  private mutating func node(inputs: [Int], depth: Int) -> Node {
    guard depth > 0, !inputs.isEmpty, splits == 0 || Int.random(in: 0..<4, using: &random) > 0
    else {
      leaves += 1
      return .leaf("L\(leaves)")
    }
    splits += 1
    let id = "s\(splits)"
    let input = random.pick(inputs)
    let rest = inputs.filter { $0 != input }
    let limit = [0, 1, 5].contains(input) ? 20 : input == 4 ? 1 : 3
    let wanted = input == 4 ? 1 : Int.random(in: 1...min(3, limit), using: &random)
    var cuts: Set<Int> = []
    while cuts.count < wanted { cuts.insert(Int.random(in: 1...limit, using: &random)) }
    var branches: [Node] = []
    for _ in 0..<(input == 3 ? 3 : cuts.count + 2) {
      branches.append(node(inputs: rest, depth: depth - 1))
    }
    return .split(id: id, input: input, cuts: cuts.sorted(), branches: branches)
  }

  /// Which branch a value takes.
  private func place(_ value: String?, _ input: Int, _ cuts: [Int], _ count: Int) -> Int {
    guard let value else { return count - 1 }
    switch input {
    case 2: return cuts.count { $0 <= Self.texts.firstIndex(of: value) ?? 0 }
    case 3: return Self.texts.prefix(cuts.count).contains(value) ? 0 : 1
    case 4: return value == "true" ? 1 : 0
    case 5: return cuts.count { $0 <= Int(value.suffix(2)) ?? 0 }
    // Halves tell whether a bound is taken exactly.
    default: return cuts.count { Double($0) <= Double(value) ?? 0 }
    }
  }

  /// The splits that a row passes, which branch it takes at each, and its leaf.
  func run(_ row: Row) -> (splits: [String], branches: [Int], leaf: String) {
    var path: [String] = []
    var taken: [Int] = []
    var next = tree
    while true {
      switch next {
      case .leaf(let leaf): return (path, taken, leaf)
      case .split(let id, let input, let cuts, let branches):
        path.append(id)
        taken.append(place(row[Self.names[input]], input, cuts, branches.count))
        next = branches[taken[taken.count - 1]]
      }
    }
  }

  mutating func row() -> Row {
    var row: Row = [:]
    for (input, name) in Self.names.enumerated() where Int.random(in: 0..<8, using: &random) > 0 {
      let day = Int.random(in: 1...28, using: &random)
      row[name] =
        switch input {
        case 2: random.pick(Self.texts)
        case 3: random.pick(Self.texts + ["", "aa", "\u{1F600}", "</b>"])
        case 4: random.pick(["true", "false"])
        case 5: "2026-01-\(day < 10 ? "0" : "")\(day)"
        default: "\(Int.random(in: -2...22, using: &random))\(random.pick(["", ".5"]))"
        }
    }
    return row
  }

  private func text(_ node: Node) -> String {
    guard case .split(let id, let input, let cuts, let branches) = node else {
      guard case .leaf(let leaf) = node else { return "" }
      return "<leaf id=\"\(leaf)\" outcome=\"yes\"/>"
    }
    var parts = "<split id=\"\(id)\" on=\"\(Self.names[input])\">"
    func quoted(_ texts: some Sequence<String>) -> String {
      texts.map { "\"\($0)\"" }.joined(separator: ", ")
    }
    for (place, branch) in branches.dropLast().enumerated() {
      let child = text(branch)
      if place == branches.count - 2, input != 4 {
        parts += "<otherwise>\(child)</otherwise>"
        continue
      }
      let low = place == 0 ? 0 : cuts[place - 1]
      let test =
        switch input {
        case 2: quoted(Self.texts[low..<cuts[place]])
        case 3: quoted(Self.texts.prefix(cuts.count))
        case 4: place == 1 ? "true" : "false"
        case 5: place == 0 ? "&lt; \(day(cuts[0]))" : "[\(day(low))..\(day(cuts[place])))"
        default: place == 0 ? "&lt; \(cuts[0])" : "[\(low)..\(cuts[place]))"
        }
      parts += "<case is='\(test)'>\(child)</case>"
    }
    let missing = branches.last.map(text) ?? ""
    return parts + "<missing>\(missing)</missing></split>"
  }

  private func day(_ number: Int) -> String {
    "date(\"2026-01-\(number < 10 ? "0" : "")\(number)\")"
  }
}

extension [String: String] {
  /// The row as a request's inputs.
  var json: JSON { .object(map { JSON.Member($0.key, .string($0.value)) }) }
}
