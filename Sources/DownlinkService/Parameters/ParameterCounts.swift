package import CCSDSWire
import LinkHealth
package import MissionDatabase

/// What became of the packets of a link that has a mission database, and how its limits stand.
package struct ParameterCounts: Sendable, Equatable {
  package internal(set) var whole = 0
  /// It goes on behind all that is described.
  package internal(set) var long = 0
  package internal(set) var short = 0
  package internal(set) var impossibleSize = 0
  package internal(set) var unidentified = 0
  package internal(set) var tooManyValues = 0
  /// Of all of these: more than one container was for them.
  package internal(set) var ambiguous = 0
  /// Of all of these: stored on board, and come later.
  package internal(set) var stored = 0
  /// Beside all of these: of another spacecraft than the first one that was heard, which the database describes.
  package internal(set) var otherSpacecraft = 0
  /// Beside all of these: encapsulation packets, which no such database describes.
  package internal(set) var encapsulation = 0
  package internal(set) var values = 0
  package internal(set) var alarmChanges = 0

  package init() {}

  mutating func note(
    _ outcome: DecodedOutcome, isLong: Bool, isStored: Bool, valueCount: Int, alarmChangeCount: Int
  ) {
    switch outcome.completeness {
    case .whole where isLong: long += 1
    case .whole: whole += 1
    case .short: short += 1
    case .impossibleSize: impossibleSize += 1
    case .unidentified: unidentified += 1
    case .tooManyValues: tooManyValues += 1
    }
    if outcome.isAmbiguous { ambiguous += 1 }
    if isStored { stored += 1 }
    values += valueCount
    alarmChanges += alarmChangeCount
  }

  /// All packets.
  package var packets: Int { whole + misfits }

  /// Those that are not what the database describes.
  package var misfits: Int { long + short + impossibleSize + unidentified + tooManyValues }
}

/// How a link's parameters stand, as a value.
package struct ParameterSummary: Sendable {
  package let database: String
  package let parameterCount: Int
  package let monitoredCount: Int
  package let counts: ParameterCounts
  /// At which parameters packets that were too short ended, most often first; a bounded number of them.
  package let shortEnds: [(name: String, count: Int)]
  /// Behind which parameters packets that were too long went on, likewise.
  package let longEnds: [(name: String, count: Int)]
  /// How many live parameters are in alarm, by level.
  package let alarms: [(level: AlarmLevel, count: Int)]
  /// The live parameters that are worst in alarm, the worst first; a few.
  package let worst: [(name: String, level: AlarmLevel)]
  /// Whose packets the values are of where that was not configured; absent before the first one.
  package var spacecraft: SpacecraftID?

  func write(to json: inout JSONWriter) {
    json.member("database", database)
    json.member("parameters", parameterCount)
    json.member("monitored", monitoredCount)
    json.object("packets") {
      $0.member("decoded", counts.packets)
      $0.member("whole", counts.whole)
      $0.member("long", counts.long)
      $0.member("short", counts.short)
      $0.member("impossible_size", counts.impossibleSize)
      $0.member("unidentified", counts.unidentified)
      $0.member("too_many_values", counts.tooManyValues)
      $0.member("ambiguous", counts.ambiguous)
      $0.member("stored", counts.stored)
      $0.member("other_spacecraft", counts.otherSpacecraft)
      $0.member("encapsulation", counts.encapsulation)
    }
    json.member("values", counts.values)
    json.object("ended_at") { for end in shortEnds { $0.member(end.name, end.count) } }
    json.object("went_on_after") { for end in longEnds { $0.member(end.name, end.count) } }
    json.object("alarms") { for alarm in alarms { $0.member(alarm.level.name, alarm.count) } }
    json.array("worst") { array in
      for (name, level) in worst {
        array.object {
          $0.member("parameter", name)
          $0.member("level", level.name)
        }
      }
    }
    json.member("alarm_changes", counts.alarmChanges)
  }
}
