import StationConfiguration
import Testing

@Suite("The section about sockets and their clients")
struct StatusSectionTests {
  private func findings(_ status: String) -> [String] {
    StationConfigurationTests.findings(
      "status: { \(status) }\n" + station(link: "input: { udp: \"127.0.0.1:10017\" }"))
  }

  private func status(_ text: String) throws -> StatusConfiguration {
    try StationConfiguration.parse(
      text: "status: { \(text) }\n" + station(), fileName: "downlinkd.yaml", for: .replay
    ).status
  }

  @Test("puts the control socket beside the status socket, unless it says where")
  func placesControlSocket() throws {
    #expect(try status("socket: /tmp/a/s").controlSocketPath == "/tmp/a/control.sock")
    #expect(try status("control_socket: /tmp/c").controlSocketPath == "/tmp/c")
    #expect(try status("control_socket: /tmp/c").socketPath == "/run/downlinkd/status.sock")
  }

  @Test("refuses two sockets with one path")
  func refusesOnePath() {
    let hint = "give them two names; without control_socket it is control.sock beside the other"
    #expect(
      findings("socket: /tmp/s, control_socket: /tmp/s")
        == ["1:43 the control socket has the path of the status socket | \(hint)"])
    #expect(
      findings("socket: /tmp/control.sock")
        == ["1:19 the control socket has the path of the status socket | \(hint)"])
  }

  @Test("refuses a path that the kernel cannot bind, its own and that which follows from it")
  func refusesLongPath() {
    let directory = "/" + String(repeating: "d", count: 93)
    #expect(findings("socket: \(directory)/s") == [])
    #expect(
      findings("socket: \(directory)d/s") == [
        "1:19 control.sock beside this socket would have a path of 108 bytes | "
          + "write a control_socket of at most 107 bytes"
      ])
    #expect(findings("socket: \(directory)d/s, control_socket: /tmp/c") == [])
  }

  @Test("bounds the clients", arguments: ["max_clients", "max_clients_per_user"])
  func boundsClients(key: String) {
    for count in [1, 1024] { #expect(findings("\(key): \(count)") == []) }
    for count in [0, 1025] {
      #expect(
        findings("\(key): \(count)").map { $0.split(separator: " ").dropFirst().joined(separator: " ") } == [
          "status.\(key) is \(count), which is not in 1...1024 | write a number in 1...1024"
        ])
    }
  }
}
