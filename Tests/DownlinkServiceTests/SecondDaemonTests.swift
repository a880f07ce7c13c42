import DownlinkService
import Glibc
import StationConfiguration
import Testing

@Suite("Two daemons on one host")
struct SecondDaemonTests {
  @Test("a second daemon does not write into the logs of the first, and may once that is gone")
  func refusesSharedLogs() throws {
    let folder = try TemporaryFolder()
    do {
      let first = try daemon(1, in: folder)
      #expect(throws: ServiceError.directoryInUse(path: folder.path("log"))) { _ = try daemon(2, in: folder) }
      withExtendedLifetime(first) {}
    }
    _ = try daemon(2, in: folder)
  }

  @Test("logs are not written where everybody may write")
  func refusesDirectoryOfEveryone() throws {
    let folder = try TemporaryFolder()
    let logs = folder.path("log")
    #expect(unsafe mkdir(logs, 0o750) == 0 && chmod(logs, 0o777) == 0)
    let refusal = ServiceError.directoryOfEveryone(path: logs)
    #expect(throws: refusal) { _ = try daemon(1, in: folder) }
    #expect(refusal.exitCode == 77)
    #expect(unsafe chmod(logs, 0o770) == 0)
    _ = try daemon(1, in: folder)
  }

  private func daemon(_ number: Int, in folder: TemporaryFolder) throws -> Daemon {
    let text = """
      station: test
      links:
        - name: link
          input: { udp: "127.0.0.1:1" }
          frames: { type: aos, length: 1115 }
      logs: { directory: \(folder.path("log")) }
      status: { socket: \(folder.path("\(number).sock")) }
      """
    var station = try StationConfiguration.parse(text: text, fileName: "test")
    guard case .udp(var udp) = station.links[0].input else { fatalError("the text above says udp") }
    udp.port = 0  // the kernel chooses one that is free
    station.links[0].input = .udp(udp)
    return try Daemon(station, Daemon.Options(configurationPath: "test"))
  }
}
