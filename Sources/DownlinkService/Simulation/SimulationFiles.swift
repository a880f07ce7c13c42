/// Small files beside a simulation: its truth, and the configuration of its receiver.
package enum SimulationFiles {
  package static func write(_ text: String, to path: String) throws(ServiceError) {
    let file = try OutputFile(path: path)
    var lines = text
    if lines.hasSuffix("\n") { lines.removeLast() }
    file.append(line: lines)
    try file.finish()
  }
}
