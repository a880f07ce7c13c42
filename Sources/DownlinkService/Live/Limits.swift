import Ingest
import LinkHealth
import Publish

extension LinkStatus {
  /// Everything of the link that is bounded, with how often its bound was reached.
  var resourceLimits: [ResourceLimit] {
    inputLimits + snapshot.resourceLimits
  }

  private var inputLimits: [ResourceLimit] {
    guard let connection else {
      return [
        ResourceLimit(
          "kernel_receive_buffer_bytes", use: receiveQueueByteCount, capacity: receiveBufferByteCount, .dropNewest,
          hitCount: snapshot.ledger.datagrams.kernelDropped)
      ]
    }
    return [
      ResourceLimit(
        "connections", use: connection.connection == .connected ? 1 : 0, capacity: 1, .refuse,
        hitCount: connection.busyRefusalCount)
    ]
  }
}

extension DaemonFacts {
  /// Everything else in the daemon that is bounded.
  var resourceLimits: [ResourceLimit] {
    [("events", events), ("stats", statistics)].map { name, counters in
      ResourceLimit(
        "log_backlog:" + name, use: nil, capacity: RollingLog.Options.defaultBacklogCapacity, .dropNewest,
        hitCount: Int(clamping: counters.droppedRecordCount))
    }
  }
}
