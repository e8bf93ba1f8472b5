/// Registrations of models.
extension DocumentReader {
  /// Reads `<model>`.
  mutating func model(_ root: XMLElement) -> ModelSyntax {
    let values = attributes(of: root, required: ["id", "version"])
    checkID(values["id"])
    checkVersion(values["version"])
    var result = ModelSyntax(
      span: root.startTag, id: values["id"], version: values["version"], title: nil, owner: nil,
      artifact: nil, code: nil, data: nil)
    let parts: KeyValuePairs<String, Occurrence> = [
      "title": .optional, "owner": .optional, "artifact": .optional, "code": .optional,
      "data": .optional,
    ]
    for child in children(of: root, parts) {
      switch child.name {
      case "title": result.title = title(child)
      case "owner": result.owner = title(child)
      case "artifact": result.artifact = reference(child, "digest")
      case "code": result.code = reference(child, "commit")
      default: result.data = reference(child, "digest")
      }
    }
    return result
  }

  private mutating func reference(_ element: XMLElement, _ pin: String) -> ReferenceSyntax {
    let values = attributes(of: element, required: ["href"], optional: [pin])
    refuseContent(of: element)
    checkPin(values[optional: pin], pin)
    return ReferenceSyntax(
      span: element.startTag, href: values["href"], pin: values[optional: pin])
  }

  private mutating func checkPin(_ value: Spanned<String>?, _ pin: String) {
    guard let value, !value.value.isEmpty else { return }
    let isDigest = pin == "digest"
    let digits = isDigest ? value.value.dropFirst("sha256:".count) : Substring(value.value)
    let isHexadecimal = digits.utf8.allSatisfy { byte in
      (byte >= 0x30 && byte <= 0x39) || (byte | 0x20 >= 0x61 && byte | 0x20 <= 0x66)
    }
    let isValid =
      isDigest
      ? value.value.hasPrefix("sha256:") && digits.utf8.count == 64
      : digits.utf8.count == 40 || digits.utf8.count == 64
    guard !(isValid && isHexadecimal) else { return }
    report(
      .invalidValue, "`\(value.value)` isn't a \(pin)", value.span,
      help: isDigest
        ? "write `sha256:` and 64 hexadecimal digits" : "write 40 or 64 hexadecimal digits")
  }
}
