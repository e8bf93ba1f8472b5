// The hot loops of reading and writing: the only file here that leaves the checked world.

/// Whether two strings have the same UTF-8 bytes. (`==` on `String` compares up to canonical
/// equivalence, which JSON keys do not.)
func sameBytes(_ left: String, _ right: String) -> Bool {
  // Equal bytes are canonically equal too, so this fast comparison never rules out too much.
  guard left.utf8.count == right.utf8.count, left == right else { return false }
  return left.utf8.elementsEqual(right.utf8)
}

/// Calls `body` with the UTF-8 bytes of `text`.
@inline(__always)
func withBytes<R>(of text: String, _ body: (Span<UInt8>) -> R) -> R {
  let result = unsafe text.utf8.withContiguousStorageIfAvailable { buffer in
    body(unsafe Span(_unsafeElements: buffer))
  }
  // Strings that bridge from elsewhere may have no contiguous storage.
  return result ?? body(Array(text.utf8).span)
}

/// The string of ASCII bytes in a range.
@inline(__always)
func asciiString(_ bytes: Span<UInt8>, _ range: Range<Int>) -> String {
  unsafe bytes.extracting(range).withUnsafeBufferPointer {
    unsafe String(decoding: $0, as: UTF8.self)
  }
}

extension [UInt8] {
  /// Appends a string's bytes.
  @inline(__always)
  mutating func append(bytesOf text: String) {
    let isDone: Void? = unsafe text.utf8.withContiguousStorageIfAvailable { buffer in
      unsafe append(contentsOf: buffer)
    }
    if isDone == nil { append(contentsOf: Array(text.utf8)) }
  }
}
