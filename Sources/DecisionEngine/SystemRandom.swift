#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// The system's random number generator, many bytes a call: `SystemRandomNumberGenerator` makes a
/// system call for every eight.
public enum SystemRandom {
  /// `count` unpredictable bytes.
  public static func bytes(_ count: Int) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: max(count, 0))
    var start = 0
    #if canImport(Glibc) || canImport(Musl)
      unsafe bytes.withUnsafeMutableBytes { buffer in
        while start < buffer.count {
          // The most that one call gives (getentropy(3)).
          let length = min(256, buffer.count - start)
          let place = unsafe buffer.baseAddress.map { unsafe $0 + start }
          guard let place = unsafe place, unsafe getentropy(place, length) == 0 else { return }
          start += length
        }
      }
    #endif
    var generator = SystemRandomNumberGenerator()
    for place in start..<bytes.count { bytes[place] = generator.next() }
    return bytes
  }
}
