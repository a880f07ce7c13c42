import Foundation
import Testing

@Suite("What downlinkctl writes: no name moves the cursor, and what cannot be written is told of")
struct ConsoleTests {
  /// What came of a line of a shell, in which `$CTL` is the program.
  private func run(_ line: String) throws -> (errors: String, exitCode: Int32) {
    let tests = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
    let process = Process()
    process.executableURL = URL(filePath: "/bin/sh")
    process.arguments = ["-c", line]
    process.environment = ["CTL": URL(filePath: tests).deletingLastPathComponent().appending(path: "downlinkctl").path]
    let errors = Pipe()
    process.standardError = errors
    process.standardOutput = FileHandle.nullDevice
    try process.run()
    let data = try errors.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    return (String(decoding: data, as: UTF8.self), process.terminationStatus)
  }

  @Test(
    "an escape in an argument is shown as a sign, whoever complains of it",
    arguments: [
      "status --socket '/nowhere/\u{1B}[2Jx'", "'\u{1B}[2Jx'", "status '--\u{1B}[2Jx'", "events -n '\u{9B}2J'",
    ])
  func showsNoEscape(arguments: String) throws {
    let (errors, exitCode) = try run("\"$CTL\" \(arguments)")
    #expect(exitCode == 69 || exitCode == 64)
    #expect(errors.contains("\u{FFFD}"))
    #expect(errors.unicodeScalars.allSatisfy { $0 == "\n" || $0.properties.generalCategory != .control })
  }

  @Test(
    "standard output that cannot be written is exit code 74 and a sentence", arguments: ["--version", "status --help"])
  func tellsOfFullDisk(arguments: String) throws {
    let (errors, exitCode) = try run("\"$CTL\" \(arguments) > /dev/full")
    #expect(exitCode == 74)
    #expect(errors.hasPrefix("downlinkctl: cannot write to standard output: "))
  }

  @Test("a reader that has gone is no failure, and nothing is said of it")
  func leavesQuietly() throws {
    let (errors, _) = try run("trap '' PIPE; { sleep 0.2; \"$CTL\" --help; } | true")
    #expect(errors.isEmpty)
  }
}
