import DecisionEngine

/// The file with the text of a letter to the subject.
enum LetterFile {
  /// The letter in the file at `path`.
  static func read(_ path: String) throws -> LetterTemplate {
    let bytes = try WholeInput.read(path, limit: LetterTemplate.sizeLimit)
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw Failure.input("\(Console.visible(path)): error: is not UTF-8")
    }
    do {
      return try LetterTemplate(text)
    } catch {
      throw Failure.input("\(Console.visible(path)):\(error.line): error: \(error.message)")
    }
  }
}
