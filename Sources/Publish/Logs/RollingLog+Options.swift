extension RollingLog {
  /// Where a log is and how far it may grow.
  package struct Options: Sendable {
    /// The directory of its files; it has to be there.
    package var directory: String
    /// `events` or `stats`; from a closed set, never from the wire.
    package var name: String
    /// The other logs in the directory: when the disk is full, the oldest file goes whichever log it is of.
    package var siblingNames: [String] = []
    /// The size at which a file is finished.
    package var maximumFileByteCount = 64 << 20
    /// The age of its first record at which a file is finished.
    package var maximumFileAgeSeconds = 86_400
    /// Of the finished files together.
    package var maximumTotalByteCount = 1 << 30
    /// How many finished files there may be.
    package var maximumFileCount = 10_000
    /// The age in days at which a finished file is deleted, if ever.
    package var maximumDayCount: Int?
    /// What has to stay free on the file system; below, finished files are deleted, and then nothing is written.
    package var minimumFreeByteCount = 0
    /// Whether finished files are packed.
    package var compresses = false
    /// Whether every record is brought to the disk before the next one; otherwise `synchronize` does it for all.
    package var synchronizesEveryRecord = false
    /// The records that may wait for the owner, where nothing else is said.
    package static let defaultBacklogCapacity = 4096
    /// The records that may wait for the owner.
    package var backlogCapacity = defaultBacklogCapacity
    /// Which run this is; it stands in every record.
    package var runID: String

    /// The options of a log in `directory`, with the usual bounds.
    package init(directory: String, name: String, runID: String) {
      self.directory = directory
      self.name = name
      self.runID = runID
    }
  }

  /// What goes out of a log besides the file. Both run on the log's queue.
  package struct Outlets: Sendable {
    /// Takes each record as it stands in the log, whether the file could take it or not.
    package var line: @Sendable (EventLine) -> Void
    /// Takes what the log has to say about itself.
    package var notice: @Sendable (LogNotice) -> Void

    /// Outlets; what is not given goes nowhere.
    package init(
      line: @escaping @Sendable (EventLine) -> Void = { _ in },
      notice: @escaping @Sendable (LogNotice) -> Void = { _ in }
    ) {
      self.line = line
      self.notice = notice
    }
  }
}
