import DownlinkService
import Testing

@Suite("What simulate is asked for")
struct SimulationRequestTests {
  @Test("a speed that no clock can follow is refused", arguments: [0, -1, 1e-300, .infinity, .nan])
  func refusesSpeed(_ speed: Double) {
    var request = SimulationRequest(destination: "udp:127.0.0.1:9")
    request.frameCount = 1
    request.speed = speed
    #expect(throws: ServiceError.usage("\(speed) is no speed", hint: "write a number from 0.001 to 1000000")) {
      _ = try request.run()
    }
  }

  @Test("a chance beyond certainty is refused", arguments: [-0.1, 1.1, .nan])
  func refusesChance(_ chance: Double) {
    var request = SimulationRequest(destination: "udp:127.0.0.1:9")
    request.frameCount = 1
    request.chances.reorder = chance
    #expect(throws: ServiceError.usage("\(chance) is no chance", hint: "write a number from 0, never, to 1, always")) {
      _ = try request.run()
    }
  }

  @Test(
    "what went into a file were units, into a capture datagrams",
    arguments: [("a.frames", "units"), ("a.pcap", "datagrams")])
  func namesWhatWasSent(file: String, unit: String) throws {
    let folder = try TemporaryFolder()
    var request = SimulationRequest(destination: folder.path(file))
    request.scenario = "tm"
    request.frameCount = 3
    request.isClean = true
    #expect(try request.run() == "sent 3 \(unit) with 3 good frames")
  }
}
