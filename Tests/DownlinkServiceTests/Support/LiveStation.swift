import Dispatch
import DownlinkService
import Foundation
import Glibc
import Ingest
import LinkHealth
import Publish
import StationConfiguration
import Synchronization

/// Addresses of this machine that nobody else uses, so that ports need not be chosen.
enum OwnAddress {
  private static let last = Atomic<Int>(0)

  /// The next one, in 127.64.0.0/10: of this process by its number, as far as there is room for that.
  static func next() -> String {
    let number = last.add(1, ordering: .relaxed).newValue
    let process = Int(getpid()) & 0xFFFF
    return "127.\(64 + process >> 10).\(process >> 2 & 0xFF).\((process & 3) << 6 | number & 0x3F)"
  }
}

extension TemporaryFolder {
  /// Writes `downlinkd.yaml`, with logs and socket in this folder too.
  ///
  /// - Parameters:
  ///   - logs: More of that section, after a comma.
  ///   - status: Likewise.
  ///   - more: Other sections.
  func writeStation(_ links: [String], logs: String = "", status: String = "", more: String = "") throws {
    let text = """
      station: test
      links:
      \(links.map { "  - " + $0 }.joined(separator: "\n"))
      logs: { directory: "\(path("log"))", sync_interval: 1h\(logs) }
      status: { socket: "\(path("s"))"\(status) }
      \(more)

      """
    let file = try write(Array(text.utf8), to: "downlinkd.yaml")
    guard unsafe chmod(file, 0o600) == 0 else { throw CocoaError(.fileWriteUnknown) }
  }

  /// The events of a type in its log so far.
  func events(_ type: String) -> [String] {
    String(decoding: bytes(of: "log/events.jsonl"), as: UTF8.self).split(separator: "\n").map(String.init)
      .filter { $0.contains("\"event_type\":\"\(type)\"") }
  }

  /// How many datagrams a link had received when it ended, by its last record in the statistics.
  func count(_ name: String, of link: String) -> Int {
    let lines = String(decoding: bytes(of: "log/stats.jsonl"), as: UTF8.self).split(separator: "\n")
    guard let line = lines.last(where: { $0.contains("\"link\":\"\(link)\"") }),
      let key = line.range(of: "\"\(name)\":")
    else { return 0 }
    return Int(line[key.upperBound...].prefix { $0.isNumber }) ?? 0
  }
}

/// A daemon in this process, with a configuration file that can be rewritten.
final class LiveStation {
  let folder: TemporaryFolder
  let daemon: Daemon
  let path: String

  /// - Parameters:
  ///   - links: The items of the list of links.
  ///   - files: Files beside the configuration, by their names.
  ///   - more: Other sections, made of what stands for the folder.
  init(
    _ links: [String], logs: String = "", status: String = "", clocks: StatusServer.Clocks? = nil,
    files: [String: String] = [:], more: (TemporaryFolder) -> String = { _ in "" }
  ) throws {
    folder = try TemporaryFolder()
    path = folder.path("downlinkd.yaml")
    try folder.writeStation(links, logs: logs, status: status, more: more(folder))
    for (name, text) in files { _ = try folder.write(Array(text.utf8), to: name) }
    var options = Daemon.Options(configurationPath: path)
    if let clocks { options.clocks = clocks }
    let station = try LoadedStation(path: path)
    daemon = try Daemon(station.configuration, options, missions: station.missions)
    try daemon.start(catchingSignals: false)
  }

  /// Replaces the configuration; nobody reads it before a reload.
  func write(_ links: [String], more: String = "") throws { try folder.writeStation(links, more: more) }

  /// A link of TM frames of 64 bytes.
  static func link(_ name: String, _ host: String, spacecraft: Int? = nil, more: String = "") -> String {
    let id = spacecraft.map { ", spacecraft_id: \($0)" } ?? ""
    return "{ name: \(name), input: { udp: \"\(host):10017\" }, frames: { type: tm, length: 64\(id) }\(more) }"
  }

  // MARK: Commands

  /// What the control socket would answer.
  func ask(_ command: ControlCommand, _ arguments: [String: String] = [:]) -> Result<String, StatusError> {
    let box = AnswerBox()
    daemon.control(command, StatusArguments(arguments.mapValues { .word($0) })) { box.put($0) }
    return box.take()
  }

  /// Reloads, and gives the answer when that is done.
  func reload() -> Result<String, StatusError> { ask(.reload, ["wait": "wait"]) }

  // MARK: What is seen

  /// The status of a link, as soon as it is as wanted. There is no limit but that of the test.
  @discardableResult
  func status(of link: String, until isWanted: (LinkStatus) -> Bool = { _ in true }) -> LinkStatus {
    while true {
      if let status = daemon.board.links.first(where: { $0.snapshot.name == link }), isWanted(status) { return status }
      usleep(10_000)
    }
  }

  /// The events of a type so far.
  func events(_ type: String) -> [String] { folder.events(type) }

  /// What the status socket would answer.
  func answer(_ command: StatusCommand) -> String {
    (try? daemon.board.answer(command, StatusArguments()).get()) ?? ""
  }

  /// Stops the daemon, and gives its exit code.
  func stop() -> Int32 {
    daemon.stop()
    return daemon.waitUntilEnded()
  }
}

/// A spacecraft that sends to a link.
final class Spacecraft {
  private let sender: UDPSender
  private var frame: TelemetryFrame
  private(set) var sentCount = 0

  init(_ spacecraft: UInt16, to host: String) throws {
    sender = try UDPSender(host: host, port: 10017)
    frame = TelemetryFrame(spacecraft: spacecraft)
  }

  func send(_ count: Int) throws {
    for _ in 0..<count {
      let bytes = frame.next()
      try sender.send(unsafe bytes.span.bytes)
      sentCount += 1
    }
  }
}

/// Hands an answer from another queue to a test.
final class AnswerBox: Sendable {
  private let content = Mutex<Result<String, StatusError>?>(nil)
  private let filled = DispatchSemaphore(value: 0)

  func put(_ answer: Result<String, StatusError>) {
    content.withLock { $0 = answer }
    filled.signal()
  }

  func take() -> Result<String, StatusError> {
    filled.wait()
    return content.withLock { $0 } ?? .failure(StatusError(.internal, "no answer"))
  }
}
