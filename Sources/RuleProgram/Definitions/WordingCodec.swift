/// The byte form of a wording: see `ByteFormat/FORMAT.md`.
extension Wording {
  static let magic: [UInt8] = Array("LPWD".utf8)
  /// The only version so far; a reader refuses any other.
  public static let formatVersion = 1

  /// The wording as bytes.
  public var bytes: [UInt8] {
    var writer = ByteWriter()
    writer.raw(Self.magic)
    writer.count(Self.formatVersion)
    writer.string(id)
    writer.string(version)
    writer.string(language)
    writer.optional(title)
    writer.list(titles, Self.write)
    writer.list(authorities) { writer, authority in
      writer.string(authority.text)
      writer.optional(authority.href)
      writer.optional(authority.clause)
    }
    for terms in [inputs, derived, outcomes, outputs, reasons] {
      writer.list(terms, Self.write)
    }
    writer.list(nodes, Self.write)
    writer.list(leaves) { Self.write(&$0, $1) }
    return writer.bytes
  }

  /// Reads a wording.
  public init(bytes: [UInt8]) throws(FormatError) {
    var reader = ByteReader(bytes)
    guard try reader.raw(min(4, bytes.count)) == Self.magic else {
      throw FormatError("this is not a rule set's wording", at: 0)
    }
    let formatVersion = try reader.index()
    guard formatVersion == Self.formatVersion else {
      throw reader.fault("format version \(formatVersion) is newer than this program reads")
    }
    self.init(
      id: try reader.string(), version: try reader.string(), language: try reader.string())
    title = try reader.optional()
    titles = try Self.readTranslations(&reader)
    authorities = try reader.list { (reader) throws(FormatError) in
      Authority(
        text: try reader.string(), href: try reader.optional(), clause: try reader.optional())
    }
    inputs = try reader.list(Self.readTerm)
    derived = try reader.list(Self.readTerm)
    outcomes = try reader.list(Self.readTerm)
    outputs = try reader.list(Self.readTerm)
    reasons = try reader.list(Self.readTerm)
    nodes = try reader.list(Self.readNode)
    leaves = try reader.list(Self.readPlace)
    guard reader.isAtEnd else { throw reader.fault("there is data behind the end") }
  }

  /// The wording fits `program`: one entry for each node and leaf.
  public func fits(_ program: Program) -> Bool {
    nodes.count == program.nodes.count && leaves.count == program.leaves.count
      && zip(nodes, program.nodes).allSatisfy { wording, node in
        wording.branchOfChild.count == node.children.count
          && wording.branchOfChild.allSatisfy(wording.branches.indices.contains)
      }
  }

  private static func write(_ writer: inout ByteWriter, _ place: Place) {
    writer.count(place.line)
    writer.count(place.column)
  }

  private static func readPlace(_ reader: inout ByteReader) throws(FormatError) -> Place {
    Place(line: try reader.index(), column: try reader.index())
  }

  private static func write(_ writer: inout ByteWriter, _ term: Term) {
    writer.string(term.name)
    writer.optional(term.label)
    writer.optional(term.unit)
    writer.optional(term.origin)
    writer.optional(term.expression)
    writer.flag(term.isProtected)
    writer.list(term.values) { writer, value in
      writer.string(value.value)
      writer.string(value.label)
      writer.list(value.labels, Self.write)
    }
    writer.list(term.labels, Self.write)
    writer.flag(term.change != nil)
    if let change = term.change {
      writer.byte(change.direction.rawValue)
      for amount in [change.step, change.cost] {
        writer.flag(amount != nil)
        if let amount { writer.decimal(amount) }
      }
    }
  }

  private static func write(_ writer: inout ByteWriter, _ translation: Translation) {
    writer.string(translation.language)
    writer.string(translation.text)
  }

  /// Texts by ascending language, none twice.
  private static func readTranslations(
    _ reader: inout ByteReader
  ) throws(FormatError) -> [Translation] {
    let list = try reader.list { (reader) throws(FormatError) in
      Translation(language: try reader.string(), text: try reader.string())
    }
    let isSorted = zip(list, list.dropFirst()).allSatisfy {
      $0.language.utf8.lexicographicallyPrecedes($1.language.utf8)
    }
    guard isSorted else { throw reader.fault("translations are not sorted by language") }
    return list
  }

  private static func readChange(_ reader: inout ByteReader) throws(FormatError) -> Change? {
    guard try reader.flag() else { return nil }
    guard let direction = Change.Direction(rawValue: try reader.byte()) else {
      throw reader.fault("unknown direction of change")
    }
    return Change(
      direction: direction, step: try reader.flag() ? try reader.decimal() : nil,
      cost: try reader.flag() ? try reader.decimal() : nil)
  }

  private static func readTerm(_ reader: inout ByteReader) throws(FormatError) -> Term {
    Term(
      name: try reader.string(), label: try reader.optional(), unit: try reader.optional(),
      origin: try reader.optional(), expression: try reader.optional(),
      isProtected: try reader.flag(),
      values: try reader.list { (reader) throws(FormatError) in
        ValueLabel(
          value: try reader.string(), label: try reader.string(),
          labels: try readTranslations(&reader))
      },
      labels: try readTranslations(&reader), change: try readChange(&reader))
  }

  private static func write(_ writer: inout ByteWriter, _ node: NodeWording) {
    writer.optional(node.id)
    writer.optional(node.label)
    writer.list(node.labels, Self.write)
    writer.string(node.on)
    write(&writer, node.place)
    writer.optional(node.justification)
    writer.list(node.branches) { writer, branch in
      writer.byte(branch.kind.rawValue)
      writer.string(branch.tests)
      write(&writer, branch.place)
    }
    writer.list(node.branchOfChild) { $0.count($1) }
  }

  private static func readNode(_ reader: inout ByteReader) throws(FormatError) -> NodeWording {
    NodeWording(
      id: try reader.optional(), label: try reader.optional(),
      labels: try readTranslations(&reader), on: try reader.string(),
      place: try readPlace(&reader), justification: try reader.optional(),
      branches: try reader.list { (reader) throws(FormatError) in
        guard let kind = Branch.Kind(rawValue: try reader.byte()) else {
          throw reader.fault("unknown kind of branch")
        }
        return Branch(kind: kind, tests: try reader.string(), place: try readPlace(&reader))
      },
      branchOfChild: try reader.list { (reader) throws(FormatError) in try reader.index() })
  }
}
