/// A set of Unicode scalars, as the character classes of XML Schema and XPath build it.
struct CharacterClass: Hashable, Sendable {
  /// Scalars given one by one or as ranges.
  var ranges: [ClosedRange<UInt32>] = []

  /// General categories, one bit for each as `bit(of:)` numbers them.
  var categories: UInt32 = 0

  /// Classes inside this one, such as the complements `\D` and `\P{L}`.
  var members: [CharacterClass] = []

  /// Whether the class holds what the parts above don't.
  var isNegated = false

  /// Classes whose scalars are taken away at the end: none or one.
  var subtracted: [CharacterClass] = []

  /// Whether a scalar belongs to the class. `variants` are its other letter cases where case
  /// doesn't matter; they count for ranges, not for categories (XPath F&O 3.1 §5.6.1.1).
  func contains(_ scalar: Unicode.Scalar, variants: [UInt32] = []) -> Bool {
    var found = holds(scalar.value) || variants.contains(where: holds)
    if !found && categories != 0 {
      found = categories & Self.bit(of: scalar.properties.generalCategory) != 0
    }
    if !found {
      found = members.contains { $0.contains(scalar, variants: variants) }
    }
    if found == isNegated { return false }
    return !subtracted.contains { $0.contains(scalar, variants: variants) }
  }

  private func holds(_ value: UInt32) -> Bool {
    ranges.contains { $0.contains(value) }
  }

  /// The class of everything that isn't in this one.
  var complement: CharacterClass {
    CharacterClass(members: [self], isNegated: true)
  }

  /// A scalar's other letter cases, by Unicode's simple mappings.
  static func caseVariants(of scalar: Unicode.Scalar) -> [UInt32] {
    var variants = [scalar]
    // Twice, so that a lower-case letter reaches others with the same upper case.
    for _ in 0..<2 {
      for variant in variants {
        for other in [
          single(variant.properties.lowercaseMapping),
          single(variant.properties.uppercaseMapping),
        ] {
          if let other, !variants.contains(other) { variants.append(other) }
        }
      }
    }
    return variants.dropFirst().map(\.value)
  }

  private static func single(_ mapping: String) -> Unicode.Scalar? {
    let scalars = mapping.unicodeScalars
    return scalars.count == 1 ? scalars.first : nil
  }
}

extension CharacterClass {
  /// A class of some ranges.
  static func of(_ ranges: ClosedRange<Unicode.Scalar>...) -> CharacterClass {
    CharacterClass(ranges: ranges.map { $0.lowerBound.value...$0.upperBound.value })
  }

  /// `\d`: decimal digits of any script.
  static let digits = CharacterClass(categories: bit(of: .decimalNumber))

  /// `\s`: space, tab, line feed, carriage return.
  static let spaces = of(" "..." ", "\t"..."\n", "\r"..."\r")

  /// `\w`: all but punctuation, separators and others (XML Schema part 2, appendix G).
  static let words = CharacterClass(
    categories: categories(named: "P") | categories(named: "Z") | categories(named: "C"),
    isNegated: true)

  /// `\i`: what may start an XML name.
  static let nameStarts = of(
    ":"...":", "A"..."Z", "_"..."_", "a"..."z", "\u{C0}"..."\u{D6}", "\u{D8}"..."\u{F6}",
    "\u{F8}"..."\u{2FF}", "\u{370}"..."\u{37D}", "\u{37F}"..."\u{1FFF}",
    "\u{200C}"..."\u{200D}", "\u{2070}"..."\u{218F}", "\u{2C00}"..."\u{2FEF}",
    "\u{3001}"..."\u{D7FF}", "\u{F900}"..."\u{FDCF}", "\u{FDF0}"..."\u{FFFD}",
    "\u{10000}"..."\u{EFFFF}")

  /// `\c`: what may stand in an XML name.
  static let nameCharacters = CharacterClass(
    ranges: nameStarts.ranges
      + of(
        "-"..."-", "."...".", "0"..."9", "\u{B7}"..."\u{B7}", "\u{300}"..."\u{36F}",
        "\u{203F}"..."\u{2040}"
      ).ranges)

  /// `.`: all but line feed and carriage return.
  static let notLineEnds = CharacterClass(
    ranges: of("\n"..."\n", "\r"..."\r").ranges, isNegated: true)

  /// The categories that a name such as `L` or `Lu` stands for; 0 if there is none.
  static func categories(named name: String) -> UInt32 {
    var result: UInt32 = 0
    for (index, category) in categoryNames.enumerated()
    where category == name || (name.utf8.count == 1 && category.hasPrefix(name)) {
      result |= 1 << UInt32(index)
    }
    return result
  }

  private static let categoryNames = [
    "Lu", "Ll", "Lt", "Lm", "Lo", "Mn", "Mc", "Me", "Nd", "Nl", "No", "Pc", "Pd", "Ps", "Pe",
    "Pi", "Pf", "Po", "Sm", "Sc", "Sk", "So", "Zs", "Zl", "Zp", "Cc", "Cf", "Cs", "Co", "Cn",
  ]

  /// The bit that stands for a category, in the order of `categoryNames`.
  private static func bit(of category: Unicode.GeneralCategory) -> UInt32 {
    let index: UInt32 =
      switch category {
      case .uppercaseLetter: 0
      case .lowercaseLetter: 1
      case .titlecaseLetter: 2
      case .modifierLetter: 3
      case .otherLetter: 4
      case .nonspacingMark: 5
      case .spacingMark: 6
      case .enclosingMark: 7
      case .decimalNumber: 8
      case .letterNumber: 9
      case .otherNumber: 10
      case .connectorPunctuation: 11
      case .dashPunctuation: 12
      case .openPunctuation: 13
      case .closePunctuation: 14
      case .initialPunctuation: 15
      case .finalPunctuation: 16
      case .otherPunctuation: 17
      case .mathSymbol: 18
      case .currencySymbol: 19
      case .modifierSymbol: 20
      case .otherSymbol: 21
      case .spaceSeparator: 22
      case .lineSeparator: 23
      case .paragraphSeparator: 24
      case .control: 25
      case .format: 26
      case .surrogate: 27
      case .privateUse: 28
      case .unassigned: 29
      @unknown default: 29
      }
    return 1 << index
  }
}
