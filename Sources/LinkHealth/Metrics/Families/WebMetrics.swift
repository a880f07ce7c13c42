/// Who asks over HTTP.
enum WebMetrics {
  static let metrics = [
    gauge("downlinkd_http_connections", "Connections to the web server.", \.connectionCount),
    gauge("downlinkd_http_event_streams", "Connections to the web server that are streams of events.", \.streamCount),
    counter("downlinkd_http_connections_accepted_total", "Connections that were served.", \.acceptedCount),
    Metric(
      .counter, "downlinkd_http_responses_total", "Answers, by status code; that of a stream is counted as it begins.",
      labels: ["code"]
    ) { station, writer in
      for response in station.web?.responses ?? [] { writer.add(.count(response.count), response.code) }
    },
    Metric(
      .counter, "downlinkd_http_refused_total", "Connections and requests that got no answer to their question.",
      labels: ["reason"]
    ) { station, writer in
      for refusal in station.web?.refused ?? [] { writer.add(.count(refusal.count), refusal.reason) }
    },
    Metric(
      .counter, "downlinkd_http_evicted_total", "Clients that were let go because they took nothing for ten seconds.",
      labels: ["reason"]
    ) { station, writer in
      for eviction in station.web?.evicted ?? [] { writer.add(.count(eviction.count), eviction.reason) }
    },
    counter(
      "downlinkd_http_events_lost_total", "Events that streams did not get because they were read too slowly.",
      \.lostEventCount),
  ]

  private static func gauge(
    _ name: String, _ help: String, _ count: any KeyPath<StationSnapshot.Web, Int> & Sendable
  ) -> Metric {
    Metric(.gauge, name, help) { station, writer in if let web = station.web { writer.add(.count(web[keyPath: count])) }
    }
  }

  private static func counter(
    _ name: String, _ help: String, _ count: any KeyPath<StationSnapshot.Web, Int> & Sendable
  ) -> Metric {
    Metric(.counter, name, help) { station, writer in
      if let web = station.web { writer.add(.count(web[keyPath: count])) }
    }
  }
}
