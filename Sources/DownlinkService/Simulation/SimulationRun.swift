import CCSDSLink
import CCSDSWire
import LinkHealth
package import SpacecraftSimulator
import Synchronization

/// Sends a scenario somewhere, and knows the truth of what it sent.
package struct SimulationRun: Sendable {
  package let scenario: Scenario
  private let destination: SimulationDestination
  /// How many times faster than the scenario's clock; only for a live link.
  private let speed: Double

  /// - Throws: When the scenario is impossible, or cannot go where it is to go.
  package init(_ scenario: Scenario, to destination: SimulationDestination, speed: Double = 1) throws(ServiceError) {
    if destination.isStream, scenario.impairments.changesLengths {
      throw .usage(
        "a file of frames cannot hold frames that were cut, padded or emptied, nor can a connection",
        hint: "write a .pcap, or leave out truncation, padding and empty datagrams")
    }
    self.scenario = scenario
    self.destination = destination
    self.speed = speed
  }

  /// Sends everything, until the scenario ends or `shouldStop` says so.
  ///
  /// - Returns: The truth of what was sent.
  package func run(until shouldStop: () -> Bool = { false }) throws(ServiceError) -> SimulationTruth {
    var simulation: Simulation
    do throws(InvalidScenario) {
      simulation = try Simulation(scenario)
    } catch {
      throw .usage("the scenario is impossible: \(error.problems)", hint: "correct it")
    }
    let start = scenario.link.startNanosecondsSince1970
    let output = try SimulationOutput(
      destination, clock: PacedSender.Clock(startNanosecondsSince1970: start, speed: speed))
    var datagram: [UInt8] = []
    while true {
      if shouldStop() { simulation.stop() }
      guard let stamp = simulation.next(into: &datagram) else { break }
      unsafe try output.take(datagram.span.bytes, at: stamp.nanosecondsSince1970)
    }
    try output.finish()
    return simulation.truth
  }
}

/// Tells a run in another thread to stop.
package final class StopFlag: Sendable {
  private let value = Atomic(false)

  package init() {}

  package var isSet: Bool { value.load(ordering: .relaxed) }

  package func set() { value.store(true, ordering: .relaxed) }
}
