import Crypto

/// The byte form of a program: `FORMAT.md` describes it to the letter.
extension Program {
  /// `LPRG`, then the format's version.
  static let magic: [UInt8] = Array("LPRG".utf8)
  /// The only version so far; a reader refuses any other.
  public static let formatVersion = 1

  /// The program as bytes: equal programs give equal bytes.
  public var bytes: [UInt8] {
    var writer = ByteWriter()
    writer.raw(Self.magic)
    writer.count(Self.formatVersion)
    writeTables(&writer)
    writer.list(expressions) { writer, code in
      writer.list(code.instructions) { writer, instruction in
        writer.byte(instruction.operation.rawValue)
        if instruction.operation.operandKind != .none { writer.count(instruction.operand) }
      }
    }
    writeTree(&writer)
    return writer.bytes
  }

  /// SHA-256 of `bytes`: names what decides.
  public var digest: ContentDigest { ContentDigest(of: bytes) }

  /// Reads a program and verifies it.
  public static func verified(bytes: [UInt8]) throws(FormatError) -> VerifiedProgram {
    var reader = ByteReader(bytes)
    guard try reader.raw(min(4, bytes.count)) == magic else {
      throw FormatError("this is not a compiled rule set", at: 0)
    }
    let version = try reader.index()
    guard version == formatVersion else {
      throw reader.fault("format version \(version) is newer than this program reads")
    }
    var program = try readTables(&reader)
    program.expressions = try reader.list { (reader) throws(FormatError) in
      Code(try reader.list { (reader) throws(FormatError) in try readInstruction(&reader) })
    }
    try program.readTree(&reader)
    guard reader.isAtEnd else { throw reader.fault("there is data behind the end") }
    guard program.bytes == bytes else {
      throw FormatError("the program is not in its canonical form", at: 0)
    }
    return try VerifiedProgram(program)
  }
}

/// What can be named by a digest, printed as 64 hexadecimal digits.
public struct ContentDigest: Hashable, Sendable, CustomStringConvertible {
  /// The 32 bytes of the SHA-256 hash.
  public var bytes: [UInt8]

  /// The SHA-256 hash of `content`.
  public init(of content: [UInt8]) { bytes = Array(SHA256.hash(data: content)) }

  /// Reads 64 lower-case hexadecimal digits.
  public init?(hex: String) {
    let digits = Array(hex.utf8)
    guard digits.count == 64 else { return nil }
    var bytes: [UInt8] = []
    for pair in stride(from: 0, to: 64, by: 2) {
      guard let high = Self.value(digits[pair]), let low = Self.value(digits[pair + 1]) else {
        return nil
      }
      bytes.append(high << 4 | low)
    }
    self.bytes = bytes
  }

  private static func value(_ digit: UInt8) -> UInt8? {
    switch digit {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): digit - UInt8(ascii: "a") + 10
    default: nil
    }
  }

  public var description: String {
    let digits = Array("0123456789abcdef".utf8)
    var text: [UInt8] = []
    text.reserveCapacity(64)
    for byte in bytes {
      text.append(digits[Int(byte >> 4)])
      text.append(digits[Int(byte & 15)])
    }
    return String(decoding: text, as: UTF8.self)
  }
}

/// Writing and reading the parts.
extension Program {
  private func writeTables(_ writer: inout ByteWriter) {
    writer.list(inputs) { writer, input in
      writer.string(input.name)
      writer.byte(input.type.rawValue)
      writer.flag(input.allowsMissing)
      writer.value(input.minimum ?? .null)
      writer.value(input.maximum ?? .null)
      writer.list(input.values) { $0.string($1) }
      writer.byte(input.offset.rawValue)
    }
    writer.list(outcomes) { writer, outcome in
      writer.string(outcome.name)
      writer.flag(outcome.isAdverse)
    }
    writer.list(outputs) { writer, output in
      writer.string(output.name)
      writer.byte(output.type.rawValue)
    }
    writer.list(reasons) { $0.string($1) }
    writer.list(derived) { writer, item in
      writer.string(item.name)
      writer.byte(item.type.rawValue)
      writer.count(item.expression)
    }
    writer.list(constants) { $0.value($1) }
    writer.list(patterns) { writer, pattern in
      writer.string(pattern.pattern)
      writer.string(pattern.flags)
    }
  }

  private static func readTables(_ reader: inout ByteReader) throws(FormatError) -> Program {
    var program = Program()
    program.inputs = try reader.list { (reader) throws(FormatError) in try readInput(&reader) }
    program.outcomes = try reader.list { (reader) throws(FormatError) in
      Outcome(name: try reader.string(), isAdverse: try reader.flag())
    }
    program.outputs = try reader.list { (reader) throws(FormatError) in
      Output(name: try reader.string(), type: try reader.valueType())
    }
    program.reasons = try reader.list { (reader) throws(FormatError) in try reader.string() }
    program.derived = try reader.list { (reader) throws(FormatError) in
      Derived(
        name: try reader.string(), type: try reader.valueType(), expression: try reader.index())
    }
    program.constants = try reader.list { (reader) throws(FormatError) in try reader.value() }
    program.patterns = try reader.list { (reader) throws(FormatError) in
      Pattern(pattern: try reader.string(), flags: try reader.string())
    }
    return program
  }

  private static func readInput(_ reader: inout ByteReader) throws(FormatError) -> Input {
    let name = try reader.string()
    let type = try reader.valueType()
    let allowsMissing = try reader.flag()
    let minimum = try reader.value()
    let maximum = try reader.value()
    let values = try reader.list { (reader) throws(FormatError) in try reader.string() }
    return Input(
      name: name, type: type, allowsMissing: allowsMissing,
      minimum: minimum == .null ? nil : minimum, maximum: maximum == .null ? nil : maximum,
      values: values, offset: try readOffset(&reader))
  }

  private static func readOffset(_ reader: inout ByteReader) throws(FormatError) -> OffsetRule {
    guard let rule = OffsetRule(rawValue: try reader.byte()) else {
      throw reader.fault("unknown offset rule")
    }
    return rule
  }

  private static func readInstruction(
    _ reader: inout ByteReader
  ) throws(FormatError) -> Instruction {
    let code = try reader.byte()
    guard let operation = Operation(rawValue: code) else {
      throw reader.fault("unknown operation \(code)")
    }
    return Instruction(operation, operation.operandKind == .none ? 0 : try reader.index())
  }

  private func writeTree(_ writer: inout ByteWriter) {
    writer.list(slots) { writer, slot in
      switch slot.source {
      case .input(let index): writer.byte(1); writer.count(index)
      case .derived(let index): writer.byte(2); writer.count(index)
      case .expression(let index): writer.byte(3); writer.count(index)
      }
      writer.byte(slot.type.rawValue)
      Self.writeEncoding(slot.encoding, &writer)
      writer.byte(slot.offset.rawValue)
    }
    writer.list(nodes) { writer, node in
      writer.count(node.slot)
      Self.writeCuts(node.cuts, &writer)
      writer.list(node.children) { Self.writeTarget($1, &$0) }
      writer.flag(node.missing != nil)
      if let missing = node.missing { Self.writeTarget(missing, &writer) }
    }
    writer.list(leaves) { writer, leaf in
      writer.string(leaf.id)
      writer.count(leaf.outcome)
      writer.list(leaf.reasons) { $0.count($1) }
      writer.list(leaf.sets) { writer, set in
        writer.count(set.output)
        writer.count(set.expression)
      }
    }
    Self.writeTarget(root, &writer)
  }

  private mutating func readTree(_ reader: inout ByteReader) throws(FormatError) {
    slots = try reader.list { (reader) throws(FormatError) in try Self.readSlot(&reader) }
    nodes = try reader.list { (reader) throws(FormatError) in
      Node(
        slot: try reader.index(), cuts: try Self.readCuts(&reader),
        children: try reader.list { (reader) throws(FormatError) in
          try Self.readTarget(&reader)
        },
        missing: try reader.flag() ? try Self.readTarget(&reader) : nil)
    }
    leaves = try reader.list { (reader) throws(FormatError) in
      Leaf(
        id: try reader.string(), outcome: try reader.index(),
        reasons: try reader.list { (reader) throws(FormatError) in try reader.index() },
        sets: try reader.list { (reader) throws(FormatError) in
          OutputSet(output: try reader.index(), expression: try reader.index())
        })
    }
    root = try Self.readTarget(&reader)
  }

  private static func readSlot(_ reader: inout ByteReader) throws(FormatError) -> Slot {
    let kind = try reader.byte()
    let index = try reader.index()
    let source: Slot.Source
    switch kind {
    case 1: source = .input(index)
    case 2: source = .derived(index)
    case 3: source = .expression(index)
    default: throw reader.fault("unknown slot source \(kind)")
    }
    return Slot(
      source: source, type: try reader.valueType(), encoding: try readEncoding(&reader),
      offset: try readOffset(&reader))
  }

  private static func writeEncoding(_ encoding: KeyEncoding, _ writer: inout ByteWriter) {
    switch encoding {
    case .boolean: writer.byte(1)
    case .declared: writer.byte(2)
    case .whole: writer.byte(3)
    case .scaled(let digits): writer.byte(4); writer.count(digits)
    case .ranked(let constants): writer.byte(5); writer.list(constants) { $0.value($1) }
    }
  }

  private static func readEncoding(_ reader: inout ByteReader) throws(FormatError) -> KeyEncoding {
    let code = try reader.byte()
    switch code {
    case 1: return .boolean
    case 2: return .declared
    case 3: return .whole
    case 4: return .scaled(digits: try reader.index())
    case 5:
      return .ranked(try reader.list { (reader) throws(FormatError) in try reader.value() })
    default: throw reader.fault("unknown key encoding \(code)")
    }
  }

  /// Cuts ascend, so each is written as its distance from the one before.
  private static func writeCuts(_ cuts: [Int64], _ writer: inout ByteWriter) {
    writer.count(cuts.count)
    var last: Int64 = 0
    for (index, cut) in cuts.enumerated() {
      if index == 0 { writer.signed(cut) } else { writer.number(UInt64(bitPattern: cut &- last)) }
      last = cut
    }
  }

  private static func readCuts(_ reader: inout ByteReader) throws(FormatError) -> [Int64] {
    var cuts: [Int64] = []
    for index in 0..<(try reader.count()) {
      if index == 0 {
        cuts.append(try reader.signed())
      } else {
        let distance = Int64(bitPattern: try reader.number(UInt64.self))
        cuts.append(cuts[index - 1] &+ distance)
      }
    }
    return cuts
  }

  /// A node's index doubled, or a leaf's doubled plus one.
  private static func writeTarget(_ target: Target, _ writer: inout ByteWriter) {
    switch target {
    case .node(let index): writer.count(index * 2)
    case .leaf(let index): writer.count(index * 2 + 1)
    }
  }

  private static func readTarget(_ reader: inout ByteReader) throws(FormatError) -> Target {
    let raw = try reader.index()
    return raw & 1 == 0 ? .node(raw / 2) : .leaf(raw / 2)
  }
}
