public import DecisionEngine

/// What a service can do beyond the ledger.
public struct ServiceSettings: Sendable {
  /// Names that the server goes by, besides those of the loopback interface.
  public var hosts: [String]
  /// The text of letters to subjects; nil for the one that comes with Leafproof.
  public var letter: LetterTemplate?
  /// Makes a PDF of a page; nil where that can't be done. It may take seconds.
  public var pdf: PDFMaker?

  /// Makes a PDF of a self-contained page; nil when it failed.
  public typealias PDFMaker = @Sendable (_ page: [UInt8]) -> [UInt8]?

  /// Settings from their parts.
  public init(hosts: [String] = [], letter: LetterTemplate? = nil, pdf: PDFMaker? = nil) {
    self.hosts = hosts
    self.letter = letter
    self.pdf = pdf
  }
}
