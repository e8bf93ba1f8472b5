/// Reads inputs that are needed as a whole.
enum WholeInput {
  /// The bytes of the file at `path`, `-` being standard input; at most `limit` of them.
  static func read(_ path: String, limit: Int) throws(Failure) -> [UInt8] {
    let file = try InputFile(path)
    var bytes = [UInt8](repeating: 0, count: min(limit, file.size ?? 0) + (1 << 16))
    var count = 0
    while true {
      if count == bytes.count { bytes.append(contentsOf: repeatElement(0, count: count)) }
      let got: Int
      do {
        got = try SystemCalls.read(file.descriptor, into: &bytes, from: count)
      } catch {
        throw Failure(reading: file.name, error)
      }
      if got == 0 { break }
      count += got
      guard count <= limit else {
        throw .input(
          "\(Console.visible(file.name)): error: is larger than \(limit >> 20) MiB")
      }
    }
    bytes.removeLast(bytes.count - count)
    return bytes
  }
}
