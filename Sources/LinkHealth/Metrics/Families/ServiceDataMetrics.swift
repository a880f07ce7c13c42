import CCSDSLink

/// Data of USLP frames that are no packets, on links that may have some.
enum ServiceDataMetrics {
  static let metrics: [Metric] = [
    .serviceData("downlinkd_service_data_units_total", "Service data units that are whole.") { $0.completed },
    .reasons("downlinkd_service_data_units_abandoned_total", "Service data units that were never completed.") {
      $0.hasServiceData ? $0.ledger.serviceDataUnits.abandoned : nil
    },
    .serviceData("downlinkd_service_data_received_bytes_total", "Bytes of service data that frames brought.") {
      $0.receivedByteCount
    },
    .serviceData("downlinkd_service_data_delivered_bytes_total", "Bytes of service data units and streams.") {
      $0.deliveredByteCount
    },
    .serviceData("downlinkd_service_data_fill_bytes_total", "Bytes of service data that are fill.") {
      $0.fillByteCount
    },
    .reasons("downlinkd_service_data_discarded_bytes_total", "Bytes of service data that end in no unit.") {
      $0.hasServiceData ? $0.ledger.serviceDataUnits.discarded : nil
    },
    .linkGauge("downlinkd_service_data_buffer_bytes", "Bytes of service data units that are not whole yet.") {
      $0.hasServiceData ? .count($0.snapshot.pendingServiceDataByteCount) : nil
    },
  ]
}

extension Metric {
  fileprivate static func serviceData(
    _ name: String, _ help: String, _ count: @escaping @Sendable (ServiceDataUnitCounts) -> Int
  ) -> Metric { .link(name, help) { $0.hasServiceData ? count($0.ledger.serviceDataUnits) : nil } }
}
