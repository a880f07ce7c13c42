/// What is kept for the next run.
extension StationDecoder {
  private static let vocabulary = Vocabulary(name: "state", keys: ["directory"])

  mutating func state(in station: Section) -> StateConfiguration {
    var state = StateConfiguration()
    guard let section = section("state", in: station, Self.vocabulary) else { return state }
    state.directory = path("directory", in: section, capacity: 1024)
    return state
  }
}
