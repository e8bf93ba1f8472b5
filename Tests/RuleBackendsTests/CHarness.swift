import Foundation
import RuleBackends
import RuleProgram
import Testing

/// Runs emitted programs over rows, all of them in one process, beside the evaluator.
struct CHarness {
  /// One program and how it was emitted.
  struct Subject {
    var program: VerifiedProgram
    var id: String
    var files: CBackend.Files
    var keysOnly: Bool
  }

  /// What emitted text is compiled with: no warning may remain.
  static let flags = ["-O2", "-Wall", "-Wextra", "-Werror", "-std=c99", "-pedantic"]

  private let subjects: [Subject]
  private let folder: TemporaryFolder

  init(_ subjects: [Subject]) throws {
    self.subjects = subjects
    folder = try TemporaryFolder()
  }

  /// Compiles everything, runs `rows` rows of each program, and compares.
  func check(rows: Int, seed: UInt64, compiler: String) throws {
    var units: [String] = []
    for subject in subjects {
      try folder.write(subject.files.header, to: "\(subject.id).h")
      try folder.write(subject.files.source, to: "\(subject.id).c")
      units.append("\(subject.id).c")
    }
    try folder.write(main(), to: "main.c")
    try Tool.run(compiler, Self.flags + ["-o", "run", "main.c"] + units, in: folder.url)
    var bytes: [UInt8] = []
    var expected: [[Expectation]] = []
    for (index, subject) in subjects.enumerated() {
      bytes += Self.bytes(Int64(rows))
      expected.append(Self.rows(subject, rows, seed &+ UInt64(index), &bytes))
    }
    let url = folder.url
    try Data(bytes).write(to: url.appendingPathComponent("rows"))
    try Tool.run(url.appendingPathComponent("run").path, ["rows", "leaves"], in: url)
    let answers = try Data(contentsOf: url.appendingPathComponent("leaves"))
    try compare(answers, expected, seed)
  }

  // MARK: - The rows

  /// What must come out for a row.
  private struct Expectation {
    var leaf: Int32
    var isRefused: Bool
    var fields: [Field]
  }

  private static func rows(
    _ subject: Subject, _ count: Int, _ seed: UInt64, _ bytes: inout [UInt8]
  ) -> [Expectation] {
    var source = RowSource(subject.program.program, seed: seed)
    var binding = Binding(Evaluator(subject.program))
    return (0..<count).map { _ in
      let row = source.row()
      binding.begin()
      for (input, field) in row.enumerated() {
        if let value = field.value {
          binding.bind(input, value: value)
        } else {
          binding.refuse(input, .wrongType(subject.program.program.inputs[input].type))
        }
      }
      let leaf = binding.evaluate()
      if !subject.keysOnly { for field in row { bytes += Self.bytes(field.word) } }
      for key in binding.keys { bytes += Self.bytes(key) }
      return Expectation(
        leaf: Int32(leaf ?? -1), isRefused: !binding.refusals.isEmpty, fields: row)
    }
  }

  private static func bytes(_ number: Int64) -> [UInt8] {
    let bits = UInt64(bitPattern: number)
    return (0..<8).map { UInt8(truncatingIfNeeded: bits >> UInt64(8 * $0)) }
  }

  private static func bytes(_ word: Field.Word) -> [UInt8] {
    switch word {
    case .double(let double): bytes(Int64(bitPattern: double.bitPattern))
    case .integer(let number): bytes(number)
    case .boolean(let flag): bytes(Int64(flag))
    case .text(nil): bytes(-1)
    case .text(let text?): bytes(Int64(text.count)) + text
    }
  }

  private func compare(_ answers: Data, _ expected: [[Expectation]], _ seed: UInt64) throws {
    let numbers = unsafe answers.withUnsafeBytes { unsafe Array($0.bindMemory(to: Int32.self)) }
    try #require(numbers.count == expected.reduce(0) { $0 + $1.count } * 3)
    let all = expected.joined()
    print(
      "C harness: \(all.count) rows, \(all.count { $0.isRefused }) of them refused,",
      "\(Set(all.map(\.leaf)).count) different leaves")
    #expect(all.count { !$0.isRefused } * 4 > all.count, "too many rows are refused")
    var place = 0
    for (subject, rows) in zip(subjects, expected) {
      for (index, row) in rows.enumerated() {
        let (ofRow, ofKeys, refused) = (numbers[place], numbers[place + 1], numbers[place + 2])
        place += 3
        let keysAgree = row.isRefused || ofKeys == row.leaf
        let rowAgrees =
          subject.keysOnly || (ofRow == row.leaf && (refused >= 0) == row.isRefused)
        if keysAgree && rowAgrees { continue }
        Issue.record(
          """
          seed \(seed), \(subject.id), row \(index): leaf \(row.leaf) (refused \(row.isRefused)), \
          C row \(ofRow), C keys \(ofKeys), C refused input \(refused); \(row.fields)
          \(subject.program.program.disassembly().prefix(6000))
          """)
        return
      }
    }
  }

  // MARK: - The main program

  private func main() -> String {
    let includes = subjects.map { "#include \"\($0.id).h\"" }
    let calls = subjects.map { "  run_\($0.id)();" }
    return """
      #include <stdio.h>
      #include <stdlib.h>
      #include <string.h>
      \(includes.joined(separator: "\n"))
      static const char *at;
      static FILE *out;
      static int64_t integer(void) {
        int64_t value;
        memcpy(&value, at, 8);
        at += 8;
        return value;
      }
      static void answer(int32_t a, int32_t b, int32_t c) {
        const int32_t all[3] = {a, b, c};
        fwrite(all, 4, 3, out);
      }
      \(subjects.map(function).joined(separator: "\n"))
      int main(int count, char **arguments) {
        FILE *in = fopen(arguments[1], "rb");
        long size;
        char *bytes;
        if (count != 3 || !in) return 1;
        fseek(in, 0, SEEK_END);
        size = ftell(in);
        rewind(in);
        bytes = malloc((size_t)size + 1);
        if (!bytes || fread(bytes, 1, (size_t)size, in) != (size_t)size) return 1;
        at = bytes;
        out = fopen(arguments[2], "wb");
      \(calls.joined(separator: "\n"))
        fclose(out);
        fclose(in);
        free(bytes);
        return 0;
      }
      """
  }

  private func function(_ subject: Subject) -> String {
    let program = subject.program.program
    let p = subject.id
    var lines: [String] = []
    if !subject.keysOnly {
      lines.append("\(p)_inputs row;")
      let fields = CFields.names(subject.files.header)
      for (name, input) in zip(fields, program.inputs) {
        switch input.type {
        case .number: lines.append("memcpy(&row.\(name), at, 8); at += 8;")
        case .boolean: lines.append("row.\(name) = (int8_t)integer();")
        case .string:
          lines.append(
            """
            { const int64_t n = integer(); row.\(name).bytes = n < 0 ? NULL : at; \
            row.\(name).length = n < 0 ? 0 : (size_t)n; at += n < 0 ? 0 : n; }
            """)
        default: lines.append("row.\(name) = integer();")
        }
      }
      if program.inputs.isEmpty { lines.append("row.none = 0;") }
    }
    lines.append("int64_t keys[\(max(program.slots.count, 1))] = {0};")
    lines.append("const int64_t *columns[\(max(program.slots.count, 1))] = {NULL};")
    lines += program.slots.indices.map { "keys[\($0)] = integer(); columns[\($0)] = keys + \($0);" }
    let ofRow =
      subject.keysOnly ? "-1, batch, -1" : "\(p)_leaf_of(&row), batch, \(p)_refused_input(&row)"
    return """
      static void run_\(p)(void) {
        int64_t rows = integer();
        while (rows-- > 0) {
          \(lines.joined(separator: "\n    "))
          int32_t batch;
          \(p)_leaf_batch(columns, 1, &batch);
          if (batch != \(p)_leaf(keys)) exit(3);
          answer(\(ofRow));
        }
      }
      """
  }
}

/// What the header says.
enum CFields {
  /// The names of the row's fields, in their order.
  static func names(_ header: String) -> [String] {
    let lines = header.split(separator: "\n", omittingEmptySubsequences: false)
    guard let end = lines.firstIndex(where: { $0.hasSuffix("_inputs;") }),
      let start = lines[..<end].lastIndex(of: "typedef struct {")
    else { return [] }
    return lines[(start + 1)..<end].compactMap { line in
      line.split(separator: ";").first?.split(separator: " ").last.map(String.init)
    }
  }
}
