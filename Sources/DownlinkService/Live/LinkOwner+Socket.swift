import CCSDSLink
import Ingest
import LinkHealth
import Publish

/// Coming to a socket, and leaving it. Called on the link's queue, by the group of links on that socket.
extension LinkOwner {
  /// Whether it reads the socket, for itself and for those it shares it with.
  var isReader: Bool {
    if case .other = share { return false }
    return input != nil && isEnabled
  }

  /// Goes on by a socket, which the reader among its links begins to read.
  ///
  /// - Parameter countedSocketDrops: What is on the account of whoever read the socket before.
  func join(_ input: LinkInput, _ share: SocketShare, countedSocketDrops: UInt32) {
    self.input = input
    self.share = share
    place = LinkPlace(of: input)
    (failure, hasReadSinceFailure) = (nil, true)
    let now = HostClock.wall()
    taps.journal.tick(at: now)
    beginOnce()
    if !isEnabled {
      isEnabled = true
      report("enabled", "it was told to hear again")
    }
    if case .udp = input, !isHearing { report("up", "listening on \(place.listen ?? "")" + sharing) }
    isHearing = true
    guard isReader else { return }
    resumeKernelDrops(after: countedSocketDrops)
    beginMembership(input)
    beginReading(input)
  }

  /// Hears nothing until it joins a socket again. What was begun cannot be ended, and is given up.
  func disable() {
    guard isEnabled else { return }
    pipeline.breakStream()
    (isEnabled, isHearing) = (false, false)
    taps.journal.tick(at: HostClock.wall())
    beginOnce()
    report("disabled", "it was told not to hear")
  }

  /// Keeps this from holding on to the socket and the other links on it.
  func leave() {
    (input, kept, share, membership) = (nil, nil, .alone, nil)
  }

  private func beginOnce() {
    guard startedAt == 0 else { return }
    startedAt = HostClock.monotonic()
    if !keeping.isResumed { reportEarlierTotals("; what came between is in neither") }
  }

  private func report(_ action: String, _ reason: String) {
    taps.journal.report(.link, .info) {
      $0.member("action", action)
      $0.member("reason", reason)
    }
  }

  private var sharing: String {
    let names = share.otherNames(than: self)
    return names.isEmpty ? "" : ", shared with " + names.joined(separator: ", ")
  }

  // MARK: The reader

  private func beginReading(_ input: LinkInput) {
    // Either keeps the owner, and with it the descriptor, until it has been stopped.
    switch input {
    case .udp(let receiver, _):
      let pump = DatagramPump(fileDescriptor: receiver.fileDescriptor, queue: executor.queue) {
        @Sendable [self] in assumeIsolated { $0.drain() }
      }
      self.pump = pump
      pump.resume()
    case .tcp(let stream, _):
      stream.start(
        receive: { @Sendable [self] bytes in assumeIsolated { $0.receive(stream: bytes) } },
        report: { @Sendable [self] event in assumeIsolated { $0.observe(event) } })
    case .capture(let stream, _):
      stream.start(
        receive: { @Sendable [self] bytes, info in assumeIsolated { $0.accept(bytes, info) } },
        report: { @Sendable [self] event in assumeIsolated { $0.observe(event) } })
    }
  }

  /// Reads what the kernel holds, and no more. `completion` runs on the queue when nothing watches the socket any
  /// longer.
  func stopReading(_ completion: @escaping @Sendable () -> Void) {
    switch input {
    case .udp:
      guard let pump else { return completion() }
      self.pump = nil
      pump.cancel { @Sendable [self] in
        assumeIsolated { owner in
          owner.drainRest()
          owner.noteKernelDrops()
        }
        completion()
      }
    case .tcp(let stream, _): stream.stop(completion)
    case .capture(let stream, _):
      stream.stop { @Sendable [self] in
        assumeIsolated { $0.noteKernelDrops() }
        completion()
      }
    case nil: completion()
    }
  }

  /// Ends the link: what is incomplete is given up, unless another process is to go on with it. Gives its last status.
  func finish() -> LinkStatus {
    let now = ReceptionTime(nanosecondsSince1970: HostClock.wall())
    reviewPasses(at: now)
    savePass(at: now)
    if !keeping.isLeft { pipeline.finish() }
    taps.flush()
    taps.journal.tick(at: HostClock.wall())
    tellForgottenAlarms()
    report("down", "stopping")
    taps.journal.finish()
    return inspect()
  }
}
