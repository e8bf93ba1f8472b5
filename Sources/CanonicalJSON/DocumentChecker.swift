/// Goes over a text once. What it accepts is what the parser accepts; a test holds them together.
@safe struct DocumentChecker {
  private let nodes: UnsafeMutableBufferPointer<JSONDocument.Node>
  /// How many nodes there are.
  private(set) var count = 0
  var position = 0
  var depth = 0

  init(nodes: UnsafeMutableBufferPointer<JSONDocument.Node>) { unsafe self.nodes = nodes }

  mutating func document(_ bytes: Span<UInt8>) -> Bool {
    skipSpace(bytes)
    guard value(bytes) else { return false }
    skipSpace(bytes)
    return position == bytes.count
  }

  @inline(__always)
  mutating func skipSpace(_ bytes: Span<UInt8>) {
    while position < bytes.count {
      switch bytes[position] {
      case 0x20, 0x0A, 0x0D, 0x09: position += 1
      default: return
      }
    }
  }

  mutating func value(_ bytes: Span<UInt8>) -> Bool {
    guard position < bytes.count else { return false }
    switch bytes[position] {
    case UInt8(ascii: "\""): return string(bytes)
    case UInt8(ascii: "{"): return object(bytes)
    case UInt8(ascii: "["): return array(bytes)
    case UInt8(ascii: "-"), 0x30...0x39: return number(bytes)
    case UInt8(ascii: "t"): return literal("true", .true, bytes)
    case UInt8(ascii: "f"): return literal("false", .false, bytes)
    case UInt8(ascii: "n"): return literal("null", .null, bytes)
    default: return false
    }
  }

  @inline(__always)
  mutating func add(_ kind: JSONDocument.Kind, from start: Int, to end: Int, isPlain: Bool = false)
  {
    precondition(unsafe count < nodes.count, "room for a node")
    unsafe (nodes.baseAddress.unsafelyUnwrapped + count).initialize(
      to: JSONDocument.Node(
        kind: kind, isPlain: isPlain, start: Int32(truncatingIfNeeded: start),
        end: Int32(truncatingIfNeeded: end), next: Int32(truncatingIfNeeded: count + 1)))
    count += 1
  }

  mutating func literal(
    _ word: String, _ kind: JSONDocument.Kind, _ bytes: Span<UInt8>
  ) -> Bool {
    let start = position
    for byte in word.utf8 {
      guard position < bytes.count, bytes[position] == byte else { return false }
      position += 1
    }
    add(kind, from: start, to: position)
    return true
  }

  /// Notes the beginning of an array or object; nil where it would lie too deep.
  private mutating func enter(_ kind: JSONDocument.Kind) -> Int? {
    depth += 1
    guard depth <= jsonDepthLimit else { return nil }
    add(kind, from: position, to: position)
    position += 1
    return count - 1
  }

  private mutating func leave(_ node: Int) {
    depth -= 1
    unsafe nodes[node].end = Int32(truncatingIfNeeded: position)
    unsafe nodes[node].next = Int32(truncatingIfNeeded: count)
  }

  /// Steps over `byte`; false, and nothing done, where something else stands.
  @inline(__always)
  private mutating func take(_ byte: UInt8, _ bytes: Span<UInt8>) -> Bool {
    guard position < bytes.count, bytes[position] == byte else { return false }
    position += 1
    return true
  }

  mutating func array(_ bytes: Span<UInt8>) -> Bool {
    guard let node = enter(.array) else { return false }
    skipSpace(bytes)
    if !take(UInt8(ascii: "]"), bytes) {
      while true {
        skipSpace(bytes)
        guard value(bytes) else { return false }
        skipSpace(bytes)
        if take(UInt8(ascii: "]"), bytes) { break }
        guard take(UInt8(ascii: ","), bytes) else { return false }
      }
    }
    leave(node)
    return true
  }

  mutating func object(_ bytes: Span<UInt8>) -> Bool {
    guard let node = enter(.object) else { return false }
    var keys = SeenKeys(firstKey: node + 1)
    skipSpace(bytes)
    if !take(UInt8(ascii: "}"), bytes) {
      while true {
        skipSpace(bytes)
        guard position < bytes.count, bytes[position] == UInt8(ascii: "\""), string(bytes),
          unsafe keys.insert(count - 1, UnsafeBufferPointer(nodes), bytes)
        else { return false }
        skipSpace(bytes)
        guard take(UInt8(ascii: ":"), bytes) else { return false }
        skipSpace(bytes)
        guard value(bytes) else { return false }
        skipSpace(bytes)
        if take(UInt8(ascii: "}"), bytes) { break }
        guard take(UInt8(ascii: ","), bytes) else { return false }
      }
    }
    leave(node)
    return true
  }

  mutating func number(_ bytes: Span<UInt8>) -> Bool {
    let start = position
    _ = take(UInt8(ascii: "-"), bytes)
    let firstDigit = position
    let whole = digits(bytes)
    guard whole == 1 || (whole > 1 && bytes[firstDigit] != UInt8(ascii: "0")) else { return false }
    if take(UInt8(ascii: "."), bytes), digits(bytes) == 0 { return false }
    if position < bytes.count, bytes[position] | 0x20 == UInt8(ascii: "e") {
      position += 1
      if !take(UInt8(ascii: "+"), bytes) { _ = take(UInt8(ascii: "-"), bytes) }
      if digits(bytes) == 0 { return false }
    }
    add(.number, from: start, to: position)
    return true
  }

  @inline(__always)
  private mutating func digits(_ bytes: Span<UInt8>) -> Int {
    let start = position
    while position < bytes.count, bytes[position] &- 0x30 < 10 { position += 1 }
    return position - start
  }

  mutating func string(_ bytes: Span<UInt8>) -> Bool {
    let start = position + 1
    position = start
    var isPlain = true
    var isASCII = true
    while position < bytes.count {
      if position + 8 <= bytes.count {
        let step = firstSpecial(eightBytes(bytes, position), orBeyondASCII: isASCII)
        position += step
        if step == 8 { continue }
      }
      let byte = bytes[position]
      if byte == UInt8(ascii: "\"") {
        if !isASCII, (try? UTF8Span(validating: bytes.extracting(start..<position))) == nil {
          return false
        }
        add(.string, from: start, to: position, isPlain: isPlain)
        position += 1
        return true
      }
      if byte < 0x20 { return false }
      position += 1
      if byte == UInt8(ascii: "\\") {
        isPlain = false
        guard escape(bytes) else { return false }
      } else if byte >= 0x80 {
        isASCII = false
      }
    }
    return false
  }

  /// Steps over what stands behind a backslash.
  private mutating func escape(_ bytes: Span<UInt8>) -> Bool {
    guard position < bytes.count else { return false }
    position += 1
    switch bytes[position - 1] {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"),
      UInt8(ascii: "f"), UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
      return true
    case UInt8(ascii: "u"):
      guard let first = hexUnit(bytes) else { return false }
      guard (0xD800...0xDFFF).contains(first) else { return true }
      guard first < 0xDC00, take(UInt8(ascii: "\\"), bytes), take(UInt8(ascii: "u"), bytes),
        let second = hexUnit(bytes)
      else { return false }
      return (0xDC00...0xDFFF).contains(second)
    default: return false
    }
  }

  private mutating func hexUnit(_ bytes: Span<UInt8>) -> UInt32? {
    var unit: UInt32 = 0
    for _ in 0..<4 {
      guard position < bytes.count else { return nil }
      let byte = bytes[position]
      switch byte {
      case 0x30...0x39: unit = unit << 4 | UInt32(byte - 0x30)
      case 0x41...0x46: unit = unit << 4 | UInt32(byte - 0x41 + 10)
      case 0x61...0x66: unit = unit << 4 | UInt32(byte - 0x61 + 10)
      default: return nil
      }
      position += 1
    }
    return unit
  }
}

/// Finds a key that stands twice in one object. While there are few keys, a bit for each hash tells
/// most new ones from those before, and the others are compared; many are hashed with a random seed,
/// so that no input can make it slow.
private struct SeenKeys {
  private static let few = 32
  private let firstKey: Int
  private var bits: UInt64 = 0
  private var count = 0
  private var many: Set<[UInt8]> = []

  init(firstKey: Int) { self.firstKey = firstKey }

  /// Notes the key that is node number `key`; false when it was there.
  mutating func insert(
    _ key: Int, _ nodes: UnsafeBufferPointer<JSONDocument.Node>, _ bytes: Span<UInt8>
  ) -> Bool {
    count += 1
    let node = unsafe nodes[key]
    if count <= Self.few, node.isPlain {
      let bit: UInt64 = 1 << (keyHash(bytes.extracting(node.range)) >> 58)
      let isNew = bits & bit == 0
      bits |= bit
      if isNew { return true }
      return unsafe !isAmongEarlier(key, nodes, bytes)
    }
    if count <= Self.few {
      bits = .max
      return unsafe !isAmongEarlier(key, nodes, bytes)
    }
    if many.isEmpty {
      var earlier = firstKey
      while earlier < key {
        many.insert(Self.text(unsafe nodes[earlier], bytes))
        earlier = unsafe Int(nodes[earlier + 1].next)
      }
    }
    return many.insert(Self.text(node, bytes)).inserted
  }

  private func isAmongEarlier(
    _ key: Int, _ nodes: UnsafeBufferPointer<JSONDocument.Node>, _ bytes: Span<UInt8>
  ) -> Bool {
    var earlier = firstKey
    while earlier < key {
      if Self.areSame(unsafe nodes[earlier], unsafe nodes[key], bytes) { return true }
      earlier = unsafe Int(nodes[earlier + 1].next)
    }
    return false
  }

  private static func areSame(
    _ left: JSONDocument.Node, _ right: JSONDocument.Node, _ bytes: Span<UInt8>
  ) -> Bool {
    if left.isPlain, right.isPlain {
      return sameBytes(bytes.extracting(left.range), bytes.extracting(right.range))
    }
    return text(left, bytes) == text(right, bytes)
  }

  private static func text(_ node: JSONDocument.Node, _ bytes: Span<UInt8>) -> [UInt8] {
    let range = Int(node.start) - 1..<Int(node.end) + 1
    let key = try? JSON(parsing: bytes.extracting(range))
    return Array((key?.string ?? "").utf8)
  }
}
