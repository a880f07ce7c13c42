import Ingest

/// Where the state of the links that hear by one input is kept for the next process.
enum KeptMemory: Sendable {
  /// Beside the datagrams that the socket has brought since.
  case slots(UDPReceiver)
  /// Alone: what comes by a connection or a capture and is not counted yet ends with the process.
  case alone(ReceiveMemory)

  /// - Parameter memory: What was had for the input; nothing when nothing is kept.
  init?(_ memory: ReceiveMemory?, of input: LinkInput) {
    guard let memory else { return nil }
    self = if case .udp(let receiver, _) = input { .slots(receiver) } else { .alone(memory) }
  }

  /// Whoever holds it keeps the memory.
  var descriptor: Int32? {
    switch self {
    case .slots(let receiver): receiver.memoryDescriptor
    case .alone(let memory): memory.descriptor
    }
  }

  /// The state that was saved last, by this process or the one before.
  func load() -> KeptState? {
    switch self {
    case .slots(let receiver): receiver.loadState().flatMap { KeptState($0) }
    case .alone(let memory): memory.load().flatMap { KeptState($0) }
    }
  }

  /// Returns whether there was room for it.
  func save(_ state: [UInt8]) -> Bool {
    switch self {
    case .slots(let receiver): receiver.save(state)
    case .alone(let memory): memory.save(state)
    }
  }

  /// Nobody is to go on with what was saved.
  func forget() {
    switch self {
    case .slots(let receiver): receiver.forgetState()
    case .alone(let memory): memory.forget()
    }
  }
}
