import CCSDSLink
import Ingest
import LinkHealth
import Publish
import StationConfiguration

/// What is looked after once a second: drops, the multicast group, the interface, and whether the socket hears.
extension LinkOwner {
  func reviewInput(hasReceived: Bool, quietSince: Int64) {
    switch input {
    case .udp(let receiver, let udp):
      // At the end nobody would wait for a probe, and the next process would find it.
      guard isReader, pump != nil else { break }
      for change in membership?.renew(receiver.fileDescriptor) ?? [] { report(change) }
      probe(receiver, udp, hasReceived: hasReceived, quietSince: quietSince)
    case .capture(let stream, _): stream.review()
    case .tcp, nil: break
    }
    noteKernelDrops()
  }

  // MARK: The multicast group

  /// Looks after the group of the socket from now on. One that was handed over may not be in it yet.
  func beginMembership(_ input: LinkInput) {
    guard case .udp(let receiver, let udp) = input else { return }
    // The addresses have been good for the socket.
    membership = try? GroupMembership(UDPInput(udp, datagramByteCount: 1))
    for change in membership?.renew(receiver.fileDescriptor) ?? [] { report(change) }
  }

  private func report(_ change: GroupMembership.Change) {
    taps.journal.tick(at: HostClock.wall())
    let (severity, action, reason): (EventSeverity, String, String) =
      switch change {
      case .lost(let interface): (.error, "group_lost", "the interface \(interface) is gone")
      case .regained(let interface): (.notice, "group_joined", "on \(interface), again")
      case .refused(let interface, let errno): (.error, "group_lost", "\(interface): \(IngestError.text(errno))")
      }
    taps.journal.reportOften(severity, reason: reason) { $0.member("action", action) }
  }

  // MARK: The probe

  private func probe(_ receiver: UDPReceiver, _ udp: UDPDescription, hasReceived: Bool, quietSince: Int64) {
    let now = HostClock.monotonic()
    if let finding = admission.probe.review(at: now, hasReceived: hasReceived) { report(finding) }
    guard admission.probe.isDue(at: now, quietSince: quietSince) else { return }
    let bound = UDPInput(udp, datagramByteCount: 1)
    if let obstacle = ProbeSender.obstacle(to: bound) {
      probeObstacle = obstacle.reason
      return admission.probe.skip(at: now)
    }
    do throws(IngestError) {
      let nonce = UInt128.random(in: .min ... .max)
      let datagram = SelfProbe.datagram(nonce: nonce)
      let sender = try ProbeSender(to: bound, port: receiver.localPort)
      let source = try unsafe sender.send(datagram.span.bytes)
      probedAt = ReceptionTime(nanosecondsSince1970: HostClock.wall())
      probeObstacle = nil
      // It waits in the socket until this turn of the queue is over.
      admission.probe.noteSent(nonce: nonce, from: source, at: now)
      // A process that comes after this one is to know it.
      keeping.savedCount = nil
    } catch {
      probeObstacle = "\(error)"
      admission.probe.skip(at: now)
    }
  }

  private func report(_ finding: SelfProbe.Finding) {
    taps.journal.tick(at: HostClock.wall())
    taps.journal.report(.link, finding == .deaf ? .error : .notice) {
      $0.member("action", finding == .deaf ? "deaf" : "hearing")
      let reason = finding == .deaf ? "a datagram of its own did not arrive within 5 s" : "the socket hears again"
      $0.member("reason", reason)
    }
  }

  // MARK: What is told of it

  var admissionStatus: AdmissionStatus {
    var status = AdmissionStatus()
    status.lostInterfaces = membership?.lostInterfaces ?? []
    status.probedAt = probedAt
    status.isProbeHeard = admission.probe.isHeard
    status.probeObstacle = probeObstacle
    status.rates = admission.rates
    return status
  }

  func inputProblems(_ connection: TCPStatus?, _ capture: CaptureStatus?) -> [Problem] {
    failureProblems + connectionProblems(connection) + captureProblems(capture) + admissionProblems
  }

  private var admissionProblems: [Problem] {
    var problems: [Problem] = []
    let listen = place.listen ?? ""
    if admission.probe.isDeaf {
      problems.append(
        Problem(
          .deafSocket, .critical, link: name, since: probedAt,
          message: "the socket at \(listen) does not hear what this host sends to it",
          hint: "see whether a firewall drops it on lo (nft list ruleset), or another program has the port too"
            + " (ss -lunp), which SO_REUSEPORT allows; otherwise restart downlinkd"))
    }
    let lost = membership?.lostInterfaces ?? []
    if !lost.isEmpty, case .udp(_, let udp) = input, let group = udp.group {
      problems.append(
        Problem(
          .membershipLost, .critical, link: name,
          message: "the group \(group) is not joined on \(lost.joined(separator: ", "))",
          hint: "see `ip link` and input.interface; it is joined again by itself when the interface is back"))
    }
    return problems
  }
}
