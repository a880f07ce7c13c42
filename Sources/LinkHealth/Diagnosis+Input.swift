/// What is wrong with what comes in, before anybody looks into it.
extension LinkSnapshot {
  func inputProblems(_ input: InputFacts, _ recent: LedgerMark) -> [Problem] {
    var problems = bufferProblems(input, recent)
    if let bound = input.datagramsPerSecond, case let count = recent.datagramRejections[.rateLimited], count > 0 {
      problems.append(
        Problem(
          .rateLimited, .warning, link: name,
          message: "\(count) datagrams\(input.span) were more than the \(bound) a second that one sender may send",
          hint: "look for a sender that floods, \(input.probe) shows it, or raise input.max_datagrams_per_second "
            + "(now \(bound))"))
    }
    if !input.canHear { return problems }
    // Between passes silence is as it should be.
    if input.isPassExpected == false { return problems }
    if !hasReceived { return problems + nothingReceived(input) }
    if let silence = input.secondsOfSilence, silence > input.quietAfterSeconds {
      problems.append(
        Problem(
          .silence, .warning, link: name, since: ledger.lastFrameTime,
          message: "nothing was received for \(Self.duration(silence))",
          hint: (input.isPassExpected == nil ? "nothing between passes; otherwise " : "a pass was announced for now: ")
            + "look at the antenna, the modem's lock and the network. quiet_after "
            + "(now \(Self.duration(input.quietAfterSeconds))) is what counts as silence"))
    }
    return problems
  }

  private var hasReceived: Bool { ledger.datagrams.received > 0 || ledger.streamBytes.received > 0 }

  // MARK: Receive buffers

  private func bufferProblems(_ input: InputFacts, _ recent: LedgerMark) -> [Problem] {
    if recent.kernelDropped > 0 {
      let total = ledger.datagrams.kernelDropped
      let others = total > recent.kernelDropped ? " (\(total) in all)" : ""
      return [
        Problem(
          .kernelDrops, .critical, link: name,
          message: "this host dropped \(recent.kernelDropped) datagrams\(input.span) before they could be received"
            + others,
          hint: Self.receiveBufferHint(input))
      ]
    }
    guard let granted = input.grantedReceiveBufferByteCount, let requested = input.requestedReceiveBufferByteCount,
      granted < requested
    else { return [] }
    return [
      Problem(
        .receiveBufferSmall, .warning, link: name,
        message: "the kernel granted a receive buffer of \(granted) bytes, \(requested) were asked for",
        hint: Self.receiveBufferHint(input) + ", or lower input.receive_buffer_bytes")
    ]
  }

  private static func receiveBufferHint(_ input: InputFacts) -> String {
    let key = "input.receive_buffer_bytes"
    guard let requested = input.requestedReceiveBufferByteCount else {
      return "raise \(key), and net.core.rmem_max with it"
    }
    if let granted = input.grantedReceiveBufferByteCount, granted < requested {
      // The service unit hides what the kernel is set to; what it granted is as much.
      let largest = input.largestReceiveBufferByteCount ?? granted
      return
        "raise net.core.rmem_max (now \(largest)) to \(requested), 'sysctl -w net.core.rmem_max=\(requested)', and "
        + "restart downlinkd"
    }
    guard let largest = input.largestReceiveBufferByteCount, input.kind == .udp else {
      return "raise \(key) (now \(requested))"
    }
    return "raise \(key) (now \(requested))" + (requested < largest ? "" : " and net.core.rmem_max (now \(largest))")
  }

  // MARK: Nothing

  private func nothingReceived(_ input: InputFacts) -> [Problem] {
    if let port = input.port, !input.otherPorts.isEmpty {
      let ports = input.otherPorts.sorted { ($1.datagrams, $0.port) < ($0.datagrams, $1.port) }.prefix(4)
        .map { "\($0.datagrams) to port \($0.port)" }.joined(separator: ", ")
      return [
        Problem(
          .otherPort, .critical, link: name,
          message: "the capture has no datagrams to port \(port), but \(ports)",
          hint: "name the port: --port \(input.otherPorts.max { $0.datagrams < $1.datagrams }?.port ?? port)")
      ]
    }
    guard let seconds = input.secondsSinceStart, seconds > input.quietAfterSeconds else { return [] }
    let place = input.place.map { " on \($0)" } ?? ""
    let hint =
      switch input.kind {
      case .tcp: "the connection stands, and the other end sends nothing: look at the modem's lock and its output"
      case .capture:
        "check input.pcap: its interface and port are those that the datagrams come to, as \(input.probe) shows"
      case .udp, .recording:
        "check that the modem sends to this address and port, and that no firewall is in between: \(input.probe) shows "
          + "what comes to this host"
      }
    return [
      Problem(
        .nothingReceived, .warning, link: name,
        message: "nothing was received\(place) since the start, \(Self.duration(seconds)) ago", hint: hint)
    ]
  }

  // MARK: Words

  /// `59 s`, `12 min 5 s`, `3 h 12 min` or `4 d 2 h`.
  static func duration(_ seconds: Double) -> String {
    let whole = Int(max(0, min(seconds, 1e12)))
    return switch whole {
    case ..<60: "\(whole) s"
    case ..<3600: "\(whole / 60) min" + (whole % 60 > 0 ? " \(whole % 60) s" : "")
    case ..<86_400: "\(whole / 3600) h" + (whole / 60 % 60 > 0 ? " \(whole / 60 % 60) min" : "")
    default: "\(whole / 86_400) d" + (whole / 3600 % 24 > 0 ? " \(whole / 3600 % 24) h" : "")
    }
  }
}

extension InputFacts {
  /// The command that shows what comes to this host for the link.
  var probe: String { "'tcpdump -ni any udp\(port.map { " port \($0)" } ?? "")'" }
}
