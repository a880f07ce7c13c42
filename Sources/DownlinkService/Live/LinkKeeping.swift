import Ingest
import LinkHealth
import StationConfiguration

/// What a link has from an earlier process, and leaves to a later one.
struct LinkKeeping {
  let kept: KeptDescriptors?
  var life: LinkLife
  /// What was found of the link's memory when it was opened.
  private(set) var found = KeptDescriptors.Memory.absent
  /// The memory of a link that receives no datagrams; that of the others is their receiver's.
  private(set) var memory: ReceiveMemory?
  /// Why the state is not saved, as long as it is not.
  var failure: SaveFailure?
  /// What was counted when the state was saved last.
  var savedCount = -1
  /// Used again for every state.
  var pipelineBytes: [UInt8] = []
  var stateBytes: [UInt8] = []

  /// Why a state cannot be saved.
  enum SaveFailure {
    /// The pipeline has none that could be restored.
    case notArchivable
    case tooLong
  }

  init(_ kept: KeptDescriptors?, _ life: LinkLife) {
    self.kept = kept
    self.life = life
  }

  /// Opens the socket of a link, or goes on with the one that it had.
  mutating func open(_ input: UDPInput, _ udp: UDPDescription, _ link: String) throws(IngestError) -> UDPReceiver {
    guard let kept else { return try UDPReceiver.open(input) }
    let opened = try kept.receiver(of: link, input, boundAs: udp)
    found = opened.memory
    return opened.receiver
  }

  /// Opens the memory of a link that receives no datagrams.
  mutating func openMemory(_ link: String) {
    guard let kept else { return }
    (memory, found) = kept.memory(of: link, slotByteCount: 0)
  }

  func problems(of link: String) -> [Problem] {
    guard let failure else { return [] }
    let reason =
      switch failure {
      case .notArchivable: "it cannot be archived"
      case .tooLong: "it is longer than \(ReceiveMemory.stateCapacity) bytes"
      }
    return [
      Problem(
        .stateNotKept, .warning, link: link, message: "the state of the link is not kept over a restart: \(reason)",
        hint: "after a restart its ledger begins anew beside its totals so far; lower its limits if it is too long")
    ]
  }
}
