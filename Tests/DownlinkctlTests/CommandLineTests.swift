import Foundation
import Testing

@Suite("The command lines: help, manual pages and completions have whatever the programs can do")
struct CommandLineTests {
  private static let programs = ["downlinkd", "downlinkctl"]

  @Test("every command says what it is for, shows examples, and explains each argument", arguments: programs)
  func explains(name: String) throws {
    let program = try Program(name)
    #expect(program.commands.count > 5)
    for command in program.commands {
      #expect(!command.abstract.isEmpty, "\(name) \(command.name) needs an abstract")
      let help = try program.run(command.name, "--help")
      #expect(help.contains(/(?i)examples:\n/), "\(name) \(command.name) --help shows no examples")
      for argument in command.arguments {
        #expect(!argument.abstract.isEmpty, "\(name) \(command.name): \(argument.spelling) needs help")
        #expect(help.contains(argument.spelling), "\(name) \(command.name) --help leaves out \(argument.spelling)")
      }
    }
  }

  @Test("every command and option is completed by each shell", arguments: programs, ["bash", "zsh", "fish"])
  func completes(name: String, shell: String) throws {
    let program = try Program(name)
    let script = try program.run("--generate-completion-script", shell)
    for command in program.commands {
      #expect(script.contains(command.name), "\(shell) does not complete \(name) \(command.name)")
      for argument in command.arguments where argument.isLong {
        #expect(
          script.contains(argument.spelling.dropFirst(2)), "\(shell) does not complete \(name) \(argument.spelling)")
      }
    }
  }

  @Test(
    "every command, option and key of the configuration is in a manual page",
    .enabled(if: hasPython, "the pages are written by python3, which is not here"))
  func isInManual() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "downlinkd-manuals-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    _ = try Program(path: Self.root.appending(path: ".ci/manuals")).run(Program.folder.path, folder.path)
    for (name, page) in [("downlinkd", "downlinkd.8"), ("downlinkctl", "downlinkctl.1")] {
      let text = try Self.words(folder.appending(path: "man/\(page)"))
      for command in try Program(name).commands {
        #expect(text.contains("\n.SS \(name) \(command.name)\n"), "\(page) leaves out \(command.name)")
        for argument in command.arguments where argument.isLong {
          #expect(text.contains(argument.spelling), "\(page) leaves out \(argument.spelling) of \(command.name)")
        }
      }
    }
    let text = try Self.words(folder.appending(path: "man/downlinkd.yaml.5"))
    let keys = try Self.configurationKeys()
    #expect(keys.count > 100)
    for key in keys {
      #expect(text.contains(try Regex("\\b\(key)\\b").wordBoundaryKind(.simple)), "downlinkd.yaml.5 leaves out \(key)")
    }
  }

  /// Every key that the decoder knows, from the vocabularies in its source.
  private static func configurationKeys() throws -> Set<String> {
    let folder = root.appending(path: "Sources/StationConfiguration/Decoding")
    var keys: Set<String> = []
    for file in try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil) {
      let text = try String(contentsOf: file, encoding: .utf8)
      for vocabulary in text.matches(of: /\bkeys: \[([^\]]*)\]/) {
        keys.formUnion(vocabulary.1.matches(of: /"([a-z][a-z0-9_]*)"/).map { String($0.1) })
      }
    }
    return keys
  }

  /// A page as it is written, without the marks of roff.
  private static func words(_ page: URL) throws -> String {
    try String(contentsOf: page, encoding: .utf8).replacing(/\\f[BIRP]|\\&/, with: "").replacing("\\-", with: "-")
  }

  private static let hasPython = FileManager.default.isExecutableFile(atPath: "/usr/bin/python3")
  private static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()
}

/// One of our programs, and what it says of itself.
private struct Program {
  struct Argument {
    let spelling: String
    let isLong: Bool
    let abstract: String
  }

  struct Command {
    let name: String
    let abstract: String
    let arguments: [Argument]
  }

  /// Where the programs are built: beside the tests.
  static let folder = URL(
    filePath: (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
  ).deletingLastPathComponent()

  let path: URL
  private(set) var commands: [Command] = []

  init(path: URL) { self.path = path }

  init(_ name: String) throws {
    path = Self.folder.appending(path: name)
    let dump = try JSONDecoder().decode(Dump.self, from: Data(run("--experimental-dump-help").utf8))
    commands =
      dump.command.subcommands?.filter { $0.shouldDisplay && $0.commandName != "help" }.map { command in
        Command(
          name: command.commandName, abstract: command.abstract ?? "",
          arguments: (command.arguments ?? []).filter(\.shouldDisplay).map { argument in
            let long = argument.names?.first { $0.kind == "long" }?.name
            return Argument(
              spelling: long.map { "--\($0)" } ?? argument.valueName ?? "", isLong: long != nil,
              abstract: argument.abstract ?? "")
          })
      } ?? []
  }

  /// What it prints.
  func run(_ arguments: String...) throws -> String {
    let process = Process()
    process.executableURL = path
    process.arguments = arguments
    let output = Pipe()
    process.standardOutput = output
    try process.run()
    let data = try output.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    try #require(process.terminationStatus == 0, "\(path.lastPathComponent) \(arguments.joined(separator: " "))")
    return String(decoding: data, as: UTF8.self)
  }

  // MARK: What the parser's own description of a program is made of

  private struct Dump: Decodable {
    let command: DumpedCommand
  }

  private struct DumpedCommand: Decodable {
    let commandName: String
    let abstract: String?
    let shouldDisplay: Bool
    let arguments: [DumpedArgument]?
    let subcommands: [DumpedCommand]?
  }

  private struct DumpedArgument: Decodable {
    struct Name: Decodable {
      let kind: String
      let name: String
    }

    let shouldDisplay: Bool
    let abstract: String?
    let valueName: String?
    let names: [Name]?
  }
}
