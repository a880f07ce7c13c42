/// What waits to be written to one client, within bounds.
///
/// Events give way to newer ones when there is no room, and rows of parameters wait in half of the room only, so that
/// they take none from events. The client is told how much of both it has lost.
package struct OutboundQueue {
  /// How a line is treated when there is no room.
  package enum Kind: Equatable {
    case reply, event, stats
    /// So many rows of parameters.
    case parameters(Int)
    /// Tells of what is lost; made by the queue itself.
    case loss(Loss)
  }

  /// What a client will never get.
  package struct Loss: Equatable, Sendable {
    /// Events.
    package var eventCount: UInt64 = 0
    /// Rows of parameters.
    package var rowCount: UInt64 = 0

    /// A loss of so many events and rows.
    package init(eventCount: UInt64 = 0, rowCount: UInt64 = 0) {
      self.eventCount = eventCount
      self.rowCount = rowCount
    }

    var isNone: Bool { eventCount == 0 && rowCount == 0 }

    static func += (sum: inout Loss, other: Loss) {
      sum.eventCount += other.eventCount
      sum.rowCount += other.rowCount
    }
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
  /// What is lost and not told yet.
  private var loss = Loss()
  /// What is lost, told or not.
  package private(set) var totalLoss = Loss()
  /// Events that the client will never get, told or not.
  package var totalLostEventCount: UInt64 { totalLoss.eventCount }

  private let lossMessage: @Sendable (Loss) -> [UInt8]

  /// - Parameters:
  ///   - capacity: How many bytes may wait; replies come on top.
  ///   - lossMessage: Says what was lost; by default the line of the status socket.
  package init(
    capacity: Int, lossMessage: @escaping @Sendable (Loss) -> [UInt8] = { StatusMessage.lost($0) }
  ) {
    self.capacity = capacity
    self.lossMessage = lossMessage
  }

  /// Whether nothing is left to write, not even a loss to tell.
  package var isEmpty: Bool { head == lines.count && loss.isNone }
  /// Whether no more requests should be read from this client.
  package var isFull: Bool { byteCount >= capacity }
  /// Whether rows of parameters may be added.
  package var hasRoomForRows: Bool { byteCount < capacity / 2 }

  /// Adds a line. A reply always fits: whoever reads requests stops while the queue is full.
  package mutating func append(_ bytes: [UInt8], kind: Kind) {
    if case .parameters(let rowCount) = kind, !hasRoomForRows || byteCount + bytes.count > capacity {
      return noteLoss(Loss(rowCount: UInt64(rowCount)))
    }
    if kind == .event || kind == .stats {
      makeRoom(for: bytes.count)
      guard byteCount + bytes.count <= capacity else {
        if kind == .event { noteLoss(Loss(eventCount: 1)) }
        return
      }
    }
    lines.append(Line(bytes: bytes, kind: kind))
    byteCount += bytes.count
  }

  /// What is to be written next, from `offset` on. A loss is told before the next whole line.
  package mutating func next() -> (bytes: [UInt8], offset: Int)? {
    if offset == 0, !loss.isNone { tellLoss() }
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
      switch lines[index].kind {
      case .event, .stats, .parameters: forget(lines.remove(at: index))
      case .reply, .loss: index += 1
      }
    }
  }

  /// Puts the loss before the next line, as one line with a loss that was to be told there already.
  private mutating func tellLoss() {
    if head < lines.count, case .loss = lines[head].kind { forget(lines.remove(at: head)) }
    let line = Line(bytes: lossMessage(loss), kind: .loss(loss))
    lines.insert(line, at: head)
    byteCount += line.bytes.count
    loss = Loss()
  }

  /// Takes note of what is lost already.
  package mutating func noteLoss(_ lost: Loss) {
    loss += lost
    totalLoss += lost
  }

  private mutating func forget(_ line: Line) {
    byteCount -= line.bytes.count
    switch line.kind {
    case .event: noteLoss(Loss(eventCount: 1))
    case .parameters(let rowCount): noteLoss(Loss(rowCount: UInt64(rowCount)))
    case .loss(let untold): loss += untold
    case .reply, .stats: break
    }
  }
}
