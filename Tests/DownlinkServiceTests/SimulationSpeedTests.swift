import DownlinkService
import Testing

@Suite("Simulation request: speeds that make no sense")
struct SimulationSpeedTests {
  @Test("a speed that no pace can be made of is refused", arguments: [0, -1, 1e-300, .nan, .infinity])
  func refusesSpeed(speed: Double) {
    var request = SimulationRequest(destination: "udp:127.0.0.1:9")
    request.frameCount = 1
    request.speed = speed
    let error = #expect(throws: ServiceError.self) { _ = try request.run() }
    #expect(error?.exitCode == 64)
  }
}
