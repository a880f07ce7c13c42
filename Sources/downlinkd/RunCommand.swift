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
  @Flag(
    inversion: .prefixedNo,
    help: "Give up all files but those that the configuration needs, where the kernel has Landlock.")
  var sandbox = true
  @Flag(help: ArgumentHelp("Let tests break this daemon by variables of its environment.", visibility: .hidden))
  var debugHooks = false

  func run() throws {
    let exitCode = try reportingFailure { () throws(ServiceError) in
      let file = try StationFile(path: options.path, isForReplay: false)
      Terminal.write(file.warnings, to: STDERR_FILENO)
      guard geteuid() != 0 || allowRoot else { throw .isRoot }
      let daemon = try Daemon(
        file, isStrict: strict, sandbox: sandbox ? Sandbox.enter(for: file) : .none,
        debugHooks: debugHooks ? DebugHooks() : nil, web: WebFront.self)
      try daemon.start()
      return daemon.waitUntilEnded()
    }
    throw ExitCode(exitCode)
  }
}
