package import CCSDSWire

/// Which metrics there are beside those that every station has, and where they go.
package struct MetricsConfiguration: Sendable, Equatable {
  /// A file that they are written to, an absolute path ending in `.prom`; absent, none.
  package var textfilePath: String?
  /// The parameters that have metrics of their own, by their names in the `parameters` answer; at most 500.
  package var parameters: [String] = []
  /// The application processes that have metrics of their own, on every spacecraft that a link names; at most 500.
  package var applicationProcessIDs: [ApplicationProcessID] = []
  /// The series that there may be, 1000…1000000.
  package var seriesLimit = 10_000

  package init() {}
}
