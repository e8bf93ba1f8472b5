#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// Why a call of the operating system failed.
struct SystemError: Error, Equatable {
  /// The system's number, `errno`.
  var code: Int32

  /// The reason of the call that failed last.
  static var last: SystemError { SystemError(code: errno) }

  /// What is asked for would destroy evidence; no call was made.
  static let wouldDestroy = SystemError(code: -1)

  /// The system's words for it, such as "No such file or directory".
  var reason: String {
    if self == .wouldDestroy { return "it is a ledger or a signing key; name another file" }
    guard let text = unsafe strerror(code) else { return "error \(code)" }
    return unsafe String(cString: text)
  }

  /// Whether nobody reads any more what was to be written.
  var isBrokenPipe: Bool { code == EPIPE }
}

/// The calls on file descriptors; everything unsafe of this module is here.
enum SystemCalls {
  /// Standard input, output and error.
  static let input: Int32 = 0
  static let output: Int32 = 1
  static let error: Int32 = 2

  /// Makes a write that nobody reads an error instead of the end of the process.
  static func ignoreBrokenPipes() {
    _ = signal(SIGPIPE, SIG_IGN)
  }

  /// Ends the process.
  static func end(_ status: Int32) -> Never { exit(status) }

  /// Opens the file at `path` for reading. A directory is refused.
  static func open(_ path: String) throws(SystemError) -> Int32 {
    let descriptor = Self.systemOpen(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw .last }
    var status = stat()
    guard unsafe fstat(descriptor, &status) == 0 else {
      let failure = SystemError.last
      close(descriptor)
      throw failure
    }
    if status.st_mode & S_IFMT == S_IFDIR {
      close(descriptor)
      throw SystemError(code: EISDIR)
    }
    return descriptor
  }

  private static func systemOpen(_ path: String, _ flags: Int32) -> Int32 {
    #if canImport(Darwin)
      unsafe Darwin.open(path, flags)
    #elseif canImport(Glibc)
      unsafe Glibc.open(path, flags)
    #else
      unsafe Musl.open(path, flags)
    #endif
  }

  /// Closes a descriptor.
  static func closeFile(_ descriptor: Int32) { _ = close(descriptor) }

  /// The size of a regular file in bytes; nil for a pipe or device.
  static func size(_ descriptor: Int32) -> Int? {
    var status = stat()
    guard unsafe fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      return nil
    }
    return Int(status.st_size)
  }

  /// Reads into `bytes` from index `start` on.
  ///
  /// - Returns: how many bytes were read; 0 at the end of the file.
  static func read(
    _ descriptor: Int32, into bytes: inout [UInt8], from start: Int
  ) throws(SystemError) -> Int {
    while true {
      let count = unsafe bytes.withUnsafeMutableBytes { buffer in
        unsafe systemRead(
          descriptor, buffer.baseAddress.map { unsafe $0 + start }, buffer.count - start)
      }
      if count >= 0 { return count }
      let failure = SystemError.last
      switch failure.code {
      case EINTR: continue
      case EAGAIN: wait(for: descriptor, POLLIN)
      default: throw failure
      }
    }
  }

  private static func systemRead(
    _ descriptor: Int32, _ address: UnsafeMutableRawPointer?, _ count: Int
  ) -> Int {
    #if canImport(Darwin)
      unsafe Darwin.read(descriptor, address, count)
    #elseif canImport(Glibc)
      unsafe Glibc.read(descriptor, address, count)
    #else
      unsafe Musl.read(descriptor, address, count)
    #endif
  }

  /// Writes all of `bytes`, however many calls it takes.
  static func write(_ bytes: [UInt8], to descriptor: Int32) throws(SystemError) {
    var start = 0
    while start < bytes.count {
      let count = unsafe bytes.withUnsafeBytes { buffer in
        unsafe systemWrite(
          descriptor, buffer.baseAddress.map { unsafe $0 + start }, buffer.count - start)
      }
      if count >= 0 {
        start += count
        continue
      }
      let failure = SystemError.last
      switch failure.code {
      case EINTR: continue
      case EAGAIN: wait(for: descriptor, POLLOUT)
      default: throw failure
      }
    }
  }

  private static func systemWrite(
    _ descriptor: Int32, _ address: UnsafeRawPointer?, _ count: Int
  ) -> Int {
    #if canImport(Darwin)
      unsafe Darwin.write(descriptor, address, count)
    #elseif canImport(Glibc)
      unsafe Glibc.write(descriptor, address, count)
    #else
      unsafe Musl.write(descriptor, address, count)
    #endif
  }

  private static func wait(for descriptor: Int32, _ events: Int32) {
    var request = pollfd(fd: descriptor, events: Int16(events), revents: 0)
    _ = unsafe poll(&request, 1, -1)
  }

  /// Whether a read would return at once, with bytes or the end of the file; waits for that as
  /// many `milliseconds`.
  static func isReadable(_ descriptor: Int32, within milliseconds: Int32 = 0) -> Bool {
    var request = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    return unsafe poll(&request, 1, milliseconds) > 0
  }

  /// The index of the first `byte` in `bytes[start..<end]`; `end` when there is none.
  static func index(of byte: UInt8, in bytes: [UInt8], _ start: Int, _ end: Int) -> Int {
    precondition(start >= 0 && start <= end && end <= bytes.count, "a range of the bytes")
    return unsafe bytes.withUnsafeBytes { buffer in
      guard let base = buffer.baseAddress,
        let found = unsafe memchr(base + start, Int32(byte), end - start)
      else { return end }
      return unsafe UnsafeRawPointer(found) - base
    }
  }

  /// Whether a descriptor is a terminal.
  static func isTerminal(_ descriptor: Int32) -> Bool { isatty(descriptor) == 1 }

  /// How many processors can be used at once.
  static var coreCount: Int { max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN))) }

  /// The value of an environment variable; nil when it isn't set.
  static func environment(_ name: String) -> String? {
    guard let text = unsafe getenv(name) else { return nil }
    return unsafe String(cString: text)
  }

  /// Whether this process may run the file at `path`.
  static func isExecutable(_ path: String) -> Bool {
    guard fileSize(path) != nil else { return false }
    return unsafe access(path, X_OK) == 0
  }

  /// The size in bytes of the file at `path`; nil when there is no file, but perhaps a folder.
  static func fileSize(_ path: String) -> Int? {
    var status = stat()
    guard unsafe stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
    return Int(status.st_size)
  }

  /// Whether there is anything at `path`.
  static func exists(_ path: String) -> Bool {
    var status = stat()
    return unsafe stat(path, &status) == 0
  }
}

extension SystemCalls {
  /// Puts `bytes` into the file at `path`, whole or not at all: they are written and synced under
  /// another name in the same folder, which then replaces the file. A symbolic link stays one.
  static func replace(_ path: String, with bytes: [UInt8]) throws(SystemError) {
    let target = resolved(path)
    var status = stat()
    let isThere = unsafe stat(target, &status) == 0
    if isThere, status.st_mode & S_IFMT != S_IFREG {
      // A device or pipe can't be replaced, only written to.
      return try writeThrough(target, bytes)
    }
    if isThere, isIrreplaceable(target) { throw .wouldDestroy }
    let mode = isThere ? status.st_mode & 0o7777 : 0o666
    let temporary = "\(target).\(String(UInt64.random(in: .min ... .max), radix: 36)).new"
    let descriptor = openNew(temporary, mode)
    guard descriptor >= 0 else { throw .last }
    do throws(SystemError) {
      try write(bytes, to: descriptor)
      if isThere { _ = fchmod(descriptor, mode) }
      guard fsync(descriptor) == 0 else { throw SystemError.last }
    } catch {
      close(descriptor)
      _ = unsafe unlink(temporary)
      throw error
    }
    close(descriptor)
    guard unsafe rename(temporary, target) == 0 else {
      let failure = SystemError.last
      _ = unsafe unlink(temporary)
      throw failure
    }
  }

  /// Whether a file is a ledger or a signing key, by what it begins with: a slip of a file's name must
  /// not destroy one.
  private static func isIrreplaceable(_ path: String) -> Bool {
    let descriptor = systemOpen(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return false }
    defer { close(descriptor) }
    var head = [UInt8](repeating: 0, count: 16)
    let count = (try? read(descriptor, into: &head, from: 0)) ?? 0
    return ["SQLite format 3\0", "PRIVATE+KEY+"].contains {
      head.prefix(count).starts(with: $0.utf8)
    }
  }

  private static func openNew(_ path: String, _ mode: mode_t) -> Int32 {
    #if canImport(Darwin)
      unsafe Darwin.open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode)
    #elseif canImport(Glibc)
      unsafe Glibc.open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode)
    #else
      unsafe Musl.open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode)
    #endif
  }

  private static func writeThrough(_ path: String, _ bytes: [UInt8]) throws(SystemError) {
    let descriptor = systemOpen(path, O_WRONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw .last }
    defer { close(descriptor) }
    try write(bytes, to: descriptor)
  }

  /// The path behind symbolic links, or `path` itself.
  /// The current folder's path; nil when it is gone.
  static var currentFolder: String? {
    guard let path = unsafe getcwd(nil, 0) else { return nil }
    defer { unsafe free(path) }
    return unsafe String(cString: path)
  }

  private static func resolved(_ path: String) -> String {
    guard let real = unsafe realpath(path, nil) else { return path }
    defer { unsafe free(real) }
    return unsafe String(cString: real)
  }
}
