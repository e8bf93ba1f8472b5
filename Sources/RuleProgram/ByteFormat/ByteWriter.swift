/// Appends the primitives of the byte format: see `FORMAT.md`.
struct ByteWriter {
  private(set) var bytes: [UInt8] = []

  mutating func byte(_ value: UInt8) { bytes.append(value) }

  mutating func raw(_ values: some Sequence<UInt8>) { bytes.append(contentsOf: values) }

  /// An unsigned number, LEB128: seven bits a byte, least first, shortest form.
  mutating func number(_ value: some FixedWidthInteger & UnsignedInteger) {
    var rest = value
    while rest >= 0x80 {
      bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(rest))
  }

  /// A count or an index; never negative.
  mutating func count(_ value: Int) { number(UInt64(max(value, 0))) }

  /// A signed number: zigzag, then LEB128.
  mutating func signed(_ value: Int64) {
    number(UInt64(bitPattern: (value << 1) ^ (value >> 63)))
  }

  /// A UTF-8 string behind its length in bytes.
  mutating func string(_ text: String) {
    count(text.utf8.count)
    bytes.append(contentsOf: text.utf8)
  }

  /// A string that may be absent.
  mutating func optional(_ text: String?) {
    byte(text == nil ? 0 : 1)
    if let text { string(text) }
  }

  mutating func flag(_ value: Bool) { byte(value ? 1 : 0) }

  /// A list behind its count.
  mutating func list<Element>(
    _ elements: [Element], _ write: (inout ByteWriter, Element) -> Void
  ) {
    count(elements.count)
    for element in elements { write(&self, element) }
  }
}
