import CCSDSWire
import Glibc
import Ingest
import LinkHealth

/// How the units of a replay get to the link: straight, or over a UDP socket on this host.
enum ReplayCarrier {
  case direct
  case loopback(LoopbackCarrier)

  /// - Parameter deliver: Called with every unit that has arrived, in order; not always with this one yet.
  func carry(
    _ unit: RawSpan, _ about: UnitDescription, _ deliver: (RawSpan, UnitDescription) -> Void
  ) throws(ServiceError) {
    switch self {
    case .direct: deliver(unit, about)
    case .loopback(let carrier): try carrier.carry(unit, about, deliver)
    }
  }

  /// Delivers what is still under way.
  func finish(_ deliver: (RawSpan, UnitDescription) -> Void) throws(ServiceError) {
    if case .loopback(let carrier) = self { try carrier.drain(deliver) }
  }
}

/// Sends units to ourselves through the kernel and receives them as a live link does, with the capture's times.
///
/// Few are under way at a time, so that nothing is lost; what comes back is paired with its time by its place.
final class LoopbackCarrier {
  private static let windowCount = 32
  private static let patienceMilliseconds: Int32 = 2000

  private let receiver: UDPReceiver
  private let sender: UDPSender
  private var underWay: [UnitDescription] = []
  private var received = 0
  private var sent = 0

  init(acceptedDatagramByteCount: Int) throws(IngestError) {
    var input = UDPInput(host: "127.0.0.1", port: 0)
    input.maximumDatagramByteCount = min(acceptedDatagramByteCount, UDPInput.largestDatagramByteCount)
    receiver = try UDPReceiver.open(input)
    sender = try UDPSender(host: "127.0.0.1", port: receiver.localPort)
    underWay.reserveCapacity(Self.windowCount)
  }

  func carry(
    _ unit: RawSpan, _ about: UnitDescription, _ deliver: (RawSpan, UnitDescription) -> Void
  ) throws(ServiceError) {
    do throws(IngestError) {
      try sender.send(unit)
    } catch {
      throw .ingest(error)
    }
    sent += 1
    underWay.append(about)
    if underWay.count == Self.windowCount { try drain(deliver) }
  }

  /// Receives everything that is under way.
  func drain(_ deliver: (RawSpan, UnitDescription) -> Void) throws(ServiceError) {
    var position = 0
    while position < underWay.count {
      var descriptor = pollfd(fd: receiver.fileDescriptor, events: Int16(POLLIN), revents: 0)
      guard unsafe poll(&descriptor, 1, Self.patienceMilliseconds) > 0 else {
        throw .loopbackLoss(sent: sent, received: received + position)
      }
      do throws(IngestError) {
        _ = try receiver.receiveBatch { bytes, info in
          guard position < underWay.count else { return }
          var about = underWay[position]
          // A unit that the capture has cut off already stays as long as it was.
          about.originalByteCount = max(about.originalByteCount, info.originalByteCount)
          deliver(bytes, about)
          position += 1
        }
      } catch {
        throw .ingest(error)
      }
    }
    received += position
    underWay.removeAll(keepingCapacity: true)
  }
}
