import CCSDSLink
import LinkHealth
import StationConfiguration

/// What `check --against` finds: whether the links of a configuration decode what is in a capture, and if not, what
/// would.
package struct CaptureCheck {
  /// How one link did.
  private struct Finding {
    let snapshot: LinkSnapshot
    let problems: [Problem]

    var decodes: Bool {
      CaptureCheck.unitCount(snapshot) > 0 && !problems.contains { $0.code == .nothingDecodes }
    }
    var isFit: Bool { decodes && !problems.contains { $0.severity == .critical } }
  }

  private let path: String
  private let capture: String
  private let findings: [Finding]

  /// Replays the capture through a link, or through each.
  ///
  /// - Parameters:
  ///   - path: The configuration.
  ///   - capture: A capture, or a file of what the links carry; `-` is standard input, which only one link can read.
  ///   - link: Absent: all.
  ///   - ports: Of a capture, the datagrams to take; empty takes those of each link.
  package init(path: String, against capture: String, link: String?, ports: [UInt16]) throws(ServiceError) {
    let file = try StationFile(path: path, isForReplay: true)
    var links = file.configuration.links
    if link != nil || capture == "-" { links = [try file.link(named: link, format: nil)] }
    var findings: [Finding] = []
    for link in links {
      var options = Replay.Options(files: [capture])
      options.ports = ports
      let outcome = try Replay(link: link, mission: file.missions[link.name], options: options).run()
      if let failure = outcome.failure { throw failure }
      findings += outcome.report.links.map { Finding(snapshot: $0.snapshot, problems: $0.problems) }
    }
    self.path = path
    self.capture = capture
    self.findings = findings
  }

  /// Whether every link decodes something, and nothing critical is wrong with any.
  package var isFit: Bool { findings.allSatisfy(\.isFit) }

  /// The code that the command exits with.
  package var exitCode: Int32 { isFit ? 0 : 78 }

  /// What is wrong, for a person, each with its hint.
  package var problemText: String {
    findings.flatMap { finding in
      finding.problems.map { problem in
        ConfigurationProblem(
          problem.severity == .critical ? .error : .warning, "link '\(finding.snapshot.name)': \(problem.message)",
          file: path, hint: problem.hint
        ).rendered
      }
    }.joined()
  }

  /// One line for each link: whether it decodes, with the figures of its ledger.
  package var lines: [String] {
    findings.map { "\($0.snapshot.name): \($0.decodes ? "decodes" : "does not decode"), \(Self.figures($0.snapshot))" }
  }

  /// The findings for a tool: one object.
  package var json: String {
    var writer = JSONWriter()
    writer.object { root in
      root.member("class", "CHECK")
      root.member("path", path)
      root.member("against", capture)
      root.member("ok", isFit)
      root.array("links") { array in
        for finding in findings {
          array.object {
            $0.member("name", finding.snapshot.name)
            $0.member("decodes", finding.decodes)
            $0.object("ledger") { finding.snapshot.writeLedger(to: &$0) }
            $0.array("problems") { array in
              for problem in finding.problems { array.object { problem.write(to: &$0) } }
            }
          }
        }
      }
    }
    return writer.text
  }

  /// Frames that were accepted, or packets where there are no frames.
  private static func unitCount(_ snapshot: LinkSnapshot) -> Int {
    switch snapshot.parameters {
    case .frames: snapshot.ledger.frames.accepted
    case .packets: snapshot.ledger.packets.delivered + snapshot.ledger.packets.idle
    }
  }

  private static func figures(_ snapshot: LinkSnapshot) -> String {
    let ledger = snapshot.ledger
    var parts: [String] = []
    if ledger.streamBytes.received > 0 {
      parts.append("\(ledger.streamBytes.skipped.grouped) of \(ledger.streamBytes.received.grouped) bytes in no unit")
    } else {
      parts.append("\(ledger.datagrams.received.grouped) units")
    }
    if ledger.codewords.received > 0 {
      parts.append(
        "\(ledger.codewords.received.grouped) codewords (\(ledger.codewords.clean.grouped) clean, "
          + "\(ledger.codewords.corrected.grouped) corrected, \(ledger.codewords.uncorrectable.grouped) beyond it)")
    }
    if case .frames = snapshot.parameters {
      parts.append("\(unitCount(snapshot).grouped) of \(ledger.frames.received.grouped) frames accepted")
    }
    parts.append("\(ledger.packets.completed.grouped) packets")
    return parts.joined(separator: ", ")
  }
}
