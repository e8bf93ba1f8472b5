/// Finds known keys by their bytes, without a string being made of them.
package struct KeyTable: Sendable {
  /// The bytes of all keys, one after the other.
  private var bytes: [UInt8] = []
  /// Where each key begins; then the end of the last.
  private var bounds = [0]
  /// For each hash: the number of a key, or -1; the next place is looked at when it is another key.
  private var places: [Int32]

  /// The keys `names`, numbered in their order. Of equal ones the first counts.
  package init(_ names: [String]) {
    for name in names {
      bytes.append(bytesOf: name)
      bounds.append(bytes.count)
    }
    var size = 4
    while size < names.count * 3 { size *= 2 }
    places = Array(repeating: -1, count: size)
    for (number, name) in names.enumerated() {
      let (isKnown, hash) = withBytes(of: name) { (index(of: $0) != nil, Self.hash($0)) }
      if isKnown { continue }
      var place = hash & (size - 1)
      while places[place] >= 0 { place = (place + 1) & (size - 1) }
      places[place] = Int32(number)
    }
  }

  /// The number of the key that has these bytes; nil when it is none of them.
  package func index(of key: Span<UInt8>) -> Int? {
    var place = Self.hash(key) & (places.count - 1)
    while places[place] >= 0 {
      let number = Int(places[place])
      if sameBytes(key, bytes.span.extracting(bounds[number]..<bounds[number + 1])) {
        return number
      }
      place = (place + 1) & (places.count - 1)
    }
    return nil
  }

  /// The keys are the table's own: nobody who sends others can make it slow.
  @inline(__always)
  private static func hash(_ key: Span<UInt8>) -> Int {
    let mixed = keyHash(key)
    return Int(truncatingIfNeeded: mixed >> 40)
  }
}

/// A quick hash of a key from its first and last bytes and its length; the upper bits are the best.
@inline(__always)
func keyHash(_ key: Span<UInt8>) -> UInt64 {
  var word: UInt64
  if key.count >= 8 {
    let last = eightBytes(key, key.count - 8)
    word = eightBytes(key, 0) ^ (last << 23 | last >> 41)
  } else {
    word = 0
    for place in 0..<key.count { word = word << 8 | UInt64(key[place]) }
  }
  return (word ^ UInt64(key.count) << 57) &* 0x9E37_79B9_7F4A_7C15
}
