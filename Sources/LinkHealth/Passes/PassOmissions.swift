/// What the reports of a link's passes had no room for, altogether.
package struct PassOmissions: Sendable, Equatable {
  private var frameGaps = 0
  private var packetGaps = 0
  private var controlWordChanges = 0
  private var violations = 0
  private var interruptions = 0

  package init() {}

  /// Counts what a report had no room for.
  package mutating func add(_ report: PassReport) {
    frameGaps += report.channels.reduce(0) { $0 + $1.omittedRanges }
    packetGaps += report.processes.reduce(0) { $0 + $1.omittedRanges }
    controlWordChanges += report.controlWords.omittedCount
    violations += report.violations.count - report.violations.list.count
    interruptions += report.omittedInterruptions
  }

  /// The lists of a report that are bounded, as they are in the one under way, and how often that was in any of them.
  package func resourceLimits(during current: PassReport?) -> [ResourceLimit] {
    var all = self
    if let current { all.add(current) }
    func limit(_ name: String, _ use: Int?, _ capacity: Int, _ hitCount: Int) -> ResourceLimit {
      ResourceLimit(name + "_of_a_report", use: use ?? 0, capacity: capacity, .counted, hitCount: hitCount)
    }
    return [
      limit("frame_gaps", current?.gaps.frames.count, PassGaps.frameCapacity, all.frameGaps),
      limit("packet_gaps", current?.gaps.packets.count, PassGaps.packetCapacity, all.packetGaps),
      limit(
        "control_word_changes", current?.controlWords.changes.count, ControlWordHistory.changeCapacity,
        all.controlWordChanges),
      limit("limit_violations", current?.violations.list.count, PassViolations.capacity, all.violations),
      limit(
        "interruptions", current?.interruptions.count, PassReport.interruptionCapacity, all.interruptions),
    ]
  }
}
