import Ingest
import LinkHealth

/// What a link has from an earlier process, and leaves to a later one.
struct LinkKeeping {
  var life: LinkLife
  /// Whether its ledger, or at least its totals, are those of the memory that an earlier process has left.
  var isResumed = false
  /// Whether the next process is to go on with the link.
  var isLeft = false
  /// Why the state is not saved, as long as it is not.
  var failure: SaveFailure?
  /// What was counted when the reader of the socket saved the state last; absent when it is to be saved anyhow.
  var savedCount: Int?
  /// Used again for every state: of the link, and of all links on its socket.
  var pipelineBytes: [UInt8] = []
  var stateBytes: [UInt8] = []

  /// Why a state cannot be saved.
  enum SaveFailure {
    /// The pipeline has none that could be restored.
    case notArchivable
    case tooLong
    /// There is no memory for it.
    case refused(IngestError)
  }

  init(_ life: LinkLife) { self.life = life }

  func problems(of link: String) -> [Problem] {
    guard let failure else { return [] }
    let reason =
      switch failure {
      case .notArchivable: "it cannot be archived"
      case .tooLong: "it is longer than \(ReceiveMemory.stateCapacity) bytes"
      case .refused(let error): "\(error)"
      }
    return [
      Problem(
        .stateNotKept, .warning, link: link, message: "the state of the link is not kept over a restart: \(reason)",
        hint:
          "lower limits.application_process_count or limits.virtual_channel_count of the link where it is too long; "
          + "otherwise nothing: its totals go on")
    ]
  }
}
