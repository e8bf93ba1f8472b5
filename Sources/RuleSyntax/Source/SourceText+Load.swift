#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Why a source file could not be read.
public enum SourceError: Error, Equatable, Sendable {
  /// The system refused to open or read the file: its reason, such as "No such file or directory".
  case unreadable(path: String, reason: String)
  /// The path names a directory.
  case directory(path: String)
  /// The path names a pipe, a device or something else that isn't a regular file.
  case notRegular(path: String)
  /// The file is larger than `SourceText.sizeLimit`.
  case tooLarge(path: String)

  /// One line for people, starting with the path.
  public var message: String {
    switch self {
    case .unreadable(let path, let reason): "\(escaped(path)): error: can't be read: \(reason)"
    case .directory(let path): "\(escaped(path)): error: is a directory, not a file"
    case .notRegular(let path): "\(escaped(path)): error: is a pipe or device, not a file"
    case .tooLarge(let path):
      "\(escaped(path)): error: file is larger than \(SourceText.sizeLimit >> 20) MiB"
        + " [\(DiagnosticID.fileTooLarge.rawValue)]"
    }
  }

  private func escaped(_ path: String) -> String { TerminalText.escaped(path) }
}

extension SourceText {
  /// The most bytes that a source file may have: 64 MiB.
  public static let sizeLimit = 64 << 20

  /// Reads the regular file at `path`, never more than `sizeLimit` bytes of it.
  public static func load(path: String) throws(SourceError) -> SourceText {
    // Without O_NONBLOCK opening a pipe would wait for a writer.
    let file = unsafe open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
    guard file >= 0 else { throw .unreadable(path: path, reason: systemReason()) }
    defer { close(file) }
    var status = stat()
    guard unsafe fstat(file, &status) == 0 else {
      throw .unreadable(path: path, reason: systemReason())
    }
    switch status.st_mode & S_IFMT {
    case S_IFREG: break
    case S_IFDIR: throw .directory(path: path)
    default: throw .notRegular(path: path)
    }
    guard status.st_size <= sizeLimit else { throw .tooLarge(path: path) }
    return SourceText(path: path, bytes: try contents(of: file, path, Int(status.st_size)))
  }

  /// Reads to the end, as the size that the system gives is only a hint (`/proc`, growing files).
  private static func contents(
    of file: Int32, _ path: String, _ expected: Int
  ) throws(SourceError) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(expected + 1)
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = unsafe buffer.withUnsafeMutableBytes {
        unsafe read(file, $0.baseAddress, $0.count)
      }
      if count < 0 {
        if errno == EINTR { continue }
        throw .unreadable(path: path, reason: systemReason())
      }
      if count == 0 { return bytes }
      guard bytes.count + count <= sizeLimit else { throw .tooLarge(path: path) }
      bytes.append(contentsOf: buffer[..<count])
    }
  }

  private static func systemReason() -> String {
    let code = errno
    guard let text = unsafe strerror(code) else { return "error \(code)" }
    return unsafe String(cString: text)
  }
}
