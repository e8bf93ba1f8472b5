extension SourceText {
  /// What keeps the bytes from being read as UTF-8 XML at all, or `nil`.
  var encodingProblem: Diagnostic? {
    if bytes.count > Self.sizeLimit {
      return Diagnostic(
        .fileTooLarge, "file is larger than \(Self.sizeLimit >> 20) MiB", at: SourceSpan(0, 0))
    }
    if let name = otherEncodingMark {
      return notUTF8("file is \(name), not UTF-8", SourceSpan(0, 0))
    }
    if let bad = firstInvalidUTF8 {
      let place = SourceSpan(bad, bad + 1)
      return notUTF8("byte \(hexadecimal(bytes[bad])) isn't UTF-8 here", place)
    }
    if let (name, span) = declaredEncoding, name.lowercased() != "utf-8" {
      return notUTF8("file declares the encoding `\(name)`, not UTF-8", span)
    }
    if let index = bytes.firstIndex(of: 0) {
      return Diagnostic(
        .xmlSyntax, "null byte isn't allowed in XML", at: SourceSpan(index, index + 1))
    }
    return nil
  }

  private func notUTF8(_ message: String, _ span: SourceSpan) -> Diagnostic {
    Diagnostic(.notUTF8, message, at: span, help: "save the file as UTF-8")
  }

  private func hexadecimal(_ byte: UInt8) -> String {
    let digits = String(byte, radix: 16, uppercase: true)
    return "0x" + (digits.count == 1 ? "0" : "") + digits
  }

  /// The name of the encoding that the first bytes give away (XML 1.0, appendix F).
  private var otherEncodingMark: String? {
    if bytes.starts(with: [0x00, 0x00, 0xFE, 0xFF]) || bytes.starts(with: [0xFF, 0xFE, 0x00, 0x00])
    {
      return "UTF-32"
    }
    if bytes.starts(with: [0xFE, 0xFF]) || bytes.starts(with: [0xFF, 0xFE]) { return "UTF-16" }
    if bytes.starts(with: [0x00, 0x00, 0x00, 0x3C]) || bytes.starts(with: [0x3C, 0x00, 0x00, 0x00])
    {
      return "UTF-32"
    }
    if bytes.starts(with: [0x00, 0x3C]) || bytes.starts(with: [0x3C, 0x00]) { return "UTF-16" }
    return nil
  }

  /// The offset of the first byte that isn't well-formed UTF-8 (Unicode, table 3-7).
  private var firstInvalidUTF8: Int? {
    var index = 0
    while index < bytes.count {
      let first = bytes[index]
      if first < 0x80 {
        index += 1
        continue
      }
      let (length, second): (Int, ClosedRange<UInt8>)
      switch first {
      case 0xC2...0xDF: (length, second) = (2, 0x80...0xBF)
      case 0xE0: (length, second) = (3, 0xA0...0xBF)
      case 0xED: (length, second) = (3, 0x80...0x9F)
      case 0xE1...0xEF: (length, second) = (3, 0x80...0xBF)
      case 0xF0: (length, second) = (4, 0x90...0xBF)
      case 0xF1...0xF3: (length, second) = (4, 0x80...0xBF)
      case 0xF4: (length, second) = (4, 0x80...0x8F)
      default: return index
      }
      guard index + length <= bytes.count, second.contains(bytes[index + 1]) else { return index }
      for next in bytes[(index + 2)..<(index + length)] where next & 0xC0 != 0x80 { return index }
      index += length
    }
    return nil
  }

  /// The encoding that the XML declaration names.
  private var declaredEncoding: (name: String, span: SourceSpan)? {
    let start = byteOrderMarkLength
    guard bytes.dropFirst(start).starts(with: Array("<?xml".utf8)) else { return nil }
    var end = start
    while end < bytes.count, end < start + 1024, bytes[end] != UInt8(ascii: ">") { end += 1 }
    var attributes: [RawAttribute] = []
    _ = Markup.readAttributes(in: bytes, from: start + 5, to: end, into: &attributes)
    for attribute in attributes where text(of: attribute.name) == "encoding" {
      return (text(of: attribute.value), attribute.value)
    }
    return nil
  }
}
