/// A ZIP archive of stored (uncompressed) files, byte for byte the same for the same files: no times,
/// no owners, the order given. By PKWARE's APPNOTE 6.3.10, without Zip64.
struct ZIPArchive {
  /// Why there is no archive.
  enum Limit: Error, Equatable {
    /// A size or the number of files is beyond what the fields of a plain archive hold.
    case exceeded
  }

  private var bytes: [UInt8] = []
  private var directory: [UInt8] = []
  private var count: UInt16 = 0

  /// The archive of `files`, whose names are paths with `/`.
  static func of(_ files: [EvidenceBundle.File]) throws(Limit) -> [UInt8] {
    guard files.count <= UInt16.max else { throw .exceeded }
    var archive = ZIPArchive()
    for file in files { try archive.add(file) }
    return try archive.finished()
  }

  private mutating func add(_ file: EvidenceBundle.File) throws(Limit) {
    let name = Array(file.path.utf8)
    guard let size = UInt32(exactly: file.bytes.count), let start = UInt32(exactly: bytes.count),
      let length = UInt16(exactly: name.count)
    else { throw .exceeded }
    count += 1
    // What the local header (section 4.3.7) and the central one (4.3.12) share: version 1.0, names
    // in UTF-8, stored, 1980-01-01 00:00.
    var shared: [UInt8] = []
    for field: UInt16 in [10, 1 << 11, 0, 0, 1 << 5 | 1] { Self.append(field, &shared) }
    for field in [CRC32.of(file.bytes), size, size] { Self.append(field, &shared) }
    for field in [length, 0] { Self.append(field, &shared) }

    Self.append(0x0403_4B50 as UInt32, &bytes)
    bytes += shared + name + file.bytes

    Self.append(0x0201_4B50 as UInt32, &directory)
    // Made on Unix, so that the mode below counts.
    Self.append(3 << 8 | 10 as UInt16, &directory)
    directory += shared
    for field: UInt16 in [0, 0, 0] { Self.append(field, &directory) }
    Self.append(0o100644 << 16 as UInt32, &directory)
    Self.append(start, &directory)
    directory += name
  }

  /// The whole archive: the files, the central directory, its end (section 4.3.16).
  private func finished() throws(Limit) -> [UInt8] {
    guard let start = UInt32(exactly: bytes.count), let size = UInt32(exactly: directory.count)
    else { throw .exceeded }
    var end: [UInt8] = []
    Self.append(0x0605_4B50 as UInt32, &end)
    for field in [0, 0, count, count] { Self.append(field, &end) }
    for field in [size, start] { Self.append(field, &end) }
    Self.append(0 as UInt16, &end)
    return bytes + directory + end
  }

  private static func append(_ value: some FixedWidthInteger, _ bytes: inout [UInt8]) {
    for place in stride(from: 0, to: value.bitWidth, by: 8) {
      bytes.append(UInt8(truncatingIfNeeded: value >> place))
    }
  }
}

/// The checksum of ZIP archives (APPNOTE section 4.4.7): the polynomial 0x04C11DB7, reflected.
enum CRC32 {
  private static let table = (0..<256 as Range<UInt32>).map { byte in
    (0..<8).reduce(byte) { value, _ in value >> 1 ^ (value & 1 == 1 ? 0xEDB8_8320 : 0) }
  }

  /// The checksum of `bytes`.
  static func of(_ bytes: [UInt8]) -> UInt32 {
    ~bytes.reduce(~0) { sum, byte in sum >> 8 ^ table[Int(sum & 0xFF ^ UInt32(byte))] }
  }
}
