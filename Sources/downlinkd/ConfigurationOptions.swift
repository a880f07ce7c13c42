import ArgumentParser
import DownlinkService

/// Which configuration a command goes by.
struct ConfigurationOptions: ParsableArguments {
  @Option(
    name: [.short, .customLong("config")],
    help: "The configuration file (default: $DOWNLINKD_CONFIG, or /etc/downlinkd/downlinkd.yaml).")
  var config: String?

  var path: String { config ?? Terminal.environment("DOWNLINKD_CONFIG") ?? "/etc/downlinkd/downlinkd.yaml" }
}

/// Runs the work of a command; when it fails, says why on standard error and ends with the code that stands for it.
func reportingFailure<Result>(_ work: () throws(ServiceError) -> Result) throws -> Result {
  do throws(ServiceError) {
    return try work()
  } catch {
    let text = "\(error)"
    Terminal.complain(text.hasSuffix("\n") ? String(text.dropLast()) : text)
    throw ExitCode(error.exitCode)
  }
}
