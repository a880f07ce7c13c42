import StationConfiguration

/// What reading a text finds wrong, one line each: `line:column severity message | hint`.
func findings(_ text: String, for purpose: ConfigurationPurpose = .service) -> [String] {
  findings(bytes: Array(text.utf8), for: purpose)
}

/// What reading bytes finds wrong, one line each.
func findings(bytes: [UInt8], for purpose: ConfigurationPurpose = .service) -> [String] {
  do throws(ConfigurationErrors) {
    let station = try StationConfiguration.parse(bytes: bytes, fileName: "downlinkd.yaml", for: purpose)
    return station.warnings.map(line)
  } catch {
    return error.problems.map(line)
  }
}

private func line(_ problem: ConfigurationProblem) -> String {
  let severity = problem.severity == .warning ? "warning: " : ""
  let hint = problem.hint.map { " | \($0)" } ?? ""
  return "\(problem.line):\(problem.column) \(severity)\(problem.message)\(hint)"
}

/// A station of one AOS link with some lines more, each indented by as much as the keys of a link.
func station(link lines: String..., frames: String = "type: aos, length: 1115") -> String {
  let more = lines.map { "\n    \($0)" }.joined()
  return """
    station: test
    links:
      - name: a
        frames: { \(frames) }\(more)

    """
}

/// The only link of a text, as a replay sees it.
func link(_ text: String) throws -> LinkConfiguration {
  let station = try StationConfiguration.parse(text: text, fileName: "downlinkd.yaml", for: .replay)
  return station.links[0]
}
