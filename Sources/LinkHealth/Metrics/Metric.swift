import CCSDSLink

/// One metric: its name, which is a promise, and where its values come from.
///
/// It reads a station as it was at one moment, and holds nothing itself.
package struct Metric: Sendable {
  /// What its values are.
  package enum Kind: String, Sendable {
    /// A count that only ever grows; it begins anew where a ledger does.
    case counter
    case gauge
    case histogram
    /// Always 1: what there is to know stands in the labels.
    case info
  }

  /// As it stands in a query, with the `_total` of a counter and the `_info` of an info.
  package let name: String
  package let kind: Kind
  /// What it says, a sentence for whoever reads a dashboard.
  package let help: String
  /// In the order in which they are written.
  package let labels: [String]
  let read: @Sendable (StationSnapshot, inout MetricWriter) -> Void

  init(
    _ kind: Kind, _ name: String, _ help: String, labels: [String] = [],
    read: @escaping @Sendable (StationSnapshot, inout MetricWriter) -> Void
  ) {
    self.kind = kind
    self.name = name
    self.help = help
    self.labels = labels
    self.read = read
  }
}

/// The value of a series.
package enum MetricValue: Sendable, Equatable {
  case count(Int)
  case number(Double)

  /// 1 for true, 0 for false.
  static func flag(_ isSet: Bool) -> MetricValue { .count(isSet ? 1 : 0) }

  /// A time as seconds since 1970, to the microsecond; 0 where there is none yet.
  static func time(nanosecondsSince1970 time: Int64?) -> MetricValue {
    // A floating-point number of that many seconds has room for microseconds, not for more.
    .number(Double((time ?? 0) / 1000) / 1e6)
  }
}

/// What most metrics are: a value of each link, or one for each reason, channel or application process of it.
extension Metric {
  typealias Link = StationSnapshot.Link

  /// A count of each link that has it.
  static func link(_ name: String, _ help: String, _ count: @escaping @Sendable (Link) -> Int?) -> Metric {
    Metric(.counter, name, help, labels: ["link"]) { station, writer in
      for link in station.links { if let count = count(link) { writer.add(.count(count), link.name) } }
    }
  }

  /// A value of each link that has it.
  static func linkGauge(_ name: String, _ help: String, _ value: @escaping @Sendable (Link) -> MetricValue?) -> Metric {
    Metric(.gauge, name, help, labels: ["link"]) { station, writer in
      for link in station.links { if let value = value(link) { writer.add(value, link.name) } }
    }
  }

  /// A count for each reason there can be, of each link that has them.
  static func reasons<Reason>(
    _ name: String, _ help: String, _ tally: @escaping @Sendable (Link) -> Tally<Reason>?
  ) -> Metric {
    Metric(.counter, name, help, labels: ["link", "reason"]) { station, writer in
      for link in station.links {
        guard let tally = tally(link) else { continue }
        for reason in Reason.allCases { writer.add(.count(tally[reason]), link.name, reason.name) }
      }
    }
  }

  /// A count of each virtual channel that the configuration names, of all links or of some.
  static func channels(
    _ name: String, _ help: String, where hasIt: @escaping @Sendable (Link) -> Bool = { _ in true },
    _ count: @escaping @Sendable (VirtualChannelHealth) -> Int
  ) -> Metric {
    Metric(.counter, name, help, labels: ["link", "scid", "vcid"]) { station, writer in
      for link in station.links where hasIt(link) {
        for channel in link.identities.channels {
          writer.add(.count(link.sum(channels: channel.places, count)), link.name, channel.scid, channel.vcid)
        }
      }
    }
  }

  /// The sum over the virtual channels that the configuration does not name.
  static func otherChannels(
    _ name: String, _ help: String, _ count: @escaping @Sendable (VirtualChannelHealth) -> Int
  ) -> Metric {
    .link(name, help) { $0.sum(channels: $0.identities.otherChannels, count) }
  }

  /// A count of each application process that the configuration names.
  static func applicationProcesses(
    _ name: String, _ help: String, _ count: @escaping @Sendable (ApplicationProcessHealth) -> Int
  ) -> Metric {
    Metric(.counter, name, help, labels: ["link", "scid", "apid"]) { station, writer in
      for link in station.links {
        for process in link.identities.applicationProcesses {
          writer.add(
            .count(link.sum(applicationProcesses: process.places, count)), link.name, process.scid, process.apid)
        }
      }
    }
  }
}
