import Crypto

/// The hashes of an RFC 6962 Merkle tree (section 2.1).
public enum TreeHashing {
  /// The root of the tree without entries: SHA-256 of nothing.
  public static let emptyRoot = Hash(SHA256().finalize())

  /// The hash of an entry: SHA-256 of `0x00` and the entry's bytes.
  public static func leafHash(_ entry: [UInt8]) -> Hash {
    var hasher = SHA256()
    unsafe withUnsafeBytes(of: 0 as UInt8) { unsafe hasher.update(bufferPointer: $0) }
    unsafe entry.withUnsafeBytes { unsafe hasher.update(bufferPointer: $0) }
    return Hash(hasher.finalize())
  }

  /// The hash of an inner node: SHA-256 of `0x01` and the hashes of its two children.
  public static func nodeHash(_ left: Hash, _ right: Hash) -> Hash {
    unsafe withUnsafeTemporaryAllocation(byteCount: 65, alignment: 8) { buffer in
      unsafe buffer[0] = 1
      unsafe left.store(in: buffer, at: 1)
      unsafe right.store(in: buffer, at: 33)
      var hasher = SHA256()
      unsafe hasher.update(bufferPointer: UnsafeRawBufferPointer(buffer))
      return Hash(hasher.finalize())
    }
  }
}
