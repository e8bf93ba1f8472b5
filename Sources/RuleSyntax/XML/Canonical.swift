internal import CLibXML2

/// The Canonical XML 1.0 form of `source`, comments included: what `xmllint --c14n FILE` prints.
///
/// Its SHA-256 is the source digest. `nil` when the source isn't acceptable XML, which
/// `parseDocument` reports.
public func canonicalForm(of source: SourceText) -> [UInt8]? {
  guard SAXReader.read(source).diagnostics.isEmpty else { return nil }
  let count = Int32(truncatingIfNeeded: source.bytes.count)
  let options = XML_PARSE_NONET.rawValue | XML_PARSE_NOERROR.rawValue | XML_PARSE_NOWARNING.rawValue
  let document = unsafe source.bytes.withUnsafeBytes { bytes in
    let base = unsafe bytes.baseAddress?.assumingMemoryBound(to: CChar.self)
    return unsafe xmlReadMemory(base, count, nil, nil, Int32(options))
  }
  guard let document = unsafe document else { return nil }
  defer { unsafe xmlFreeDoc(document) }
  var output: UnsafeMutablePointer<xmlChar>?
  let mode = Int32(XML_C14N_1_0.rawValue)
  let length = unsafe xmlC14NDocDumpMemory(document, nil, mode, nil, 1, &output)
  guard length >= 0, let output = unsafe output else { return nil }
  defer { unsafe leafproof_xml_free(output) }
  return unsafe Array(UnsafeBufferPointer(start: output, count: Int(length)))
}
