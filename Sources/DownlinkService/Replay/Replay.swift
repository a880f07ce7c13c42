import CCSDSLink
import CCSDSWire
import Ingest
package import LinkHealth
import Publish
package import StationConfiguration

/// Runs a link over files instead of its input: the same pipeline, with the capture's clock.
///
/// What comes out depends on the bytes alone: not on the speed, not on how they get here, not on this host.
package struct Replay {
  /// What to replay, and what to keep of it.
  package struct Options: Sendable {
    package var files: [String]
    package var ports: [UInt16] = []
    package var speed = ReplaySpeed.maximum
    /// Every unit goes over a UDP socket of this host.
    package var goesOverLoopback = false
    package var packetsTo: String?
    package var framesTo: String?
    /// The codeblocks beyond correction, derandomized, with their parity.
    package var uncorrectableTo: String?
    package var eventsTo: String?
    /// The values of the packets, a line for each packet.
    package var parametersTo: String?
    /// The reports of its passes.
    package var passesTo: String?
    /// Whether passes are looked for, even if their reports go nowhere.
    package var findsPasses = false
    /// When a pass is over, and what was announced.
    package var passes = PassConfiguration()

    package init(files: [String]) { self.files = files }

    var keepsNothing: Bool { [packetsTo, framesTo, uncorrectableTo, eventsTo, parametersTo].allSatisfy { $0 == nil } }
  }

  /// How a replay went.
  package struct Outcome {
    package let report: ReportDocument
    /// Why it stopped before the end of its files, if it did. Everything before that is in the report.
    package let failure: ServiceError?
    /// Why its files are no good, though they could be read to their ends.
    package var damage: ServiceError?
    /// Its passes, where they were asked for: those that are over, the last ones where there are many.
    package var passes: [PassReport] = []
  }

  private let link: LinkConfiguration
  private let mission: LoadedMission?
  private let options: Options
  /// Told now and then how far it is: bytes read, bytes in all if known, and frames received.
  private let progress: (Int, Int?, Int) -> Void

  package init(
    link: LinkConfiguration, mission: LoadedMission? = nil, options: Options,
    progress: @escaping (Int, Int?, Int) -> Void = { _, _, _ in }
  ) {
    self.link = link
    self.mission = mission
    self.options = options
    self.progress = progress
  }

  /// - Throws: When it cannot begin: an output that cannot be made, no socket.
  package func run() throws(ServiceError) -> Outcome {
    if options.parametersTo != nil, mission == nil {
      throw .usage(
        "link '\(link.name)' has no mission database, so that nobody knows what its packets mean",
        hint: "write 'mission_database: [FILE.xml]' below the link")
    }
    let leapSeconds = LeapSeconds().table
    var passes = try ReplayPasses(link, options, leapSeconds)
    let isCoded = link.parameters.coding != nil
    let taps = options.keepsNothing ? nil : try ReplayTaps(link: link.name, isCoded: isCoded, options)
    var pipeline = LinkPipeline(
      name: link.name, parameters: link.parameters, framesPerDatagram: link.framesPerDatagram, taps: taps,
      mission: mission, leapSeconds: leapSeconds, passes: passes?.recorder)
    let carrier = try makeCarrier(pipeline.acceptedDatagramByteCount)
    var facts = InputFacts()
    facts.port = ports.first
    var inputs = Inputs()
    var failure: ServiceError?
    for path in options.files where failure == nil {
      failure = replay(path, &pipeline, carrier, taps, &facts, &inputs, &passes)
    }
    pipeline.finish()
    pipeline.finishPasses()
    passes?.take(pipeline.takePassNews(), taps)
    do throws(ServiceError) { try taps?.finish() } catch { failure = failure ?? error }
    failure = failure ?? passes?.failure
    let snapshot = pipeline.snapshot()
    let parameters = pipeline.parameterSummary
    let misfits = (parameters?.misfit(of: link.name) ?? parameters?.strangers(on: link.name)).map { [$0] } ?? []
    var report = ReportDocument(links: [(snapshot: snapshot, problems: snapshot.problems(facts) + misfits)])
    report.inputs = inputs.descriptions
    report.parameters = parameters
    return Outcome(
      report: report, failure: failure, damage: inputs.damage(options.files, snapshot), passes: passes?.reports ?? [])
  }

  private var ports: [UInt16] { link.capturePorts(options.ports) }

  private func makeCarrier(_ acceptedDatagramByteCount: Int) throws(ServiceError) -> ReplayCarrier {
    guard options.goesOverLoopback else { return .direct }
    do throws(IngestError) {
      return .loopback(try LoopbackCarrier(acceptedDatagramByteCount: acceptedDatagramByteCount))
    } catch {
      throw .ingest(error)
    }
  }

  /// Replays one file, as far as it goes.
  private func replay(
    _ path: String, _ pipeline: inout LinkPipeline, _ carrier: ReplayCarrier, _ taps: ReplayTaps?,
    _ facts: inout InputFacts, _ inputs: inout Inputs, _ passes: inout ReplayPasses?
  ) -> ServiceError? {
    let name = path == "-" ? "standard input" : path
    do throws(ServiceError) {
      var input = try Self.open(path, link.parameters, ports)
      taps?.begin(file: name)
      taps?.journal.report(.replay, .info) {
        $0.member("action", "start")
        $0.member("file", name)
      }
      let failure = feed(&input, &pipeline, carrier, taps, &passes)
      // What was decoded so far was in this file.
      pipeline.flush()
      facts.otherPorts += input.ports.filter { !ports.contains($0.port) }
      inputs.note(input, named: name)
      taps?.journal.report(.replay, .info) {
        $0.member("action", failure == nil ? "end" : "damaged")
        $0.member("file", name)
        $0.member("frames", pipeline.sink.ledger.frames.received)
        $0.member("packets", pipeline.sink.ledger.packets.completed)
      }
      return failure
    } catch {
      return error
    }
  }

  private static func open(
    _ path: String, _ parameters: LinkParameters, _ ports: [UInt16]
  ) throws(ServiceError) -> ReplayInput {
    do throws(IngestError) {
      return try ReplayInput(path: path, parameters: parameters, ports: ports)
    } catch {
      throw .ingest(error)
    }
  }

  private func feed(
    _ input: inout ReplayInput, _ pipeline: inout LinkPipeline, _ carrier: ReplayCarrier,
    _ taps: ReplayTaps?, _ passes: inout ReplayPasses?
  ) -> ServiceError? {
    var pace = ReplayPace(options.speed)
    var failure: ServiceError?
    var unitCount = 0
    func deliver(_ unit: RawSpan, _ about: UnitDescription) {
      taps?.noteDelivery()
      if about.isPieceOfStream {
        pipeline.receive(stream: unit, at: about.time)
      } else {
        pipeline.receive(unit, about)
      }
    }
    do throws(IngestError) {
      while failure == nil,
        try input.next({ unit, about in
          pace.wait(for: about.time)
          unitCount += 1
          do throws(ServiceError) {
            try carrier.carry(unit, about, deliver)
          } catch {
            failure = error
          }
        })
      {
        passes?.take(pipeline.takePassNews(), taps)
        let step = input.isStream ? Self.progressPieceCount : Self.progressUnitCount
        if unitCount % step == 0 { report(input, pipeline.sink.ledger.frames.received) }
      }
      report(input, pipeline.sink.ledger.frames.received)
    } catch {
      failure = .ingest(error)
    }
    do throws(ServiceError) { try carrier.finish(deliver) } catch { failure = failure ?? error }
    return failure
  }

  private func report(_ input: ReplayInput, _ frameCount: Int) {
    progress(input.stream.consumedByteCount, input.stream.totalByteCount, frameCount)
  }

  private static let progressUnitCount = 4096
  private static let progressPieceCount = 64
}

extension LinkConfiguration {
  /// Of a capture, the datagrams to take by their destination: those that are wanted, else those of the input; none
  /// means all.
  func capturePorts(_ wanted: [UInt16]) -> [UInt16] {
    guard wanted.isEmpty else { return wanted }
    return switch input {
    case .udp(let udp): [udp.port]
    case .pcap(_, let port?): [port]
    case .capture(let capture): [capture.port]
    case .pcap, .file, .tcp, .standardInput, nil: []
    }
  }
}
