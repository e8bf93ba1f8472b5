/// The byte forms of pipelines and models: see `ByteFormat/FORMAT.md`.
extension PipelineDefinition {
  static let magic: [UInt8] = Array("LPPL".utf8)
  /// The only version so far; a reader refuses any other.
  public static let formatVersion = 1

  /// The pipeline as bytes: equal pipelines give equal bytes.
  public var bytes: [UInt8] {
    var writer = ByteWriter()
    writer.raw(Self.magic)
    writer.count(Self.formatVersion)
    writer.string(id)
    writer.string(version)
    writer.optional(title)
    writer.flag(candidates != nil)
    if let candidates {
      writer.string(candidates.array)
      writer.string(candidates.key)
    }
    writer.list(stages, Self.write)
    reasons.write(to: &writer)
    return writer.bytes
  }

  /// Reads a pipeline.
  public init(bytes: [UInt8]) throws(FormatError) {
    var reader = ByteReader(bytes)
    guard try reader.raw(min(4, bytes.count)) == Self.magic else {
      throw FormatError("this is not a compiled pipeline", at: 0)
    }
    let formatVersion = try reader.index()
    guard formatVersion == Self.formatVersion else {
      throw reader.fault("format version \(formatVersion) is newer than this program reads")
    }
    let id = try reader.string()
    let version = try reader.string()
    let title = try reader.optional()
    let candidates: Candidates? =
      try reader.flag() ? Candidates(array: try reader.string(), key: try reader.string()) : nil
    let stages = try reader.list(Self.readStage)
    let reasons = try ReasonPolicy(from: &reader)
    guard reader.isAtEnd else { throw reader.fault("there is data behind the end") }
    self.init(
      id: id, version: version, title: title, candidates: candidates, stages: stages,
      reasons: reasons)
    guard self.bytes == bytes else {
      throw FormatError("the pipeline is not in its canonical form", at: 0)
    }
  }

  private static func write(_ writer: inout ByteWriter, _ stage: Stage) {
    switch stage {
    case .score(let model, let into):
      writer.byte(1)
      write(&writer, model)
      writer.string(into)
    case .experiment(let experiment):
      writer.byte(2)
      writer.string(experiment.id)
      writer.string(experiment.unit)
      writer.list(experiment.arms) { writer, arm in
        writer.string(arm.id)
        writer.decimal(arm.share)
        writer.flag(arm.model != nil)
        if let model = arm.model { write(&writer, model) }
        writer.string(arm.into)
      }
    case .rules(let ruleset, let discard):
      writer.byte(3)
      write(&writer, ruleset)
      writer.list(discard) { $0.string($1) }
    case .rank(let by, let descending, let keep):
      writer.byte(4)
      writer.string(by)
      writer.flag(descending)
      writer.flag(keep != nil)
      if let keep { writer.count(keep) }
    }
  }

  private static func write(_ writer: inout ByteWriter, _ reference: Reference) {
    writer.string(reference.id)
    writer.string(reference.version)
  }

  private static func readReference(_ reader: inout ByteReader) throws(FormatError) -> Reference {
    Reference(id: try reader.string(), version: try reader.string())
  }

  private static func readStage(_ reader: inout ByteReader) throws(FormatError) -> Stage {
    let code = try reader.byte()
    switch code {
    case 1: return .score(model: try readReference(&reader), into: try reader.string())
    case 2:
      return .experiment(
        Experiment(
          id: try reader.string(), unit: try reader.string(), arms: try reader.list(readArm)))
    case 3:
      return .rules(
        ruleset: try readReference(&reader),
        discard: try reader.list { (reader) throws(FormatError) in try reader.string() })
    case 4:
      return .rank(
        by: try reader.string(), descending: try reader.flag(),
        keep: try reader.flag() ? try reader.index() : nil)
    default: throw reader.fault("unknown stage \(code)")
    }
  }

  private static func readArm(_ reader: inout ByteReader) throws(FormatError) -> Arm {
    Arm(
      id: try reader.string(), share: try reader.decimal(),
      model: try reader.flag() ? try readReference(&reader) : nil, into: try reader.string())
  }
}

extension ModelDefinition {
  static let magic: [UInt8] = Array("LPMD".utf8)
  /// The only version so far; a reader refuses any other.
  public static let formatVersion = 1

  /// The registration as bytes: equal registrations give equal bytes.
  public var bytes: [UInt8] {
    var writer = ByteWriter()
    writer.raw(Self.magic)
    writer.count(Self.formatVersion)
    writer.string(id)
    writer.string(version)
    writer.optional(title)
    writer.optional(owner)
    for pinned in [artifact, code, data] {
      writer.optional(pinned?.href)
      writer.optional(pinned?.pin)
    }
    return writer.bytes
  }

  /// Reads a registration.
  public init(bytes: [UInt8]) throws(FormatError) {
    var reader = ByteReader(bytes)
    guard try reader.raw(min(4, bytes.count)) == Self.magic else {
      throw FormatError("this is not a model's registration", at: 0)
    }
    let formatVersion = try reader.index()
    guard formatVersion == Self.formatVersion else {
      throw reader.fault("format version \(formatVersion) is newer than this program reads")
    }
    self.init(
      id: try reader.string(), version: try reader.string(), title: try reader.optional(),
      owner: try reader.optional(), artifact: try Self.readPinned(&reader),
      code: try Self.readPinned(&reader), data: try Self.readPinned(&reader))
    guard reader.isAtEnd else { throw reader.fault("there is data behind the end") }
    guard self.bytes == bytes else {
      throw FormatError("the registration is not in its canonical form", at: 0)
    }
  }

  private static func readPinned(_ reader: inout ByteReader) throws(FormatError) -> Pinned? {
    let href = try reader.optional()
    let pin = try reader.optional()
    return href.map { Pinned(href: $0, pin: pin) }
  }
}
