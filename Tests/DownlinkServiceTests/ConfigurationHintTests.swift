import CCSDSCoding
import CCSDSLink
import DownlinkService
import LinkHealth
import StationConfiguration
import Testing

@Suite("Hints for a link that decodes nothing", .enabled(if: Corpus.isPresent, Corpus.absence))
struct ConfigurationHintTests {
  /// What somebody wrote instead of what is right.
  enum Mistake: CaseIterable {
    case otherBasis
    case otherInterleave
    case otherRandomizer
    case wrongRandomizer
    case otherLength
    case otherType
    case noCode
    case weakerCode
    case plainFrames
    case noMarker
    case otherMarker

    /// The configuration with the mistake in it.
    func made(in right: LinkText, _ truth: UnitTruth.Units) -> LinkText {
      var text = right
      let depth = truth.interleave
      switch self {
      case .otherBasis: text["coding.reed_solomon"] = "{interleave: \(depth), basis: conventional}"
      case .otherInterleave:
        let other = depth == 5 ? 4 : 5
        text["coding.reed_solomon"] = "{interleave: \(other)}"
        text["frames.length"] = "\(223 * other)"
      case .otherRandomizer: text["coding.randomizer"] = truth.randomised ? "none" : "short255"
      case .wrongRandomizer: text["coding.randomizer"] = "long131071"
      case .otherLength: text["frames.length"] = "\(truth.frameLength - 10 * depth)"
      case .otherType: text["frames.type"] = right["frames.type"] == "tm" ? "aos" : "tm"
      case .noCode: text["coding.reed_solomon"] = nil
      case .weakerCode:
        text["coding.reed_solomon"] = "{errors: 8, interleave: \(depth)}"
        text["frames.length"] = "\(truth.frameLength + 16 * depth)"
      case .plainFrames:
        text["input.format"] = nil
        text["coding.reed_solomon"] = nil
        text["coding.randomizer"] = nil
      case .noMarker: text["input.format"] = "frames"
      case .otherMarker: text["coding.sync_marker"] = "034776C7272895B0"
      }
      return text
    }
  }

  @Test(
    "whatever is written wrongly: what the hint says decodes as much as what is right", arguments: Corpus.unitItems)
  func hintsDecode(name: String) throws {
    let item = try Corpus.item(name, UnitTruth.self)
    let folder = try TemporaryFolder()
    let file = Corpus.path(item.files[0].file)
    let parameters = item.truth.parameters
    let right = LinkText(parameters)
    let expected = try accepted(try replay(right, file, folder))
    #expect(expected > 0)
    var hintedCount = 0
    for mistake in Mistake.allCases {
      var text = mistake.made(in: right, item.truth.cadu)
      let wrong = try replay(text, file, folder)
      // Frames behind markers can be read without correcting them, and a few are anything without error control.
      guard try 2 * accepted(wrong) < expected || mistake == .weakerCode else { continue }
      hintedCount += 1
      let problem = try #require(wrong.problems.first, "\(mistake)")
      #expect(problem.code == .nothingDecodes, "\(mistake): \(problem.message)")
      guard case .frames(let channel) = wrong.snapshot.parameters, let reading = wrong.snapshot.trial?.reading else {
        Issue.record("\(mistake): nothing was found")
        continue
      }
      let settings = channel.settings(for: reading)
      for setting in settings {
        #expect(problem.hint.contains(setting.value.map { "\(setting.key): \($0)" } ?? setting.key))
      }
      text.apply(settings)
      let corrected = try replay(text, file, folder)
      #expect(try accepted(corrected) == expected, "\(mistake): \(problem.hint)")
      // A frame that is all alone waits for a second one, and what would decode is what is written.
      if let reading = corrected.snapshot.trial?.reading, case .frames(let channel) = corrected.snapshot.parameters {
        #expect(channel.settings(for: reading) == [], "\(mistake)")
      }
    }
    #expect(hintedCount >= 9)
  }

  @Test("check says what to write, and ends with 78; with what is right it ends with 0")
  func checksAgainstCapture() throws {
    let item = try Corpus.item("cadu-snpp", UnitTruth.self)
    let folder = try TemporaryFolder()
    var text = LinkText(item.truth.parameters)
    for (capture, ports) in [("data/cadu/snpp_65_cadus_1024.bin", []), ("data/pcap/snpp_cadus_udp6.pcapng", [11_024])] {
      text["coding.randomizer"] = "none"
      var path = try folder.write(Array(text.yaml.utf8), to: "wrong.yaml")
      var check = try CaptureCheck(path: path, against: Corpus.path(capture), link: nil, ports: ports.map(UInt16.init))
      #expect(check.exitCode == 78)
      #expect(check.lines.first?.hasPrefix("tried: does not decode, ") == true)
      #expect(check.problemText.contains("hint: set coding.randomizer: short255 (8 of 8 codeblocks decode)"))
      #expect(check.json.contains(#""decodes":false"#))
      text["coding.randomizer"] = "short255"
      path = try folder.write(Array(text.yaml.utf8), to: "right.yaml")
      check = try CaptureCheck(path: path, against: Corpus.path(capture), link: "tried", ports: ports.map(UInt16.init))
      #expect(check.exitCode == 0)
      #expect(check.lines.first?.hasPrefix("tried: decodes, ") == true)
      #expect(check.json.contains(#""decodes":true"#))
    }
  }

  @Test("frames read with the wrong length are found in a file that has nothing but frames")
  func findsFrameLength() throws {
    for (file, length) in [
      ("data/aos/emm_hope_aos_223.bin", 223), ("data/tm/bgm1_deinterleaved_tm_892.bin", 892),
      ("data/aos/kplo_1_aos_220.bin", 220), ("data/tm/hera_lowrate_1_tm_1113.bin", 1113),
      ("data/tm/euclid_lowrate_tm_1113.bin", 1113),
    ] {
      let folder = try TemporaryFolder()
      var channel = PhysicalChannelParameters(frameType: file.contains("/tm/") ? .tm : .aos, frameByteCount: 300)
      channel.errorControl = .crc16
      let outcome = try replay(LinkText(channel), Corpus.path(file), folder)
      #expect(outcome.snapshot.trial?.reading?.coding.frameByteCount == length, "\(file)")
      #expect(outcome.problems.first?.hint.contains("frames.length: \(length)") == true, "\(file)")
    }
  }

  private typealias Outcome = (snapshot: LinkSnapshot, problems: [Problem])

  private func replay(_ text: LinkText, _ file: String, _ folder: TemporaryFolder) throws -> Outcome {
    let path = try folder.write(Array(text.yaml.utf8), to: "link.yaml")
    let outcome = try Replay(
      StationFile(path: path, isForReplay: true), link: nil, format: nil, options: Replay.Options(files: [file])
    ) { _, _, _ in }.run()
    #expect(outcome.failure == nil)
    return try #require(outcome.report.links.first)
  }

  private func accepted(_ outcome: Outcome) throws -> Int {
    let frames = outcome.snapshot.ledger.frames
    return frames.delivered + frames.idle + frames.unlisted + frames.rejected[.quarantined]
  }
}
