import Crypto
import DecisionEngine

#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// The secret that opens the server: 64 hexadecimal digits of 32 random bytes.
///
/// It is kept in a file that only its owner can read, and never printed.
public struct AccessToken: Sendable {
  private let key: SymmetricKey
  private let text: String

  /// Why a token's file can't be used.
  public struct FileError: Error, CustomStringConvertible {
    /// What is wrong, and the mend.
    public var description: String
  }

  /// The token `text`; nil when it is too short to be one.
  public init?(_ text: String) {
    guard text.utf8.count >= 32, text.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
      return nil
    }
    self.text = text
    key = SymmetricKey(data: Array(text.utf8))
  }

  /// Whether `other` is the token; how long that takes doesn't tell how much of it is right.
  func matches(_ other: String) -> Bool {
    SHA256.hash(data: Array(other.utf8)) == SHA256.hash(data: Array(text.utf8))
  }

  /// A text that only who knows the token can make for `message`: 64 hexadecimal digits.
  func seal(_ message: String) -> String {
    Self.text(of: Array(HMAC<SHA256>.authenticationCode(for: Array(message.utf8), using: key)))
  }

  /// Whether `seal` was made for `message`, told in constant time.
  func verify(_ seal: String, for message: String) -> Bool {
    SHA256.hash(data: Array(seal.utf8)) == SHA256.hash(data: Array(self.seal(message).utf8))
  }
}

// MARK: - The file

extension AccessToken {
  /// The token in the file at `path`; where there is no file, one is made with a new token, which
  /// only its owner can read.
  public static func loadOrCreate(path: String) throws(FileError) -> (AccessToken, isNew: Bool) {
    let fresh = unsafe open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode_t(0o600))
    if fresh >= 0 {
      let made = text(of: SystemRandom.bytes(32))
      let line = Array((made + "\n").utf8)
      let count = unsafe line.withUnsafeBytes { unsafe write(fresh, $0.baseAddress, $0.count) }
      let isWritten = count == line.count && fsync(fresh) == 0
      close(fresh)
      guard isWritten, let token = AccessToken(made) else {
        _ = unsafe unlink(path)
        throw failure(path, "it can't be written")
      }
      return (token, true)
    }
    guard errno == EEXIST else { throw failure(path, "it can't be made") }
    return (try load(path), false)
  }

  private static func load(_ path: String) throws(FileError) -> AccessToken {
    let file = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard file >= 0 else { throw failure(path, "it can't be opened") }
    defer { close(file) }
    var status = stat()
    guard unsafe fstat(file, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      throw FileError(description: "the token file \(path) isn't a regular file")
    }
    guard status.st_mode & 0o077 == 0 else {
      throw FileError(
        description: "others than its owner can read the token file \(path); run: chmod 600 \(path)"
      )
    }
    var bytes = [UInt8](repeating: 0, count: 1024)
    let count = unsafe bytes.withUnsafeMutableBytes { unsafe read(file, $0.baseAddress, $0.count) }
    let text = String(decoding: bytes.prefix(max(0, count)), as: UTF8.self).trimmed
    guard let token = AccessToken(text) else {
      throw FileError(
        description: "the token file \(path) doesn't hold a token of at least 32 characters;"
          + " remove it, and the next start makes a new one")
    }
    return token
  }

  private static func failure(_ path: String, _ action: String) -> FileError {
    let reason = unsafe String(cString: strerror(errno))
    return FileError(description: "the token file \(path) can't be used: \(action): \(reason)")
  }

  private static func text(of bytes: [UInt8]) -> String {
    bytes.map { byte in
      let digits = String(byte, radix: 16)
      return digits.utf8.count == 1 ? "0\(digits)" : digits
    }.joined()
  }
}
