/// Whole rows of a file, one after the other.
struct RowChunk: Sendable {
  /// About how many bytes a chunk has when there are more rows than it holds: so few that a
  /// processor's cache keeps them, so many that handing them on costs nothing.
  static let size = 1 << 18

  /// The rows as they stand in the file.
  var bytes: [UInt8] = []
  /// The number of the first row, from 1.
  var firstRow = 1
  /// The line on which the first row starts, from 1.
  var firstLine = 1
  /// How many bytes of the file end with the chunk.
  var consumed = 0
}

/// What a file of rows has.
enum ChunkItem {
  /// The chunk was filled.
  case chunk
  /// No whole row arrived for a while.
  case notYet
  /// There are no more rows.
  case end
}

/// A file that is read in chunks.
protocol ChunkSource: ~Copyable, Sendable {
  /// The file's size in bytes; nil for a pipe.
  var size: Int? { get }

  /// Fills `chunk` with rows, but doesn't wait for more of them once there is one. What is wrong
  /// with the file is thrown when all rows before it were given.
  mutating func nextChunk(_ chunk: inout RowChunk) throws(Failure) -> ChunkItem
}

/// What there is to say of a chunk's rows.
struct ChunkAnswer: Sendable {
  /// The lines for standard output.
  var output: [UInt8] = []
  /// How many rows there were.
  var rows = 0
  /// The rows that were refused.
  var refusals: RefusalNotes
  /// The first warning.
  var warning: String?
  /// What ends the evaluation behind these rows.
  var failure: Failure?
  /// How many bytes of the file end with the chunk.
  var consumed = 0
}

/// Evaluates chunks, one at a time.
protocol ChunkEvaluator: SendableMetatype {
  /// The answer to all rows of a chunk.
  mutating func evaluate(_ chunk: inout RowChunk) -> ChunkAnswer
}
