import CCSDSCoding
import CCSDSLink
import StationConfiguration
import Testing

@Suite("The Reed-Solomon code of a link, CCSDS 131.0-B-5 §4")
struct ReedSolomonTests {
  private static func text(_ code: String, length: Int = 1115) -> String {
    station(link: "coding: { reed_solomon: { \(code) } }", frames: "type: aos, length: \(length)")
  }

  private func code(_ text: String) throws -> ReedSolomonParameters { try #require(try coding(text)?.reedSolomon) }

  /// The frame lengths of both codes, without fill.
  private static let lengths = [
    (16, 1, 223), (16, 2, 446), (16, 3, 669), (16, 4, 892), (16, 5, 1115), (16, 8, 1784),
    (8, 1, 239), (8, 2, 478), (8, 3, 717), (8, 4, 956), (8, 5, 1195), (8, 8, 1912),
  ]

  @Test("goes with the length of its frames, without fill", arguments: lengths)
  func takesEveryCode(errors: Int, interleave: Int, length: Int) throws {
    let text = Self.text("errors: \(errors), interleave: \(interleave)", length: length)
    #expect(findings(text, for: .replay) == [])
    let code = try code(text)
    #expect(code.capability.rawValue == errors)
    #expect(code.interleavingDepth == interleave)
    #expect(code.virtualFillSymbolCount == 0)
    #expect(code.basis == .dual)
    #expect(code.codeblockByteCount == 255 * interleave)
    #expect(try coding(text)?.codeblockByteCount == 255 * interleave)
  }

  /// Suomi NPP, NOAA-21, the Emirates Mars Mission, and Danuri with its code shortened to (252,220).
  @Test(
    "makes CADUs as long as those of spacecraft that fly",
    arguments: [(892, 4, 0, 1024), (1115, 5, 0, 1279), (223, 1, 0, 259), (220, 1, 3, 256)])
  func knowsSpacecraft(length: Int, interleave: Int, fill: Int, byteCount: Int) throws {
    let keys = "sync_marker: standard, randomizer: short255"
    for virtualFill in ["", ", virtual_fill: \(fill)"] {
      let code = "reed_solomon: { interleave: \(interleave)\(virtualFill) }"
      let coding = try coding(
        station(link: "coding: { \(keys), \(code) }", frames: "type: aos, length: \(length)"))
      #expect(coding?.accessDataUnitByteCount == byteCount)
      #expect(coding?.reedSolomon?.virtualFillSymbolCount == fill / interleave)
    }
  }

  @Test("has errors 16 and the dual basis, unless something else is written")
  func documentsDefaults() throws {
    #expect(try code(Self.text("interleave: 5")).capability == .sixteen)
    #expect(try code(Self.text("interleave: 5")).basis == .dual)
    #expect(try code(Self.text("interleave: 5, basis: conventional")).basis == .conventional)
    #expect(try code(Self.text("interleave: 5, basis: dual")) == code(Self.text("interleave: 5")))
  }

  @Test(
    "has a fill that is counted in all, written or not",
    arguments: [("", 1100, 3), (", virtual_fill: 15", 1100, 3), (", virtual_fill: 0", 1115, 0), ("", 10, 221)])
  func takesFill(fill: String, length: Int, symbolCount: Int) throws {
    let text = Self.text("interleave: 5\(fill)", length: length)
    #expect(findings(text, for: .replay) == [])
    let code = try code(text)
    #expect(code.virtualFillSymbolCount == symbolCount)
    #expect(code.codeblockByteCount == length + 160)
    #expect(try coding(text)?.codeblockByteCount == length + 160)
  }

  @Test(
    "that does not go with the length of its frames comes with one that does",
    arguments: [
      (
        "interleave: 5", 892,
        "5:43 interleave 5 takes 1115 bytes; frames.length 892 leaves a virtual fill of 223, "
          + "which is not a multiple of 5 | frames.length 892 goes with interleave 4 (no virtual fill)"
      ),
      (
        "interleave: 4", 1115,
        "5:43 frames.length 1115 is more than interleave 4 takes: 892 bytes | "
          + "frames.length 1115 goes with interleave 5 (no virtual fill)"
      ),
      (
        "interleave: 1", 239,
        "5:43 frames.length 239 is more than interleave 1 takes: 223 bytes | "
          + "frames.length 239 goes with errors 8 and interleave 1 (no virtual fill)"
      ),
      (
        "interleave: 4", 1100,
        "5:43 frames.length 1100 is more than interleave 4 takes: 892 bytes | "
          + "frames.length 1100 goes with interleave 5 (virtual_fill 15)"
      ),
      (
        "interleave: 5", 1275,
        "5:43 frames.length 1275 is more than interleave 5 takes: 1115 bytes | "
          + "write 'length: 1115': a frame is counted without parity"
      ),
      (
        "interleave: 4", 1275,
        "5:43 frames.length 1275 is more than interleave 4 takes: 892 bytes | "
          + "write 'length: 1115' and 'interleave: 5': a frame is counted without parity"
      ),
      (
        "interleave: 8", 1113,
        "5:43 interleave 8 takes 1784 bytes; frames.length 1113 leaves a virtual fill of 671, "
          + "which is not a multiple of 8 | interleave 8 takes frames of 1784 bytes, less a multiple of 8"
      ),
      (
        "interleave: 8", 2000,
        "5:43 frames.length 2000 is more than interleave 8 takes: 1784 bytes | "
          + "interleave 8 takes frames of 1784 bytes, less a multiple of 8"
      ),
      (
        "virtual_fill: 10, interleave: 5", 1100,
        "5:45 frames.length 1100 and virtual_fill 10 are 1110 bytes, but interleave 5 takes 1115 | "
          + "write 'virtual_fill: 15'"
      ),
      (
        "virtual_fill: 7, interleave: 5", 1100,
        "5:45 virtual_fill 7 is not a multiple of interleave 5 | write 'virtual_fill: 15'"
      ),
      (
        "virtual_fill: 4, interleave: 4", 1115,
        "5:45 frames.length 1115 and virtual_fill 4 are 1119 bytes, but interleave 4 takes 892 | "
          + "frames.length 1115 goes with interleave 5 (no virtual fill)"
      ),
      (
        "virtual_fill: 5, interleave: 5", 1115,
        "5:45 frames.length 1115 and virtual_fill 5 are 1120 bytes, but interleave 5 takes 1115 | "
          + "write 'virtual_fill: 0'"
      ),
    ])
  func refusesMisfit(code: String, length: Int, finding: String) {
    #expect(findings(Self.text(code, length: length), for: .replay) == [finding])
  }

  @Test("whose frames are counted with their marker is told so")
  func knowsTheLengthOfACADU() {
    let text = station(
      link: "coding: { sync_marker: 1ACFFC1D, reed_solomon: { interleave: 5 } }", frames: "type: aos, length: 1279")
    #expect(
      findings(text, for: .replay) == [
        "5:66 frames.length 1279 is more than interleave 5 takes: 1115 bytes | "
          + "write 'length: 1115': a frame is counted without parity and sync marker"
      ])
  }

  @Test("is never refused for a length with a hint that would be refused as well", arguments: [8, 16])
  func hintsAreTrue(errors: Int) throws {
    for length in stride(from: 9, through: 2100, by: 7) {
      for interleave in [1, 2, 3, 4, 5, 8] {
        let found = findings(Self.text("errors: \(errors), interleave: \(interleave)", length: length), for: .replay)
        guard let finding = found.first, let hint = finding.split(separator: " | ").last else { continue }
        #expect(found.count == 1)
        let numbers = hint.split { !$0.isNumber }.compactMap { Int($0) }
        if hint.contains(" goes with errors ") {
          try requireSound("errors: \(numbers[1]), interleave: \(numbers[2])", numbers[0])
        } else if hint.contains("(virtual_fill ") {
          try requireSound("errors: \(errors), interleave: \(numbers[1]), virtual_fill: \(numbers[2])", length)
        } else if hint.contains(" goes with ") {
          try requireSound("errors: \(errors), interleave: \(numbers[1])", length)
        } else if hint.hasPrefix("write 'length: ") {
          try requireSound("errors: \(errors), interleave: \(numbers.count > 1 ? numbers[1] : interleave)", numbers[0])
        } else {
          try requireSound("errors: \(errors), interleave: \(numbers[0])", numbers[1] - numbers[2])
        }
      }
    }
  }

  private func requireSound(_ code: String, _ length: Int) throws {
    try #require(findings(Self.text(code, length: length), for: .replay) == [], "\(code), length: \(length)")
  }

  @Test(
    "is wanted whole and right",
    arguments: [
      (
        "errors: 32, interleave: 5",
        "5:39 links[0].coding.reed_solomon.errors must be 16 or 8, not 32 | "
          + "write 16 for (255,223), or 8 for (255,239)"
      ),
      (
        "interleave: 6",
        "5:43 links[0].coding.reed_solomon.interleave must be 1, 2, 3, 4, 5 or 8, not 6 | write 1, 2, 3, 4, 5 or 8"
      ),
      (
        "interleave: 0",
        "5:43 links[0].coding.reed_solomon.interleave must be 1, 2, 3, 4, 5 or 8, not 0 | write 1, 2, 3, 4, 5 or 8"
      ),
      ("interleave: 5, basis: berlekamp", "5:53 basis must be 'dual' or 'conventional', not 'berlekamp' | write dual"),
      (
        "interleave: 5, basis: normal",
        "5:53 basis must be 'dual' or 'conventional', not 'normal' | write 'dual' or 'conventional'"
      ),
      (
        "interleave: 5, virtual_fill: -5",
        "5:60 links[0].coding.reed_solomon.virtual_fill is -5, which is not in 0...1904 | write a number in 0...1904"
      ),
      (
        "errors: 16",
        "5:29 'interleave' is missing in links[0].coding.reed_solomon | "
          + "write 'interleave: 5', which goes with frames.length 1115"
      ),
      (
        "interleaving_depth: 5, interleave: 5",
        "5:31 unknown key 'interleaving_depth' in links[0].coding.reed_solomon | write 'interleave'"
      ),
    ])
  func refusesKeys(code: String, finding: String) {
    #expect(findings(Self.text(code), for: .replay) == [finding])
  }

  @Test("without an interleaving depth is told what goes with its frames, or what there is")
  func missesInterleave() {
    let hint = { (length: Int) in
      findings(Self.text("basis: dual", length: length), for: .replay).first?.split(separator: " | ").last ?? ""
    }
    #expect(hint(223) == "write 'interleave: 1', which goes with frames.length 223")
    #expect(hint(1100) == "write 'interleave: 5', which goes with frames.length 1100")
    #expect(hint(1113) == "write 1, 2, 3, 4, 5 or 8: how many codewords share a codeblock")
  }

  @Test(
    "is a section, and not true or false",
    arguments: [
      ("true", "'true'", "write 'reed_solomon: { errors: 16, interleave: 5, basis: dual }', or the like"),
      ("yes", "'yes'", "write 'reed_solomon: { errors: 16, interleave: 5, basis: dual }', or the like"),
      ("e16", "'e16'", "write 'reed_solomon: { errors: 16, interleave: 5, basis: dual }', or the like"),
      ("false", "'false'", "leave it out"), ("none", "'none'", "leave it out"),
      ("[16, 5]", "a list", "its keys are 'errors', 'interleave', 'basis', 'virtual_fill'"),
    ])
  func refusesScalars(value: String, kind: String, hint: String) {
    #expect(
      findings(station(link: "coding: { reed_solomon: \(value) }"), for: .replay) == [
        "5:29 reed_solomon must be a section of keys, not \(kind) | \(hint)"
      ])
  }

  @Test("is not held against a length that is missing or wrong")
  func skipsUnknownLengths() {
    let coding = "coding: { reed_solomon: { interleave: 5, virtual_fill: 5 } }"
    #expect(findings(station(link: coding, frames: "type: aos"), for: .replay).count == 1)
    #expect(findings(station(link: coding, frames: "type: aos, length: x"), for: .replay).count == 1)
    #expect(findings(station(link: coding, frames: "type: aos, length: 70000"), for: .replay).count == 1)
  }
}
