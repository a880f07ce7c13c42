internal import CLinux
internal import Dispatch
internal import Glibc

/// Listening for a peer, and sending away those that may not connect or come second.
extension TCPStream {
  func beginListening(_ listener: WatchedDescriptor) {
    state.connection = .listening
    listener.whenReadable { @Sendable [unowned self, unowned listener] in acceptPeers(of: listener) }
  }

  private func acceptPeers(of listener: WatchedDescriptor) {
    for _ in 0..<Self.peersPerTurn {
      guard self.listener === listener else { return }
      var peer = clinux_peer()
      let accepted = unsafe clinux_tcp_accept(listener.number, &peer)
      switch -accepted {
      case ...0: admit(accepted, SocketAddress(peer))
      case EAGAIN: return
      // No descriptor, no memory: it will not get better by trying at once.
      case EMFILE, ENFILE, ENOBUFS, ENOMEM:
        state.acceptFailureCount += 1
        return pauseAccepting(listener)
      // What befell a connection before it could be accepted.
      default: continue
      }
    }
  }

  private func pauseAccepting(_ listener: WatchedDescriptor) {
    listener.suspend()
    queue.asyncAfter(deadline: .now() + Self.pauseSeconds) { @Sendable [weak listener] in listener?.resume() }
  }

  private func admit(_ descriptor: Int32, _ peer: SocketAddress) {
    guard isAllowed(peer) else {
      close(descriptor)
      state.addressRefusalCount += 1
      return tell(.refusedAddress(peer))
    }
    // The end of the connection before may be known to the kernel already, and not yet here.
    if let connection { takeRest(of: connection) }
    if connection != nil {
      let hasLostTheFirst =
        state.peer?.hasHost(of: peer) == true && silenceSeconds >= input.replaceableAfterSeconds
      guard hasLostTheFirst else {
        close(descriptor)
        state.busyRefusalCount += 1
        return tell(.refusedBusy(peer))
      }
      disconnect(.replaced)
    }
    adopt(hold(descriptor), peer)
  }

  private static let peersPerTurn = 16
  private static let pauseSeconds = 1.0
}
