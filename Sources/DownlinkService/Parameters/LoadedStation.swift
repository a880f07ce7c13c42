package import CCSDSWire
package import StationConfiguration

/// A configuration with the mission databases that it names.
package struct LoadedStation: Sendable {
  package let configuration: StationConfiguration
  package let missions: MissionLibrary

  /// Reads a configuration and all mission databases of its links.
  ///
  /// - Parameters:
  ///   - earlier: Databases that are gone on with where nothing in their files has changed.
  ///   - leapSeconds: By which times on board are read; by default those that this host knows of.
  package init(
    path: String, for purpose: ConfigurationPurpose = .service, reusing earlier: MissionLibrary = MissionLibrary(),
    leapSeconds: LeapSecondTable = LeapSeconds().table
  ) throws(ConfigurationErrors) {
    var configuration = try StationConfiguration.load(path: path, for: purpose)
    var problems: [ConfigurationProblem] = []
    missions = MissionLibrary(configuration, reusing: earlier, leapSeconds: leapSeconds, &problems)
    guard !problems.contains(where: { $0.severity == .error }) else {
      throw ConfigurationErrors(problems: configuration.warnings + problems)
    }
    configuration.warnings += problems
    self.configuration = configuration
  }
}
