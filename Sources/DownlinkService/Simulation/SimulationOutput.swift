import CCSDSWire
import Ingest

/// Where simulated datagrams go.
package enum SimulationDestination: Sendable, Equatable {
  /// A file of frames, one after the other.
  case frameFile(path: String)
  /// A capture of UDP datagrams.
  case capture(path: String, port: UInt16)
  /// A live link, at the pace of the scenario.
  case udp(host: String, port: UInt16)

  /// - Parameter text: `udp:HOST:PORT`, a name that ends in `.pcap`, or any other file name.
  package init?(_ text: String, port: UInt16) {
    if text.hasPrefix("udp:") {
      let address = text.dropFirst(4)
      guard let colon = address.lastIndex(of: ":"), let port = UInt16(address[address.index(after: colon)...]) else {
        return nil
      }
      let host = address[..<colon].filter { $0 != "[" && $0 != "]" }
      guard !host.isEmpty else { return nil }
      self = .udp(host: String(host), port: port)
    } else if text.hasSuffix(".pcap") {
      self = .capture(path: text, port: port)
    } else {
      self = .frameFile(path: text)
    }
  }
}

/// Takes simulated datagrams, one at a time, and puts them where they belong.
enum SimulationOutput {
  case frameFile(OutputFile)
  case capture(CaptureWriter, port: UInt16)
  case udp(PacedSender)

  init(_ destination: SimulationDestination, framesPerSecond: Double) throws(ServiceError) {
    switch destination {
    case .frameFile(let path): self = .frameFile(try OutputFile(path: path))
    case .capture(let path, let port):
      do throws(IngestError) {
        self = .capture(try CaptureWriter(path: path), port: port)
      } catch {
        throw .ingest(error)
      }
    case .udp(let host, let port):
      do throws(IngestError) {
        self = .udp(try PacedSender(host: host, port: port, datagramsPerSecond: framesPerSecond))
      } catch {
        throw .ingest(error)
      }
    }
  }

  func take(_ datagram: RawSpan, at nanosecondsSince1970: Int64) throws(ServiceError) {
    switch self {
    case .frameFile(let file): file.append(datagram)
    case .capture(let writer, let port):
      do throws(IngestError) {
        try writer.write(
          datagram, timeNanoseconds: nanosecondsSince1970, sourcePort: Self.sourcePort, destinationPort: port)
      } catch { throw .ingest(error) }
    case .udp(let sender):
      do throws(IngestError) { try sender.send(datagram) } catch { throw .ingest(error) }
    }
  }

  func finish() throws(ServiceError) {
    switch self {
    case .frameFile(let file): try file.finish()
    case .capture(let writer, _):
      do throws(IngestError) { try writer.close() } catch { throw .ingest(error) }
    case .udp(let sender):
      do throws(IngestError) { try sender.flush() } catch { throw .ingest(error) }
    }
  }

  private static let sourcePort: UInt16 = 40_000
}

/// Sends datagrams at an even rate: those that are due together go in one call.
final class PacedSender {
  private static let largestBatchByteCount = 256 << 10

  private let sender: UDPSender
  private let datagramsPerSecond: Double
  private var pace = SendingPace()
  private var bytes: [UInt8] = []
  private var byteCounts: [Int] = []
  private var takenCount = 0

  init(host: String, port: UInt16, datagramsPerSecond: Double) throws(IngestError) {
    sender = try UDPSender(host: host, port: port)
    self.datagramsPerSecond = datagramsPerSecond
    bytes.reserveCapacity(Self.largestBatchByteCount)
    byteCounts.reserveCapacity(UDPSender.batchCapacity)
  }

  func send(_ datagram: RawSpan) throws(IngestError) {
    takenCount += 1
    unsafe datagram.withUnsafeBytes { unsafe bytes.append(contentsOf: $0) }
    byteCounts.append(datagram.byteCount)
    let isDue = !pace.isAhead(of: Double(takenCount) / datagramsPerSecond)
    if isDue, byteCounts.count < UDPSender.batchCapacity, bytes.count < Self.largestBatchByteCount { return }
    try flush()
    pace.wait(until: Double(takenCount) / datagramsPerSecond)
  }

  func flush() throws(IngestError) {
    var batch: [UInt8] = []
    swap(&batch, &bytes)
    unsafe try sender.sendBatch(batch.span.bytes, byteCounts: byteCounts)
    batch.removeAll(keepingCapacity: true)
    swap(&batch, &bytes)
    byteCounts.removeAll(keepingCapacity: true)
  }
}
