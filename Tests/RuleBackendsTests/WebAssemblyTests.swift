import Foundation
import RuleCompiler
import RuleProgram
import Testing

@testable import RuleBackends

@Suite("C as WebAssembly") struct WebAssemblyTests {
  private static let clang = Tool.path("clang")
  private static let linker = Tool.path("wasm-ld")
  private static let node = Tool.path("node")

  /// Reads keys as decimal texts, and prints each row's leaf.
  private static let script = """
    const fs = require("fs");
    const compiled = new WebAssembly.Module(fs.readFileSync("rules.wasm"));
    const rules = new WebAssembly.Instance(compiled, {}).exports;
    const rows = JSON.parse(fs.readFileSync("rows.json", "utf8"));
    const at = rules.__heap_base.value;
    const answers = rows.map((keys) => {
      const words = new BigInt64Array(rules.memory.buffer, at, keys.length);
      keys.forEach((key, slot) => { words[slot] = BigInt(key); });
      return rules.written_leaf(at);
    });
    console.log(answers.join(" "));
    """

  @Test(
    "the module gives the evaluator's leaves",
    .enabled(
      if: clang != nil && linker != nil && node != nil,
      "needs `clang` with `wasm-ld`, and `node`"))
  func leaves() throws {
    let seed = TestData.seed()
    print("WebAssembly: LEAFPROOF_SEED=\(seed)")
    let program = try TestData.ruleSet(CConformanceTests.expressible).program
    let files = try CBackend(program, options("written")).emit()
    let folder = try TemporaryFolder()
    try folder.write(files.header, to: "written.h")
    try folder.write(files.source, to: "written.c")
    try folder.write(Self.script, to: "run.cjs")
    try Tool.run(
      #require(Self.clang),
      [
        "--target=wasm32", "-O2", "-ffreestanding", "-nostdlib", "-std=c99", "-Wall", "-Wextra",
        "-Werror", "-Wl,--no-entry", "-Wl,--export-all", "-o", "rules.wasm", "written.c",
      ], in: folder.url)
    var source = RowSource(program.program, seed: seed)
    var binding = Binding(Evaluator(program))
    var (rows, expected): ([String], [String]) = ([], [])
    while rows.count < 500 {
      binding.begin()
      for (input, field) in source.row().enumerated() {
        binding.bind(input, value: field.value ?? .null)
      }
      guard let leaf = binding.evaluate() else { continue }
      expected.append(String(leaf))
      rows.append("[" + binding.keys.map { "\"\($0)\"" }.joined(separator: ",") + "]")
    }
    try folder.write("[\(rows.joined(separator: ","))]", to: "rows.json")
    let said = try Tool.run(#require(Self.node), ["run.cjs"], in: folder.url)
    #expect(said == expected.joined(separator: " ") + "\n")
  }
}
