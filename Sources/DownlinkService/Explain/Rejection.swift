/// Something that a link rejected or discarded, and why.
struct Rejection: Equatable {
  /// How far it came.
  enum Stage: String, CaseIterable {
    case datagram
    /// Bytes of a stream that are in no unit.
    case stream
    case codeblock
    case frame
    /// The packets in a frame.
    case zone
    /// Data of a frame that are no packets.
    case serviceData = "service_data"
    case packet
    /// The values of a packet.
    case values
  }

  let stage: Stage
  /// As the ledger calls it.
  let reason: String
  /// Absent where it cannot be told.
  var place: UnitPlace?
  /// Which frame of its unit, where there are several.
  var frameIndex: Int?
  /// What became of how much, such as `1104 bytes of packets are discarded`.
  var what: String
  var expected = ""
  var seen = ""
  var hint = ""
  var remarks: [String] = []
  /// Its first bytes.
  var bytes: [UInt8] = []
  var byteCount = 0

  init(_ stage: Stage, _ reason: String, _ what: String) {
    self.stage = stage
    self.reason = reason
    self.what = what
  }

  /// Takes what there is to say from a dissection.
  mutating func adopt(_ problem: Dissection.Problem) {
    let bit = problem.bitOffset % 8
    what = problem.what
    if problem.bitOffset > 0 { what += ", at byte \(problem.bitOffset / 8)\(bit > 0 ? ", bit \(bit)" : "")" }
    expected = problem.expected
    seen = problem.found
    hint = problem.hint
  }

  /// Shows the first of these bytes.
  mutating func show(_ bytes: some Collection<UInt8>, of byteCount: Int? = nil) {
    self.bytes = Array(bytes.prefix(FrameSubject.headCapacity))
    self.byteCount = byteCount ?? bytes.count
  }
}

/// How often what was rejected, by stage and reason: two dozen reasons at most.
struct RejectionTally: Equatable {
  struct Entry: Equatable {
    let stage: Rejection.Stage
    let reason: String
    /// How often.
    var count = 0
    /// How many bytes were lost, where bytes are what is counted.
    var byteCount = 0
    /// How often it was told of by itself.
    var shownCount = 0
  }

  private(set) var entries: [Entry] = []

  mutating func note(_ stage: Rejection.Stage, _ reason: String, byteCount: Int, isShown: Bool) {
    let index = entries.firstIndex { $0.stage == stage && $0.reason == reason } ?? entries.count
    if index == entries.count { entries.append(Entry(stage: stage, reason: reason)) }
    entries[index].count += 1
    entries[index].byteCount += byteCount
    if isShown { entries[index].shownCount += 1 }
  }

  func has(_ stage: Rejection.Stage, _ reason: String) -> Bool {
    entries.contains { $0.stage == stage && $0.reason == reason }
  }

  var count: Int { entries.reduce(0) { $0 + $1.count } }
  var omittedCount: Int { entries.reduce(0) { $0 + $1.count - $1.shownCount } }

  /// By how far they came, most often first.
  var sorted: [Entry] {
    Rejection.Stage.allCases.flatMap { stage in
      entries.filter { $0.stage == stage }.sorted { ($0.count, $1.reason) > ($1.count, $0.reason) }
    }
  }
}
