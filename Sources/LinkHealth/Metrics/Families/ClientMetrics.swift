/// Who asks on the sockets of the daemon.
enum ClientMetrics {
  static let metrics = [
    Metric(.gauge, "downlinkd_status_clients", "Clients that are connected.", labels: ["socket"]) { station, writer in
      for socket in station.clients.connected { writer.add(.count(socket.count), socket.socket) }
    },
    Metric(
      .counter, "downlinkd_status_clients_evicted_total", "Clients that were let go or turned away.",
      labels: ["reason"]
    ) { station, writer in
      for eviction in station.clients.evicted { writer.add(.count(eviction.count), eviction.reason) }
    },
    Metric(.counter, "downlinkd_status_requests_total", "Requests that were understood.", labels: ["command"]) {
      station, writer in
      for request in station.clients.requests { writer.add(.count(request.count), request.command) }
    },
  ]
}
