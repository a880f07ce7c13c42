import CCSDSLink
import CCSDSWire

/// What packets say of the clock on board, on links whose packets have a time that is read.
enum OnboardClockMetrics {
  static let metrics = [
    estimate(
      "downlinkd_onboard_clock_offset_seconds",
      "How far the clock on board is ahead of the time of reception; NaN before that is known."
    ) {
      Double($0.offsetNanoseconds) / 1e9
    },
    estimate(
      "downlinkd_onboard_clock_drift_ratio",
      "How much faster than true time the clock on board goes; NaN before that is known."
    ) {
      Double($0.driftPartsPerQuadrillion) / 1e15
    },
    Metric(
      .counter, "downlinkd_onboard_times_invalid_total", "Packets whose time cannot be believed.",
      labels: ["link", "reason"]
    ) { station, writer in
      for link in station.links where link.readsTimes {
        for fault in OnboardTimeFault.allCases {
          let count = link.ledger.virtualChannels.reduce(0) { $0 + $1.clock.count(of: fault) }
          writer.add(.count(count), link.name, fault.name)
        }
      }
    },
  ]

  /// A value of each virtual channel that the configuration names; not a number as long as there is none.
  private static func estimate(
    _ name: String, _ help: String, _ value: @escaping @Sendable (ClockEstimate) -> Double
  ) -> Metric {
    Metric(.gauge, name, help, labels: ["link", "scid", "vcid"]) { station, writer in
      for link in station.links where link.readsTimes {
        for channel in link.identities.channels {
          let estimates = channel.places.map { link.ledger.virtualChannels[$0].clock.estimate }
          let known = estimates.first { $0.quality != .none }
          writer.add(.number(known.map(value) ?? .nan), link.name, channel.scid, channel.vcid)
        }
      }
    }
  }
}

extension StationSnapshot.Link {
  fileprivate var readsTimes: Bool { snapshot.parameters.packetParameters.timeCode != nil }
}
