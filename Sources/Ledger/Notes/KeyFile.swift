#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

extension SigningKey {
  /// The key in the file at `path`; where there is none, a new key named `origin` is made and
  /// stored there, readable by its owner only.
  ///
  /// When two processes come here first at the same time, both get the one key that is stored.
  /// Throws `.keyFile` for a file that others can read, or that isn't a signing key.
  public static func loadOrCreate(
    path: String, origin: String
  ) throws(LedgerError) -> SigningKey {
    if let key = try KeyFile.load(path) { return key }
    let key: SigningKey
    do {
      key = try SigningKey(generatingFor: origin)
    } catch {
      throw .keyFile(path: path, reason: "\(error)")
    }
    try KeyFile.create(path, key.secretText + "\n")
    // What is stored counts: another process may have been first.
    return try load(path: path)
  }

  /// The key in the file at `path`; throws `.keyFile` where there is none.
  public static func load(path: String) throws(LedgerError) -> SigningKey {
    guard let key = try KeyFile.load(path) else {
      throw .keyFile(path: path, reason: "it doesn't exist")
    }
    return key
  }
}

/// Reads and makes key files.
private enum KeyFile {
  /// More bytes than any key's text has.
  static let sizeLimit = 4096

  static func failure(_ path: String, _ action: String) -> LedgerError {
    let code = errno
    let text = unsafe String(cString: strerror(code))
    return .keyFile(path: path, reason: "\(action): \(text)")
  }

  /// The key at `path`; nil when there is no file.
  static func load(_ path: String) throws(LedgerError) -> SigningKey? {
    let file = unsafe open(path, O_RDONLY | O_CLOEXEC)
    if file < 0 {
      if errno == ENOENT { return nil }
      throw failure(path, "it can't be opened")
    }
    defer { close(file) }
    try checkPermissions(file, path)
    var bytes = [UInt8](repeating: 0, count: sizeLimit + 1)
    let count = try readAll(file, &bytes, path)
    guard count <= sizeLimit else {
      throw .keyFile(path: path, reason: "it is too long for a signing key")
    }
    var text = bytes[..<count]
    if text.last == UInt8(ascii: "\n") { text = text.dropLast() }
    do {
      return try SigningKey(String(decoding: text, as: UTF8.self))
    } catch {
      throw .keyFile(path: path, reason: "\(error)")
    }
  }

  static func checkPermissions(_ file: CInt, _ path: String) throws(LedgerError) {
    var status = stat()
    guard unsafe fstat(file, &status) == 0 else { throw failure(path, "it can't be examined") }
    guard status.st_mode & S_IFMT == S_IFREG else {
      throw .keyFile(path: path, reason: "it isn't a regular file")
    }
    guard status.st_mode & 0o077 == 0 else {
      throw .keyFile(
        path: path,
        reason: "others than its owner can read or change it; run: chmod 600 \(path)")
    }
  }

  static func readAll(
    _ file: CInt, _ bytes: inout [UInt8], _ path: String
  ) throws(LedgerError) -> Int {
    var count = 0
    while count < bytes.count {
      let got = unsafe bytes.withUnsafeMutableBytes { buffer in
        unsafe read(file, buffer.baseAddress.map { unsafe $0 + count }, buffer.count - count)
      }
      if got == 0 { break }
      if got < 0 {
        if errno == EINTR { continue }
        throw failure(path, "it can't be read")
      }
      count += got
    }
    return count
  }

  /// Puts `text` into a new file at `path`, whole and synced, or leaves the file that is there.
  ///
  /// The text is written to a file of another name first and then linked to `path`: a link never
  /// replaces a file, and nobody ever sees half a key.
  static func create(_ path: String, _ text: String) throws(LedgerError) {
    let temporary = "\(path).\(String(UInt64.random(in: .min ... .max), radix: 16)).new"
    let file = unsafe open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode_t(0o600))
    guard file >= 0 else { throw failure(path, "it can't be created") }
    defer { _ = unsafe unlink(temporary) }
    let isWritten = writeAll(file, Array(text.utf8)) && fsync(file) == 0
    let written = isWritten ? nil : failure(path, "it can't be written")
    close(file)
    if let written { throw written }
    if unsafe link(temporary, path) != 0 && errno != EEXIST {
      throw failure(path, "it can't be created")
    }
    try syncDirectory(of: path)
  }

  static func writeAll(_ file: CInt, _ bytes: [UInt8]) -> Bool {
    var position = 0
    while position < bytes.count {
      let wrote = unsafe bytes.withUnsafeBytes { buffer in
        unsafe write(file, buffer.baseAddress.map { unsafe $0 + position }, buffer.count - position)
      }
      if wrote < 0 && errno == EINTR { continue }
      if wrote <= 0 { return false }
      position += wrote
    }
    return true
  }

  /// Makes a new name in the directory durable.
  static func syncDirectory(of path: String) throws(LedgerError) {
    var directory = "."
    if let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) {
      directory = slash == path.startIndex ? "/" : String(path[..<slash])
    }
    let file = unsafe open(directory, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { throw failure(path, "its directory can't be opened") }
    defer { close(file) }
    guard fsync(file) == 0 else { throw failure(path, "its directory can't be synced") }
  }
}
