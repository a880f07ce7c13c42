import CCSDSWire
import Ingest

/// Takes simulated datagrams, one at a time, and puts them where they belong.
enum SimulationOutput {
  case file(OutputFile)
  case capture(CaptureWriter, port: UInt16)
  case live(PacedSender)

  /// Opens the destination; a listener waits for its peer.
  init(_ destination: SimulationDestination, clock: PacedSender.Clock) throws(ServiceError) {
    switch destination {
    case .file(let path): self = .file(try OutputFile(path: path))
    case .capture(let path, let port):
      do throws(IngestError) {
        self = .capture(try CaptureWriter(path: path), port: port)
      } catch {
        throw .ingest(error)
      }
    case .udp(let host, let port):
      do throws(IngestError) {
        self = .live(PacedSender(.datagrams(try UDPSender(host: host, port: port)), clock: clock))
      } catch {
        throw .ingest(error)
      }
    case .tcp(let host, let port):
      self = .live(PacedSender(.stream(try StreamConnection(connectingTo: host, port: port)), clock: clock))
    case .tcpListen(let host, let port):
      self = .live(PacedSender(.stream(try StreamListener(host: host, port: port).accept()), clock: clock))
    }
  }

  func take(_ datagram: RawSpan, at nanosecondsSince1970: Int64) throws(ServiceError) {
    switch self {
    case .file(let file): file.append(datagram)
    case .capture(let writer, let port):
      do throws(IngestError) {
        try writer.write(
          datagram, timeNanoseconds: nanosecondsSince1970, sourcePort: Self.sourcePort, destinationPort: port)
      } catch { throw .ingest(error) }
    case .live(let sender): try sender.send(datagram, at: nanosecondsSince1970)
    }
  }

  func finish() throws(ServiceError) {
    switch self {
    case .file(let file): try file.finish()
    case .capture(let writer, _):
      do throws(IngestError) { try writer.close() } catch { throw .ingest(error) }
    case .live(let sender): try sender.flush()
    }
  }

  private static let sourcePort: UInt16 = 40_000
}

/// Sends datagrams, or pieces of a stream, when they are due: those that are due together go in one call.
final class PacedSender {
  /// Who carries them.
  enum Carrier {
    case datagrams(UDPSender)
    case stream(StreamConnection)
  }

  /// What the times of a scenario are to the times of this host.
  struct Clock {
    let startNanosecondsSince1970: Int64
    /// How many times faster than the scenario's clock.
    let speed: Double
  }

  private static let largestBatchByteCount = 256 << 10

  private let carrier: Carrier
  private let clock: Clock
  private let pace = SendingPace()
  private var bytes: [UInt8] = []
  private var byteCounts: [Int] = []

  init(_ carrier: Carrier, clock: Clock) {
    self.carrier = carrier
    self.clock = clock
    bytes.reserveCapacity(Self.largestBatchByteCount)
    byteCounts.reserveCapacity(UDPSender.batchCapacity)
  }

  func send(_ datagram: RawSpan, at nanosecondsSince1970: Int64) throws(ServiceError) {
    let due = Double(nanosecondsSince1970 - clock.startNanosecondsSince1970) / 1e9 / clock.speed
    if pace.hasToWait(until: due) {
      try flush()
      pace.wait(until: due)
    }
    unsafe datagram.withUnsafeBytes { unsafe bytes.append(contentsOf: $0) }
    byteCounts.append(datagram.byteCount)
    if byteCounts.count == UDPSender.batchCapacity || bytes.count >= Self.largestBatchByteCount { try flush() }
  }

  func flush() throws(ServiceError) {
    var batch: [UInt8] = []
    swap(&batch, &bytes)
    switch carrier {
    case .datagrams(let sender):
      do throws(IngestError) {
        unsafe try sender.sendBatch(batch.span.bytes, byteCounts: byteCounts)
      } catch { throw .ingest(error) }
    case .stream(let connection): try connection.send(batch)
    }
    batch.removeAll(keepingCapacity: true)
    swap(&batch, &bytes)
    byteCounts.removeAll(keepingCapacity: true)
  }
}
