import ArgumentParser
import DownlinkService
import Glibc

struct RunCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run", abstract: "Runs the daemon in the foreground.",
    discussion: """
      Examples:
        downlinkd run
        downlinkd run -c ./station.yaml --strict
      """)

  @OptionGroup var options: ConfigurationOptions
  @Flag(help: "End with exit code 70 as soon as a ledger does not balance.")
  var strict = false
  @Flag(help: "Run even as root; the service unit does not need it.")
  var allowRoot = false

  func run() throws {
    let configuration = try options.load(for: .service)
    for warning in configuration.warnings { Terminal.write(warning.rendered, to: STDERR_FILENO) }
    guard geteuid() != 0 || allowRoot else {
      throw failure(
        .usage("downlinkd does not run as root", hint: "start it as another user, or add --allow-root"))
    }
    var daemonOptions = Daemon.Options(configurationPath: options.path)
    daemonOptions.isStrict = strict
    do throws(ServiceError) {
      let daemon = try Daemon(configuration, daemonOptions)
      try daemon.start()
      throw ExitCode(daemon.waitUntilEnded())
    } catch let error as ServiceError {
      throw failure(error)
    }
  }
}
