/// A short recording of frames and the truth of it, the same every time it is made.
package struct SimulationFixture: Sendable {
  /// What the recording is of; fit for a file name.
  package let name: String
  /// One sentence on what is to be seen in it.
  package let summary: String
  package let scenario: Scenario
  /// Frame after frame, each of the link's length.
  package let bytes: [UInt8]
  package let truth: SimulationTruth

  /// The truth as a document to keep beside the recording.
  package var truthJSON: String { truth.detailedJSON }

  init(name: String, summary: String, scenario: Scenario) throws(InvalidScenario) {
    var simulation = try Simulation(scenario)
    var bytes: [UInt8] = []
    var datagram: [UInt8] = []
    while simulation.next(into: &datagram) != nil { bytes += datagram }
    self.name = name
    self.summary = summary
    self.scenario = scenario
    self.bytes = bytes
    truth = simulation.truth
  }
}
