/// Language tags on the command line.
enum LanguageTag {
  /// Whether `text` may be a BCP 47 tag.
  static func isOne(_ text: String) -> Bool {
    !text.isEmpty && text.utf8.count <= 35
      && text.utf8.allSatisfy {
        (0x61...0x7A).contains($0 | 0x20) || (0x30...0x39).contains($0) || $0 == 0x2D
      }
  }
}
