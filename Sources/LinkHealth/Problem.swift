package import CCSDSLink

/// Something an operator should know, with what to do about it.
package struct Problem: Sendable, Equatable {
  package enum Severity: String, Sendable {
    case warning
    case critical
  }

  package enum Code: String, Sendable, CaseIterable {
    case unbalanced
    case inputFailed = "input_failed"
    case disconnected
    case deafSocket = "deaf_socket"
    case membershipLost = "membership_lost"
    case rateLimited = "rate_limited"
    case kernelDrops = "kernel_drops"
    case receiveBufferSmall = "receive_buffer_small"
    case nothingReceived = "nothing_received"
    case silence
    case nothingDecodes = "nothing_decodes"
    case noLock = "no_lock"
    case uncorrectable
    case thinMargin = "thin_margin"
    case bitSlips = "bit_slips"
    case everythingRejected = "everything_rejected"
    case someRejected = "some_rejected"
    case muchMissing = "much_missing"
    case errorControlUnchecked = "error_control_unchecked"
    case notPackets = "not_packets"
    case frozenCounter = "frozen_counter"
    case limitReached = "limit_reached"
    case logDegraded = "log_degraded"
    case reloadFailed = "reload_failed"
    case otherPort = "other_port"
    case stateNotKept = "state_not_kept"
    case totalsNotKept = "totals_not_kept"
    case textfileNotWritten = "textfile_not_written"
    /// A part of the daemon does not answer.
    case unresponsive
    case clientsEvicted = "clients_evicted"
    case descriptorsLow = "descriptors_low"
    case clockStepped = "clock_stepped"
    case leapListExpired = "leap_list_expired"
    case packetsRejected = "packets_rejected"
    case timesInvalid = "times_invalid"
    /// Packets are not what the mission database describes.
    case packetsNotDescribed = "packets_not_described"
    /// Parameters are beyond their limits.
    case parameterAlarm = "parameter_alarm"
    case passSilent = "pass_silent"
    case passesNotKept = "passes_not_kept"
    /// Frames do not get to where they are to go besides.
    case sinkFails = "sink_fails"
    case webUnavailable = "web_unavailable"
  }

  package let code: Code
  package let severity: Severity
  package let link: String?
  package let since: ReceptionTime?
  /// What is wrong, a sentence with its figures.
  package let message: String
  /// What to do about it.
  package let hint: String

  package init(
    _ code: Code, _ severity: Severity, link: String? = nil, since: ReceptionTime? = nil, message: String, hint: String
  ) {
    self.code = code
    self.severity = severity
    self.link = link
    self.since = since
    self.message = message
    self.hint = hint
  }

  /// The same problem with another beginning.
  package func dated(_ since: ReceptionTime) -> Problem {
    Problem(code, severity, link: link, since: since, message: message, hint: hint)
  }
}
