internal import CLinux
internal import Dispatch
internal import Glibc

/// Connecting to a peer: one attempt looks its name up, if it is one, and tries all its addresses in order.
extension TCPStream {
  func attempt() {
    state.retryTime = nil
    if let endpoint = try? Endpoint(host: input.host, port: input.port) {
      candidates = [endpoint]
      return connectToNext(after: .unanswered)
    }
    state.connection = .resolving
    arm(input.attemptTimeoutSeconds)
    // When an earlier lookup is still under way its answer will do: threads that wait for name servers do not pile up.
    guard !isLookingUp else { return }
    isLookingUp = true
    let (name, port) = (input.host, input.port)
    lookupQueue.async { @Sendable [self] in
      let answer = Endpoint.resolve(name, port: port)
      queue.async { @Sendable in self.lookedUp(answer) }
    }
  }

  private func lookedUp(_ answer: Result<[Endpoint], TCPFailure>) {
    isLookingUp = false
    guard state.connection == .resolving else { return }
    switch answer {
    case .success(let endpoints):
      candidates = endpoints
      connectToNext(after: .unanswered)
    case .failure(let failure): attemptFailed(failure)
    }
  }

  private func connectToNext(after failure: TCPFailure) {
    var failure = failure
    while !candidates.isEmpty {
      let endpoint = candidates.removeFirst()
      let started = endpoint.startConnecting(receiveBufferByteCount: input.receiveBufferByteCount)
      guard started >= 0 else {
        failure = TCPFailure(connecting: -started)
        continue
      }
      let descriptor = hold(started)
      connection = descriptor
      state.connection = .connecting
      arm(input.attemptTimeoutSeconds)
      descriptor.whenWritable { @Sendable [unowned self, unowned descriptor] in decide(descriptor, endpoint) }
      return
    }
    attemptFailed(failure)
  }

  /// The connection has been made, or refused.
  private func decide(_ descriptor: WatchedDescriptor, _ endpoint: Endpoint) {
    guard connection === descriptor, state.connection == .connecting else { return }
    var error = clinux_socket_error(descriptor.number)
    // Where nothing listens, a socket that happens to have that very port meets itself.
    if error == 0, clinux_is_self_connected(descriptor.number) != 0 { error = ECONNREFUSED }
    guard error == 0 else { return giveUpConnecting(TCPFailure(connecting: error)) }
    descriptor.stopWatching { @Sendable [unowned self, unowned descriptor] in
      guard connection === descriptor else { return }
      adopt(descriptor, endpoint.socketAddress)
    }
  }

  /// Leaves the address that is being tried for the next one.
  func giveUpConnecting(_ failure: TCPFailure) {
    connection?.close()
    connection = nil
    connectToNext(after: failure)
  }

  func attemptFailed(_ failure: TCPFailure) {
    state.failedAttemptCount += 1
    state.lastFailure = failure
    tell(.attemptFailed(failure))
    waitForNextAttempt()
  }

  func waitForNextAttempt() {
    let seconds = backoff.next()
    state.connection = .waiting
    state.retryTime = .now() + seconds
    arm(seconds)
  }
}
