#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// Turns a page into a PDF by WeasyPrint, a program of its own that need not be there.
enum PDFWriter {
  /// The program; `LEAFPROOF_WEASYPRINT` names another than the one on the path.
  private static var program: String {
    SystemCalls.environment("LEAFPROOF_WEASYPRINT") ?? "weasyprint"
  }

  /// Whether the program is there.
  static var isAvailable: Bool {
    if program.contains("/") { return SystemCalls.isExecutable(program) }
    return (SystemCalls.environment("PATH") ?? "").split(separator: ":").contains {
      SystemCalls.isExecutable("\($0)/\(program)")
    }
  }

  /// The longest that it may take, in seconds.
  private static let timeLimit = 120

  /// The most bytes of a PDF.
  private static let sizeLimit = 256 << 20

  /// The PDF of a page. The page lies for that time in a folder that only this user can read.
  static func pdf(of page: [UInt8]) throws(Failure) -> [UInt8] {
    let folder = try makeFolder()
    defer { remove(folder) }
    do {
      try SystemCalls.replace(folder + "/page.html", with: page)
    } catch {
      throw Failure(writing: folder, error)
    }
    let status = run([program, "--quiet", folder + "/page.html", folder + "/page.pdf"])
    guard status != 127 else {
      throw Failure(
        .output,
        """
        error: a PDF needs the program WeasyPrint, and `\(Console.visible(program))` is not there
        help: install it (Debian: apt install weasyprint; PyPI: pip install weasyprint), or use \
        --format html and print the page
        """)
    }
    guard status == 0 else {
      let how = status < 0 ? "" : " (exit code \(status))"
      throw Failure(
        .output, "error: WeasyPrint failed\(how)\nhelp: use --format html and print the page")
    }
    return try WholeInput.read(folder + "/page.pdf", limit: sizeLimit)
  }

  private static func makeFolder() throws(Failure) -> String {
    let base = SystemCalls.environment("TMPDIR") ?? "/tmp"
    let path = "\(base)/leafproof-\(String(UInt64.random(in: .min ... .max), radix: 36))"
    guard unsafe mkdir(path, 0o700) == 0 else { throw Failure(writing: path, .last) }
    return path
  }

  private static func remove(_ folder: String) {
    for name in ["page.html", "page.pdf"] { _ = unsafe unlink(folder + "/" + name) }
    _ = unsafe rmdir(folder)
  }

  /// Runs a program found on the path and gives its exit code; 127 when it isn't there. Its standard
  /// output is this process's standard error.
  private static func run(_ arguments: [String]) -> Int32 {
    var pointers: [UnsafeMutablePointer<CChar>?] = unsafe arguments.map { unsafe strdup($0) }
    defer { unsafe pointers.forEach { unsafe free($0) } }
    unsafe pointers.append(nil)
    #if canImport(Darwin)
      var actions: posix_spawn_file_actions_t?
    #else
      var actions = unsafe posix_spawn_file_actions_t()
    #endif
    guard unsafe posix_spawn_file_actions_init(&actions) == 0 else { return -1 }
    defer { unsafe posix_spawn_file_actions_destroy(&actions) }
    guard unsafe posix_spawn_file_actions_adddup2(&actions, 2, 1) == 0 else { return -1 }
    var child: pid_t = 0
    let failure = unsafe posix_spawnp(&child, arguments[0], &actions, nil, pointers, environ)
    guard failure == 0 else { return failure == ENOENT || failure == EACCES ? 127 : -1 }
    var status: Int32 = 0
    var waited = 0
    while true {
      let ended = unsafe waitpid(child, &status, WNOHANG)
      if ended == child { break }
      if ended < 0, errno != EINTR { return -1 }
      usleep(20_000)
      waited += 20
      // A program that hangs is ended; the next turn collects it.
      if waited > timeLimit * 1000 { kill(child, SIGKILL) }
    }
    // The low seven bits hold the signal that ended it, if one did.
    return status & 0x7F == 0 ? (status >> 8) & 0xFF : -1
  }
}
