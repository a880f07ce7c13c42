/// The way of changed parameters to those who watch them.
///
/// Rows are made into text once for all who have asked with the same pattern, a piece at a time, as fast as the fastest
/// of them takes them. Newer values of a link overtake older ones: what is left of these is lost to those who wait for
/// it, and they are told how many rows that were. So at most one batch of each link is held. The next one begins where
/// the one before was left, so that those who are slow see every parameter at some time.
package struct ParameterFeed {
  /// One batch on its way to all who have asked with one pattern.
  private struct Delivery {
    let batch: ParameterBatch
    let pattern: NamePattern
    var receivers: Set<Int>
    /// The rows from where it began to the last one, then those from the first one.
    var rest: Range<Int>
    var restAfterwards: Range<Int>

    init(_ batch: ParameterBatch, _ pattern: NamePattern, _ receiver: Int, from start: Int) {
      self.batch = batch
      self.pattern = pattern
      receivers = [receiver]
      rest = start..<batch.rowCount
      restAfterwards = 0..<start
    }

    var isDone: Bool { rest.isEmpty && restAfterwards.isEmpty }

    /// How many rows somebody still waits for.
    var leftCount: Int { batch.count(matching: pattern, in: rest) + batch.count(matching: pattern, in: restAfterwards) }

    mutating func nextTexts() -> [String] {
      if rest.isEmpty { (rest, restAfterwards) = (restAfterwards, 0..<0) }
      return batch.texts(matching: pattern, in: &rest)
    }
  }

  /// A few lines for a few receivers.
  package struct Piece {
    /// The numbers of those who get it.
    package let receivers: Set<Int>
    /// Lines with so many rows each.
    package let lines: [(bytes: [UInt8], rowCount: Int)]
  }

  /// In the order of their turns.
  private var deliveries: [Delivery] = []

  /// A feed in which nothing is on its way.
  package init() {}

  /// Whether nothing is on its way.
  package var isEmpty: Bool { deliveries.isEmpty }

  /// Takes newer values of a link.
  ///
  /// - Parameter watchers: The numbers of those who watch the link, with what they have asked for.
  /// - Returns: How many rows some have lost of the values before.
  package mutating func put(
    _ batch: ParameterBatch, for watchers: [(id: Int, pattern: NamePattern)]
  ) -> [(receivers: Set<Int>, rowCount: Int)] {
    let left = deliveries.filter { $0.batch.link == batch.link }
    let losses = left.map { ($0.receivers, $0.leftCount) }
    deliveries.removeAll { $0.batch.link == batch.link }
    guard batch.rowCount > 0 else { return losses }
    let first = deliveries.count
    for (id, pattern) in watchers {
      if let index = deliveries[first...].firstIndex(where: { $0.pattern == pattern }) {
        deliveries[index].receivers.insert(id)
      } else {
        let start = left.first { $0.pattern == pattern }?.rest.lowerBound ?? 0
        deliveries.append(Delivery(batch, pattern, id, from: start % batch.rowCount))
      }
    }
    return losses.filter { $0.1 > 0 }
  }

  /// Takes note that somebody watches no more.
  package mutating func leave(_ id: Int) {
    for index in deliveries.indices { deliveries[index].receivers.remove(id) }
    deliveries.removeAll { $0.receivers.isEmpty }
  }

  /// The next piece, whose turn it is of those that somebody has room for; nothing as long as nobody has.
  package mutating func next(where hasRoom: (Int) -> Bool) -> Piece? {
    guard let index = deliveries.firstIndex(where: { $0.receivers.contains(where: hasRoom) }) else { return nil }
    var delivery = deliveries.remove(at: index)
    let texts = delivery.nextTexts()
    if !delivery.isDone { deliveries.append(delivery) }
    return Piece(
      receivers: delivery.receivers, lines: StatusMessage.parameters(of: delivery.batch.link, texts))
  }
}
