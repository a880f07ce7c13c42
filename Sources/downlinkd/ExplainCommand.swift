import ArgumentParser
import DownlinkService

struct ExplainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "explain",
    abstract: "Says of a packet which bits gave which value by which rule, and of what was rejected why.",
    discussion: """
      --packet N   the Nth packet that the link completes: its frames, headers, and, with a mission database, each value
      --unit N     the Nth unit (datagram, frame, codeblock): its fields, and what became of it, step by step
      --rejected   all that was rejected or discarded: stage, rule, expected and seen, and how often in all

      Units are counted as `capture.frame` of an event counts them. The capture goes through the same link as in a
      replay, so that the counts are those of its report.

      Examples:
        downlinkd explain -c station.yaml pass-0412.pcap --packet 17 --apid 11
        downlinkd explain -c station.yaml pass-0412.pcap --rejected --limit 5
      """)

  @OptionGroup var options: ConfigurationOptions
  @Option(help: "The link whose capture it is; needed when there are several.")
  var link: String?
  @Option(help: "What the file holds: frames, cadus or packets (default: what the link says).")
  var format: String?
  @Option(help: "Of a capture: take the datagrams to this port. May be repeated.")
  var port: [UInt16] = []
  @Option(help: "Explain the packet with this number, from 1.")
  var packet: Int?
  @Option(help: "With --packet: count only the packets of this application process.")
  var apid: UInt16?
  @Option(help: "Explain the unit with this number, from 1.")
  var unit: Int?
  @Flag(help: "Explain what was rejected or discarded.")
  var rejected = false
  @Option(help: "With --rejected: tell of so many one by one (default: 20).")
  var limit: Int?
  @Flag(help: "Write JSON: one object, or, of what was rejected, one a line, the last with the counts.")
  var json = false
  @Argument(help: "A capture, or a file of frames, CADUs or packets; - is standard input.")
  var capture: String

  func validate() throws {
    let questions = [packet != nil, unit != nil, rejected].filter { $0 }
    guard questions.count == 1 else { throw ValidationError("give one of --packet N, --unit N and --rejected") }
    if let packet, packet < 1 { throw ValidationError("packets are counted from 1") }
    if let unit, unit < 1 { throw ValidationError("units are counted from 1") }
    if let limit, limit < 0 { throw ValidationError("--limit is 0 or more") }
    if apid != nil, packet == nil { throw ValidationError("--apid goes with --packet") }
    if let apid, apid > 2047 { throw ValidationError("an application process ID is 0 to 2047") }
    if limit != nil, !rejected { throw ValidationError("--limit goes with --rejected") }
  }

  func run() throws {
    var explanation = Explainer.Options()
    explanation.ports = port
    explanation.asJSON = json
    try reportingFailure { () throws(ServiceError) in
      let station = try StationFile(path: options.path, isForReplay: true)
      let screen = json ? ScreenText() : Terminal.screenText
      try Explainer(station, link: link, format: format, options: explanation)
        .explain(question, in: capture) { line in screen.lines(of: line).forEach(Terminal.say) }
    }
  }

  private var question: Explainer.Question {
    if let packet { return .packet(packet, applicationProcess: apid) }
    if let unit { return .unit(unit) }
    return .rejected(limit: limit ?? 20)
  }
}
