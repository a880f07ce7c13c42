package import CCSDSWire
package import MissionDatabase
package import StationConfiguration

/// A mission database that is ready for packets: read, compiled, and shared by all links that name it.
package final class LoadedMission: Sendable {
  package let database: MissionDatabase
  let decodePlan: DecodePlan
  let alarmPlan: AlarmPlan
  let context: RenderingContext
  let configuration: MissionConfiguration
  /// What a person should know of it.
  package let notices: [DatabaseProblem]
  /// What tells the bytes of its files from others.
  let digest: UInt64

  /// Reads and compiles the files that a link names.
  package init(
    _ configuration: MissionConfiguration, leapSeconds: LeapSecondTable = .builtIn
  ) throws(DatabaseErrors) {
    let files = try DatabaseFiles(configuration.files)
    let database = try MissionDatabase.load(files.files, isLenient: configuration.isLenient)
    let decodePlan = try Self.decodePlan(database, configuration, leapSeconds)
    var sets: [LimitSet] = []
    var setNotices: [DatabaseProblem] = []
    var digest = files.digest
    for set in configuration.limitSets {
      let files = try DatabaseFiles(set.files)
      let limits = try MissionDatabase.load(files.files, isLenient: configuration.isLenient)
      setNotices += limits.notices
      digest = digest &* 31 &+ files.digest
      sets.append(LimitSet(validFrom: set.validFrom.nanosecondsSince1958, limits))
    }
    alarmPlan = try AlarmPlan(decodePlan.slots, of: database, sets: sets)
    self.database = database
    self.decodePlan = decodePlan
    self.configuration = configuration
    self.digest = digest
    context = RenderingContext(
      catalog: ParameterCatalog(decodePlan.slots, of: database), leapSeconds: leapSeconds)
    notices = database.notices + decodePlan.notices + alarmPlan.notices + setNotices
  }
  /// What is left out of a database comes with what is wrong with the rest: it is often why.
  private static func decodePlan(
    _ database: MissionDatabase, _ configuration: MissionConfiguration, _ leapSeconds: LeapSecondTable
  ) throws(DatabaseErrors) -> DecodePlan {
    do throws(DatabaseErrors) {
      return try DecodePlan(
        database, root: configuration.rootContainer, isLenient: configuration.isLenient, leapSeconds: leapSeconds)
    } catch {
      throw DatabaseErrors(problems: error.problems + database.notices, omittedCount: error.omittedCount)
    }
  }

  /// Whether packets can be decoded with files that are refused, when they are read leniently. Of large ones that is
  /// not tried: it takes as long as to read them.
  static func isReadableLeniently(_ paths: [String], root: String?) -> Bool {
    guard DatabaseFiles.byteCount(of: paths) <= trialByteCount, let files = try? DatabaseFiles(paths) else {
      return false
    }
    do throws(DatabaseErrors) {
      let database = try MissionDatabase.load(files.files, isLenient: true)
      _ = try DecodePlan(database, root: root, isLenient: true)
      return true
    } catch {
      return false
    }
  }

  private static let trialByteCount = 512 << 10
}
