import CanonicalJSON
import RuleProgram

/// Words the outcome of each row for standard output.
struct RowWriter: Sendable {
  /// The forms of the output.
  enum Form: String, Sendable {
    case csv, jsonl, table
  }

  private let form: Form
  private let program: Program
  private let showsOutputs: Bool
  /// For each leaf, all its ends have in common, one after the other: `,OUTCOME,LEAF`.
  private var ends: [UInt8] = []
  /// Where each leaf's end lies.
  private var endBounds: [Int] = [0]
  /// The line before all rows; empty in JSON Lines.
  private(set) var header: [UInt8] = []

  /// A writer for `program`'s leaves; `showsOutputs` adds a CSV column for each output.
  init(_ form: Form, _ program: Program, showsOutputs: Bool) {
    self.form = form
    self.program = program
    self.showsOutputs = showsOutputs
    let width = program.outcomes.map(\.name.unicodeScalars.count).max() ?? 0
    for (number, leaf) in program.leaves.enumerated() {
      let outcome = program.outcome(ofLeaf: number).name
      switch form {
      case .csv:
        ends +=
          [UInt8(ascii: ",")] + Self.field(outcome) + [UInt8(ascii: ",")] + Self.field(leaf.id)
      case .table: ends += "  \(Self.padded(outcome, max(width, 7)))  \(leaf.id)".utf8
      case .jsonl: break
      }
      endBounds.append(ends.count)
    }
    header = makeHeader(outcomeWidth: max(width, 7))
  }

  private func makeHeader(outcomeWidth: Int) -> [UInt8] {
    var bytes: [UInt8] = []
    switch form {
    case .csv:
      bytes += "row,outcome,leaf".utf8
      if showsOutputs {
        for output in program.outputs {
          bytes.append(UInt8(ascii: ","))
          bytes += Self.field(output.name)
        }
      }
    case .table:
      bytes += "      row  \(Self.padded("outcome", outcomeWidth))  leaf".utf8
    case .jsonl: return []
    }
    bytes.append(0x0A)
    return bytes
  }

  /// Appends the row that reached `leaf` to `bytes`.
  func append(row: Int, leaf: Int, _ binding: inout Binding, to bytes: inout [UInt8]) {
    switch form {
    case .csv: bytes.append(decimal: row)
    case .table: bytes += Self.padded(row, 9).utf8
    case .jsonl:
      bytes += json(row, leaf, &binding).compactBytes
      bytes.append(0x0A)
      return
    }
    bytes.append(contentsOf: ends[endBounds[leaf]..<endBounds[leaf + 1]])
    if showsOutputs, form == .csv { appendOutputs(leaf, &binding, to: &bytes) }
    bytes.append(0x0A)
  }

  /// Appends a row that was refused to `bytes`.
  func append(row: Int, refused problems: @autoclosure () -> JSON, to bytes: inout [UInt8]) {
    switch form {
    case .csv:
      bytes.append(decimal: row)
      bytes += ",refused,".utf8
      if showsOutputs {
        bytes.append(
          contentsOf: repeatElement(UInt8(ascii: ","), count: program.outputs.count))
      }
    case .table: bytes += "\(Self.padded(row, 9))  refused".utf8
    case .jsonl:
      let json: JSON = [
        "row": .integer(row), "outcome": "refused", "leaf": .null, "problems": problems(),
      ]
      bytes += json.compactBytes
    }
    bytes.append(0x0A)
  }

  private func json(_ row: Int, _ leaf: Int, _ binding: inout Binding) -> JSON {
    let outputs = binding.outputs(ofLeaf: leaf).map {
      JSON.Member(program.outputs[$0.output].name, JSON($0.value))
    }
    let derived = program.derived.indices.map {
      JSON.Member(program.derived[$0].name, JSON(binding.derived[$0]))
    }
    return .object(present: [
      ("row", .integer(row)), ("outcome", .string(program.outcome(ofLeaf: leaf).name)),
      ("leaf", .string(program.leaves[leaf].id)),
      ("reasons", .array(program.reasonCodes(ofLeaf: leaf).map { .string($0) })),
      ("outputs", .object(outputs)), ("derived", derived.isEmpty ? nil : .object(derived)),
    ])
  }

  private func appendOutputs(
    _ leaf: Int, _ binding: inout Binding, to bytes: inout [UInt8]
  ) {
    var next = 0
    for (output, value) in binding.outputs(ofLeaf: leaf) {
      while next <= output {
        bytes.append(UInt8(ascii: ","))
        next += 1
      }
      if value != .null { bytes += Self.field(value.description) }
    }
    while next < program.outputs.count {
      bytes.append(UInt8(ascii: ","))
      next += 1
    }
  }

  /// A CSV field, in quotes where it needs them.
  private static func field(_ text: String) -> [UInt8] {
    let quote = UInt8(ascii: "\"")
    guard text.utf8.contains(where: { $0 == quote || $0 == 0x2C || $0 == 0x0A || $0 == 0x0D })
    else { return Array(text.utf8) }
    return [quote] + text.utf8.flatMap { $0 == quote ? [quote, quote] : [$0] } + [quote]
  }

  private static func padded(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: max(0, width - text.unicodeScalars.count))
  }

  private static func padded(_ number: Int, _ width: Int) -> String {
    let text = String(number)
    return String(repeating: " ", count: max(0, width - text.utf8.count)) + text
  }
}
