import CCSDSWire
import LinkHealth
import StationConfiguration

/// The passes of a replay, and where their reports go.
struct ReplayPasses {
  private static let reportCapacity = 64

  /// Follows the passes from the beginning.
  let recorder: PassRecorder
  private let folder: PassFolder?
  /// The last ones.
  private(set) var reports: [PassReport] = []
  private(set) var failure: ServiceError?

  /// Nothing where nobody asks for passes.
  init?(_ link: LinkConfiguration, _ options: Replay.Options, _ leapSeconds: LeapSecondTable) throws(ServiceError) {
    guard options.passesTo != nil || options.findsPasses else { return nil }
    if let directory = options.passesTo {
      folder = try PassFolder(path: directory, leapSeconds)
    } else {
      folder = nil
    }
    recorder = PassRecorder(link: link.name, settings: options.passes.settings(of: link))
  }

  /// Takes what has happened.
  mutating func take(_ news: [PassNews], _ taps: ReplayTaps?) {
    for item in news {
      taps?.journal.tell(item)
      switch item {
      case .acquired: break
      case .lost(let report), .silent(let report): keep(report)
      }
    }
  }

  private mutating func keep(_ report: PassReport) {
    if reports.count == Self.reportCapacity { reports.removeFirst() }
    reports.append(report)
    guard failure == nil else { return }
    do throws(ServiceError) { try folder?.write(report) } catch { failure = error }
  }
}
