import CanonicalJSON
import Testing

/// Objects cut into members without reading their values.
@Suite struct SlicesTests {
  private static let documents = [
    "{}", " { } ", #"{"a":1}"#, #" { "a" : [ 1, {"b":"}"} ] , "c":"\"]\\" } "#,
    #"{"a":null,"b":true,"c":-1.5e3,"d":"","e":{},"f":[]}"#, #"{"ü":"é\u0000","n":[[[]]]}"#,
  ]

  @Test(arguments: documents) func membersAreThoseOfTheParser(_ text: String) throws {
    let bytes = Array(text.utf8)
    let slices = try #require(JSONSlices(bytes))
    for member in try #require(try JSON(parsing: bytes).object) {
      #expect(slices[member.key] == member.value)
    }
    #expect(slices["missing"] == nil)
  }

  @Test(arguments: [
    "", "[]", "1", "{", #"{"a"}"#, #"{"a":}"#, #"{"a":1"#, #"{"a":1,}"#, #"{"a":1}}"#, #"{"a":"x}"#,
    #"{"a":[1}"#, "{,}", #"{"a":"\"#,
  ]) func whatIsNoObjectIsNotCut(_ text: String) {
    let slices = JSONSlices(Array(text.utf8))
    // Where the brackets alone don't tell, the member isn't JSON.
    #expect(slices == nil || slices?["a"] == nil)
  }

  @Test func everyPrefixIsHarmless() {
    for text in Self.documents {
      let bytes = Array(text.utf8)
      for count in bytes.indices { _ = JSONSlices(Array(bytes[..<count]))?["a"] }
    }
  }
}
