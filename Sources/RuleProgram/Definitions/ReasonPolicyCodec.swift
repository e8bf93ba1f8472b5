/// The byte form of a policy of reasons, within a pipeline's: see `ByteFormat/FORMAT.md`.
extension ReasonPolicy {
  func write(to writer: inout ByteWriter) {
    writer.byte(source.rawValue)
    writer.flag(isByComponent)
    writer.count(maximum)
    writer.byte(factors.rawValue)
    writer.list(bands) { writer, band in
      writer.byte(band.give.rawValue)
      writer.list(band.outcomes) { $0.string($1) }
      writer.list(band.leaves) { $0.string($1) }
      writer.flag(band.score != nil)
      guard let score = band.score else { return }
      writer.string(score.into)
      for end in [score.from, score.below] {
        writer.flag(end != nil)
        if let end { writer.decimal(end) }
      }
    }
  }

  init(from reader: inout ByteReader) throws(FormatError) {
    let source = try Self.readSource(&reader)
    let isByComponent = try reader.flag()
    let maximum = try reader.index()
    guard (1...Self.greatestMaximum).contains(maximum) else {
      throw reader.fault("\(maximum) is no number of reasons")
    }
    guard let factors = Factors(rawValue: try reader.byte()) else {
      throw reader.fault("unknown choice of factors")
    }
    self.init(
      source: source, isByComponent: isByComponent, maximum: maximum, factors: factors,
      bands: try reader.list(Self.readBand))
  }

  private static func readSource(_ reader: inout ByteReader) throws(FormatError) -> Source {
    guard let source = Source(rawValue: try reader.byte()) else {
      throw reader.fault("unknown source of reasons")
    }
    return source
  }

  private static func readBand(_ reader: inout ByteReader) throws(FormatError) -> Band {
    Band(
      give: try readSource(&reader),
      outcomes: try reader.list { (reader) throws(FormatError) in try reader.string() },
      leaves: try reader.list { (reader) throws(FormatError) in try reader.string() },
      score: try reader.flag() ? try readRange(&reader) : nil)
  }

  private static func readRange(_ reader: inout ByteReader) throws(FormatError) -> ScoreRange {
    ScoreRange(
      into: try reader.string(), from: try reader.flag() ? try reader.decimal() : nil,
      below: try reader.flag() ? try reader.decimal() : nil)
  }
}
