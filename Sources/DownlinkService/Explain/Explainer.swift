import CCSDSLink
import CCSDSWire
import Ingest
import LinkHealth
package import StationConfiguration

/// Says of a capture why something is as it is: a packet with its values, a unit, or all that was rejected.
///
/// The capture goes through the same link as in a replay. What it holds in memory does not grow with the capture.
package struct Explainer {
  /// What is to be explained.
  package enum Question: Equatable, Sendable {
    /// The packet with this number among those that the link completes, from 1, or among those of one application
    /// process.
    case packet(Int, applicationProcess: UInt16?)
    /// The unit with this number, from 1.
    case unit(Int)
    /// All that was rejected or discarded, so many of them one by one.
    case rejected(limit: Int)
  }

  /// How to read the capture, and how to answer.
  package struct Options: Sendable {
    /// Of a capture, the datagrams to take by their destination; empty takes those of the link.
    package var ports: [UInt16] = []
    /// JSON instead of text.
    package var asJSON = false

    package init() {}
  }

  private let link: LinkConfiguration
  private let station: String?
  private let mission: LoadedMission?
  private let options: Options

  package init(link: LinkConfiguration, station: String? = nil, mission: LoadedMission?, options: Options = Options()) {
    self.link = link
    self.station = station
    self.mission = mission
    self.options = options
  }

  /// Answers a question about one input.
  ///
  /// - Parameters:
  ///   - path: `-` is standard input.
  ///   - line: Called with each line, without its end.
  /// - Throws: When the input cannot be read, or has nothing with that number.
  package func explain(
    _ question: Question, in path: String, line: @escaping (String) -> Void
  ) throws(ServiceError) {
    switch question {
    case .packet(let number, let process):
      let found = try run(PacketQuestion(number, of: process, mission), over: path)
      guard let account = found.account else { throw found.absence }
      tell(account, line)
    case .unit(let number):
      let found = try run(UnitQuestion(number, link.parameters, mission), over: path)
      guard let account = found.account else { throw found.absence }
      if options.asJSON { line(account.json) } else { account.lines.forEach(line) }
    case .rejected(let limit):
      let question = RejectionQuestion(
        limit: limit, link.parameters, mission, asJSON: options.asJSON, line: line)
      _ = try run(question, over: path)
    }
  }

  private func tell(_ account: PacketAccount, _ line: (String) -> Void) {
    let report = PacketReport(
      account: account, link: link.name, station: station, parameters: link.parameters, mission: mission)
    if options.asJSON { line(report.json) } else { report.lines.forEach(line) }
  }

  /// Lets a link work until the question is answered, or nothing more comes.
  private func run<Asked: LinkQuestion>(_ question: Asked, over path: String) throws(ServiceError) -> Asked {
    let taps = ExplanationTaps(question, link.parameters, mission)
    var pipeline = LinkPipeline(
      name: link.name, parameters: link.parameters, framesPerDatagram: link.framesPerDatagram, taps: taps,
      leapSeconds: LeapSeconds().table)
    do throws(IngestError) {
      var input = try ReplayInput(
        path: path, parameters: link.parameters, ports: link.capturePorts(options.ports))
      try feed(&input, &pipeline, taps)
    } catch {
      throw .ingest(error)
    }
    if !taps.question.isAnswered {
      pipeline.finish(examinesUndecoded: false)
      taps.end()
    }
    taps.finish(pipeline.sink.ledger)
    return taps.question
  }

  private func feed<Asked: LinkQuestion>(
    _ input: inout ReplayInput, _ pipeline: inout LinkPipeline, _ taps: ExplanationTaps<Asked>
  ) throws(IngestError) {
    while !taps.question.isAnswered {
      let offset = input.stream.consumedByteCount
      var unit: (bytes: [UInt8], about: UnitDescription)?
      let hasMore = try input.next { unit = (unsafe $0.withUnsafeBytes { unsafe [UInt8]($0) }, $1) }
      if let (bytes, about) = unit {
        taps.begin(bytes, about, at: input.recordNumber.map { .record($0) } ?? .byte(offset))
        if about.isPieceOfStream {
          unsafe pipeline.receive(stream: bytes.span.bytes, at: about.time)
        } else {
          unsafe pipeline.receive(bytes.span.bytes, about)
        }
        // What is decoded together is told of at once, so that each unit has its own place.
        pipeline.flush()
        taps.end()
      }
      guard hasMore else { break }
    }
  }
}
