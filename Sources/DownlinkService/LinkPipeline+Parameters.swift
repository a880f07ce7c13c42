import CCSDSLink
import MissionDatabase

/// What a link does with the values of its packets.
extension LinkPipeline {
  /// Goes on with another mission database, or none. What was known of parameters is forgotten; the ledger goes on.
  package mutating func adopt(_ mission: LoadedMission?) {
    stage.sink.adopt(mission, parameters.packetParameters)
  }

  /// How its parameters stand; nothing for a link without a mission database.
  package var parameterSummary: ParameterSummary? {
    switch stage.sink.parameters {
    case .some(let parameters): parameters.summary
    case .none: nil
    }
  }

  /// What has changed of its parameters since the last time, for whoever keeps their last values.
  package mutating func takeParameterChanges() -> ParameterNews? {
    stage.sink.parameters?.takeNews()
  }
}
