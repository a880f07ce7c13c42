import LinkHealth
import MissionDatabase

/// How much of a mission database there is for a link, so that a person sees whether it is the right one.
struct MissionSummary {
  let link: String
  let name: String
  /// Parameters that packets can have, and those of them that are watched.
  let parameterCount: Int
  let watchedCount: Int
  let containerCount: Int
  /// Application processes that containers are restricted to.
  let applicationCount: Int
  /// Algorithms that the database has, of which none is executed.
  let algorithmCount: Int
  let warningCount: Int

  init(_ mission: LoadedMission, of link: String) {
    self.link = link
    name = mission.database.name
    let slots = mission.decodePlan.slots
    parameterCount = Set(slots.map(\.reference.parameter)).count
    let watched = slots.indices.filter { mission.alarmPlan.isMonitored($0) }
    watchedCount = Set(watched.map { slots[$0].reference.parameter }).count
    containerCount = mission.database.containers.count
    applicationCount = mission.decodePlan.applicationProcesses(of: mission.database).count
    algorithmCount = mission.database.algorithms.count
    warningCount = mission.notices.count
  }

  /// In one line.
  var text: String {
    var text = "'\(link)': mission database \(name): \(Digits.plural(parameterCount, "parameter")),"
    text += " \(watchedCount) with limits, in \(Digits.plural(containerCount, "container"))"
    if applicationCount > 0 { text += " for \(Digits.plural(applicationCount, "APID"))" }
    if algorithmCount > 0 { text += "; \(Digits.plural(algorithmCount, "algorithm")) not executed" }
    return text + "; \(Digits.plural(warningCount, "warning"))"
  }

  func write(to json: inout JSONWriter) {
    json.member("link", link)
    json.member("name", name)
    json.member("parameters", parameterCount)
    json.member("parameters_with_limits", watchedCount)
    json.member("containers", containerCount)
    json.member("apids", applicationCount)
    json.member("algorithms", algorithmCount)
    json.member("warnings", warningCount)
  }
}
