import CCSDSCoding
import CCSDSLink
package import StationConfiguration

/// A configuration as a command gets it: from a file, with the warnings it deserves.
package struct StationFile {
  package let path: String
  let configuration: StationConfiguration
  let missions: MissionLibrary

  /// Reads the configuration of a daemon, or, more leniently, that of a replay.
  package init(path: String, isForReplay: Bool) throws(ServiceError) {
    self.path = path
    do throws(ConfigurationErrors) {
      let loaded = try LoadedStation(path: path, for: isForReplay ? .replay : .service)
      (configuration, missions) = (loaded.configuration, loaded.missions)
    } catch {
      throw .configuration(error)
    }
  }

  /// The warnings for a person.
  package var warnings: String { configuration.warnings.map(\.rendered).joined() }

  /// The link of this name, or the only one.
  ///
  /// - Parameter format: `frames`, `cadus` or `packets`, where the files hold something else than the link says.
  package func link(named name: String?, format: String?) throws(ServiceError) -> LinkConfiguration {
    guard var link = configuration.link(named: name) else {
      throw .noSuchLink(name: name, known: configuration.links.map(\.name))
    }
    guard let format else { return link }
    guard let wanted = InputFormat(rawValue: format) else {
      throw .usage("'\(format)' is no format", hint: "--format frames, cadus or packets")
    }
    guard wanted != link.format else { return link }
    link.parameters = try Self.parameters(of: link, as: wanted)
    return link
  }

  private static func parameters(
    of link: LinkConfiguration, as format: InputFormat
  ) throws(ServiceError) -> LinkParameters {
    guard case .frames(var frames) = link.parameters else {
      throw .usage("link '\(link.name)' has no frames section", hint: "say how its frames are in the configuration")
    }
    switch format {
    case .packets:
      var packets = PacketStreamParameters()
      packets.maximumPacketByteCount = frames.maximumPacketByteCount
      packets.limits = frames.limits
      packets.packets = frames.packets
      return .packets(packets)
    case .cadus:
      guard frames.shortestFrameByteCount == nil else {
        throw .usage(
          "link '\(link.name)' has frames of varying length, which do not go with CADUs",
          hint: "write 'length', the same for all frames, in the configuration")
      }
      var coding = frames.coding ?? ChannelCoding(frameByteCount: frames.frameByteCount)
      coding.syncMarker = .standard
      frames.coding = coding
    case .frames:
      // Without its marker a unit may still be randomized or coded.
      frames.coding?.syncMarker = nil
      frames.coding?.markerTolerance = MarkerTolerance()
      if let coding = frames.coding, coding.randomizer == .none, coding.reedSolomon == nil { frames.coding = nil }
    }
    return .frames(frames)
  }
}

extension Daemon {
  /// The daemon that a configuration file describes.
  package init(
    _ file: StationFile, isStrict: Bool, sandbox: Sandbox = .none, debugHooks: DebugHooks? = nil,
    web: (any WebService.Type)? = nil
  ) throws(ServiceError) {
    var options = Options(configurationPath: file.path)
    options.web = web
    options.isStrict = isStrict
    options.sandbox = sandbox
    options.debugHooks = debugHooks
    try self.init(file.configuration, options, missions: file.missions)
  }
}

extension Replay {
  /// The replay of the link of this name, or of the only one.
  package init(
    _ file: StationFile, link name: String?, format: String?, options: Options,
    progress: @escaping (Int, Int?, Int) -> Void
  ) throws(ServiceError) {
    let link = try file.link(named: name, format: format)
    var options = options
    options.passes = file.configuration.passes
    self.init(link: link, mission: file.missions[link.name], options: options, progress: progress)
  }
}

extension Replay.Outcome {
  /// The report for a person.
  package var lines: [String] {
    report.links.flatMap { ReportText($0.snapshot, problems: $0.problems).lines } + (report.parameters?.lines ?? [])
  }
}

extension Inspector {
  /// The inspector of what the link of this name, or the only one, carries.
  package init(
    _ file: StationFile, link name: String?, format: String?, options: Options
  ) throws(ServiceError) {
    let link = try file.link(named: name, format: format)
    var options = options
    options.framesPerDatagram = link.framesPerDatagram
    self.init(parameters: link.parameters, options: options)
  }
}

extension Explainer {
  /// The explainer of what the link of this name, or the only one, carries.
  package init(_ file: StationFile, link name: String?, format: String?, options: Options) throws(ServiceError) {
    let link = try file.link(named: name, format: format)
    self.init(
      link: link, station: file.configuration.station, mission: file.missions[link.name], options: options)
  }
}
