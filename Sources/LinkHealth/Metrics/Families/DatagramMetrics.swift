/// What came in: datagrams and bytes, and what the kernel had no room for.
enum DatagramMetrics {
  static let metrics: [Metric] = [
    .link("downlinkd_datagrams_received_total", "Datagrams received: accepted and rejected ones.") {
      $0.ledger.datagrams.received
    },
    .link("downlinkd_datagrams_accepted_total", "Datagrams that were looked into.") { $0.ledger.datagrams.accepted },
    .reasons("downlinkd_datagrams_rejected_total", "Datagrams that were not looked into.") {
      $0.ledger.datagrams.rejected
    },
    .link("downlinkd_received_bytes_total", "Bytes received, in datagrams or by a connection.") {
      max($0.ledger.datagrams.byteCount, $0.ledger.streamBytes.received)
    },
    .link(
      "downlinkd_kernel_dropped_datagrams_total",
      "Datagrams that the kernel dropped for want of room; they are not among those received."
    ) { $0.ledger.datagrams.kernelDropped },
    .linkGauge("downlinkd_socket_receive_buffer_bytes", "The kernel's receive buffer of the link.") {
      .count($0.receiveBufferByteCount)
    },
    .linkGauge("downlinkd_socket_receive_queue_bytes", "How much of the receive buffer is in use.") {
      .count($0.receiveQueueByteCount)
    },
  ]
}
