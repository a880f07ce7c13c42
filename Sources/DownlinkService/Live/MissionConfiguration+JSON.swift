import CCSDSWire
import LinkHealth
import StationConfiguration

extension MissionConfiguration {
  /// Writes what was configured, in the words of the configuration.
  func write(to json: inout JSONWriter) {
    json.member("mission_database", files)
    json.object("parameters") {
      if let rootContainer { $0.member("root_container", rootContainer) }
      $0.member("lenient", isLenient)
      $0.array("stored_virtual_channels") { array in
        for channel in storedChannels.sorted() { array.element(channel.rawValue) }
      }
      $0.member("clock_set_back_after_seconds", clockSetBackSeconds)
      $0.array("limit_sets") { array in
        for set in limitSets {
          array.object {
            $0.member("from", LeapSecondTable.builtIn.utc(of: set.validFrom).iso8601(fractionDigitCount: 6))
            $0.member("mission_database", set.files)
          }
        }
      }
    }
  }
}
