package import MissionDatabase

/// What has changed of the parameters of a link, as a value: what leaves the data plane.
package struct ParameterNews: Sendable {
  /// What the values are of.
  let mission: LoadedMission
  package let live: ParameterChanges
  /// Of data that were stored on board; absent as long as there are none.
  package let stored: ParameterChanges?
}
