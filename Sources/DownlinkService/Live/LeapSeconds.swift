import CCSDSLink
package import CCSDSWire
import Glibc
package import LinkHealth
package import StationConfiguration

/// The leap seconds that this host knows of, and until when: its own list, or the one that is built in when that is
/// good for longer.
package struct LeapSeconds: Sendable {
  /// Where a list stands that could not be used, and why.
  package struct Refusal: Sendable, Equatable {
    package let path: String
    package let reason: String
  }

  /// What counts.
  package let table: LeapSecondTable
  /// Where it comes from; absent for what is built in.
  package let path: String?
  /// Lists of this host that are damaged. One that is not there is no fault.
  package let refusals: [Refusal]

  /// Where systems have it; the first list that can be read counts.
  package static let standardPaths = ["/usr/share/zoneinfo/leap-seconds.list", "/usr/share/zoneinfo/leapseconds"]

  /// Reads the list of this host.
  ///
  /// - Parameter builtIn: Is used where the list of the host is not there, is damaged, or expires before this one.
  package init(paths: [String] = LeapSeconds.standardPaths, builtIn: LeapSecondTable = .builtIn) {
    var refusals: [Refusal] = []
    var found: (table: LeapSecondTable, path: String)?
    for path in paths where found == nil {
      guard let list = Self.read(path) else { continue }
      do throws(LeapSecondListError) {
        found = (try LeapSecondTable(list: list), path)
      } catch {
        refusals.append(Refusal(path: path, reason: "\(error)"))
      }
    }
    self.refusals = refusals
    // Whoever expires later was told later; a list that says nothing of its end is as good as it is old.
    if let found, let expiry = found.table.expiry, let end = builtIn.expiry, expiry > end {
      (table, path) = (found.table, found.path)
    } else {
      (table, path) = (builtIn, nil)
    }
  }

  /// What is wrong, at a time of the host's clock, for a station that reads times on board.
  package func problems(at now: Int64, of configuration: StationConfiguration) -> [Problem] {
    guard configuration.readsTimes, table.isExpired(at: table.instant(unixNanoseconds: now)), let expiry = table.expiry
    else { return [] }
    return [
      Problem(
        .leapListExpired, .warning,
        since: table.unixNanoseconds(of: expiry).map { ReceptionTime(nanosecondsSince1970: $0) },
        message: "the list of leap seconds (\(source)) expired on \(expiryDate)",
        hint: Self.hint)
    ]
  }

  /// What `check` says of it.
  package func warnings(at now: Int64, of configuration: StationConfiguration) -> [ConfigurationProblem] {
    guard configuration.readsTimes else { return [] }
    let damaged = refusals.map {
      ConfigurationProblem(
        .warning, "not a list of leap seconds: \($0.reason)", file: $0.path,
        hint: "\(source) is used instead; reinstall the package tzdata")
    }
    return damaged
      + problems(at: now, of: configuration).map {
        ConfigurationProblem(.warning, $0.message, file: path ?? Self.standardPaths[0], hint: $0.hint)
      }
  }

  /// Writes where it comes from and how long it holds.
  func write(to json: inout JSONWriter) {
    json.member("source", path ?? "built in")
    if table.expiry != nil { json.member("expires", expiryDate) }
    if let last = table.rows.last { json.member("tai_minus_utc_seconds", last.offset) }
    json.array("refused") { array in
      for refusal in refusals {
        array.object {
          $0.member("path", refusal.path)
          $0.member("reason", refusal.reason)
        }
      }
    }
  }

  private var source: String { path ?? "the one built in" }

  private var expiryDate: String {
    String(table.expiry.map { table.utc(of: $0).iso8601(fractionDigitCount: 0).prefix(10) } ?? "")
  }

  private static let hint =
    "install the newest package tzdata, whose leap-seconds.list says until when it holds, and restart the daemon"

  /// The bytes of a file, one more at most than any list has; nothing when there is no such file.
  private static func read(_ path: String) -> [UInt8]? {
    let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    var bytes = [UInt8](repeating: 0, count: capacity)
    var count = 0
    while count < capacity {
      let result = unsafe bytes.withUnsafeMutableBytes { buffer in
        unsafe Glibc.read(descriptor, buffer.baseAddress?.advanced(by: count), buffer.count - count)
      }
      guard result > 0 else { break }
      count += result
    }
    return Array(bytes[..<count])
  }

  private static let capacity = (64 << 10) + 1
}

extension StationConfiguration {
  /// Whether packets of any link have times that are read.
  fileprivate var readsTimes: Bool {
    links.contains { $0.parameters.packetParameters.timeCode != nil || $0.mission != nil }
  }
}
