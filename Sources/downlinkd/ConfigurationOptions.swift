import ArgumentParser
import DownlinkService
import StationConfiguration

/// Which configuration a command goes by.
struct ConfigurationOptions: ParsableArguments {
  @Option(
    name: [.short, .customLong("config")],
    help: "The configuration file (default: $DOWNLINKD_CONFIG, or /etc/downlinkd/downlinkd.yaml).")
  var config: String?

  var path: String { config ?? Terminal.environment("DOWNLINKD_CONFIG") ?? "/etc/downlinkd/downlinkd.yaml" }

  /// Reads the configuration, or ends the command with every problem at once.
  func load(for purpose: ConfigurationPurpose) throws -> StationConfiguration {
    do throws(ConfigurationErrors) {
      return try StationConfiguration.load(path: path, for: purpose)
    } catch {
      throw failure(.configuration(error))
    }
  }
}

/// Ends a command: says why on standard error, and with which code.
func failure(_ error: ServiceError) -> ExitCode {
  let text = "\(error)"
  Terminal.complain(text.hasSuffix("\n") ? String(text.dropLast()) : text)
  return ExitCode(error.exitCode)
}
