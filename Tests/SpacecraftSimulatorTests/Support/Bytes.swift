import SpacecraftSimulator

/// The bytes of a text of hexadecimal digits.
func bytes(_ digits: String) -> [UInt8] {
  var bytes: [UInt8] = []
  var high: UInt8?
  for digit in digits {
    guard let value = digit.hexDigitValue.map({ UInt8($0) }) else { continue }
    if let first = high {
      bytes.append(first << 4 | value)
      high = nil
    } else {
      high = value
    }
  }
  return bytes
}

/// All datagrams of a scenario, and their truth.
func run(_ scenario: Scenario) throws -> (datagrams: [[UInt8]], truth: SimulationTruth) {
  var simulation = try Simulation(scenario)
  var datagrams: [[UInt8]] = []
  while let datagram = simulation.next() { datagrams.append(datagram.bytes) }
  return (datagrams, simulation.truth)
}
