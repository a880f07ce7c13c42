/// The way of changed parameters to those who watch them.
///
/// Rows are made into text once for all who have asked with the same pattern, a piece at a time, as fast as the fastest
/// of them takes them. Newer values of a link overtake older ones: what is left of these is lost to those who wait for
/// it, and they are told how many rows that were. So at most one batch of each link is held.
package struct ParameterFeed {
  /// One batch on its way to all who have asked with one pattern.
  private struct Delivery {
    let batch: ParameterBatch
    let pattern: NamePattern
    var receivers: Set<Int>
    var position = 0

    var isDone: Bool { position >= batch.rowCount }
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
    let losses = deliveries.filter { $0.batch.link == batch.link }.map {
      ($0.receivers, $0.batch.count(matching: $0.pattern, from: $0.position))
    }
    deliveries.removeAll { $0.batch.link == batch.link }
    guard batch.rowCount > 0 else { return losses }
    let first = deliveries.count
    for (id, pattern) in watchers {
      if let index = deliveries[first...].firstIndex(where: { $0.pattern == pattern }) {
        deliveries[index].receivers.insert(id)
      } else {
        deliveries.append(Delivery(batch: batch, pattern: pattern, receivers: [id]))
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
    let texts = delivery.batch.texts(matching: delivery.pattern, from: &delivery.position)
    if !delivery.isDone { deliveries.append(delivery) }
    return Piece(
      receivers: delivery.receivers, lines: StatusMessage.parameters(of: delivery.batch.link, texts))
  }
}
