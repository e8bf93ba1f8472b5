import Testing

@testable import DecisionEngine

@Suite("evidence") struct EvidenceTests {
  @Test("what a ZIP archive can't hold is refused, not cut off")
  func limits() throws {
    let files = (0..<65_536).map { EvidenceBundle.File(path: "events/\($0)", bytes: []) }
    let bundle = EvidenceBundle(caseID: "A", files: files, erased: [])
    #expect {
      try bundle.zip()
    } throws: { error in
      guard case .notExportable(caseID: "A", _)? = error as? EngineError else { return false }
      return true
    }
  }

  @Test("the checksum is that of the standard's check value")
  func checksum() {
    #expect(CRC32.of(Array("123456789".utf8)) == 0xCBF4_3926)
    #expect(CRC32.of([]) == 0)
  }
}
