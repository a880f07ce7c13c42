/// Queues inside the daemon, and every other bound.
enum QueueMetrics {
  static let metrics = [
    Metric(.gauge, "downlinkd_queue_depth", "What waits in the queue.", labels: ["queue"]) { station, writer in
      for queue in station.queues { if let depth = queue.depth { writer.add(.count(depth), queue.name) } }
    },
    Metric(.gauge, "downlinkd_queue_capacity", "What the queue has room for.", labels: ["queue"]) { station, writer in
      for queue in station.queues { writer.add(.count(queue.capacity), queue.name) }
    },
    Metric(
      .counter, "downlinkd_queue_dropped_total", "What the queue had no room for.", labels: ["queue"]
    ) { station, writer in
      for queue in station.queues { writer.add(.count(queue.droppedCount), queue.name) }
    },
    Metric(
      .counter, "downlinkd_memcap_hits_total", "Times that a bound of the daemon was reached.", labels: ["resource"]
    ) { station, writer in
      for limit in station.limits { writer.add(.count(limit.hitCount), limit.name) }
    },
    Metric(
      .counter, "downlinkd_link_memcap_hits_total", "Times that a bound of the link was reached.",
      labels: ["link", "resource"]
    ) { station, writer in
      // What passes are kept goes by their age: such a count may go back.
      for link in station.links {
        for limit in link.limits where limit.name != "gaps_of_a_pass" {
          writer.add(.count(limit.hitCount), link.name, limit.name)
        }
      }
    },
  ]
}
