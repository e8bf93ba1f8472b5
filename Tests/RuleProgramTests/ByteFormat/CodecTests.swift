import RuleProgram
import SeededRandom
import Testing

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// The byte forms of programs and their companions, as `FORMAT.md` describes them.
@Suite struct CodecTests {
  @Test("a program, its bytes and the program read from them are equal")
  func roundTrip() throws {
    for program in [Samples.everything, Samples.constant] {
      let verified = try Program.verified(bytes: program.bytes)
      #expect(verified.program == program)
      #expect(verified.program.digest == program.digest)
      #expect(verified.program.bytes == program.bytes)
    }
  }

  @Test("the smallest program has the bytes that FORMAT.md spells out")
  func bytesByHand() {
    var expected: [UInt8] = Array("LPRG".utf8) + [1]
    expected += [0]  // no inputs
    expected += [1, 3] + Array("yes".utf8) + [0]  // one outcome, not adverse
    expected += [0, 0, 0, 0, 0, 0, 0, 0]  // outputs … nodes: none
    expected += [1, 4] + Array("ONLY".utf8) + [0, 0, 0]  // one leaf, outcome 0, no reasons, no sets
    expected += [1]  // the root is leaf 0
    #expect(Samples.constant.bytes == expected)
  }

  @Test("values have the bytes that FORMAT.md spells out")
  func valueBytes() {
    let cases: [(Value, [UInt8])] = [
      (v("0"), [1, 0, 0, 0]), (v("-12.50"), [1, 1, 125, 1]),
      (v("1200"), [1, 0, 12, 4]), (v("\"é\""), [2, 2, 0xC3, 0xA9]), (v("true"), [3, 1]),
      (v("2026-01-31"), [4, 10] + Array("2026-01-31".utf8)),
      (v("10:00:00.50+00:00"), [5, 11] + Array("10:00:00.5Z".utf8)),
      (v("2026-01-31T24:00:00"), [6, 19] + Array("2026-02-01T00:00:00".utf8)),
      (v("-PT36H"), [7, 8] + Array("-P1DT12H".utf8)), (v("P14M"), [8, 5] + Array("P1Y2M".utf8)),
    ]
    for (value, bytes) in cases {
      var program = Samples.constant
      program.constants = [value]
      let prefix = Array("LPRG".utf8) + [1, 0, 1, 3] + Array("yes".utf8) + [0, 0, 0, 0, 1]
      #expect(Array(program.bytes.prefix(prefix.count + bytes.count)) == prefix + bytes, "\(value)")
    }
  }

  @Test("every truncation of a program is refused")
  func truncations() {
    for bytes in [Samples.everything.bytes, Samples.constant.bytes] {
      for length in bytes.indices {
        #expect(throws: FormatError.self) {
          try Program.verified(bytes: Array(bytes.prefix(length)))
        }
      }
      #expect(throws: FormatError.self) { try Program.verified(bytes: bytes + [0]) }
    }
  }

  /// What is done to a byte: each bit turned, then some; `LEAFPROOF_EXHAUSTIVE=1` does all 255
  /// changes (20 s).
  private static let changes: [UInt8] =
    ProcessInfo.processInfo.environment["LEAFPROOF_EXHAUSTIVE"] == "1"
    ? Array(1...255) : [1, 2, 4, 8, 16, 32, 64, 128, 3, 7, 0x7F, 0xFF]

  /// A quarter of the places each, so that the quarters run side by side.
  @Test(
    "every change of one byte is refused or gives another program, which runs", arguments: 0..<4)
  func byteChanges(quarter: Int) {
    let original = Samples.everything.bytes
    var accepted = 0
    for place in original.indices where place % 4 == quarter {
      var bytes = original
      for change in Self.changes {
        bytes[place] = original[place] ^ change
        guard let verified = try? Program.verified(bytes: bytes) else { continue }
        accepted += 1
        if verified.program.bytes != bytes { Issue.record("byte \(place): not what was read") }
        if accepted % 8 == 0 { run(verified) }
      }
    }
    #expect(accepted > 0, "letters of names can change")
  }

  @Test("random damage never crashes the reader")
  func damage() {
    let seed = TestData.seed()
    var generator = SeededGenerator(seed: seed)
    let original = Samples.everything.bytes
    for _ in 0..<3000 {
      var bytes = original
      for _ in 0..<generator.int(1...4) {
        let place = generator.int(0...bytes.count - 1)
        switch generator.int(0...3) {
        case 0: bytes[place] = UInt8(generator.int(0...255))
        case 1: bytes.remove(at: place)
        case 2: bytes.insert(UInt8(generator.int(0...255)), at: place)
        default: bytes.replaceSubrange(place..<place, with: [UInt8](repeating: 0xFF, count: 9))
        }
      }
      guard let verified = try? Program.verified(bytes: bytes) else { continue }
      #expect(verified.program.bytes == bytes, "seed \(seed)")
      run(verified)
    }
  }

  /// Binds what the sample's inputs take, evaluates, and prints the program.
  private func run(_ verified: VerifiedProgram) {
    let program = verified.program
    var binding = Binding(Evaluator(verified))
    for name in ["200", "Abc"] {
      binding.begin()
      for (index, input) in program.inputs.enumerated() {
        let text =
          switch input.type {
          case .number: "200"
          case .string: input.values.first ?? name
          case .boolean: "true"
          case .date: "2026-01-31"
          case .time: "10:00:00Z"
          case .dateTime: "2026-01-31T10:00:00Z"
          case .dayTimeDuration: "P1D"
          case .yearMonthDuration: "P1Y"
          }
        binding.bind(index, value: value(text, input.type))
      }
      if let leaf = binding.evaluate() { _ = binding.outputs(ofLeaf: leaf) }
    }
    #expect(!program.disassembly().isEmpty)
  }

  @Test("numbers that aren't in their shortest form, unknown codes and versions are refused")
  func forms() {
    let bytes = Samples.constant.bytes
    func refusal(_ bytes: [UInt8]) -> String {
      do {
        _ = try Program.verified(bytes: bytes)
        return "accepted"
      } catch {
        return error.message
      }
    }
    #expect(refusal([]) == "this is not a compiled rule set")
    #expect(refusal(Array("LPWD".utf8) + bytes.dropFirst(4)) == "this is not a compiled rule set")
    var newer = bytes
    newer[4] = 2
    #expect(refusal(newer) == "format version 2 is newer than this program reads")
    #expect(
      refusal(bytes[..<5] + [0x80, 0x00] + bytes[6...]) == "a number is not in its shortest form")
    #expect(refusal(bytes + [7]) == "there is data behind the end")
    let huge = Array(repeating: UInt8(0xFF), count: 9) + [0x01]
    #expect(refusal(bytes[..<5] + huge) == "a count is larger than the data")
    #expect(refusal(bytes[..<5] + huge.dropLast() + [0x02]) == "a number is too large")
  }

  /// A program whose only constant has these bytes.
  private func withConstant(_ constant: [UInt8]) -> [UInt8] {
    let bytes = Samples.constant.bytes
    // Behind inputs, one outcome, outputs, reasons and derived values stands the constants' count.
    return bytes[..<15] + [1] + constant + bytes[16...]
  }

  @Test("a constant that isn't in its canonical form is refused, whatever its exponent")
  func constants() throws {
    #expect(throws: Never.self) { try Program.verified(bytes: withConstant([1, 0, 12, 4])) }
    let least: [UInt8] = Array(repeating: 0xFF, count: 9) + [0x01]  // exponent -2^63
    let greatest: [UInt8] = [0xFE] + Array(repeating: 0xFF, count: 8) + [0x01]
    let refused: [[UInt8]] = [
      [1, 0, 120, 2],  // trailing zero in the coefficient
      [1, 1, 0, 0],  // a negative zero
      [1, 0, 12] + least, [1, 0, 12] + greatest,
      [1, 0] + Array(repeating: 0xFF, count: 18) + [0x03, 0],  // 2^128 - 1: more than 34 digits
      [1, 2, 12, 4], [0], [9, 0], [2, 1, 0xC3], [2, 2, 0xC0, 0x80], [2, 3, 0xED, 0xA0, 0x80],
      [4, 10] + Array("2026-02-29".utf8), [5, 9] + Array("10:00:00z".utf8),
      [7, 6] + Array("PT36H1".utf8), [7, 5] + Array("PT36H".utf8), [8, 4] + Array("P14M".utf8),
    ]
    for constant in refused {
      #expect(throws: FormatError.self, "\(constant)") {
        try Program.verified(bytes: withConstant(constant))
      }
    }
  }

  @Test("wordings, pipelines and models come back from their bytes; truncations are refused")
  func companions() throws {
    #expect(try Wording(bytes: Samples.wording.bytes) == Samples.wording)
    #expect(Samples.wording.fits(Samples.everything))
    #expect(!Samples.wording.fits(Samples.constant))
    #expect(try PipelineDefinition(bytes: Samples.pipeline.bytes) == Samples.pipeline)
    #expect(try ModelDefinition(bytes: Samples.model.bytes) == Samples.model)
    for read in Companion.all {
      for length in read.bytes.indices {
        let cut = Array(read.bytes.prefix(length))
        #expect(throws: FormatError.self) { try read.readAndWrite(cut) }
      }
      #expect(throws: FormatError.self) { try read.readAndWrite(read.bytes + [0]) }
    }
  }

  @Test("every change of one byte of a companion is refused or read as other bytes")
  func companionChanges() throws {
    for read in Companion.all {
      var accepted = 0
      for place in read.bytes.indices {
        var bytes = read.bytes
        for change in Self.changes {
          bytes[place] = read.bytes[place] ^ change
          guard let written = try? read.readAndWrite(bytes) else { continue }
          accepted += 1
          if written != bytes { Issue.record("\(read.name), byte \(place): \(bytes[place])") }
        }
      }
      #expect(accepted > 0)
    }
  }

  /// One of the other three kinds of file.
  private struct Companion {
    var name: String
    var bytes: [UInt8]
    var readAndWrite: ([UInt8]) throws -> [UInt8]

    static var all: [Companion] {
      [
        Companion(name: "wording", bytes: shortWording.bytes) { try Wording(bytes: $0).bytes },
        Companion(name: "pipeline", bytes: Samples.pipeline.bytes) {
          try PipelineDefinition(bytes: $0).bytes
        },
        Companion(name: "model", bytes: Samples.model.bytes) {
          try ModelDefinition(bytes: $0).bytes
        },
      ]
    }

    private static var shortWording: Wording {
      var wording = Samples.wording
      wording.nodes = Array(wording.nodes.prefix(1))
      return wording
    }
  }

  @Test("a digest is 64 lower-case hexadecimal digits, and is read from nothing else")
  func digests() {
    // FIPS 180-4: SHA-256 of "abc".
    let hex = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    #expect(ContentDigest(of: Array("abc".utf8)).description == hex)
    #expect(ContentDigest(hex: hex) == ContentDigest(of: Array("abc".utf8)))
    #expect(ContentDigest(hex: hex.uppercased()) == nil)
    #expect(ContentDigest(hex: String(hex.dropLast())) == nil)
    #expect(ContentDigest(hex: hex + "0") == nil)
  }
}
