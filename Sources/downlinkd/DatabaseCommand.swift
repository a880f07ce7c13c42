import ArgumentParser
import DownlinkService
import Glibc

struct DatabaseCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "mdb",
    abstract: "Shows what is in a mission database: containers, parameters, sizes, calibrations, limits.",
    discussion: """
      Columns: name, first bit in the packet, bits (var: not the same in all packets), type, encoding, unit, and then
      the calibration, labels, valid range and alarms. A container stands below the one that it extends.

      Everything that is wrong with the files is told on standard error, with file, line and column; then it ends with
      65, or 66 where a file is missing.

      Examples:
        downlinkd mdb /etc/downlinkd/mdb/spacecraft.xml
        downlinkd mdb --container 'HK*' --lenient spacecraft.xml payload.xml
      """)

  @Flag(help: "Go on without the containers that are wrong or not supported, and list them.")
  var lenient = false
  @Option(help: "The container that every packet begins with, by its name or path (default: it is found).")
  var root: String?
  @Option(help: "Only containers with a name or path like this, and those that they extend; * and ? as in file names.")
  var container: String?
  @Flag(help: "Write one JSON object.")
  var json = false
  @Argument(help: "The XTCE files of one database.")
  var files: [String]

  func run() throws {
    var listing = DatabaseListing.Options(files: files)
    listing.isLenient = lenient
    listing.root = root
    listing.container = container
    let found = try reportingFailure { () throws(ServiceError) in try DatabaseListing(listing) }
    if json {
      Terminal.say(found.json)
    } else {
      Terminal.write(found.problemText, to: STDERR_FILENO)
      Terminal.write(Terminal.screenText.text(of: found.text), to: STDOUT_FILENO)
    }
    throw ExitCode(found.exitCode)
  }
}
