import Glibc

/// A generated tree's C program, compiled and loaded into this process.
@safe final class CompiledTree {
  private typealias Leaves =
    @convention(c) (UnsafePointer<Int64>?, Int, UnsafeMutablePointer<Int32>?) -> Void

  private let library: UnsafeMutableRawPointer
  private let function: Leaves

  /// The C compiler: `CC`, by default clang.
  static var compiler: String {
    guard let text = unsafe getenv("CC") else { return "clang" }
    return unsafe String(cString: text)
  }

  /// Compiles `tree` with `-O2` and loads it.
  init(_ tree: GeneratedTree, _ workspace: Workspace) throws {
    let source = try workspace.write("tree-\(tree.leafCount).c", tree.c)
    let object = workspace.file("tree-\(tree.leafCount).so")
    try Program.run(
      Self.compiler, ["-O2", "-shared", "-fPIC", "-o", object, source], errors: nil)
    guard let library = unsafe dlopen(object.hasPrefix("/") ? object : "./" + object, RTLD_NOW),
      let symbol = unsafe dlsym(library, "leaves")
    else { throw BenchmarkError("can't load \(object)") }
    unsafe self.library = unsafe library
    unsafe function = unsafe unsafeBitCast(symbol, to: Leaves.self)
  }

  deinit { unsafe dlclose(library) }

  /// The number of the leaf of each row.
  func leaves(_ rows: [Int64], into leaves: inout [Int32]) {
    let count = leaves.count
    unsafe rows.withUnsafeBufferPointer { rows in
      unsafe leaves.withUnsafeMutableBufferPointer { leaves in
        unsafe function(rows.baseAddress, count, leaves.baseAddress)
      }
    }
  }
}
