import Foundation
import RuleCompiler
import RuleProgram
import Testing

@testable import RuleBackends

@Suite("C as WebAssembly") struct WebAssemblyTests {
  private static let clang = Tool.path("clang")
  private static let linker = Tool.path("wasm-ld")
  private static let node = Tool.path("node")

  /// Reads keys as decimal texts, and prints each row's leaf, a line for each module.
  private static let script = """
    const fs = require("fs");
    for (const name of process.argv.slice(2)) {
      const compiled = new WebAssembly.Module(fs.readFileSync(`${name}.wasm`));
      const rules = new WebAssembly.Instance(compiled, {}).exports;
      const rows = JSON.parse(fs.readFileSync(`${name}.json`, "utf8"));
      const at = rules.__heap_base.value;
      const answers = rows.map((keys) => {
        const words = new BigInt64Array(rules.memory.buffer, at, keys.length);
        keys.forEach((key, slot) => { words[slot] = BigInt(key); });
        return rules[`${name}_leaf`](at);
      });
      console.log(answers.join(" "));
    }
    """

  @Test(
    "the modules give the evaluator's leaves",
    .enabled(
      if: clang != nil && linker != nil && node != nil,
      "needs `clang` with `wasm-ld`, and `node`: run Tests/Backends/prepare"))
  func leaves() throws {
    let seed = TestData.seed()
    print("WebAssembly: LEAFPROOF_SEED=\(seed)")
    let folder = try TemporaryFolder()
    var programs = [try TestData.ruleSet(CConformanceTests.expressible).program]
    programs += try TestData.shippedRuleSets().map { try TestData.ruleSet($0).program }
    var names: [String] = []
    var expected: [String] = []
    for (index, program) in programs.enumerated() {
      names.append("module_\(index)")
      try build(program, names[index], keysOnly: index > 0, in: folder)
      expected.append(try writeRows(program, names[index], seed &+ UInt64(index), in: folder))
    }
    try folder.write(Self.script, to: "run.cjs")
    let said = try Tool.run(#require(Self.node), ["run.cjs"] + names, in: folder.url)
    #expect(said == expected.joined(separator: "\n") + "\n", "seed \(seed)")
  }

  private func build(
    _ program: VerifiedProgram, _ name: String, keysOnly: Bool, in folder: TemporaryFolder
  ) throws {
    let files = try CBackend(program, options(name, keysOnly: keysOnly)).emit()
    try folder.write(files.header, to: "\(name).h")
    try folder.write(files.source, to: "\(name).c")
    try Tool.run(
      #require(Self.clang),
      [
        "--target=wasm32", "-O2", "-ffreestanding", "-nostdlib", "-std=c99", "-Wall", "-Wextra",
        "-Werror", "-Wl,--no-entry", "-Wl,--export-all", "-o", "\(name).wasm", "\(name).c",
      ], in: folder.url)
  }

  /// Writes rows that aren't refused, as keys; gives their leaves.
  private func writeRows(
    _ program: VerifiedProgram, _ name: String, _ seed: UInt64, in folder: TemporaryFolder
  ) throws -> String {
    var source = RowSource(program.program, seed: seed)
    var binding = Binding(Evaluator(program))
    var (rows, leaves): ([String], [String]) = ([], [])
    let wanted = TestData.isNightly ? 20_000 : 500
    for _ in 0..<(100 * wanted) where leaves.count < wanted {
      binding.begin()
      for (input, field) in source.row().enumerated() {
        binding.bind(input, value: field.value ?? .null)
      }
      guard let leaf = binding.evaluate() else { continue }
      leaves.append(String(leaf))
      rows.append("[" + binding.keys.map { "\"\($0)\"" }.joined(separator: ",") + "]")
    }
    #expect(leaves.count == wanted, "\(name): too many rows are refused")
    try folder.write("[\(rows.joined(separator: ","))]", to: "\(name).json")
    return leaves.joined(separator: " ")
  }
}
