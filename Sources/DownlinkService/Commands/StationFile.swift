import CCSDSLink
import StationConfiguration

/// A configuration as a command gets it: from a file, with the warnings it deserves.
package struct StationFile {
  package let path: String
  let configuration: StationConfiguration

  /// Reads the configuration of a daemon, or, more leniently, that of a replay.
  package init(path: String, isForReplay: Bool) throws(ServiceError) {
    self.path = path
    do throws(ConfigurationErrors) {
      configuration = try StationConfiguration.load(path: path, for: isForReplay ? .replay : .service)
    } catch {
      throw .configuration(error)
    }
  }

  /// The warnings for a person.
  package var warnings: String { configuration.warnings.map(\.rendered).joined() }

  /// The link of this name, or the only one.
  ///
  /// - Parameter format: `frames` or `packets`, where the files hold something else than the link says.
  func link(named name: String?, format: String?) throws(ServiceError) -> LinkConfiguration {
    guard var link = configuration.link(named: name) else {
      throw .noSuchLink(name: name, known: configuration.links.map(\.name))
    }
    switch (format, link.parameters) {
    case (nil, _), ("frames", .frames), ("packets", .packets): return link
    case ("packets", .frames(let frames)):
      var packets = PacketStreamParameters()
      packets.maximumPacketByteCount = frames.maximumPacketByteCount
      packets.limits = frames.limits
      link.parameters = .packets(packets)
      return link
    case ("frames", .packets):
      throw .usage("link '\(link.name)' has no frames section", hint: "say how its frames are in the configuration")
    case (let other?, _):
      throw .usage("'\(other)' is no format that this version reads", hint: "--format frames or packets")
    }
  }
}

extension Daemon {
  /// The daemon that a configuration file describes.
  package init(_ file: StationFile, isStrict: Bool) throws(ServiceError) {
    var options = Options(configurationPath: file.path)
    options.isStrict = isStrict
    try self.init(file.configuration, options)
  }
}

extension Replay {
  /// The replay of the link of this name, or of the only one.
  package init(
    _ file: StationFile, link name: String?, format: String?, options: Options,
    progress: @escaping (Int, Int?, Int) -> Void
  ) throws(ServiceError) {
    self.init(link: try file.link(named: name, format: format), options: options, progress: progress)
  }
}

extension Replay.Outcome {
  /// The report for a person.
  package var lines: [String] {
    report.links.flatMap { ReportText($0.snapshot, problems: $0.problems).lines }
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
