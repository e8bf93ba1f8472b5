import Glibc

/// What went wrong in a benchmark.
struct BenchmarkError: Error, CustomStringConvertible {
  /// What it was.
  var description: String

  /// A failure for this reason.
  init(_ description: String) { self.description = description }
}

/// A temporary folder, removed with everything in it.
final class Workspace {
  /// Its path.
  let path: String

  /// A new folder. It lies in the current folder, so that the disk measured is the one chosen by
  /// going there.
  init() throws {
    var template = Array(".build-benchmarks.XXXXXX".utf8CString)
    let made: String? = unsafe template.withUnsafeMutableBufferPointer { buffer in
      guard let base = buffer.baseAddress, let path = unsafe mkdtemp(base) else { return nil }
      return unsafe String(cString: path)
    }
    guard let made else { throw BenchmarkError("can't make a temporary folder here") }
    path = made
  }

  deinit { _ = try? Program.run("/bin/rm", ["-rf", path]) }

  /// The path of a file in it.
  func file(_ name: String) -> String { path + "/" + name }

  /// Writes a file in it, and gives its path.
  func write(_ name: String, _ text: String) throws -> String {
    let path = file(name)
    guard let stream = unsafe fopen(path, "w") else { throw BenchmarkError("can't write \(path)") }
    var text = text
    let count = text.utf8.count
    let written = text.withUTF8 { unsafe fwrite($0.baseAddress, 1, count, stream) }
    guard unsafe fclose(stream) == 0, written == count else {
      throw BenchmarkError("can't write \(path)")
    }
    return path
  }

  /// The bytes of the file at `path`.
  static func read(_ path: String) throws -> [UInt8] {
    guard let stream = unsafe fopen(path, "r") else { throw BenchmarkError("can't read \(path)") }
    defer { unsafe fclose(stream) }
    var bytes: [UInt8] = []
    var block = [UInt8](repeating: 0, count: 1 << 20)
    while true {
      let count = unsafe fread(&block, 1, block.count, stream)
      if count == 0 { return bytes }
      bytes += block[..<count]
    }
  }
}

/// Runs other programs.
enum Program {
  /// What a run took, in seconds.
  struct Cost {
    /// Processor time, of user and system.
    var processor: Double
    /// Time on the wall.
    var wall: Double
  }

  /// The `leafproof` that was built with the benchmarks.
  static var leafproof: String {
    let own = CommandLine.arguments[0]
    guard let slash = own.lastIndex(of: "/") else { return "leafproof" }
    return own[...slash] + "leafproof"
  }

  /// The Python that runs what there is for Python only: `PYTHON`, by default python3.
  static var python: String {
    guard let text = unsafe getenv("PYTHON") else { return "python3" }
    return unsafe String(cString: text)
  }

  /// The project's folder.
  static var project: String {
    #filePath.split(separator: "/").dropLast(4).map { "/" + $0 }.joined()
  }

  /// Runs `program` (searched in PATH when its name has no slash) to its end; it must exit with 0.
  ///
  /// - Parameter output: the file for its standard output.
  /// - Parameter errors: the file for its standard error.
  @discardableResult
  static func run(
    _ program: String, _ arguments: [String], output: String = "/dev/null",
    errors: String? = "/dev/null"
  ) throws -> Cost {
    var actions = unsafe posix_spawn_file_actions_t()
    unsafe posix_spawn_file_actions_init(&actions)
    defer { unsafe posix_spawn_file_actions_destroy(&actions) }
    let flags = O_WRONLY | O_CREAT | O_TRUNC
    unsafe posix_spawn_file_actions_addopen(&actions, 1, output, flags, 0o600)
    if let errors { unsafe posix_spawn_file_actions_addopen(&actions, 2, errors, flags, 0o600) }
    var words: [UnsafeMutablePointer<CChar>?] = unsafe ([program] + arguments).map {
      unsafe strdup($0)
    }
    unsafe words.append(nil)
    defer { unsafe words.forEach { unsafe free($0) } }
    let start = Clock.wall
    var process: pid_t = 0
    guard unsafe posix_spawnp(&process, program, &actions, nil, words, environ) == 0 else {
      throw BenchmarkError("can't run \(program)")
    }
    var status: Int32 = 0
    var usage = rusage()
    guard unsafe wait4(process, &status, 0, &usage) == process, status == 0 else {
      throw BenchmarkError("\(program) \(arguments.joined(separator: " ")) failed")
    }
    let processor = [usage.ru_utime, usage.ru_stime].reduce(0.0) {
      $0 + Double($1.tv_sec) + Double($1.tv_usec) / 1e6
    }
    return Cost(processor: processor, wall: Clock.wall - start)
  }
}
