import CCSDSLink
import CCSDSWire
package import Ingest
import LinkHealth
package import StationConfiguration

/// What is decided about a datagram before anybody looks into it: whose it is, and whether there are too many of them.
package struct DatagramAdmission: Sendable {
  private let allowFrom: [AddressBlock]
  /// Absent where senders may send as much as they like.
  package private(set) var rates: SourceRates?
  package var probe: SelfProbe

  /// - Parameters:
  ///   - allowFrom: Whose datagrams are taken; empty for everybody's.
  ///   - datagramsPerSecond: What each may send.
  ///   - probeIntervalSeconds: How often the socket is probed while it is quiet; 0 for never.
  package init(allowFrom: [AddressBlock], datagramsPerSecond: Int?, probeIntervalSeconds: Double = 0) {
    self.allowFrom = allowFrom
    rates = datagramsPerSecond.map { SourceRates(datagramsPerSecond: $0) }
    probe = SelfProbe(intervalSeconds: probeIntervalSeconds)
  }

  /// What goes for the datagrams of an input; those of a connection or file are always taken.
  package init(_ input: InputDescription?) {
    switch input {
    case .udp(let udp):
      self.init(
        allowFrom: udp.senders, datagramsPerSecond: udp.maximumDatagramsPerSecond,
        probeIntervalSeconds: udp.probeIntervalSeconds)
    case .capture(let capture):
      self.init(allowFrom: capture.allowFrom, datagramsPerSecond: capture.maximumDatagramsPerSecond)
    case .tcp, .file, .pcap, .standardInput, nil:
      self.init(allowFrom: [], datagramsPerSecond: nil)
    }
  }

  /// Whether a datagram is the probe of its socket, and nobody's.
  mutating func isProbe(_ bytes: RawSpan, _ info: DatagramInfo) -> Bool {
    bytes.byteCount == SelfProbe.byteCount && probe.recognizes(bytes, from: info.source)
  }

  fileprivate mutating func rejection(of info: DatagramInfo) -> DatagramRejection? {
    guard allowFrom.allows(info.source) else { return .sourceNotAllowed }
    if rates != nil, let time = info.receivedAtNanoseconds, rates?.admits(info.source, at: time) == false {
      return .rateLimited
    }
    return info.isTruncated ? .oversize : nil
  }
}

extension LinkPipeline {
  /// Takes one datagram as it came in, whatever it came in by.
  package mutating func receive(_ bytes: RawSpan, _ info: DatagramInfo, _ admission: inout DatagramAdmission) {
    guard !admission.isProbe(bytes, info) else { return }
    let time = info.receivedAtNanoseconds
    var about = UnitDescription(
      time: time.map { ReceptionTime(nanosecondsSince1970: $0) }, originalByteCount: info.originalByteCount)
    about.rejection = admission.rejection(of: info)
    sink.rejected?.source = info.source
    receive(bytes, about)
    noteReceived(at: time)
  }
}
