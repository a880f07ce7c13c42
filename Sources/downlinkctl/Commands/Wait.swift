import ArgumentParser

/// `downlinkctl wait`
struct Wait: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Wait until the daemon answers, or until it has received so many good frames.",
    discussion: "Exits with 0 when that is so and with 1 at the timeout. A daemon that is not there yet is waited for.")

  @Option(help: "Good frames in the ledger, idle ones included; a ledger may go on over a restart.") var frames: Int?
  @Option(help: "Count the frames of this link only.") var link: String?
  @Option(help: "Give up after so many seconds.") var timeout = 30.0
  @OptionGroup var daemon: DaemonOptions

  func validate() throws {
    guard timeout >= 0, timeout <= 86_400 else { throw ValidationError("--timeout must be from 0 to 86400.") }
    guard frames ?? 0 >= 0 else { throw ValidationError("--frames must not be negative.") }
  }

  func run() throws {
    let end = Terminal.monotonicSeconds + timeout
    var connection: StatusConnection?
    var last = "the daemon does not answer"
    repeat {
      do throws(ConnectionError) {
        let current = try daemon.connect(reusing: connection)
        connection = current
        let progress = Progress(
          status: try StatusConnection.document(try current.ask("status")), link: link, wanted: frames ?? 0)
        last = progress.text
        if progress.isDone {
          print(daemon.json ? "{\"ok\":true,\"frames\":\(progress.frames)}" : last)
          return
        }
      } catch {
        if case .refused = error { throw error }
        connection = nil
        last = error.description.split(separator: "\n").first.map(String.init) ?? last
      }
      Terminal.pause(seconds: min(0.2, max(0, end - Terminal.monotonicSeconds)))
    } while Terminal.monotonicSeconds < end
    print(daemon.json ? "{\"ok\":false}" : "timed out: \(last)")
    throw ExitCode(1)
  }

  /// How far it has come.
  struct Progress: Equatable {
    let frames: Int
    let isDone: Bool
    let text: String

    init(status: Document, link name: String?, wanted: Int) {
      let links = (status["links"]?.elements ?? []).filter { name == nil || $0["name"]?.string == name }
      frames = links.reduce(0) { sum, link in
        let frames = link["ledger"]?["frames"] ?? .null
        return sum + frames.count("delivered") + frames.count("idle")
      }
      let isKnown = name == nil || !links.isEmpty
      isDone = isKnown && frames >= wanted
      text = isKnown ? "\(frames.grouped) good frames" : "there is no link '\(name ?? "")'"
    }
  }
}
