/// What waits to be written to one client, within bounds.
///
/// Events give way to newer ones when there is no room, and the client is told how many it has lost.
package struct OutboundQueue {
  /// How a line is treated when there is no room.
  package enum Kind: Equatable {
    case reply, event, stats
    /// Tells of so many lost events; made by the queue itself.
    case loss(UInt64)
  }

  private struct Line {
    let bytes: [UInt8]
    let kind: Kind
  }

  /// How many bytes may wait.
  let capacity: Int
  /// How many bytes wait.
  package private(set) var byteCount = 0
  private var lines: [Line] = []
  private var head = 0
  private var offset = 0
  private var lostEventCount: UInt64 = 0
  /// Events that the client will never get, told or not.
  package private(set) var totalLostEventCount: UInt64 = 0

  private let lossMessage: @Sendable (UInt64) -> [UInt8]

  /// - Parameters:
  ///   - capacity: How many bytes may wait; replies come on top.
  ///   - lossMessage: Says how many events were lost; by default the line of the status socket.
  package init(
    capacity: Int, lossMessage: @escaping @Sendable (UInt64) -> [UInt8] = { StatusMessage.lost(eventCount: $0) }
  ) {
    self.capacity = capacity
    self.lossMessage = lossMessage
  }

  /// Whether nothing is left to write, not even a loss to tell.
  package var isEmpty: Bool { head == lines.count && lostEventCount == 0 }
  /// Whether no more requests should be read from this client.
  package var isFull: Bool { byteCount >= capacity }

  /// Adds a line. A reply always fits: whoever reads requests stops while the queue is full.
  package mutating func append(_ bytes: [UInt8], kind: Kind) {
    if kind == .event || kind == .stats {
      makeRoom(for: bytes.count)
      guard byteCount + bytes.count <= capacity else {
        if kind == .event { lose() }
        return
      }
    }
    lines.append(Line(bytes: bytes, kind: kind))
    byteCount += bytes.count
  }

  /// What is to be written next, from `offset` on. A loss is told before the next whole line.
  package mutating func next() -> (bytes: [UInt8], offset: Int)? {
    if offset == 0, lostEventCount > 0 { tellLoss() }
    return head < lines.count ? (lines[head].bytes, offset) : nil
  }

  /// Notes that `count` bytes of what `next` gave are written.
  package mutating func advance(by count: Int) {
    byteCount -= count
    offset += count
    guard offset == lines[head].bytes.count else { return }
    offset = 0
    head += 1
    if head == lines.count || head >= 1024 {
      lines.removeFirst(head)
      head = 0
    }
  }

  /// Gives up everything but the rest of a line that was begun, then says goodbye.
  package mutating func replaceAll(withGoodbye bytes: [UInt8]) {
    let firstWhole = offset > 0 ? head + 1 : head
    for line in lines[firstWhole...] { forget(line) }
    lines.removeSubrange(firstWhole...)
    append(bytes, kind: .reply)
  }

  private mutating func makeRoom(for count: Int) {
    guard byteCount + count > capacity else { return }
    var index = offset > 0 ? head + 1 : head
    while index < lines.count, byteCount + count > capacity {
      guard lines[index].kind == .event || lines[index].kind == .stats else {
        index += 1
        continue
      }
      forget(lines.remove(at: index))
    }
  }

  /// Puts the loss before the next line, as one line with a loss that was to be told there already.
  private mutating func tellLoss() {
    if head < lines.count, case .loss = lines[head].kind { forget(lines.remove(at: head)) }
    let line = Line(bytes: lossMessage(lostEventCount), kind: .loss(lostEventCount))
    lines.insert(line, at: head)
    byteCount += line.bytes.count
    lostEventCount = 0
  }

  /// Takes note of events that are lost already.
  package mutating func noteLoss(of count: UInt64) {
    lostEventCount += count
    totalLostEventCount += count
  }

  private mutating func lose() { noteLoss(of: 1) }

  private mutating func forget(_ line: Line) {
    byteCount -= line.bytes.count
    switch line.kind {
    case .event: lose()
    case .loss(let count): lostEventCount += count
    case .reply, .stats: break
    }
  }
}
