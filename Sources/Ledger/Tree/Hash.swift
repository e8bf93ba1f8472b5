public import Crypto

/// A SHA-256 hash: 32 bytes.
public struct Hash: Sendable, Hashable {
  // The bytes in order, as four big-endian words: a value without a heap allocation.
  private var word0: UInt64
  private var word1: UInt64
  private var word2: UInt64
  private var word3: UInt64

  /// The number of bytes of every hash: 32.
  public static let byteCount = 32

  /// A hash from its 32 bytes; nil for any other number of bytes.
  public init?(bytes: some Collection<UInt8>) {
    guard bytes.count == Hash.byteCount else { return nil }
    var words: [4 of UInt64] = [0, 0, 0, 0]
    var position = 0
    for byte in bytes {
      words[position >> 3] = words[position >> 3] << 8 | UInt64(byte)
      position += 1
    }
    (word0, word1, word2, word3) = (words[0], words[1], words[2], words[3])
  }

  /// The hash that a SHA-256 digest holds.
  public init(_ digest: SHA256Digest) {
    (word0, word1, word2, word3) = unsafe digest.withUnsafeBytes { buffer in
      let words = unsafe buffer.loadUnaligned(as: (UInt64, UInt64, UInt64, UInt64).self)
      return (
        words.0.bigEndian, words.1.bigEndian, words.2.bigEndian, words.3.bigEndian
      )
    }
  }

  /// A hash from 64 hexadecimal digits, lower case; nil for anything else.
  public init?(hex: String) {
    guard let bytes = HexText.decode(hex) else { return nil }
    self.init(bytes: bytes)
  }

  /// The SHA-256 hash of `bytes`.
  public static func sha256(_ bytes: [UInt8]) -> Hash {
    Hash(SHA256.hash(data: bytes))
  }

  /// The 32 bytes.
  public var bytes: [UInt8] {
    unsafe [UInt8](unsafeUninitializedCapacity: Hash.byteCount) { buffer, count in
      unsafe store(in: UnsafeMutableRawBufferPointer(buffer), at: 0)
      count = Hash.byteCount
    }
  }

  /// 64 hexadecimal digits, lower case.
  public var hex: String { HexText.encode(bytes) }

  /// Appends the 32 bytes to `buffer`.
  package func append(to buffer: inout [UInt8]) {
    Hash.append(word0, to: &buffer)
    Hash.append(word1, to: &buffer)
    Hash.append(word2, to: &buffer)
    Hash.append(word3, to: &buffer)
  }

  private static func append(_ word: UInt64, to buffer: inout [UInt8]) {
    unsafe withUnsafeBytes(of: word.bigEndian) { unsafe buffer.append(contentsOf: $0) }
  }

  /// Writes the 32 bytes to `buffer` from `offset`; the caller has made the room.
  @unsafe func store(in buffer: UnsafeMutableRawBufferPointer, at offset: Int) {
    unsafe buffer.storeBytes(of: word0.bigEndian, toByteOffset: offset, as: UInt64.self)
    unsafe buffer.storeBytes(of: word1.bigEndian, toByteOffset: offset + 8, as: UInt64.self)
    unsafe buffer.storeBytes(of: word2.bigEndian, toByteOffset: offset + 16, as: UInt64.self)
    unsafe buffer.storeBytes(of: word3.bigEndian, toByteOffset: offset + 24, as: UInt64.self)
  }
}

extension Hash: CustomStringConvertible {
  /// ``hex``.
  public var description: String { hex }
}

/// Hexadecimal text, lower case.
package enum HexText {
  /// Two digits for each byte.
  package static func encode(_ bytes: some Sequence<UInt8>) -> String {
    let digits = Array("0123456789abcdef".utf8)
    var out: [UInt8] = []
    for byte in bytes {
      out.append(digits[Int(byte >> 4)])
      out.append(digits[Int(byte & 15)])
    }
    return String(decoding: out, as: UTF8.self)
  }

  /// The bytes of an even number of lower-case digits; nil for anything else.
  package static func decode(_ text: String) -> [UInt8]? {
    var out: [UInt8] = []
    var high: UInt8?
    for byte in text.utf8 {
      let digit: UInt8
      switch byte {
      case 0x30...0x39: digit = byte - 0x30
      case 0x61...0x66: digit = byte - 0x61 + 10
      default: return nil
      }
      if let first = high {
        out.append(first << 4 | digit)
        high = nil
      } else {
        high = digit
      }
    }
    return high == nil ? out : nil
  }
}
