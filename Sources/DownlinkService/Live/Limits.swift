import Ingest
import LinkHealth
import Publish
import StationConfiguration

/// Everything in the daemon that could grow and is bounded, with what happens at the bound and how often that was: the
/// list `limits` in the answer to `queues`.
extension LinkStatus {
  /// What of it is the link's.
  var resourceLimits: [ResourceLimit] { inputLimits + snapshot.resourceLimits + passLimits + rejectionLimits }

  private var passLimits: [ResourceLimit] { passOmissions?.resourceLimits(during: pass) ?? [] }

  private var rejectionLimits: [ResourceLimit] {
    guard let rejections else { return [] }
    return [
      ResourceLimit(
        "rejected_units", use: rejections.unitCount, capacity: RejectedUnits.slotCount * RejectionReason.all.count,
        .dropOldest, hitCount: rejections.entries.reduce(0) { $0 + $1.count - $1.units.count }),
      ResourceLimit(
        "rejected_unit_bytes", use: rejections.byteCount, capacity: RejectedUnits.capacity, .dropOldest,
        hitCount: rejections.entries.reduce(0) { $0 + $1.passedOverCount }),
    ]
  }

  private var inputLimits: [ResourceLimit] {
    guard let connection else { return datagramLimits }
    return [
      ResourceLimit(
        "connections", use: connection.connection == .connected ? 1 : 0, capacity: 1, .refuse,
        hitCount: connection.busyRefusalCount)
    ]
  }

  private var datagramLimits: [ResourceLimit] {
    let datagrams = snapshot.ledger.datagrams
    var limits = [
      ResourceLimit(
        "kernel_receive_buffer_bytes", use: receiveQueueByteCount, capacity: receiveBufferByteCount, .dropNewest,
        hitCount: datagrams.kernelDropped),
      ResourceLimit(
        "datagram_bytes", use: nil, capacity: acceptedDatagramByteCount, .discard,
        hitCount: datagrams.rejected[.oversize]
      ),
    ]
    if let rates = admission.rates {
      limits.append(
        ResourceLimit(
          "senders", use: rates.sourceCount, capacity: SourceRates.capacity, .unlisted,
          hitCount: rates.sharedDatagramCount))
      limits.append(
        ResourceLimit(
          "datagrams_of_a_sender_per_second", use: nil, capacity: rates.datagramsPerSecond, .discard,
          hitCount: datagrams.rejected[.rateLimited]))
    }
    return limits
  }
}

extension Outlets {
  /// What of it is the logs' and the console's.
  func resourceLimits(_ logs: LogConfiguration) -> [ResourceLimit] {
    [("events", events.counters), ("stats", statistics.counters)].flatMap { name, counters in
      [
        ResourceLimit(
          "log_backlog:" + name, use: nil, capacity: RollingLog.Options.defaultBacklogCapacity, .dropNewest,
          hitCount: Int(clamping: counters.droppedRecordCount)),
        ResourceLimit(
          "log_bytes:" + name, use: nil, capacity: logs.maximumTotalByteCount, .dropOldest,
          hitCount: Int(clamping: counters.deletedFileCount)),
      ]
    } + [
      ResourceLimit(
        "event_lines_per_second", use: nil, capacity: EventAggregator.Limits().linesPerSecond, .counted,
        hitCount: Int(clamping: events.counters.suppressed.byType.values.reduce(0, &+))),
      ResourceLimit(
        "console", use: console.depth, capacity: ConsoleQueue.capacity, .dropNewest,
        hitCount: Int(clamping: console.droppedCount)),
    ]
  }
}

extension StatusServer {
  /// What of it is the socket's.
  nonisolated var resourceLimits: [ResourceLimit] {
    let name = options.role.name
    func limit(_ resource: String, use: UInt64? = nil, _ capacity: Int, _ policy: ResourceLimit.Policy, _ hits: UInt64)
      -> ResourceLimit
    {
      ResourceLimit(
        "\(resource):\(name)", use: use.map { Int(clamping: $0) }, capacity: capacity, policy,
        hitCount: Int(clamping: hits))
    }
    return [
      limit("clients", use: counters.clientCount, options.clientCapacity, .refuse, counters.deniedCount),
      limit("clients_of_a_user", options.clientCapacityPerUser, .refuse, counters.deniedForUserCount),
      limit(
        "client_pending_bytes", options.outboundByteCount, .dropOldest,
        counters.lostEventCount + counters.lostRowCount),
      limit("request_bytes", StatusRequest.maximumByteCount, .refuse, counters.evictedTooLongCount),
      limit("reply_bytes", StatusExchange.maximumReplyByteCount, .refuse, counters.oversizeReplyCount),
      limit("commands", options.commandCapacity, .refuse, counters.busyCommandCount),
      limit("events_to_publish", options.backlogCapacity, .dropNewest, counters.unpublishedCount),
    ]
  }
}

extension HostConditions {
  /// What of it is this process's.
  func resourceLimits(refusedCount: UInt64) -> [ResourceLimit] {
    guard let (count, limit) = descriptors else { return [] }
    return [
      ResourceLimit(
        "file_descriptors", use: count, capacity: limit, .refuse, hitCount: Int(clamping: refusedCount))
    ]
  }
}

extension Daemon {
  /// All of it that belongs to no link.
  var resourceLimits: [ResourceLimit] {
    let known = ResourceLimit(
      "links_with_totals", use: heritage.knownLinkCount, capacity: CounterDocument.largestLinkCount, .dropOldest,
      hitCount: heritage.forgottenLinkCount)
    return [known] + board.passes.resourceLimits + outlets.resourceLimits(configuration.logs) + server.resourceLimits
      + host.resourceLimits(refusedCount: server.refusedDescriptorCount)
  }
}
